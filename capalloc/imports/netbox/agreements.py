"""Contracts of the netbox-contract plugin: charges from its fields (to version 2.4) or lines (from 2.5).

Source: netbox_contract/models.py and api/serializers.py, versions 2.4.3 and 2.5.0.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from capalloc.imports.inventory.records import Agreement, AgreementLine
from capalloc.imports.rest.objects import Answers, Object, address, key, number

ENDPOINTS = dict.fromkeys(("contracts", "contract-lines", "contractassignment"), "plugins/contracts")
"""Endpoints of the plugin; one that is not installed has none of them, and lines come with version 2.5."""
_RACK = "dcim.rack"
_SLIP = 36_525
"""As many months or days nobody means."""


def agreements_of(answers: Answers) -> tuple[Agreement, ...]:
    """The contracts, with the lines and racks that are theirs."""
    lines: defaultdict[str | None, list[AgreementLine]] = defaultdict(list)
    for line in answers["contract-lines"]:
        lines[key(line.get("contract"))].append(_line(line))
    racks: defaultdict[str | None, list[str]] = defaultdict(list)
    for one in answers["contractassignment"]:
        rack = key(one.get("object_id"))
        if rack is not None and answers.word(one.get("content_type")) == _RACK:
            racks[key(one.get("contract"))].append(rack)
    return tuple(_agreement(one, answers, lines[key(one)], racks[key(one)]) for one in answers["contracts"])


def _agreement(one: Object, answers: Answers, lines: list[AgreementLine], racks: list[str]) -> Agreement:
    return Agreement(
        key=str(one["id"]),
        name=str(one.get("name") or one["id"]),
        where=address(one),
        status=answers.word(one.get("status")) or "active",
        tenant=answers.name(one.get("tenant")),
        start=_day(one.get("start_date")),
        end=_day(one.get("end_date")),
        initial_term_months=_whole(one.get("initial_term")),
        notice_days=_whole(one.get("notice_period")),
        currency=answers.word(one.get("currency")),
        monthly_charge=_monthly(one),
        lines=tuple(lines),
        racks=tuple(racks),
    )


def _monthly(one: Object) -> float | None:
    """The monthly charge, or a twelfth of the yearly."""
    month, year = number(one.get("mrc")), number(one.get("yrc"))
    return month if month is not None or year is None else year / 12


def _line(line: Object) -> AgreementLine:
    unit = line.get("unit")
    unit = unit if isinstance(unit, Mapping) else {"name": unit}
    months = number(unit.get("months"))
    quantity = number(line.get("quantity"))
    quantity = 1.0 if quantity is None else quantity
    price = number(line.get("unit_price")) or 0.0
    return AgreementLine(
        unit=str(unit.get("name") or ""),
        quantity=quantity,
        monthly_charge=quantity * price / months if months else 0.0,
        start=_day(line.get("start_date")),
        end=_day(line.get("end_date")),
    )


def _day(value: object) -> str | None:
    return str(value) if value else None


def _whole(value: object) -> int | None:
    found = number(value)
    return int(found) if found is not None and abs(found) < _SLIP else None
