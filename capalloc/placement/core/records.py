"""Records of the placement core: places of their fields in one array of whole numbers.

Kernels work on two arrays of one length. ``m`` (int64) holds records one after the other; a record is named by the
place of its first field, so that records refer to each other as structures in memory do, and 0 stands for none. ``w``
(float64) holds at the same places the fields that are no whole numbers. Two arrays are all that is handed from kernel
to kernel, which keeps calls and compiling short. Power and heat are whole mW.
"""

from __future__ import annotations

from typing import Final

HEADER: Final = 32
"""Length of the header. It begins with a container for cells that are in no block; the following are places in it."""
RANDOM: Final = 4
"""State of the generator."""
LOGGED: Final = 5
"""End of the log in use."""
LOG: Final = 6
GROUPS: Final = 7
GROUPS_END: Final = 8
CELLS: Final = 9
CELLS_END: Final = 10
LEVEL: Final = 12
"""(first container, number of containers) of each of the four levels."""
OPEN: Final = 20
"""Containers of each of the four levels with racks of groups."""
PAIRED: Final = 24
PAIRED_END: Final = 27
"""List of the contingencies, such as UPS, whose loads should be alike."""
MISSING: Final = 25
"""List of the groups of which racks are missing."""
MISSING_END: Final = 26

NODE: Final = 8
"""A power node."""
NORMAL: Final = 0
FAILOVER: Final = 1
LOAD: Final = 2
WORST: Final = 3
"""The most that any loss adds to its load."""
FLOOR: Final = 4
"""What is added at least: 0, or far below where every loss changes its load."""
RELIEVED: Final = 5
"""Whether a loss may add less than nothing, and that counts."""
BY_LOSS: Final = 6
BY_LOSS_END: Final = 7
"""List of its losses."""

LOSS: Final = 2
"""What the loss of a contingency does to one node."""
OF_NODE: Final = 0
ADDED: Final = 1

ZONE: Final = 2
LIMIT: Final = 0
WARM: Final = 1
"""Heat in it."""

CELL: Final = 16
"""Free positions that nothing tells apart."""
FREE: Final = 0
IN_ZONE: Final = 1
INSIDE: Final = 2
"""Its row, block, hall and the site."""
LOADS: Final = 6
LOADS_END: Final = 7
"""Entries (node; w: share) of its way of cording."""
MOVES: Final = 8
MOVES_END: Final = 9
"""Entries (loss, node; w: share before, share after) of its way of cording."""
MOVE: Final = 2
LISTED: Final = 10
LIST: Final = 11
"""The entries of groups in it."""
WHERE: Final = 12
"""Its number in the lists of its row, block, hall and the site."""

CONTAINER: Final = 4
"""A row, a block, a hall or the site."""
ROOM: Final = 0
"""Free positions."""
SPACE: Final = 1
"""Free positions before any rack of a group was placed."""
WITHIN: Final = 2
WITHIN_END: Final = 3
"""List of its cells."""

GROUP: Final = 12
RACKS: Final = 0
POWER: Final = 1
HEAT: Final = 2
TOGETHER: Final = 3
"""Its level."""
SITE: Final = 3
"""Level of groups that nothing keeps together."""
WHOLE: Final = 4
HOME: Final = 5
"""Container that it has to stand in; 0 where it may choose."""
PLACED: Final = 6
STANDS: Final = 7
"""Container that it stands in; 0 while none of it stands."""
ENTRIES: Final = 8
FIRST: Final = 9
"""Its entries."""
WAITS: Final = 10
"""Its place in the list of those of which racks are missing; 0 where it is in none."""
GAIN: Final = 0
"""In w: worth of each placed rack."""
BONUS: Final = 1
"""In w: worth of having every rack placed."""
COST: Final = 2
"""In w: what a placed rack takes of what is scarce, as worth."""

ENTRY: Final = 3
"""Racks of one group in one cell."""
AT: Final = 0
COUNT: Final = 1
SLOT: Final = 2
"""Its place in the list of the cell."""

SLOTTED: Final = 2
"""A place in the list of a cell: entry and group."""

LOGGED_MOVE: Final = 3
"""Group, cell, and racks put (above 0) or taken (below 0)."""
