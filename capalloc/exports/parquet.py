"""A plan as tidy tables in Parquet, for DuckDB, pandas or Spark.

Source: Apache Parquet by way of Apache Arrow's ``pyarrow.parquet``.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from capalloc.analysis.base import Base
from capalloc.analysis.picture import Pictured
from capalloc.calendar import Period
from capalloc.errors import MissingExtraError
from capalloc.exports.tidy import Tidy, tidy_tables

if TYPE_CHECKING:
    import pyarrow as pa

TABLES = ("assignments", "demand_periods", "node_loads", "periods", "prices", "racks", "shortfalls")


def parquet_files(base: Base, periods: Sequence[Period] | None = None) -> dict[str, bytes]:
    """A file for each table of a plan, or of neighbouring periods of it.

    Each says in its metadata of which scenario and plan it is.

    Raises MissingExtraError where pyarrow is not installed.
    """
    pa = require_parquet()
    about = base.about
    metadata = {
        "capalloc": base.plan.capalloc,
        "scenario": about.scenario,
        "scenario_sha256": about.scenario_sha256,
        "plan_sha256": about.plan_sha256,
    }
    tables = tidy_tables(Pictured.of_base(base), periods)
    return {
        f"{name}.parquet": _encoded(_arrow_table(pa, tables[name]).replace_schema_metadata(metadata)) for name in TABLES
    }


def _arrow_table(pa: Any, tidy: Tidy) -> pa.Table:
    types = {"text": pa.string(), "day": pa.date32(), "count": pa.int64(), "number": pa.float64()}
    arrays = [
        pa.array(values, types[kind], from_pandas=True)
        for kind, values in zip(tidy.kinds.values(), tidy.columns, strict=True)
    ]
    return pa.table(arrays, names=list(tidy.kinds))


def _encoded(table: pa.Table) -> bytes:
    from pyarrow import parquet

    stream = io.BytesIO()
    parquet.write_table(table, stream)
    return stream.getvalue()


def require_parquet() -> Any:
    """Apache Arrow's module. Raises MissingExtraError where it is not installed."""
    try:
        import pyarrow as pa
    except ImportError as error:
        raise MissingExtraError("writing Parquet", "parquet") from error
    return pa
