"""What happens while nodes, rows, halls, cooling zones or supplies are out of service."""

from capalloc.analysis.impact.answer import impact, impact_of
from capalloc.schema.impact import Impact

__all__ = ["Impact", "impact", "impact_of"]
