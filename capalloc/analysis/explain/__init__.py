"""Why no plan meets every commitment: a smallest conflict, its months, and repairs that were planned and verified."""

from capalloc.analysis.explain.answer import DEFAULT_TIME_LIMIT_S, explain
from capalloc.analysis.explain.diagnosis import diagnose
from capalloc.analysis.explain.record import ConflictRecord, Explanation, Repair, Required

__all__ = ["DEFAULT_TIME_LIMIT_S", "ConflictRecord", "Explanation", "Repair", "Required", "diagnose", "explain"]
