"""The cases of a what-if: what they change, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from capalloc.analysis.base import Base
from capalloc.analysis.picture.cases import delivered_in_base, demands_of, grid_of
from capalloc.report.charts.cases import MOST, base_rows, case_rows, cases_spec
from capalloc.report.charts.config import config
from capalloc.report.charts.figure import Key
from capalloc.report.charts.shades import COLOURS, REST
from capalloc.report.figures import gap_between, plural, signed, usd
from capalloc.report.html.section import Section
from capalloc.schema.whatif import CaseAnswer, WhatIf


def overview(answer: WhatIf) -> Section:
    """The base plan, and what the cases come to."""
    planned = [case for case in answer.cases if case.delta_usd is not None]
    facts = [
        (
            "Base plan",
            usd(answer.base.objective_usd),
            f"discounted; {gap_between(answer.base.objective_usd, answer.base.bound_usd, answer.base.gap)}",
        ),
        ("Cases", plural(len(answer.cases), "case"), _without(answer)),
    ]
    if planned:
        best, worst = (pick(planned, key=_delta) for pick in (max, min))
        facts += [
            ("Best", signed(usd(_delta(best))), best.case),
            ("Worst", signed(usd(_delta(worst))), worst.case),
        ]
    return Section("overview", "What if", {"facts": facts, "assumes": answer.assumes, "failed": _failed(answer)})


def _delta(case: CaseAnswer) -> float:
    return case.delta_usd or 0.0


def _without(answer: WhatIf) -> str:
    lacking = sum(case.delta_usd is None for case in answer.cases)
    parts = [f"{plural(lacking, 'case')} without a plan"] if lacking else []
    parts += [f"{plural(len(answer.undone), 'case')} not planned yet"] if answer.undone else []
    return "; ".join(parts) or "each has a plan"


def _failed(answer: WhatIf) -> list[tuple[str, str]]:
    return [
        (case.case, f"{case.status.replace('_', ' ')}: {case.detail}" if case.detail else case.status.replace("_", " "))
        for case in answer.cases
        if case.delta_usd is None
    ]


def multiples(base: Base, answer: WhatIf) -> Section:
    """Small charts and the table."""
    periods = base.scenario.horizon.periods
    planned = [case for case in answer.cases if case.delta_usd is not None]
    drawn, demands = planned[:MOST], demands_of(base.plan, answer.cases)
    shades = {name: COLOURS[d] if d < len(COLOURS) else REST for d, name in enumerate(demands)}
    delivered = delivered_in_base(base.plan, demands)
    grid = grid_of([case.case for case in drawn])
    data = {
        "spec": {**cases_spec(grid), "config": config()},
        "grid": None if grid is None else [len(grid.rows), len(grid.columns)],
        "tables": {
            "cases": list(case_rows(drawn, delivered, periods, shades, grid)),
            "base": base_rows(delivered, periods),
        },
        "drawn": [case.case for case in drawn],
        "demands": list(demands),
        "list": _list(answer, planned),
        "changes": [_changes(case) for case in answer.cases],
    }
    legend = [Key(name, shade) for name, shade in shades.items()]
    more = len(planned) - len(drawn)
    return Section("cases", "Cases", {"legend": legend, "more": more, "any": bool(drawn)}, data)


def _list(answer: WhatIf, planned: Sequence[CaseAnswer]) -> dict[str, list[Any]]:
    cases, base = answer.cases, answer.base
    between = [case.delta_usd_between for case in cases]
    return {
        "case": [case.case for case in cases],
        "status": [case.status.replace("_", " ") for case in cases],
        "delta": [case.delta_usd for case in cases],
        "within": [None if one is None else one[1] - one[0] for one in between],
        "fees": [None if case.fees_usd is None else case.fees_usd - base.fees_usd for case in cases],
        "values": [None if case.values_usd is None else case.values_usd - base.values_usd for case in cases],
        "penalties": [
            None if case.penalties_usd is None else case.penalties_usd - base.penalties_usd for case in cases
        ],
        "moved": [case.racks_moved for case in cases],
        "missed": [
            None if case not in planned else max((one.short_kw for one in case.missed), default=0.0) for case in cases
        ],
        "doubts": ["; ".join(case.doubts) or None for case in cases],
    }


def _changes(case: CaseAnswer) -> dict[str, list[Any]]:
    """What changes for whom when."""
    return {
        "demand": [one.demand for one in case.changes],
        "from": [one.start.isoformat() for one in case.changes],
        "until": [one.until.isoformat() for one in case.changes],
        "before": [one.kw[0] for one in case.changes],
        "after": [one.kw[1] for one in case.changes],
        "racksBefore": [one.racks[0] for one in case.changes],
        "racksAfter": [one.racks[1] for one in case.changes],
    }
