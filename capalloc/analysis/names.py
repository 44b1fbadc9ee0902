"""What a name on the command line means: a thing of the site or a demand, or a sentence that says why not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from capalloc.analysis.edits import all_supplies
from capalloc.errors import Problem, ScenarioError
from capalloc.instance.model import Instance
from capalloc.schema.demand import Contract
from capalloc.spelling import all_near

_PROSPECT = "prospect"
SHOWN = ("site", "node", "hall", "row", "zone", "rack", "position", "demand", _PROSPECT)
"""Kinds of things that can be shown, as they are written before a name that is not enough by itself.

A prospect that is not planned is written as a demand."""
FEEDING = ("node", "hall", "row", "zone", "supply")
"""Kinds of things that can be taken out of service."""
_NEAR = 5
_LISTED = 12


@dataclass(frozen=True, slots=True)
class Meant:
    """A thing by its kind and its number there."""

    kind: str
    number: int


class Names:
    """Names of some kinds of things of a planned site."""

    def __init__(self, instance: Instance, kinds: Sequence[str] = SHOWN) -> None:
        site, spots = instance.scenario.facility, instance.positions
        known: dict[str, Mapping[str, int]] = {
            "site": _numbered(["site"]),
            "node": _numbered([node.name for node in site.power]),
            "hall": _numbered(spots.hall_names),
            "row": _numbered(spots.row_names),
            "zone": _numbered([zone.name for zone in site.cooling]),
            "rack": _numbered(instance.racks.names),
            "position": _numbered(spots.names),
            "demand": _numbered(instance.demand_names),
            _PROSPECT: _numbered([contract.name for contract in unplanned_prospects(instance)]),
            "supply": _numbered([supply.name for supply in all_supplies(instance.scenario)]),
        }
        self._known = {kind: known[kind] for kind in kinds}
        self._labels = Counter(pair for record in (*site.racks, *site.positions) for pair in record.labels.items())
        self._others = {kind: names for kind, names in known.items() if kind not in kinds}

    def meant(self, texts: Sequence[str]) -> list[Meant]:
        """What each text means; raises a ScenarioError with a sentence for each that means nothing or too much."""
        found = [(text, list(self._candidates(text))) for text in texts]
        problems = [
            Problem("", 0, "NAME", self._refusal(text, candidates))
            for text, candidates in found
            if len(candidates) != 1
        ]
        if problems:
            raise ScenarioError(problems)
        return [Meant(kind, self._known[kind][name]) for _, [(kind, name)] in found]

    def text(self, thing: Meant) -> str:
        """How a thing is written: a power node by its name, anything else with its kind before it."""
        name = list(self._known[thing.kind])[thing.number]
        return name if thing.kind == "node" else f"{thing.kind}:{name}"

    def _candidates(self, text: str) -> Iterator[tuple[str, str]]:
        """(kind, full name) of all that a text can mean."""
        kind, colon, rest = text.partition(":")
        kinds, name = ((kind,), rest) if colon and kind in self._known else (tuple(self._known), text)
        if kinds == ("demand",) and _PROSPECT in self._known:
            kinds = ("demand", _PROSPECT)
        for one in kinds:
            if name in self._known[one]:
                yield one, name
        if "row" in kinds and name not in self._known["row"]:
            yield from (("row", full) for full in self._known["row"] if full.partition("/")[2] == name)

    def _refusal(self, text: str, candidates: list[tuple[str, str]]) -> str:
        if candidates:
            ways = [f"{kind}:{name}" for kind, name in candidates]
            more = "" if len(ways) <= _LISTED else f" and {len(ways) - _LISTED} more"
            return f"found '{text}', which could be {_listed(ways[:_LISTED])}{more}; write it as one of these"
        near = self._near(text.partition(":")[2] if text.partition(":")[0] in self._known else text)
        hint = f"; near: {', '.join(near)}" if near else ""
        kinds = [kind for kind in self._known if kind not in (_PROSPECT, "site")]
        return f"found '{text}'{self._other(text)}, expected the name of a {_listed(kinds, 'or')}{hint}"

    def _other(self, text: str) -> str:
        """What a name means that means nothing here."""
        kind, colon, rest = text.partition(":")
        named = [(kind, rest)] if colon and kind in self._others else [(kind, text) for kind in self._others]
        found = [kind for kind, name in named if name in self._others.get(kind, ())]
        return f" (a {found[0]})" if found else self._labelled(text)

    def _labelled(self, text: str) -> str:
        """That a text is a label, which names many things and none of its own."""
        key, _, value = text.removeprefix("label:").replace("=", ":", 1).rpartition(":")
        found = next((pair for pair in self._labels if pair[1] == value and key in ("", pair[0])), None)
        if found is None:
            return ""
        bear = f"{self._labels[found]:,} racks and positions bear"
        return f" (the label {found[0]}={found[1]}, which {bear}; a label has no page of its own)"

    def _near(self, text: str) -> list[str]:
        """Names that look like one that is not there, the most alike first."""
        kinds = {name: kind for kind in reversed(self._known) for name in self._known[kind]}
        written = {_PROSPECT: "demand"}
        near = all_near(text, kinds, most=_NEAR)
        return [f"{written.get(kinds[name], kinds[name])}:{name}" for name in near]


def unplanned_prospects(instance: Instance) -> tuple[Contract, ...]:
    """Prospects of the scenario that the instance does not plan."""
    scenario, planned = instance.scenario, set(instance.demand_names)
    return tuple(one for one in scenario.contracts if scenario.is_prospect(one) and one.name not in planned)


def _numbered(names: Sequence[str]) -> dict[str, int]:
    return {name: number for number, name in enumerate(names)}


def _listed(parts: Sequence[str], last: str = "and") -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {last} {parts[-1]}"
