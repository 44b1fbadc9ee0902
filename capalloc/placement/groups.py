"""Groups of racks to place, as arrays."""

from __future__ import annotations

from typing import NamedTuple

from capalloc.instance.layout import Floats
from capalloc.instance.model import Bools, Ints


class Groups(NamedTuple):
    """N groups of equal racks. Power and heat in mW for one rack."""

    racks: Ints
    power: Ints
    heat: Ints
    level: Ints
    """What it keeps together; see ``LEVELS``."""
    whole: Bools
    """A part of it is worth nothing."""
    home: Ints
    """Container that it has to stand in since racks of it stand there already; NONE where it may choose."""
    gain: Floats
    """Worth of each placed rack."""
    bonus: Floats
    """Worth of having every rack placed."""
    cost: Floats
    """What a placed rack takes of what is scarce, as worth; guides the search and is no part of the answer."""
