"""The cases of a what-if: what they change, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from capalloc.analysis.base import Base
from capalloc.analysis.picture.cases import Grid, case_demands, delivered_in_base, demands_of, grid_of
from capalloc.report.apart import apart
from capalloc.report.charts.cases import MOST, base_steps, case_boxes, cases_spec
from capalloc.report.charts.config import config
from capalloc.report.charts.figure import Key
from capalloc.report.charts.layers import layers
from capalloc.report.charts.shades import shades_for, variable
from capalloc.report.figures import gap_between, plural, signed, usd
from capalloc.report.html.section import Section
from capalloc.schema.whatif import CaseAnswer, WhatIf

_TOLD = 8
"""Cases without a plan that are listed on top; the table has all."""


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
            ("Best", signed(usd(_delta(best))), f"{apart(best.case)}{_known(best)}"),
            ("Worst", signed(usd(_delta(worst))), f"{apart(worst.case)}{_known(worst)}"),
        ]
    failed = _failed(answer)
    values = {
        "facts": facts,
        "assumes": answer.assumes,
        "failed": failed[:_TOLD],
        "more": max(0, len(failed) - _TOLD),
        "undone": answer.undone[:_TOLD],
        "left": max(0, len(answer.undone) - _TOLD),
        "redone": len(answer.redone),
    }
    return Section("overview", "What if", values)


def _known(case: CaseAnswer) -> str:
    """How well it is known what the best plan of a case is worth more than the best plan without it; what is odd."""
    doubt = f"; {apart(case.doubts[0])}" if case.doubts else ""
    if case.delta_usd_between is None:
        return doubt
    low, high = case.delta_usd_between
    return f"; known within {usd(high - low)}{doubt}"


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
    planned = [case for case in answer.cases if case.delta_usd is not None]
    drawing = _Drawing(base, answer.cases, planned[:MOST])
    data = {
        **drawing.data,
        "list": _list(answer),
        "changes": [_changes(case) for case in answer.cases],
    }
    more = len(planned) - len(drawing.cases)
    return Section("cases", "Cases", {"legend": drawing.legend, "more": more, "any": bool(drawing.cases)}, data)


class _Drawing:
    """The small charts of some cases: contracts at the bottom, in the colours that they have in the plan's report."""

    def __init__(self, base: Base, asked: Sequence[CaseAnswer], cases: Sequence[CaseAnswer]) -> None:
        self.cases = cases
        self._periods = base.scenario.horizon.periods
        names = demands_of(base.plan, asked)
        self._base = delivered_in_base(base.plan, names)
        known = base.instance.demand_names
        shades = shades_for(known, base.plan, [name for name in names if name not in known])
        self._layers = list(layers(case_demands(base.scenario, names), shades))

    @property
    def legend(self) -> list[Key]:
        """The lowest layer first, then the base plan's line."""
        return [*(key for key, _ in self._layers), Key("Base plan, all demands", "ink", "dash")]

    @property
    def data(self) -> dict[str, Any]:
        """What the page's script draws from."""
        number = {name: d for d, name in enumerate(self._base.demands)}
        of_layers = [[number[one.name] for one in demands] for _, demands in self._layers]
        grid = grid_of([case.case for case in self.cases])
        return {
            "spec": {**cases_spec(grid, len(self.cases)), "config": config()},
            "grid": None if grid is None else _grid(grid),
            "places": None if grid is None else [grid.place[case.case] for case in self.cases],
            "drawn": [case.case for case in self.cases],
            "layers": [key.label for key, _ in self._layers],
            "fills": [variable(key.shade) for key, _ in self._layers],
            "boxes": [case_boxes(case, self._base, self._periods, of_layers) for case in self.cases],
            "base": base_steps(self._base),
        }


def _grid(grid: Grid) -> dict[str, Any]:
    return {
        "rows": grid.rows,
        "columns": grid.columns,
        "rowHead": grid.row_head,
        "columnHead": grid.column_head,
    }


def _list(answer: WhatIf) -> dict[str, list[Any]]:
    cases, base = answer.cases, answer.base
    between = [case.delta_usd_between for case in cases]
    return {
        "case": [case.case for case in cases],
        "status": [case.status.replace("_", " ") for case in cases],
        "delta": [_cents(case.delta_usd) for case in cases],
        "within": [None if one is None else _cents(one[1] - one[0]) for one in between],
        "fees": [_more(case.fees_usd, base.fees_usd) for case in cases],
        "values": [_more(case.values_usd, base.values_usd) for case in cases],
        "penalties": [_more(case.penalties_usd, base.penalties_usd) for case in cases],
        "moved": [None if case.racks_moved is None else case.racks_moved - base.racks_moved for case in cases],
        "missed": [
            None if case.delta_usd is None else max((one.short_kw for one in case.missed), default=0.0)
            for case in cases
        ],
        "doubts": ["; ".join([*case.doubts, *_detail(case)]) or None for case in cases],
    }


def _detail(case: CaseAnswer) -> list[str]:
    return [case.detail] if case.delta_usd is None and case.detail else []


def _more(amount: float | None, base: float) -> float | None:
    return None if amount is None else _cents(amount - base)


def _cents(amount: float | None) -> float | None:
    return None if amount is None else round(amount, 2) + 0.0


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
