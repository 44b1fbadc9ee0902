"""Risk: what plans come to where dates slip, tenants leave and demand is other than was thought."""

from __future__ import annotations

from capalloc.analysis.risk.answer import resampled, risk, risk_of
from capalloc.schema.risk import Risk

__all__ = ["Risk", "resampled", "risk", "risk_of"]
