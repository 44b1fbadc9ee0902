"""What conflicts and what would repair it, as ``capalloc explain`` shows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.text import Text

from capalloc.analysis.explain import ConflictRecord, Explanation, Repair, Required
from capalloc.report.figures import DASH, plural, power_unit, usd
from capalloc.report.runs import Line, runs
from capalloc.report.table import Column, grid, words

_COLUMNS = (
    "Each repair was planned and verified. Both columns compare with the best plan of the scenario as it is, "
    "discounted; what the change itself costs is not known and not in them. By itself: the best plan with the repair, "
    "shortfalls at their price; what brings most comes first. All met: the best plan with the repair that meets "
    "every commitment and every minimum. Fee lost: beside full delivery, not discounted."
)
_BELOW_ZERO = (
    "Below zero the change gives up more than it brings, or contracts that come first take racks from what is worth "
    "more."
)
_SMALL_SHARE = 0.001
_UNCERTAIN = (
    "±: so far a figure may be off, since not every plan is proven to be the best; not shown below a thousandth."
)
_NO_PLAN = (
    "The scenario as it is has no plan to compare with: what is worth most comes first. What the change itself costs "
    "is not known and not in it."
)


def explanation_page(answer: Explanation) -> Iterator[RenderableType]:
    """Everything that ``capalloc explain`` shows, part by part."""
    yield _headline(answer)
    if answer.shortfall_priced and any(conflict.periods for conflict in answer.conflicts):
        yield Text("The scenario prices shortfalls; this is what conflicts if all are forbidden.", style="dim")
    for number, conflict in enumerate(answer.conflicts, 1):
        yield _requirements(answer, conflict, number)
        if answer.given and conflict.periods:
            yield Text(f"Looked at with {'; '.join(change.says for change in answer.given)}.", style="dim")
        if conflict.repairs:
            yield _repairs(conflict)
        else:
            yield Text(
                "No repair was found for it." if answer.complete else "No repair was found in time.", style="red"
            )
    if len(answer.conflicts) > 1:
        yield _together(answer.together)
    shown = [repair for conflict in answer.conflicts for repair in conflict.repairs]
    if any(repair.alone_usd is not None for repair in shown):
        yield Text(_COLUMNS, style="dim")
    if any((repair.alone_usd or 0.0) < 0 for repair in shown):
        yield Text(_BELOW_ZERO, style="dim")
    if any(repair.alone_uncertain_usd or repair.all_met_uncertain_usd for repair in shown):
        yield Text(_UNCERTAIN, style="dim")
    if any(repair.alone_usd is None for repair in shown):
        yield Text(_NO_PLAN, style="dim")


def _headline(answer: Explanation) -> Text:
    if answer.status == "plan_exists":
        return Text(f"Nothing to explain for {answer.scenario}: {answer.detail}", style="green")
    if answer.status == "not_explained":
        return Text(f"Not explained: {answer.scenario}: {answer.detail}", style="red")
    without = any(not conflict.periods for conflict in answer.conflicts)
    what = "exists, whatever is committed" if without else "meets every commitment and minimum"
    return Text(f"No plan of {answer.scenario} {what}: {answer.detail}", style="red")


def _requirements(answer: Explanation, conflict: ConflictRecord, number: int) -> RenderableType:
    fewest = "no fewer conflict" if conflict.proven_smallest else "fewer may conflict"
    short = "" if conflict.short_kw is None else f", {power_unit([conflict.short_kw]).named(conflict.short_kw)} short"
    many = plural(len(conflict.requirements), "requirement")
    title = f"Conflict {number}: {_months(answer, conflict.periods)}{short} ({many}; {fewest})"
    return grid(title, [words("Requirement"), words("Where"), words("What")], map(_required, conflict.requirements))


def _required(one: Required) -> tuple[str, ...]:
    return one.kind.value, one.where, one.says


def _months(answer: Explanation, periods: Sequence[str]) -> str:
    if not periods:
        return "whatever is committed"
    return ", ".join(line.period for line in runs((Line(label, ()) for label in periods), answer.periods))


def _repairs(conflict: ConflictRecord) -> RenderableType:
    if all(repair.alone_usd is None for repair in conflict.repairs):
        columns = [words("Repair"), Column("Worth USD"), words("Not in it")]
        rows = [(_changes(one), usd(one.objective_usd), _left_out(one)) for one in conflict.repairs]
        return grid("Repairs, the one whose plan is worth most first", columns, rows)
    columns = [
        words("Repair"),
        Column("By itself"),
        Column("All met"),
        Column("Fee lost"),
        words("Not in it"),
    ]
    return grid("Repairs, the one that brings most by itself first", columns, map(_repair, conflict.repairs))


def _repair(one: Repair) -> tuple[str, ...]:
    return (
        _changes(one),
        _money(one.alone_usd, one.alone_uncertain_usd),
        _money(one.all_met_usd, one.all_met_uncertain_usd),
        _money(one.lost_fee_usd),
        _left_out(one),
    )


def _money(amount: float | None, uncertain: float | None = None) -> str:
    """A figure, and below it how far it may be off where that is much."""
    if amount is None:
        return DASH
    much = uncertain is not None and uncertain > max(abs(amount) * _SMALL_SHARE, 1.0)
    return usd(amount) + (f"\n±{usd(uncertain or 0.0)}" if much else "")


def _changes(one: Repair) -> str:
    return "; ".join(change.says for change in one.changes)


def _left_out(one: Repair) -> str:
    """Costs that no figure has, and conflicts that the repair leaves."""
    left = (*one.not_counted, *_remaining(one))
    return "; ".join(left) or "nothing"


def _remaining(one: Repair) -> Iterator[str]:
    if one.conflicts_left:
        numbers = ", ".join(map(str, one.conflicts_left))
        yield f"conflict {numbers} stays" if len(one.conflicts_left) == 1 else f"conflicts {numbers} stay"
    elif not one.commitments_met:
        yield "other conflicts stay"


def _together(repair: Repair | None) -> Text:
    if repair is None:
        return Text("No repair of all conflicts at once was found among these.", style="red")
    changes = "; ".join(change.says for change in repair.changes)
    return Text(f"All conflicts at once, planned and verified: {changes}. Worth {usd(repair.objective_usd)}.")
