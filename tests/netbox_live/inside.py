"""Runs inside NetBox (``netbox shell``): makes the objects of a file. It knows nothing of ours."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

_ONE_BY_ONE = 200
"""More objects of a kind than these are written at once, without signals."""
_CHECKED = 400
"""Objects of a kind that are checked as NetBox's forms do, which takes long; the others are made by the same rule."""
_OURS = {"custom_fields": "custom_field_data"}
"""Keys of the API, and the models' own words."""


def fill(path: str) -> None:
    """Make the objects of a file of (endpoint, payloads); what refers to one made before it gets it."""
    made: dict[tuple[str, str], Any] = {}
    for endpoint, payloads in json.loads(Path(path).read_text(encoding="utf-8")):
        model = _model(endpoint)
        objects = [_object(model, payload, made) for payload in payloads]
        for one in objects[:_CHECKED]:
            one.full_clean(validate_unique=False, exclude=_references(model))
        _write(model, objects, payloads)
        made.update(((endpoint, getattr(one, "name", None) or one.model), one) for one in objects)


def _model(endpoint: str) -> Any:
    app, _, plural = endpoint.partition("/")
    return importlib.import_module("django.apps").apps.get_model(app, plural.removesuffix("s").replace("-", ""))


def _object(model: Any, payload: dict[str, Any], made: dict[tuple[str, str], Any]) -> Any:
    values = {_OURS.get(key, key): _value(value, made) for key, value in payload.items() if key != "object_types"}
    return model(**{key: value for key, value in values.items() if value is not None})


def _value(value: Any, made: dict[tuple[str, str], Any]) -> Any:
    return made[value["endpoint"], value["name"]] if isinstance(value, dict) and "endpoint" in value else value


def _references(model: Any) -> Iterator[str]:
    """Fields that name other objects, which are known to be there."""
    return (field.name for field in model._meta.fields if field.is_relation)


def _write(model: Any, objects: list[Any], payloads: list[dict[str, Any]]) -> None:
    if len(objects) <= _ONE_BY_ONE:
        for one, payload in zip(objects, payloads, strict=True):
            one.save()
            if "object_types" in payload:
                one.object_types.set(_types(payload["object_types"]))
        return
    base = importlib.import_module("django.db.models").Model
    with mock.patch.object(base, "save"):
        for one in objects:
            one.save()  # NetBox's own part of it: values that follow from others
    model.objects.bulk_create(objects, batch_size=1000)


def _types(names: list[str]) -> list[Any]:
    kinds = importlib.import_module("core.models").ObjectType.objects
    return [kinds.get_by_natural_key(*name.split(".")) for name in names]
