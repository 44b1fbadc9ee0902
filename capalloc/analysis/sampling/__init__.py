"""Samples of what is not sure in a scenario: each an ordinary scenario, in which all of it has come out somehow."""

from capalloc.analysis.sampling.facts import Fact, Failed, Late, Signing, after
from capalloc.analysis.sampling.hypercube import levels
from capalloc.analysis.sampling.sample import all_facts, doubtful, doubts_of, sample

__all__ = ["Fact", "Failed", "Late", "Signing", "after", "all_facts", "doubtful", "doubts_of", "levels", "sample"]
