"""The two YAML files of a site to begin with, with comments."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from capalloc.calendar import add_months, format_day
from capalloc.formats.expand import dump_quoted
from capalloc.formats.scalar import plain_word
from capalloc.imports.starter.wish import Wish
from capalloc.schema.facility import Facility

_BARE = re.compile(r"[A-Za-z0-9](?:[\w .-]*\w)?")
_TEMPLATES = Path(__file__).parent / "templates"
_YEARS_OF_LEASE = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """What the scenario says beside the facility."""

    facility: Facility
    start: date
    months: int
    tenant: str
    lease: int
    """Racks of the lease at its full ramp; 0: there is none."""

    @classmethod
    def of(cls, wish: Wish, facility: Facility, lease: int) -> Asked:
        """What a wish says of it."""
        return cls(facility, wish.start, wish.months, wish.tenant, lease)


def scenario_page(asked: Asked) -> str:
    """``scenario.yaml``."""
    facility, start = asked.facility, asked.start
    kinds = [kind for kind in facility.rack_types if kind.gpus]
    racks = sum(rack.rack_type in {kind.name for kind in kinds} for rack in facility.racks)
    return _page(
        "scenario.yaml",
        name=_text(facility.name),
        start=format_day(start),
        end=format_day(add_months(start, asked.months)),
        lease=asked.lease,
        tenant=_text(asked.tenant),
        rack_types="[" + ", ".join(_text(kind.name) for kind in kinds) + "]",
        nameplate_kw=f"{kinds[0].nameplate_kw:g}",
        first_racks=(first := -(-asked.lease // 2)),
        first_mw=_mw(first * kinds[0].nameplate_kw),
        full_mw=_mw(asked.lease * kinds[0].nameplate_kw),
        full_from=format_day(add_months(start, 4)),
        lease_until=format_day(add_months(start, 12 * _YEARS_OF_LEASE)),
        wanted=racks,
        first_gpus=max(1, racks // 4) * kinds[0].gpus,
        supply=_text(facility.supplies[-1].name) if facility.supplies else None,
        notice_on=format_day(add_months(start, 6)),
    )


def facility_page(head: str) -> str:
    """``facility.yaml``; ``head`` is what it says of the site."""
    return _page("facility.yaml", head=head.rstrip("\n"))


def _page(template: str, **values: object) -> str:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES), undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False
    )
    return environment.get_template(template).render(**values)


def _text(text: str) -> str:
    """Text as YAML has it: bare where that is safe, else in quotes."""
    return text if _BARE.fullmatch(text) and isinstance(plain_word(text), str) else dump_quoted(text)


def _mw(kw: float) -> str:
    return f"{round(kw / 1000, 6):g}"
