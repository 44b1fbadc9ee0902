"""Records as YAML that readers of YAML 1.1 and 1.2 take alike."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import yaml

_PLAIN = re.compile(r"(?!(?:y|n)\Z)[A-Za-z/]", re.IGNORECASE)
"""How texts begin that no reader takes for a number, or for yes or no beyond what PyYAML knows."""


class _Dumper(yaml.SafeDumper):
    """Quotes texts such as ``1e3`` and ``y``, which are text to PyYAML and not to others."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=None if _PLAIN.match(text) else "'")


_Dumper.add_representer(str, _text)


def dumped(objects: Iterable[Any]) -> str:
    """A document for each object, keys in their order."""
    text: str = yaml.dump_all(objects, Dumper=_Dumper, sort_keys=False, allow_unicode=True, explicit_start=True)
    return text
