"""The site as a tree of its power nodes, as ``capalloc show`` gives it."""

from __future__ import annotations

from typing import Literal

from capalloc.schema.facility import NodeKind
from capalloc.schema.headroom import Headroom
from capalloc.schema.record import Amount, Count, Flag, Name, Record


class TreeNode(Record):
    """A power node in the tree of the site, at its tightest period or the one that was asked for."""

    name: Name
    """Its name."""
    node_kind: NodeKind
    """``utility``, ``ups``, …."""
    parent: Name | None
    """Null at a root."""
    rows: tuple[Name, ...]
    """Rows that it feeds itself."""
    positions: Count
    """That hang on it by one feed at least."""
    period: Name
    """A period's label."""
    load_kw: Amount
    """Load."""
    limit_kw: Amount
    """Limit."""
    lost: Name | None
    """The contingency that is out; None where normal operation is tighter than any loss."""
    used: Amount
    """Load over limit; 0 where nothing may flow and nothing does."""
    contingency: Flag
    """The plan survives its loss."""


class TreeRow(Record):
    """A row in the tree of the site, in the period in which it draws most, or the one that was asked for."""

    name: Name
    """Its name."""
    positions: Count
    """Positions."""
    period: Name
    """A period's label."""
    draw_kw: Amount
    """Draw of its racks."""


class SiteShown(Record):
    """The whole site."""

    kind: Literal["site"] = "site"
    """``site``."""
    name: Name
    """The facility."""
    nodes: tuple[TreeNode, ...]
    """Each node before those below it."""
    rows: tuple[TreeRow, ...]
    """Where they draw most."""
    headroom: tuple[Headroom, ...]
    """By hall, then by contingency node."""
