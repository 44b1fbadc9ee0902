"""Names that a shell completes: what ships."""

from __future__ import annotations


def shipped_rack_types(incomplete: str) -> list[str]:
    """Rack types that ship and begin so."""
    from capalloc.formats.library import model_names

    return [name for name in model_names("rack_type") if name.startswith(incomplete)]


def shipped_facilities(incomplete: str) -> list[str]:
    """Facilities that ship and begin so."""
    from capalloc.formats.library import model_names

    return [name for name in model_names("facility") if name.startswith(incomplete)]
