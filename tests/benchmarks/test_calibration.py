"""Promises on a generated site hold on fresh samples."""

from __future__ import annotations

from benchmarks.calibration import calibrated


def test_a_promise_holds_on_fresh_samples() -> None:
    row = calibrated(3, 300)
    assert 0 < row.promised_kw
    assert row.fresh_broken <= row.most
