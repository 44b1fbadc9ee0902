"""Records of the placement core: the one table of their fields and sizes.

Kernels work on two arrays of one length. ``m`` (int64) holds records one after the other; a record is named by the
place of its first field, so that records refer to each other as structures in memory do, and 0 stands for none. ``w``
(float64) holds at the same places the fields that are no whole numbers. Two arrays are all that is handed from kernel
to kernel, which keeps calls and compiling short. Power and heat are whole milliwatts. ::

      place 0
      +-------------+------+---------------------------------------------------------+-------------+
      | m           | how  | refers to                                               | w           |
      |             | many |                                                         |             |
      +-------------+------+---------------------------------------------------------+-------------+
      | Header      | 1    | the first and last of what is below                     |             |
      | Node        | V    | NodeLoss: its losses                                    |             |
      | NodeLoss    | Q    | Loss; by node                                           |             |
      | Loss        | Q    | Node                                                    |             |
      | Zone        | Z    |                                                         |             |
      | Load        |      | Node; by way of cording                                 | LoadShare   |
      | Shift       |      | Loss, Node; by way of cording                           | ShiftShare  |
      | Cell        | S    | Zone, Container; Load and Shift: of its cording; Slot   |             |
      | Member      |      | Cell; by container                                      |             |
      | Container   | K    | Member: its cells                                       |             |
      | Slot        | P    | Entry, Group; by cell, one for each free position       |             |
      | Group       | N    | Container; Entry: where it stands; Missing              | Worth       |
      | Entry       |      | Cell, Slot; by group, the spare ones last               |             |
      | Missing     | N    | Group                                                   |             |
      | Contingency | V    | Node                                                    |             |
      | Move        |      | Group, Cell; the log                                    |             |
      +-------------+------+---------------------------------------------------------+-------------+

A kernel reads ``m[cell + Cell.FREE]``; Python reads a field of all records of a kind as ``memory[Cell.FREE]``. Every
member of the classes below is the place of a field in its record, ``SIZE`` the length of the record, and a field
reaches up to the next one. numba compiles members as the constants that they are.
"""

from __future__ import annotations

from enum import IntEnum


class Record(IntEnum):
    """The fields of one kind of record."""

    @property
    def width(self) -> int:
        """Places that a field takes."""
        fields = list(type(self))
        return fields[fields.index(self) + 1] - self


class Header(Record):
    """What there is once. Places 0 to 3 are a container without positions: that of cells which are in no block."""

    RANDOM = 4
    """State of the generator."""
    LOG = 5
    LOG_END = 6
    """End of the log in use."""
    GROUPS = 7
    GROUPS_END = 8
    CELLS = 9
    CELLS_END = 10
    CONTINGENCIES = 11
    CONTINGENCIES_END = 12
    MISSING = 13
    MISSING_END = 14
    """End of the list of groups of which racks are missing."""
    LEVELS = 15
    """(first container, number of containers) of each of the four levels."""
    OPEN = 23
    """Containers of each of the four levels with racks of groups."""
    LOOKS = 27
    """Cells, containers and nodes of trees that construction has looked at: the work that it took."""
    RESERVE = 28
    """Power that is kept back for each position that stays free of those that heavier racks stand beside."""
    SIZE = 29


class Node(Record):
    """A power node."""

    NORMAL = 0
    """Limit in normal operation."""
    FAILOVER = 1
    """Limit after a loss."""
    LOAD = 2
    """Load in normal operation."""
    WORST_ADDED = 3
    """The most that any loss adds to its load."""
    LEAST_ADDED = 4
    """What is added at least: 0, or far below where every loss changes its load."""
    RELIEVED = 5
    """Whether a loss may add less than nothing, and that counts."""
    LOSSES = 6
    LOSSES_END = 7
    SIZE = 8


class NodeLoss(Record):
    """A place in the list of losses of a node."""

    LOSS = 0
    SIZE = 1


class Loss(Record):
    """What the loss of a contingency does to one node."""

    NODE = 0
    ADDED = 1
    SIZE = 2


class Zone(Record):
    """A cooling zone."""

    LIMIT = 0
    """On all heat, on that by liquid and on that by air."""
    HEAT = 3
    """The same three."""
    SIZE = 6


class Load(Record):
    """A node that a way of cording loads in normal operation."""

    NODE = 0
    SIZE = 1


class LoadShare(Record):
    """In w, of a Load: load on the node per unit drawn."""

    SHARE = 0
    SIZE = 1


class Shift(Record):
    """A loss that changes what a way of cording puts on a node."""

    LOSS = 0
    NODE = 1
    SIZE = 2


class ShiftShare(Record):
    """In w, of a Shift: load on the node per unit drawn, before the loss and after it."""

    BEFORE = 0
    AFTER = 1
    SIZE = 2


class Cell(Record):
    """Free positions that nothing tells apart."""

    FREE = 0
    ZONE = 1
    """0 where no zone limits it."""
    CONTAINERS = 2
    """Its row, block, hall and the site."""
    LOADS = 6
    LOADS_END = 7
    SHIFTS = 8
    SHIFTS_END = 9
    SLOTS_USED = 10
    SLOTS = 11
    """The first of its slots: the entries of groups in it."""
    RANKS = 12
    """Its number among the cells of its row, block, hall and the site."""
    COOLING = 16
    """How its positions are cooled: one bit."""
    SIZE = 17


class Member(Record):
    """A place in the list of cells of a container."""

    CELL = 0
    SIZE = 1


class Container(Record):
    """A row, a block, a hall or the site."""

    FREE = 0
    """Free positions."""
    FREE_AT_FIRST = 1
    """Free positions before any rack of a group was placed."""
    CELLS = 2
    CELLS_END = 3
    """Its members."""
    SIZE = 4


class Slot(Record):
    """A place in the list of entries of a cell."""

    ENTRY = 0
    GROUP = 1
    SIZE = 2


class Group(Record):
    """Equal racks to place, those of one request."""

    RACKS = 0
    POWER = 1
    HEAT = 2
    """All of it, by liquid and by air."""
    COOLING = 5
    """How positions may be cooled that it stands on: a bit each."""
    LEVEL = 6
    """What it keeps together."""
    ALL_OR_NOTHING = 7
    HOME = 8
    """Container that it has to stand in; 0 where it may choose."""
    PLACED = 9
    STANDS_IN = 10
    """Container that it stands in; 0 while none of it stands."""
    ENTRIES = 11
    FIRST_ENTRY = 12
    MISSING = 13
    """Its place in the list of those of which racks are missing; 0 where it is in none."""
    SIZE = 14


class Worth(Record):
    """In w, of a Group."""

    GAIN = 0
    """Worth of each placed rack."""
    BONUS = 1
    """Worth of having every rack placed."""
    COST = 2
    """What a placed rack takes of what is scarce, as worth."""
    SIZE = 3


class Entry(Record):
    """Racks of one group in one cell."""

    CELL = 0
    RACKS = 1
    SLOT = 2
    SIZE = 3


class Missing(Record):
    """A place in the list of groups of which racks are missing."""

    GROUP = 0
    SIZE = 1


class Contingency(Record):
    """A place in the list of contingencies, such as UPS, whose loads should be even."""

    NODE = 0
    SIZE = 1


class Move(Record):
    """A place in the log: racks of a group put into a cell, or below 0 taken away."""

    GROUP = 0
    CELL = 1
    RACKS = 2
    SIZE = 3


OWNER: dict[type[Record], type[Record]] = {LoadShare: Load, ShiftShare: Shift, Worth: Group}
"""Whose fields in ``w`` the records of a kind are."""
