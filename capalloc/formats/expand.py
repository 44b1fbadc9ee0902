"""A scenario out, complete in one folder: no presets, no templates, tables as in models/README.md, Facility."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from capalloc.errors import Problem, ScenarioError
from capalloc.formats.atomic import write_together
from capalloc.formats.plans import dump_plan
from capalloc.formats.rows import TABLES, columns
from capalloc.formats.scalar import needs_quotes, plain_word, quoted
from capalloc.schema.facility import Facility, TableRow
from capalloc.schema.scenario import Scenario

_MARK = "# Written by capalloc expand\n"
_UNLISTED = {"cooling": ("total_kw",)}
"""Columns that stand in place of others: written only where they are used."""


def expand(scenario: Scenario, directory: str | Path, *, force: bool = False) -> None:
    """Write ``scenario.yaml``, ``facility.yaml``, the five tables and, with an incumbent, ``incumbent.json``.

    Loading the folder's ``scenario.yaml`` gives an equal scenario. Raises ScenarioError where the folder cannot be
    written, or holds files of a site that say something else, unless ``force`` writes over them.
    """
    write_site(directory, expanded_files(scenario), force=force)


def write_site(
    directory: str | Path, files: Mapping[str, str], *, force: bool = False, kept: Collection[str] = ()
) -> None:
    """Write the files of a site, by their names below the folder, which is made when missing.

    Those of ``kept`` that are there already stay as they are. Raises ScenarioError as :func:`expand` does.
    """
    folder = Path(directory)
    files = {name: text for name, text in files.items() if name not in kept or not (folder / name).is_file()}
    if not force:
        _refuse_to_overwrite(folder, files, kept)
    try:
        for name in files:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
        write_together({folder / name: text for name, text in files.items()})
    except OSError as error:
        reason = error.strerror or str(error)
        raise ScenarioError([Problem(str(directory), 0, "", f"cannot be written: {reason}")]) from error


def _refuse_to_overwrite(folder: Path, files: Mapping[str, str], kept: Collection[str]) -> None:
    """Keep the files of another site, or of another version of this one; what is there already may be written again."""
    there = [name for name in expanded_names() if name not in kept and (folder / name).is_file()]
    if any(name not in files or (folder / name).read_bytes() != files[name].encode() for name in there):
        message = f"has a site already ({', '.join(there)}); choose another folder, or write over it with --force"
        raise ScenarioError([Problem(str(folder), 0, "", message)])


def expanded_names() -> tuple[str, ...]:
    """The names of all files that an expansion may write."""
    return ("scenario.yaml", "facility.yaml", *(f"{table}.csv" for table in TABLES), "incumbent.json")


def expanded_files(scenario: Scenario) -> dict[str, str]:
    """The files of an expansion, by their names."""
    files = table_texts(scenario.facility)
    files["facility.yaml"] = _MARK + dump_yaml(_head(scenario.facility))
    values = scenario_values(scenario) | {"facility": "facility.yaml"}
    if scenario.incumbent is not None:
        values["incumbent"] = "incumbent.json"
        files["incumbent.json"] = dump_plan(scenario.incumbent)
    return files | {"scenario.yaml": _MARK + dump_yaml(values)}


def table_texts(facility: Facility) -> dict[str, str]:
    """The CSV text of each table of a facility, by the name of its file."""
    return {f"{table}.csv": _table(table, getattr(facility, table)) for table in TABLES}


def facility_head(facility: Facility) -> dict[str, Any]:
    """What ``facility.yaml`` says of a facility beside its tables and rack types."""
    return facility.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude={*TABLES, "rack_types"})


def rack_type_values(facility: Facility) -> list[dict[str, Any]]:
    """What a facility says of its rack types, in words of its file."""
    return [kind.model_dump(mode="json", exclude_none=True) for kind in facility.rack_types]


def scenario_values(scenario: Scenario) -> dict[str, Any]:
    """What a scenario says in words of its file, without defaults; of its facility the name, and no incumbent."""
    values = scenario.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude={"facility", "incumbent"})
    return {"scenario": values.pop("scenario"), "facility": scenario.facility.name} | values


def _head(facility: Facility) -> dict[str, Any]:
    return facility_head(facility) | {"tables": ".", "rack_types": rack_type_values(facility)}


def _table(table: str, records: tuple[TableRow, ...]) -> str:
    """CSV of a table."""
    cells = [_column(name, values) for name, values in table_columns(table, records)]
    return "".join(",".join(line) + "\n" for line in zip(*cells, strict=True))


def table_columns(table: str, records: tuple[TableRow, ...]) -> list[tuple[str, list[Any]]]:
    """Name and values of each column of a table: those of the format, then the labels; None is a default."""
    keys = [key for key in columns(table) if key not in _unused(table, records)]
    labels = sorted({label for record in records for label in record.labels})
    rows = [record.model_dump(mode="json", by_alias=True, exclude_defaults=True) for record in records]
    known = [(key, [row.get(key) for row in rows]) for key in keys]
    return known + [(label, [record.labels.get(label) for record in records]) for label in labels]


def _column(name: str, values: list[Any]) -> list[str]:
    """The cells of a column below its name, in quotes where they need them."""
    cells = [name, *(value if isinstance(value, str) else _cell(value) for value in values)]
    return [quoted(cell) for cell in cells] if needs_quotes("".join(cells)) else cells


def _unused(table: str, records: Iterable[TableRow]) -> set[str]:
    return {key for key in _UNLISTED.get(table, ()) if all(getattr(record, key) is None for record in records)}


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


class _Dumper(yaml.SafeDumper):
    """Writes text in quotes where it would be read back as something else."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = None if isinstance(plain_word(text), str) and text.isprintable() else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def dump_quoted(text: str) -> str:
    """A text in double quotes, as YAML reads it back."""
    quoted_text: str = yaml.safe_dump(text, default_style='"', allow_unicode=True, width=float("inf"))
    return quoted_text.rstrip("\n")


def dump_yaml(values: dict[str, Any]) -> str:
    """YAML that reads back as the same values, mappings and lists of plain values on one line."""
    dumped: str = yaml.dump(
        values, Dumper=_Dumper, sort_keys=False, allow_unicode=True, default_flow_style=None, width=120
    )
    return dumped
