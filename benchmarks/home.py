"""Where this package lies: ``benchmarks`` in a checkout, ``capalloc._benchmarks`` where capalloc is installed."""

from __future__ import annotations

from pathlib import Path

PACKAGE = __name__.rpartition(".")[0]
HOME = Path(__file__).resolve().parents[PACKAGE.count(".") + 1]
"""The folder that both this package and capalloc are imported from."""
IN_CHECKOUT = (HOME / "pyproject.toml").is_file()
