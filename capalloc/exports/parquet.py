"""A plan as tidy tables in Parquet, for DuckDB, pandas or Spark.

Source: Apache Parquet by way of Apache Arrow's ``pyarrow.parquet``.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from capalloc.errors import MissingExtraError
from capalloc.schema.plan import Plan

if TYPE_CHECKING:
    import pyarrow as pa


def parquet_files(plan: Plan) -> dict[str, bytes]:
    """``assignments.parquet``: a row for each run of days in which a rack serves a demand.

    Raises MissingExtraError where pyarrow is not installed.
    """
    return {"assignments.parquet": _encoded(_assignments(plan))}


def _assignments(plan: Plan) -> pa.Table:
    pa = _arrow()
    spans = plan.assignments
    return pa.table(
        {
            "rack": pa.array([span.rack for span in spans], pa.string()),
            "demand": pa.array([span.demand for span in spans], pa.string()),
            "from": pa.array([span.start for span in spans], pa.date32()),
            "until": pa.array([span.until for span in spans], pa.date32()),
        }
    )


def _encoded(table: pa.Table) -> bytes:
    from pyarrow import parquet

    stream = io.BytesIO()
    parquet.write_table(table, stream)
    return stream.getvalue()


def _arrow() -> Any:
    try:
        import pyarrow as pa
    except ImportError as error:
        raise MissingExtraError("writing Parquet", "parquet") from error
    return pa
