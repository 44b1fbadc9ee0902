"""What a plan says that nobody can tell from its assignments: it is named, so that nobody takes it for checked."""

from __future__ import annotations

from math import isclose

from capalloc.schema.verdict import Unchecked
from capalloc.verify.case import Case
from capalloc.verify.money import most_usd

_SEARCH = (
    ("termination", "why the search ended"),
    ("unplaced[].reasons", "what keeps racks away"),
    ("prices", "what one more kW is worth"),
    ("demand_prices", "what a kW from elsewhere is worth"),
    ("precedence", "what the order of priorities has changed"),
    ("undecided", "for whom the search ended too early"),
    ("allow_displacing", "whether prospects were allowed to displace signed contracts"),
    ("stats", "sizes of the model and seconds"),
    ("capalloc", "which version made the plan"),
    ("order of lists", "and where neighbouring intervals are parted"),
)


def unchecked(case: Case) -> tuple[Unchecked, ...]:
    """What was not checked of a plan, the bound first.

    A bound that the whole demand, served in full and at no cost, does not pass is proven by that: no relaxation is
    solved here. Of others it is known that they are not below the plan's own worth, and no more.
    """
    most = most_usd(case)
    proven = case.plan.bound_usd >= most or isclose(case.plan.bound_usd, most, rel_tol=1e-9, abs_tol=0.01)
    bound = () if proven else (("bound_usd", "whether no plan is worth more than the bound"),)
    stays = case.fleet.settled.keys() - {placement.rack for placement in case.plan.placements}
    placed = (("placements", f"where {len(stays)} racks stand that the incumbent has placed"),) if stays else ()
    return tuple(Unchecked(what=what, why=why) for what, why in (*bound, *placed, *_SEARCH))
