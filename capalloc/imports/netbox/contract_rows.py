"""Contracts of the netbox-contract plugin in CSV files, as objects like those of its API.

Source: netbox_contract/tables.py and forms.py, versions 2.4.3 and 2.5.0. Names stand for contracts and racks there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from capalloc.imports.inventory.records import Agreement
from capalloc.imports.missing import Tally
from capalloc.imports.netbox.agreements import agreements_of
from capalloc.imports.netbox.cells import number, text, word
from capalloc.imports.rest.objects import Answers, Object
from capalloc.imports.rows import Row

KINDS = ("contracts", "contract_lines", "contract_assignments", "units")
ALIASES: Mapping[str, str] = {
    **dict.fromkeys(("monthly_recuring_cost", "monthly_recurring_cost_deprecated"), "mrc"),
    **dict.fromkeys(("yearly_recuring_cost", "yerly_recuring_costs", "yearly_recurring_cost_deprecated"), "yrc"),
    "object_type": "content_type",
}
"""Headers of the plugin's pages, misspelt as they are, that say something else than the field's name."""
_PLAIN = ("start_date", "end_date", "initial_term", "notice_period", "mrc", "yrc")
_TERMS = "add the column Yearly value, or the file units.csv; until then they charge nothing"


def agreements_in(
    rows: Mapping[str, list[Row]], find_rack: Callable[[Row, str | None], str | None], tally: Tally
) -> tuple[Agreement, ...]:
    """The contracts in rows; what refers to nothing is counted."""
    contracts = [_contract(row) for row in rows["contracts"]]
    keys = {name: str(one["id"]) for one in contracts for name in (one["name"], one["id"])}
    months = {text(row["name"]): number(row["months"]) for row in rows["units"]}
    answers = {
        "contracts": contracts,
        "contract-lines": [_line(row, keys, months, tally) for row in rows["contract_lines"]],
        "contractassignment": list(_assignments(rows["contract_assignments"], keys, find_rack)),
    }
    return agreements_of(Answers(answers))


def _contract(row: Row) -> Object:
    name = text(row["name"]) or ""
    return {
        "id": text(row["id"]) or row.where,
        "name": name,
        "url": row.where,
        "tenant": {"name": text(row["tenant"])},
        "status": word(row["status"], "active"),
        "currency": word(row["currency"], "usd"),
        **{field: text(row[field]) for field in _PLAIN},
    }


def _line(row: Row, keys: Mapping[str, str], months: Mapping[str | None, float | None], tally: Tally) -> Object:
    unit, contract = text(row["unit"]), text(row["contract"]) or ""
    if contract not in keys:
        tally.add("lines of contracts that are not known", f"{row.where} ({contract})", "export contracts again")
    charged = _months(row, months.get(unit))
    if charged is None and unit not in months:
        tally.add("lines of contracts whose unit is not known", f"{row.where} ({unit})", _TERMS)
    return {
        "contract": keys.get(contract),
        "quantity": number(row["quantity"]),
        "unit_price": number(row["unit_price"]),
        "unit": {"name": unit, "months": charged},
        "start_date": text(row["start_date"]),
        "end_date": text(row["end_date"]),
    }


def _months(row: Row, known: float | None) -> float | None:
    """How many months a unit price covers: as units say, or as the price of a year comes to."""
    year, quantity, price = number(row["yearly_value"]), number(row["quantity"]), number(row["unit_price"])
    if known is not None or not year or not quantity or not price:
        return known
    return 12 * quantity * price / year


def _assignments(
    rows: Iterable[Row], keys: Mapping[str, str], find_rack: Callable[[Row, str | None], str | None]
) -> Iterable[Object]:
    """Those of racks."""
    for row in rows:
        kind = (text(row["content_type"]) or "").lower()
        if kind.endswith("rack"):
            rack = find_rack(row, text(row["content_object"]) or text(row["object_id"]))
            yield {"contract": keys.get(text(row["contract"]) or ""), "content_type": "dcim.rack", "object_id": rack}
