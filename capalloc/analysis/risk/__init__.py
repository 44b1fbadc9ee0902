"""Risk: what plans come to where dates slip, tenants leave and demand is other than was thought."""

from __future__ import annotations

from capalloc.analysis.risk.answer import risk, risk_of
from capalloc.schema.risk import Risk

__all__ = ["Risk", "risk", "risk_of"]
