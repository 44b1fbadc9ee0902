"""The chart of what each demand gets over time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from capalloc.analysis.picture import Pictured
from capalloc.analysis.picture.ramp import DemandRamp, Ramp
from capalloc.report.charts.figure import Figure, Key, Variant
from capalloc.report.charts.layers import layers
from capalloc.report.charts.steps import Amounts, Steps, steps_spec, steps_variant
from capalloc.report.figures import count, plural, power_unit
from capalloc.units import KW_PER_MW

_SCALE: Mapping[str, float] = {"site_kw": KW_PER_MW, "sold_kw": KW_PER_MW, "gpus": 1.0, "racks": 1.0}
_UNIT: Mapping[str, str] = {"site_kw": "MW", "sold_kw": "MW", "gpus": "GPUs", "racks": "racks"}
NAMES: Mapping[str, str] = {"MW": "site_kw", "MW as sold": "sold_kw", "GPUs": "gpus", "Racks": "racks"}
_LABELS = "format(datum.value, ',')"


def ramp_figure(pictured: Pictured, shades: Mapping[str, str]) -> Figure:
    """What demands get, stacked over time under what limits them: MW at the roots or as sold, GPUs or racks."""
    return _Drawing(pictured, shades).figure()


class _Drawing:
    """The layers and lines of the chart, with their keys in the order in which they are stacked."""

    def __init__(self, pictured: Pictured, shades: Mapping[str, str]) -> None:
        self._pictured, self._ramp = pictured, Ramp(pictured)
        self._layers = list(layers(self._ramp.demands, shades))
        self._keys = [layer_key for layer_key, _ in self._layers]
        first = len(self._keys)
        self._idle, self._static, self._supply, self._loss, self._committed, *self._short = range(first, first + 7)
        self._keys += [
            Key("Idle racks that have power", "idle"),
            Key("Always on (fans, pumps, lights)", "off"),
            Key("Energised supply", "ink", "line"),
            Key("Most that survives any one loss (N-1)", "ink", "dash"),
            Key(f"Committed to contracts{_unsigned(pictured)}", "ink", "dot"),
            Key(f"Committed to contracts{_unsigned(pictured)}, not delivered", "short", "hatch"),
            Key("Missing of workloads' minimum", "short", "hatch"),
        ]

    def figure(self) -> Figure:
        variants = {name: self._variant(name, measure) for name, measure in NAMES.items()}
        spec = steps_spec(self._pictured.periods, self._keys, labels=_LABELS)
        return Figure("ramp", "Ramp", self._says(), spec, variants, self._keys)

    def _variant(self, name: str, measure: str) -> Variant:
        scale = _SCALE[measure]
        contracts = [one for one in self._ramp.demands if one.contract]
        return steps_variant(
            self._pictured.periods,
            _UNIT[measure],
            _SAYS[name],
            stack=(Steps(key, amounts / scale) for key, amounts in self._stack(measure)),
            lines=(Steps(key, amounts / scale) for key, amounts in self._lines(measure, contracts)),
            missing=((Steps(key, short / scale), top / scale) for key, short, top in self._missing(measure)),
        )

    def _stack(self, measure: str) -> Iterator[tuple[int, Amounts]]:
        for key, (_, demands) in enumerate(self._layers):
            yield key, _sum(one.got[measure] for one in demands)
        if measure in self._ramp.idle:
            yield self._idle, self._ramp.idle[measure]
        if measure == "site_kw":
            yield self._static, self._ramp.static_kw

    def _lines(self, measure: str, contracts: Sequence[DemandRamp]) -> Iterator[tuple[int, Amounts]]:
        if measure == "site_kw":
            yield self._supply, self._ramp.supply_kw
            if self._ramp.through_a_loss_kw is not None:
                yield self._loss, self._ramp.through_a_loss_kw
        if contracts:
            yield self._committed, _sum(one.committed[measure] for one in contracts)

    def _missing(self, measure: str) -> Iterator[tuple[int, Amounts, Amounts]]:
        """What contracts miss, below the line of what is committed to them; what workloads miss, above all that."""
        top = _sum(one.got[measure] for one in self._ramp.demands)
        contracts = [one for one in self._ramp.demands if one.contract]
        others = [one for one in self._ramp.demands if not one.contract]
        if contracts:
            committed = _sum(one.committed[measure] for one in contracts)
            top = np.maximum(top, committed)
            yield self._short[0], _sum(one.short[measure] for one in contracts), committed
        if others:
            short = _sum(one.short[measure] for one in others)
            yield self._short[1], short, top + short

    def _says(self) -> str:
        """Where the load is highest, how near the limits are, and what is missing."""
        labels = [period.label for period in self._pictured.periods]
        load, supply = self._ramp.load_kw, self._ramp.supply_kw
        top, near = int(np.argmax(load)), int(np.argmax(load / np.maximum(supply, 1e-9)))
        unit = power_unit([float(load.max()), float(supply.max())])
        first = f"{unit.named(load[0])} in {labels[0]}, and " if top else ""
        said = [
            f"The site draws {first}most in {labels[top]}: {unit.named(load[top])}.",
            f"Its supply is used most in {labels[near]}: {unit.show(load[near])} of {unit.named(supply[near])}.",
        ]
        contracts = [one for one in self._ramp.demands if one.contract]
        if contracts:
            said.append(_said_of(contracts, labels, _unsigned(self._pictured)))
        return " ".join(said)


_SAYS: Mapping[str, str] = {
    "MW": (
        "Stacked is the site's load where it is fed: what the racks of each demand draw, cooling included, then racks "
        "that have power and serve nobody, spares among them, then what is always on. The supply is the most that the "
        "site may draw in normal operation; N-1 is its load and what racks anywhere could draw in addition so that any "
        "one loss is survived. Commitments are drawn as what their racks draw there, not in MW as sold."
    ),
    "MW as sold": (
        "Stacked is what is delivered, in the MW that each contract is sold in, and of workloads what their racks "
        "draw; contracts stand at the bottom, under the line of what is committed to them."
    ),
    "GPUs": "Stacked are GPUs; contracts stand at the bottom, under the line of what is committed to them.",
    "Racks": "Stacked are racks; contracts stand at the bottom, under the line of what is committed to them.",
}


def _unsigned(pictured: Pictured) -> str:
    """What commitments include where prospects are planned."""
    return " (prospects as if signed)" if pictured.plan.prospects else ""


def _said_of(contracts: Sequence[DemandRamp], labels: Sequence[str], unsigned: str) -> str:
    """What contracts are committed, and what they miss, in kW as sold."""
    committed = _sum(one.committed["sold_kw"] for one in contracts)
    short = _sum(one.short["sold_kw"] for one in contracts)
    unit, most, worst = power_unit([float(committed.max())]), int(np.argmax(committed)), int(np.argmax(short))
    first = f"Committed to contracts{unsigned} is at most {unit.named(committed[most])} as sold, in {labels[most]}"
    if not short.any():
        return f"{first}; all of it is delivered."
    missing = f"{unit.named(short[worst])} of it is missing at worst, in {labels[worst]}"
    return f"{first}; {missing}, in {count(int(np.count_nonzero(short)))} of {plural(len(labels), 'period')}."


def _sum(amounts: Iterator[Amounts]) -> Amounts:
    return np.asarray(np.sum(list(amounts), axis=0))
