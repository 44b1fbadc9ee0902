"""The site as a tree of its power nodes, as ``capalloc show`` gives it."""

from __future__ import annotations

from typing import Literal

from capalloc.schema.facility import NodeKind
from capalloc.schema.headroom import Headroom
from capalloc.schema.record import Amount, Count, Flag, Name, Record


class TreeNode(Record):
    """A power node in the tree of the site, at its tightest period or the one that was asked for."""

    name: Name
    node_kind: NodeKind
    parent: Name | None
    rows: tuple[Name, ...]
    """Rows that it feeds itself."""
    positions: Count
    """That hang on it by one feed at least."""
    period: Name
    load_kw: Amount
    limit_kw: Amount
    lost: Name | None
    """The contingency that is out; None where normal operation is tighter than any loss."""
    used: Amount
    """Load over limit; 0 where nothing may flow and nothing does."""
    contingency: Flag


class TreeRow(Record):
    """A row in the tree of the site, in the period in which it draws most, or the one that was asked for."""

    name: Name
    positions: Count
    period: Name
    draw_kw: Amount


class SiteShown(Record):
    """The whole site."""

    kind: Literal["site"] = "site"
    name: Name
    nodes: tuple[TreeNode, ...]
    """Each node before those below it."""
    rows: tuple[TreeRow, ...]
    headroom: tuple[Headroom, ...]
    """By hall, then by contingency node."""
