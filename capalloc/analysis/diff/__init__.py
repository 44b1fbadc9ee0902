"""Two plans: what the second changes of the first."""

from capalloc.analysis.diff.answer import diff
from capalloc.schema.diff import Diff

__all__ = ["Diff", "diff"]
