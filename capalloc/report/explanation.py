"""What conflicts and what would repair it, as ``capalloc explain`` shows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.text import Text

from capalloc.analysis.explain import ConflictRecord, Explanation, Repair, Required
from capalloc.report.figures import DASH, power_unit, usd
from capalloc.report.runs import Line, runs
from capalloc.report.table import Column, grid, words

_CHEAPEST = (
    "Each repair was planned and verified with every commitment met (those of other conflicts set aside). The cheapest "
    "comes first: the one whose plan is worth most. Worth counts fees, value, penalties and moves, discounted; what "
    "the change itself costs is not known and not in it. Against paying: beside the best plan without the change, "
    "which pays for its shortfall. Fee lost: beside full delivery, not discounted."
)


def explanation_page(answer: Explanation) -> Iterator[RenderableType]:
    """Everything that ``capalloc explain`` shows, part by part."""
    yield _headline(answer)
    if answer.shortfall_priced:
        yield Text("The scenario prices shortfalls; this is what conflicts if they are forbidden.", style="dim")
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
    if any(conflict.repairs for conflict in answer.conflicts):
        yield Text(_CHEAPEST, style="dim")


def _headline(answer: Explanation) -> Text:
    if answer.status == "plan_exists":
        return Text(f"Nothing to explain for {answer.scenario}: {answer.detail}", style="green")
    if answer.status == "not_explained":
        return Text(f"Not explained: {answer.scenario}: {answer.detail}", style="red")
    return Text(f"No plan of {answer.scenario} meets every commitment: {answer.detail}", style="red")


def _requirements(answer: Explanation, conflict: ConflictRecord, number: int) -> RenderableType:
    fewest = "no fewer conflict" if conflict.proven_smallest else "fewer may conflict"
    short = "" if conflict.short_kw is None else f", {power_unit([conflict.short_kw]).named(conflict.short_kw)} short"
    many = len(conflict.requirements)
    title = f"Conflict {number}: {_months(answer, conflict.periods)}{short} ({many} requirements; {fewest})"
    return grid(title, [words("Requirement"), words("Where"), words("What")], map(_required, conflict.requirements))


def _required(one: Required) -> tuple[str, ...]:
    return one.kind.value, one.where, one.says


def _months(answer: Explanation, periods: Sequence[str]) -> str:
    if not periods:
        return "whatever is committed"
    return ", ".join(line.period for line in runs((Line(label, ()) for label in periods), answer.periods))


def _repairs(conflict: ConflictRecord) -> RenderableType:
    columns = [words("Repair"), Column("Worth USD"), Column("Against paying"), Column("Fee lost"), words("Not in it")]
    return grid("Repairs, the cheapest first", columns, map(_repair, conflict.repairs))


def _repair(one: Repair) -> tuple[str, ...]:
    money = (one.objective_usd, one.against_shortfall_usd, one.lost_fee_usd)
    figures = (DASH if amount is None else usd(amount) for amount in money)
    left_out = (*one.not_counted, *(() if one.commitments_met else ("it pays for shortfalls",)))
    return ("; ".join(change.says for change in one.changes), *figures, "; ".join(left_out) or "nothing")


def _together(repair: Repair | None) -> Text:
    if repair is None:
        return Text("No repair of all conflicts at once was found among these.", style="red")
    changes = "; ".join(change.says for change in repair.changes)
    return Text(f"All conflicts at once, planned and verified: {changes}. Worth {usd(repair.objective_usd)}.")
