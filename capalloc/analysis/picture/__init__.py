"""What a plan looks like: the tables behind the figures of a report."""

from capalloc.analysis.picture.pictured import Pictured

__all__ = ["Pictured"]
