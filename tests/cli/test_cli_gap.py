"""How near to the bound a plan has to be is a share, or in percent where that is said."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer

from capalloc.cli.options import share_asked
from tests.cli.commands import Run


@pytest.mark.parametrize(
    ("text", "share"), [("0", 0.0), ("0.005", 0.005), ("0.5%", 0.005), (" 5 % ", 0.05), ("1e-3", 0.001)]
)
def test_a_share_or_percent(text: str, share: float) -> None:
    assert share_asked(text) == pytest.approx(share)


@pytest.mark.parametrize("text", ["5", "1", "-1", "-1%", "nan", "inf", "inf%", "much", "%", ""])
def test_what_is_neither_is_refused(text: str) -> None:
    with pytest.raises(typer.BadParameter, match=r"expected a share below 1 such as 0\.005, or 0\.5%"):
        share_asked(text)


def test_five_alone_is_refused_with_what_may_be_meant(run: Run, tiny: Path) -> None:
    ended = run("plan", tiny, "--gap", "5")
    assert ended.code == 2
    assert "found '5', expected a share below 1 such as 0.005, or 0.5%; 5% is 0.05" in " ".join(ended.err.split())


def test_percent_is_taken(run: Run, tiny: Path) -> None:
    assert run("plan", tiny, "--gap", "5%", "-q").code == 0
