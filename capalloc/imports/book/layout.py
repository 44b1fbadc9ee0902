"""The sheets of a workbook and their columns, from the records of the schema.

A column is named by the path of its key inside the record, with points: ``fee.usd_per_month``. What a record holds
many of, such as the steps of a ramp, has a sheet of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import cache
from types import NoneType
from typing import Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from capalloc.formats.rows import TABLES, CellReader, cell_reader
from capalloc.schema.demand import Contract, RampStep, ValueTier, Workload, WorkloadStep
from capalloc.schema.event import Delay, NewSupply, Notice, Outage, Sign
from capalloc.schema.facility import Facility
from capalloc.schema.hardware import RackType
from capalloc.schema.policy import Policy
from capalloc.schema.record import Name, Record
from capalloc.schema.scenario import Horizon, Pin

Keys = tuple[str, ...]
"""Path of a value inside a record."""
FLAGS = ("yes", "no")
_EVENTS: tuple[type[Record], ...] = (Notice, Outage, Delay, NewSupply, Sign)
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

    @property
    def name(self) -> str:
        """Its header, or how the headers of its labels begin."""
        return ".".join(self.keys)

    @property
    def read(self) -> CellReader:
        """Reader of its cells."""
        return cell_reader(self.field.annotation)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a workbook."""

    name: str
    columns: tuple[Column, ...]
    upright: bool = False
    """It is of one record, whose keys stand below each other, each beside its value."""


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
    """The contract or workload."""


class _Tier(Record):
    """A tier of value names what it is of."""

    workload: Name
    """The workload."""


@cache
def sheets() -> dict[str, Sheet]:
    """Every sheet by its name, in the order of a workbook."""
    found = (
        Sheet("scenario", _columns(_Head), upright=True),
        Sheet("facility", _columns(Facility), upright=True),
        *(Sheet(table, _columns(record, without=("labels",))) for table, record in TABLES.items()),
        Sheet("rack_types", _columns(RackType)),
        Sheet("workloads", _columns(Workload, _Modelled)),
        Sheet("values", _columns(_Tier, ValueTier)),
        Sheet("contracts", _columns(Contract, _Modelled)),
        Sheet("ramps", _columns(_Step, RampStep, WorkloadStep)),
        Sheet("events", _columns(*_EVENTS)),
        Sheet("pins", _columns(Pin)),
        Sheet("policy", _columns(Policy), upright=True),
    )
    return {sheet.name: sheet for sheet in found}


def _columns(*records: type[Record], without: Collection[str] = ()) -> tuple[Column, ...]:
    """The columns of one record, or of several that share a sheet; of a key that several have the first."""
    found: dict[Keys, Column] = {}
    for record in records:
        for column in _of(record, (), ()):
            if column.name not in without:
                found[column.keys] = _merged(found.get(column.keys), column)
    return tuple(found.values())


def _merged(first: Column | None, column: Column) -> Column:
    """A column of one record, with the words that it may hold in another too."""
    words = tuple(_words(column.field.annotation))
    return replace(first or column, choices=tuple(dict.fromkeys((*(first.choices if first else ()), *words))))


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


def _words(annotation: Any) -> Iterator[str]:
    if get_origin(annotation) is Literal:
        yield from get_args(annotation)
    elif annotation is bool:
        yield from FLAGS
    else:
        for part in get_args(annotation) if not isinstance(annotation, str) else ():
            yield from _words(part)
