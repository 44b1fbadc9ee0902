"""One thing of a planned site, or the whole: what it is, what hangs on it, load, limits and headroom, who holds it."""

from capalloc.analysis.show.answer import show
from capalloc.analysis.show.headroom import headroom
from capalloc.schema.headroom import Headroom
from capalloc.schema.shown import Shown

__all__ = ["Headroom", "Shown", "headroom", "show"]
