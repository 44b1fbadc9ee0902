"""Samples of what is not sure in a scenario: each an ordinary scenario, in which all of it has come out somehow."""

from capalloc.analysis.sampling.sample import sample

__all__ = ["sample"]
