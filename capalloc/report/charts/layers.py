"""Demands as layers of a chart: those that have a colour each, the rest together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol, TypeVar

from capalloc.report.apart import apart
from capalloc.report.charts.figure import Key
from capalloc.report.charts.shades import REST
from capalloc.report.figures import plural


class Demand(Protocol):
    """What a layer's key says of a demand."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def contract(self) -> bool:
        """Else it is a workload."""

    @property
    def prospect(self) -> bool:
        """Whether it is a contract that has not signed."""


D = TypeVar("D", bound=Demand)


def layers(demands: Sequence[D], shades: Mapping[str, str]) -> Iterator[tuple[Key, list[D]]]:
    """The lowest first: contracts with a colour of their own, all others together, then workloads likewise."""
    for contract, noun in ((True, "other contract"), (False, "other workload")):
        of_kind = [one for one in demands if one.contract is contract]
        yield from ((_key(one, shades[one.name]), [one]) for one in of_kind if shades[one.name] != REST)
        if rest := [one for one in of_kind if shades[one.name] == REST]:
            yield Key(plural(len(rest), noun), REST), rest


def _key(one: Demand, shade: str) -> Key:
    if one.prospect:
        return Key(f"{apart(one.name)} (prospect)", shade, "pale", one.name)
    return Key(one.name, shade, demand=one.name)
