"""``capalloc bench`` as it is typed."""

from __future__ import annotations

import pytest

from capalloc.cli import main


def bench(*arguments: str) -> str | int:
    """The exit code."""
    with pytest.raises(SystemExit) as ended:
        main(["bench", *arguments])
    return ended.value.code or 0
