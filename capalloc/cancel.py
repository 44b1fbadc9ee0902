"""How a caller ends a search: a token that any thread, or a signal handler, may set."""

from __future__ import annotations


class CancelToken:
    """Asks a search to end soon with the best answer it has; once set, it stays so.

    It is one attribute and no lock, so that a signal handler can set it in the middle of anything. Give each search a
    token of its own to cancel one and leave the others alone.
    """

    __slots__ = ("_cancelled",)

    def __init__(self) -> None:
        self._cancelled = False

    def cancel(self) -> None:
        """Ask for what there is."""
        self._cancelled = True

    @property
    def cancelled(self) -> bool:
        """Whether somebody asked for what there is."""
        return self._cancelled
