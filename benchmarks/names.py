"""Names of the peers of plans."""

from __future__ import annotations

PEERS = {
    "highs-ipm": "the relaxation by HiGHS interior point (MathOpt gives no answer without crossover): a bound alone",
    "highs-mip": "whole racks by HiGHS branch and bound",
    "cp-sat": "whole racks by CP-SAT, 2 workers",
    "pop": "racks split at random into 4 parts, each by HiGHS branch and bound (POP, Narayanan et al., SOSP 2021)",
}
"""What each does, all over rows of racks, without our classes, windows and pools."""
