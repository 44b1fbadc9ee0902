"""The kinds of files that have a schema."""

from __future__ import annotations

import json
from collections.abc import Callable

from capalloc.json_schema.files import (
    contract_schema,
    events_schema,
    mapping_schema,
    rack_type_schema,
    request_schema,
    scenario_schema,
    workload_schema,
)
from capalloc.json_schema.site import facility_schema
from capalloc.json_schema.written import Json
from capalloc.schema.diff import Diff
from capalloc.schema.impact import Impact
from capalloc.schema.placing import Placing
from capalloc.schema.plan import Plan
from capalloc.schema.quoted import Quoted
from capalloc.schema.record import Record
from capalloc.schema.revenue import RevenueAnswer
from capalloc.schema.risk import Risk
from capalloc.schema.shown import Shown
from capalloc.schema.surplus import Surplus
from capalloc.schema.verdict import Verdict
from capalloc.schema.whatif import WhatIf

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def _answer(record: type[Record]) -> Callable[[], Json]:
    """The schema of what the program writes, as it writes it."""
    return lambda: record.model_json_schema(mode="serialization")


def _explanation() -> Json:
    from capalloc.analysis.explain.record import Explanation  # with all that plans

    return Explanation.model_json_schema(mode="serialization")


def _placing() -> Json:
    """Without what is asked for, and the positions, which go into a file."""
    schema = Placing.model_json_schema(mode="serialization")
    for key in ("maximised", "placed"):
        del schema["properties"][key]
    del schema["$defs"]["Placed"]
    return schema | {"required": [key for key in schema["required"] if key in schema["properties"]]}


_Kinds = dict[str, tuple[str, Callable[[], Json]]]
FILES: _Kinds = {
    "scenario": ("A scenario: a facility, a horizon, and who wants what.", scenario_schema),
    "facility": ("A facility: its rack types, and its tables or templates.", facility_schema),
    "rack_type": ("A rack type in a file of its own.", rack_type_schema),
    "contract": ("A contract in a file of its own.", contract_schema),
    "workload": ("A workload in a file of its own.", workload_schema),
    "events": ("Events in a file of their own, as `capalloc whatif` takes them.", events_schema),
    "request": ("A request, as `capalloc quote` takes it: a contract whose fee may be left out.", request_schema),
    "mapping": ("netbox.yaml or nautobot.yaml: what an inventory cannot hold.", mapping_schema),
    "plan": ("A plan, as `capalloc plan -o` writes it.", _answer(Plan)),
    "verdict": ("A verdict, as `capalloc check --json` prints it.", _answer(Verdict)),
}
"""What each kind of file is, and its schema; these ship as files in ``models/schemas``."""
ANSWERS: _Kinds = {
    "explain": ("What `capalloc explain --json` prints.", _explanation),
    "show": ("What `capalloc show --json` prints.", _answer(Shown)),
    "quote": ("What `capalloc quote --json` prints.", _answer(Quoted)),
    "surplus": ("What `capalloc surplus --json` prints.", _answer(Surplus)),
    "risk": ("What `capalloc risk --json` prints.", _answer(Risk)),
    "whatif": ("What `capalloc whatif --json` prints.", _answer(WhatIf)),
    "impact": ("What `capalloc impact --json` prints.", _answer(Impact)),
    "revenue": ("What `capalloc revenue --json` prints.", _answer(RevenueAnswer)),
    "diff": ("What `capalloc diff --json` prints.", _answer(Diff)),
    "place": ("What `capalloc place --json` prints.", _placing),
}
"""What each kind of answer is, and its schema."""
KINDS = FILES | ANSWERS
"""Whatever has a schema."""


def schema_of(kind: str) -> Json:
    """The JSON Schema (draft 2020-12) of a kind of file."""
    schema: Json = json.loads(dump_schema(kind))
    return schema


def dump_schema(kind: str) -> str:
    """The schema as text, the same each time; code marks as editors show them."""
    title, build = KINDS[kind]
    schema = {"$schema": _DIALECT, "title": title} | {key: value for key, value in build().items() if key != "title"}
    return json.dumps(schema, indent=1, ensure_ascii=False).replace("``", "`") + "\n"


def schema_file(kind: str) -> str:
    """The name of the file that a schema goes by."""
    return f"{kind}.schema.json"


def schemas_beside() -> dict[str, str]:
    """Name to text of the schemas that a site of its own has beside it."""
    return {f"schemas/{schema_file(kind)}": dump_schema(kind) for kind in ("scenario", "facility")}
