"""``python -m capalloc``."""

from __future__ import annotations

from capalloc.cli import main

if __name__ == "__main__":
    main()
