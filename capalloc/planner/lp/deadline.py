"""How long a search may go on: until its time is over, or until somebody asks for what there is."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Patience:
    """Seconds that are left; Ctrl-C once ends them, and twice ends everything."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds
        self.interrupted = False

    def left(self, kept: float = 0.0) -> float:
        """Seconds left when ``kept`` of them are for something else; 0 or less when the time is over."""
        return self._end - kept - time.monotonic()

    @contextmanager
    def hearing(self) -> Iterator[None]:
        """Leave the block at the first Ctrl-C, with no time left; a second one is raised."""
        try:
            yield
        except KeyboardInterrupt:
            if self.interrupted:
                raise
            self.interrupted = True
            self._end = time.monotonic()
