"""A section of the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what stands under it."""

    name: str
    """Of the section in links, of its template, ``templates/NAME.html``, and of its data in scripts."""
    title: str
    values: Mapping[str, Any] = field(default_factory=dict)
    """What the template shows; text is escaped there."""
    data: Any = None
    """What scripts read: JSON."""
