"""Records whose arrays nobody can write into."""

from __future__ import annotations

import numpy as np


class ReadOnly:
    """Base of frozen, slotted dataclasses: the arrays given to one become read-only, those in tuples too.

    ``frozen`` alone keeps a field from being set, not what it holds from being written into.
    """

    __slots__ = ()

    def __post_init__(self) -> None:
        name: str
        for name in self.__slots__:
            value = getattr(self, name)
            if isinstance(value, np.ndarray):
                value.setflags(write=False)
            elif isinstance(value, tuple) and value and isinstance(value[0], np.ndarray):
                for array in value:
                    array.setflags(write=False)
