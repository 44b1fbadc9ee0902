"""The compiled problem: from a scenario to arrays, and from arrays back to a plan."""

from capalloc.instance.compile import compile_scenario
from capalloc.instance.model import Instance

__all__ = ["Instance", "compile_scenario"]
