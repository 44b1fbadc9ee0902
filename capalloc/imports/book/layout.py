"""The sheets of a workbook and their columns, from the records of the schema.

A column is named by the path of its key inside the record, with points: ``fee.usd_per_month``. What a record holds
many of, such as the steps of a ramp, has a sheet of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from types import NoneType
from typing import Any, get_args, get_origin

from pydantic.fields import FieldInfo

from capalloc.formats.lenient import choices
from capalloc.formats.rows import TABLES, CellReader, cell_reader
from capalloc.formats.scalar import flag_cell, text_cell
from capalloc.schema.demand import Contract, RampStep, ValueTier, Workload, WorkloadStep
from capalloc.schema.event import Delay, NewSupply, Notice, Outage, Sign
from capalloc.schema.facility import Facility
from capalloc.schema.hardware import RackType
from capalloc.schema.policy import Policy
from capalloc.schema.record import Name, Record, leaves
from capalloc.schema.scenario import Horizon, Pin

Keys = tuple[str, ...]
"""Path of a value inside a record."""
FLAGS = ("yes", "no")
_EVENTS: tuple[type[Record], ...] = (Notice, Outage, Delay, NewSupply, Sign)
_FIRST = (
    "name",
    "demand",
    "workload",
    "scenario",
    "facility",
    "type",
    "tenant",
    "preset",
    "rack_types",
    "until",
    "fee",
)
"""Keys in front of the others, where a sheet has them."""
_LAST = ("labels", "source", "confidence")
_OWN_ORDER = frozenset({*TABLES, "events", "pins", "ramps"})
"""Sheets whose columns stand as their records have them."""
_DEEPEST = 2
"""So often may a record stand inside its own kind: ``where.not.hall``."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet, or all those that begin alike."""

    keys: Keys
    field: FieldInfo
    listed: bool = False
    """Its cells list texts, parted by commas."""
    labels: bool = False
    """It stands for a column for each label: ``labels.KEY``."""
    choices: tuple[str, ...] = ()
    """The words that its cells may hold; none where anything may stand there."""
    records: tuple[type[Record], ...] = ()
    """The records that have the key; a sheet may be of several."""

    @property
    def name(self) -> str:
        """Its header, or how the headers of its labels begin."""
        return ".".join(self.keys)

    @property
    def read(self) -> CellReader:
        """Reader of its cells, where they hold one value."""
        return text_cell if self.labels else cell_reader(self.field.annotation)

    @property
    def dated(self) -> bool:
        """Whether its cells hold days."""
        return date in leaves(self.field.annotation)

    @property
    def counted(self) -> bool:
        """Whether its cells hold numbers."""
        return not self.listed and not self.labels and not leaves(self.field.annotation).isdisjoint({int, float})


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a workbook."""

    name: str
    columns: tuple[Column, ...]
    upright: bool = False
    """It is of one record, whose keys stand below each other, each beside its value."""

    @property
    def records(self) -> frozenset[type[Record]]:
        """What its rows are."""
        return frozenset(record for column in self.columns for record in column.records)


class _Head(Record):
    """The scenario itself."""

    scenario: Name
    """Its name, as plans repeat it."""
    horizon: Horizon
    incumbent: Name | None = None
    """Today's plan: a file (JSON) in the workbook's folder."""


class _Modelled(Record):
    """What may take over keys of a model that ships."""

    preset: Name | None = None
    """A model that ships; its values hold where a cell is empty."""


class _Step(Record):
    """A step of a ramp names what it is of."""

    demand: Name
    """The contract or workload that the step is of."""


class _Tier(Record):
    """A tier of value names what it is of."""

    workload: Name
    """The workload whose GPUs are worth that."""


@cache
def sheets() -> dict[str, Sheet]:
    """Every sheet by its name, in the order of a workbook."""
    found = (
        _sheet("scenario", _Head, upright=True),
        _sheet("facility", Facility, upright=True),
        *(_sheet(table, record, without=("labels",)) for table, record in TABLES.items()),
        _sheet("rack_types", RackType),
        _sheet("workloads", Workload, _Modelled),
        _sheet("values", _Tier, ValueTier),
        _sheet("contracts", Contract, _Modelled),
        _sheet("ramps", _Step, RampStep, WorkloadStep),
        _sheet("events", *_EVENTS),
        _sheet("pins", Pin),
        _sheet("policy", Policy, upright=True),
    )
    return {sheet.name: sheet for sheet in found}


def kind_of(record: type[Record]) -> str:
    """What a record of a sheet of several is called there: the word in its ``type``, or its demand."""
    field = record.model_fields.get("type")
    named = {RampStep: "contract", WorkloadStep: "workload"}
    return str(get_args(field.annotation)[0]) if field is not None else named.get(record, "")


def _sheet(name: str, *records: type[Record], upright: bool = False, without: Collection[str] = ()) -> Sheet:
    """The sheet of one record, or of several that share it."""
    found: dict[Keys, Column] = {}
    for record in records:
        for column in _of(record, (), ()):
            if column.name not in without:
                found[column.keys] = _merged(found.get(column.keys), replace(column, records=(record,)))
    columns = found.values() if name in _OWN_ORDER else sorted(found.values(), key=_rank)
    return Sheet(name, tuple(columns), upright)


def _rank(column: Column) -> int:
    key = column.keys[0]
    if key in _FIRST:
        return _FIRST.index(key)
    return len(_FIRST) + (1 + _LAST.index(key) if key in _LAST else 0)


def _merged(first: Column | None, column: Column) -> Column:
    """A column of one record, with what it is in another too."""
    words = FLAGS if column.read is flag_cell else choices(column.field.annotation)
    if first is None:
        return replace(column, choices=words)
    return replace(
        first, choices=tuple(dict.fromkeys((*first.choices, *words))), records=first.records + column.records
    )


def _of(record: type[Record], above: Keys, inside: tuple[type[Record], ...]) -> Iterator[Column]:
    if inside.count(record) == _DEEPEST:
        return
    for name, field in record.model_fields.items():
        keys = (*above, field.alias or name)
        kind = _kind(field.annotation)
        if _is_record(kind) and kind is not Contract:
            yield from _of(kind, keys, (*inside, record))
        elif get_origin(kind) is dict:
            yield Column(keys, field, listed=get_origin(_kind(get_args(kind)[1])) is tuple, labels=True)
        elif get_origin(kind) is not tuple:
            yield Column(keys, field)
        elif not _is_record(get_args(kind)[0]):
            yield Column(keys, field, listed=True)


def _is_record(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Record)


def _kind(annotation: Any) -> Any:
    """A type without the None that it may be instead, and without what is said beside it."""
    parts = [part for part in get_args(annotation) if part is not NoneType]
    if hasattr(annotation, "__metadata__") or (len(parts) == 1 and NoneType in get_args(annotation)):
        return _kind(parts[0])
    return annotation
