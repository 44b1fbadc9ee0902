"""What is asked for, and the schemes of redundancy that can be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import combinations

from capalloc.calendar import format_day
from capalloc.errors import Problem, ScenarioError
from capalloc.formats.library import shipped_rack_type, unknown_model
from capalloc.formats.scalar import shown
from capalloc.schema.hardware import RackType

MOST_RACKS = 100_000
"""Most racks of a site to begin with."""
FIRST_YEAR, LAST_YEAR = 1900, 2480
"""Years that a plan may begin in; some decades follow."""


@dataclass(frozen=True, slots=True)
class Scheme:
    """How the rows of a hall hang on its UPS."""

    says: str
    ups: tuple[str, ...]
    pairs: tuple[tuple[str, ...], ...]
    """Feeds A and B of the rows, in turn; A alone where a UPS is all there is."""
    max_utilization: float
    """Share of a UPS that normal operation may use."""
    split_a: float | None = None
    """Share of a rack's draw on feed A; None: half, where there are two."""

    @property
    def survives(self) -> bool:
        """Whether racks stay up when a UPS is lost."""
        return any(len(pair) == 2 for pair in self.pairs)


SCHEMES = {
    "n": Scheme("one UPS a hall and one feed a rack: a loss is not survived", ("ups",), (("ups",),), 1.0),
    "2n": Scheme("two UPS, half of each in normal operation", ("a", "b"), (("a", "b"),), 0.5),
    "3n2": Scheme(
        "three UPS, rows on all pairs of them", ("1", "2", "3"), tuple(combinations(("1", "2", "3"), 2)), 0.667
    ),
    "4n3": Scheme(
        "four UPS, rows on all pairs of them",
        ("1", "2", "3", "4"),
        tuple(combinations(("1", "2", "3", "4"), 2)),
        0.75,
    ),
    "catcher": Scheme(
        "three UPS with a row each in turn, and a reserve that carries nothing until one is lost",
        ("1", "2", "3", "reserve"),
        (("1", "reserve"), ("2", "reserve"), ("3", "reserve")),
        1.0,
        split_a=1.0,
    ),
}
"""Schemes of redundancy by the name that ``capalloc init`` takes."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A site in a few words. Raises ScenarioError where it is none."""

    name: str = "mine"
    racks: int = 16
    """Racks that stand."""
    deliveries: int | None = None
    """Racks that come in the fourth month, for the plan to place; None: a quarter of those that stand."""
    rack_type: str = "gb200-nvl72"
    halls: int = 1
    scheme: str = "2n"
    start: date = date(2027, 1, 1)
    months: int = 12
    tenant: str = "Example AI"
    leased: int | None = None
    """Racks that the tenant ramps to; None: half of those that stand."""

    def __post_init__(self) -> None:
        problems = [Problem(flag, 0, "", says) for flag, says in self._faults()]
        if problems:
            raise ScenarioError(problems)

    def _faults(self) -> list[tuple[str, str]]:
        found = []
        for flag, text in (("--name", self.name), ("--tenant", self.tenant)):
            if not text.strip() or not text.isprintable():
                found.append((flag, f"found {shown(text)}, expected a name that can be printed"))
        if self.racks < 1 or self.new_racks < 0 or self.all_racks > MOST_RACKS:
            found.append(("--racks", f"found {self.all_racks:,} with deliveries, expected 1 to {MOST_RACKS:,}"))
        if shipped_rack_type(self.rack_type) is None:
            found.append(("--rack-type", unknown_model("rack_type", self.rack_type)))
        if not 1 <= self.halls <= self.racks:
            found.append(("--halls", f"found {self.halls}, expected 1 to the number of racks, {self.racks}"))
        if self.scheme not in SCHEMES:
            found.append(("--redundancy", f"found {self.scheme!r}, expected one of {', '.join(SCHEMES)}"))
        if self.lease_racks > self.racks:
            found.append(("--lease", f"found {self.lease_racks} racks, more than the {self.racks} that stand"))
        if not FIRST_YEAR <= self.start.year <= LAST_YEAR:
            found.append(
                ("--start", f"found {format_day(self.start)}, expected a date from {FIRST_YEAR} to {LAST_YEAR}")
            )
        return found

    @property
    def lease_racks(self) -> int:
        """Racks that the tenant ramps to, with the default filled in."""
        return self.racks // 2 if self.leased is None else self.leased

    @property
    def new_racks(self) -> int:
        """Racks that come, with the default filled in."""
        return self.racks // 4 if self.deliveries is None else self.deliveries

    @property
    def all_racks(self) -> int:
        """Racks that stand and racks that come."""
        return self.racks + self.new_racks

    @property
    def kind(self) -> RackType:
        """The rack type in full."""
        found = shipped_rack_type(self.rack_type)
        assert found is not None, "checked when the wish was made"
        return found
