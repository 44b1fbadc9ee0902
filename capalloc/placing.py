"""From requests to a checked placement: wires the placement core together."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, get_args

import numpy as np

from capalloc.cancel import CancelToken
from capalloc.errors import InternalError
from capalloc.formats.placing import with_rack_types
from capalloc.instance.model import Ints
from capalloc.placement.answer import positions_taken, stranded_kw, zone_heats
from capalloc.placement.bound import upper_bound
from capalloc.placement.core.params import SearchParams
from capalloc.placement.core.place import place_groups
from capalloc.placement.precompile import compile_kernels
from capalloc.placement.problem.lower import lower_scene
from capalloc.placement.problem.requests import Groups, lower_requests
from capalloc.placement.problem.scene import scene_of
from capalloc.placement.problem.standing import requested_racks
from capalloc.placement.reasons import Explainer
from capalloc.progress import OnProgress, Progress
from capalloc.schema.beside import Beside
from capalloc.schema.checks.asked import number_faults, seed_faults
from capalloc.schema.checks.fault import Fault, refuse
from capalloc.schema.checks.placing import placed_faults, placing_faults
from capalloc.schema.facility import Facility
from capalloc.schema.placing import Placing, Reason, UnplacedRequest
from capalloc.schema.request import Placed, PlacementObjective, Request, Standing, filled_requests
from capalloc.schema.rules import Rule
from capalloc.schema.verdict import Violation
from capalloc.verify.placed import verify_placed

DEFAULT_TIME_LIMIT_S = 1.0


def place(
    facility: Facility,
    requests: Sequence[Request],
    *,
    occupied: Sequence[Placed] = (),
    objective: PlacementObjective = "racks",
    seed: int = 0,
    time_limit: float = DEFAULT_TIME_LIMIT_S,
    bound: bool = True,
    on: date | None = None,
    standing: Standing | None = None,
    beside: Beside | None = None,
    cancel: CancelToken | None = None,
    progress: OnProgress | None = None,
) -> Placing:
    """Place groups of racks on free positions of a facility, and check the answer.

    ``occupied`` stands already and stays. Racks of the facility's own table hold their positions and draw as
    ``standing`` says, nameplate unless given, or as a plan says that requests are placed ``beside``. Dates count as of
    ``on``, today unless given, or as of the plan's period. ``time_limit`` bounds the search in seconds; 0 asks
    for the constructive answer alone. ``bound`` proves what no placement can exceed, which also ends a search that
    reaches it. ``cancel`` ends the search from any thread with the best that there is. ``progress`` hears of each stage
    and, while the search goes on, of the best objective so far. It may be called in any thread, several at once.

    Raises ScenarioError when the input is wrong and InternalError when the verifier rejects the placement.
    """
    say = progress or (lambda _: None)
    begun = time.perf_counter()
    refuse((*_unknown("objective", objective, get_args(PlacementObjective)), *seed_faults(seed)))
    refuse(number_faults("time_limit", time_limit))
    facility, asked_for = with_rack_types(facility, requests), requests
    refuse(placing_faults(facility, requests))
    scene = scene_of(facility, on, standing, beside).at(facility)
    refuse(placed_faults(facility, requests, occupied, holders=scene.holders))
    requests = filled_requests(facility, requests)
    say(Progress("lower"))
    problem = lower_scene(scene, requested_racks(facility, requests, occupied))
    asked = lower_requests(problem, requests, occupied, objective)
    numbers = np.flatnonzero(asked.racks)
    groups, kept = asked.some(numbers), _worth_kept(asked, requests, occupied)
    say(Progress("compile"))
    compile_kernels()
    if bound:
        say(Progress("bound"))
    most = upper_bound(problem, groups) if bound else None
    say(Progress("place"))
    params = SearchParams(time_limit=time_limit, seed=seed, target=np.inf if most is None else most)
    found = place_groups(problem, groups, params, cancel, _as_objective(say, most, kept))
    say(Progress("verify"))
    placed = _lines(facility, requests, occupied, numbers, positions_taken(problem, found.memory))
    stands: dict[str, Any] = {"beside": beside} if beside else {"on": scene.period.start, "standing": standing}
    _require_accepted(verify_placed(facility, asked_for, placed, occupied=occupied, **stands))
    limit = None if most is None else max(most, found.worth) + kept
    racks = Counter(line.request for line in placed)
    return Placing(
        maximised=objective,
        placed=placed,
        requests_placed=sum(racks[request.name] == request.racks for request in requests),
        racks_placed=len(placed),
        kw_placed=round(sum(racks[request.name] * request.draw_kw for request in requests), 6),
        objective=round(found.worth + kept, 6),
        bound=None if limit is None else round(limit, 6),
        gap=_gap(limit, found.worth, kept),
        stranded_kw=round(stranded_kw(problem, found.memory), 6),
        zones=tuple(zone_heats(problem, found.memory)),
        seconds_core=found.seconds,
        seconds_total=time.perf_counter() - begun,
        unplaced=tuple(_unplaced(Explainer(problem, found.memory), numbers, requests, racks)),
    )


def _as_objective(say: OnProgress, most: float | None, kept: float) -> OnProgress:
    """Tells of a search in which ``most`` bounds the worth of what it places, and ``kept`` is worth what stands."""

    def told(heard: Progress) -> None:
        worth = heard.best or 0.0
        bound = None if most is None else max(most, worth) + kept
        say(replace(heard, best=worth + kept, bound=bound, gap=_gap(bound, worth, kept)))

    return told


def _gap(bound: float | None, worth: float, kept: float) -> float | None:
    """(bound - objective) / bound; 0 where the bound is 0, None where there is none."""
    if bound is None:
        return None
    return (bound - worth - kept) / bound if bound > 0 else 0.0


def _lines(
    facility: Facility,
    requests: Sequence[Request],
    occupied: Sequence[Placed],
    numbers: Ints,
    taken: Iterable[tuple[int, int]],
) -> tuple[Placed, ...]:
    """What stands in the end; ``numbers`` are those of the requests of the groups."""
    names = [position.name for position in facility.positions]
    lines = [Placed(request=requests[numbers[group]].name, position=names[p]) for group, p in taken]
    return tuple(sorted((*occupied, *lines), key=lambda line: (line.request, line.position)))


def _require_accepted(violations: Sequence[Violation]) -> None:
    if violations:
        told = "; ".join(violation.message for violation in violations[:3])
        raise InternalError(f"the checker rejects the placement that was made: {told}")


def _unknown(key: str, found: str, known: Sequence[str]) -> Iterator[Fault]:
    if found not in known:
        yield Fault((key,), f"found {found!r}, expected {', '.join(known)}")


def _worth_kept(asked: Groups, requests: Sequence[Request], occupied: Sequence[Placed]) -> float:
    """Worth of what stands already."""
    stood = Counter(line.request for line in occupied)
    racks = np.array([stood[request.name] for request in requests], dtype=np.float64)
    return float(asked.gain @ racks + asked.bonus[asked.racks == 0].sum())


def _unplaced(
    explainer: Explainer, numbers: Ints, requests: Sequence[Request], stood: Counter[str]
) -> Iterator[UnplacedRequest]:
    group = {int(number): g for g, number in enumerate(numbers)}
    for number, request in enumerate(requests):
        missing = request.racks - stood[request.name]
        if missing > 0:
            reasons = explainer.reasons(group[number]) if number in group else (_split_home(request, missing),)
            yield UnplacedRequest(request=request.name, racks=missing, reasons=reasons)


def _split_home(request: Request, racks: int) -> Reason:
    """Racks that have to join others which stand where none can join them, or in several places."""
    where = f"the {request.together.replace('_', ' ')} of its other racks"
    return Reason(rule=Rule.LOCALITY, where=where, racks=racks)
