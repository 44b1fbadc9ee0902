"""Contracts of the netbox-contract plugin: charges from its fields (to version 2.4) or lines (from 2.5).

Source: netbox_contract/models.py and api/serializers.py, versions 2.4.3 and 2.5.0.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from capalloc.imports.inventory.records import Agreement, AgreementLine

Object = Mapping[str, Any]
"""An object of the API, related objects nested."""

ENDPOINTS = {
    "contracts": "plugins/netbox-contract/contracts",
    "contract-lines": "plugins/netbox-contract/contract-lines",
    "contract-assignments": "plugins/netbox-contract/contractassignment",
}
"""Addresses below ``/api/``; lines are there from version 2.5 on."""
_RACK = "dcim.rack"


def agreements_of(contracts: Iterable[Object], lines: Iterable[Object], assignments: Iterable[Object]) -> list[Agreement]:
    """The agreements, with the lines and racks that are theirs."""
    of_contract: defaultdict[str, list[AgreementLine]] = defaultdict(list)
    for line in lines:
        of_contract[_key(line.get("contract"))].append(_line(line))
    racks: defaultdict[str, list[str]] = defaultdict(list)
    for one in assignments:
        if _word(one.get("content_type")) == _RACK:
            racks[_key(one.get("contract"))].append(_key(one.get("object_id")))
    return [_agreement(one, of_contract[_key(one)], racks[_key(one)]) for one in contracts]


def _agreement(one: Object, lines: list[AgreementLine], racks: list[str]) -> Agreement:
    return Agreement(
        key=_key(one),
        name=str(one.get("name") or one.get("display") or _key(one)),
        where=str(one.get("display_url") or one.get("url") or "").replace("/api/", "/", 1),
        status=_word(one.get("status")) or "active",
        tenant=_name(one.get("tenant")),
        start=one.get("start_date") or None,
        end=one.get("end_date") or None,
        initial_term_months=_whole(one.get("initial_term")),
        notice_days=_whole(one.get("notice_period")),
        currency=_word(one.get("currency")),
        monthly_charge=_monthly(one),
        lines=tuple(lines),
        racks=tuple(racks),
    )


def _monthly(one: Object) -> float | None:
    """The monthly charge, or a twelfth of the yearly."""
    month, year = _number(one.get("mrc")), _number(one.get("yrc"))
    return month if month is not None or year is None else year / 12


def _line(line: Object) -> AgreementLine:
    unit = line.get("unit")
    unit = unit if isinstance(unit, Mapping) else {"name": unit}
    months = _number(unit.get("months"))
    quantity = _number(line.get("quantity"))
    quantity = 1.0 if quantity is None else quantity
    price = _number(line.get("unit_price")) or 0.0
    return AgreementLine(
        unit=str(unit.get("name") or ""),
        quantity=quantity,
        monthly_charge=quantity * price / months if months else 0.0,
        start=line.get("start_date") or None,
        end=line.get("end_date") or None,
    )


def _key(one: object) -> str:
    return str(one.get("id")) if isinstance(one, Mapping) else str(one)


def _name(related: object) -> str | None:
    found = related.get("name") or related.get("display") if isinstance(related, Mapping) else related
    return str(found) if found else None


def _word(choice: object) -> str | None:
    found = choice.get("value") if isinstance(choice, Mapping) else choice
    return str(found).lower() if found else None


def _number(value: object) -> float | None:
    try:
        return float(value) if isinstance(value, int | float | str) and value != "" else None
    except ValueError:
        return None


def _whole(value: object) -> int | None:
    number = _number(value)
    return None if number is None else int(number)
