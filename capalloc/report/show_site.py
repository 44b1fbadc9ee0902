"""The whole site as a tree of power nodes, and the headroom of halls and contingency nodes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.console import RenderableType
from rich.text import Text

from capalloc.report.figures import PowerUnit, count, percent, plural, power_unit
from capalloc.report.headroom import headroom_by_place
from capalloc.report.show_parts import Calendar
from capalloc.report.table import Column, Grid, grid, words
from capalloc.schema.tree import SiteShown, TreeNode, TreeRow

_LINES = 40
"""Lines that the tree may take unless a depth is asked for."""


@dataclass(frozen=True, slots=True)
class _Branch:
    """A line of the tree: a node or a row."""

    thing: TreeNode | TreeRow
    last: tuple[bool, ...]
    """For each level above, and its own: whether it is the last of its siblings."""

    @property
    def depth(self) -> int:
        """0 at a root."""
        return len(self.last) - 1

    @property
    def drawn(self) -> str:
        """The name behind the lines of the tree."""
        bars = ("   " if last else "│  " for last in self.last[1:-1])
        return "".join(bars) + (("└─ " if self.last[-1] else "├─ ") if self.depth else "") + self.thing.name


def site_page(site: SiteShown, calendar: Calendar, depth: int | None = None) -> Iterator[RenderableType]:
    """The tree down to a depth (1: the roots), each node at its tightest period; then the headroom by place."""
    branches = list(_branches(site))
    shown = _deepest(branches) if depth is None else depth
    yield _tree(site, [one for one in branches if one.depth < shown], calendar)
    hidden = sum(one.depth >= shown for one in branches)
    if hidden:
        yield Text(f"… {count(hidden)} nodes and rows below; --depth {shown + 1} goes on, --json has them all", "dim")
    if site.headroom:
        yield from headroom_by_place(site.headroom)


def _branches(site: SiteShown) -> Iterator[_Branch]:
    """Every line of the tree: each node before its children, and rows below what feeds them."""
    children: dict[str | None, list[TreeNode]] = {}
    for node in site.nodes:
        children.setdefault(node.parent, []).append(node)
    rows = {row.name: row for row in site.rows}
    waiting = _level(children.get(None, ()), ())
    while waiting:
        branch = waiting.pop()
        yield branch
        if isinstance(branch.thing, TreeNode):
            below = (*children.get(branch.thing.name, ()), *(rows[name] for name in branch.thing.rows))
            waiting += _level(below, branch.last)


def _level(things: Sequence[TreeNode | TreeRow], above: tuple[bool, ...]) -> list[_Branch]:
    """Siblings, the last one first."""
    found = [_Branch(thing, (*above, number == len(things) - 1)) for number, thing in enumerate(things)]
    return found[::-1]


def _deepest(branches: Sequence[_Branch]) -> int:
    """The most levels that the tree may have to stay short; the roots are shown whatever they are."""
    levels = range(1, max((one.depth for one in branches), default=0) + 2)
    return max((n for n in levels if sum(one.depth < n for one in branches) <= _LINES), default=1)


def _tree(site: SiteShown, branches: Sequence[_Branch], calendar: Calendar) -> Grid:
    unit = power_unit(node.limit_kw for node in site.nodes)
    columns = [
        words("Node or row"),
        words("Kind"),
        Column(f"Load {unit.name}"),
        Column(f"Limit {unit.name}"),
        Column("Used"),
        words(calendar.unit.capitalize()),
        words("After loss of"),
        Column("Positions"),
    ]
    title = f"{site.name}: the {plural(len(site.nodes), 'power node')}, each where it is tightest"
    return grid(title, columns, (_cells(one, unit) for one in branches))


def _cells(branch: _Branch, unit: PowerUnit) -> tuple[str, ...]:
    node = branch.thing
    if isinstance(node, TreeRow):
        return (branch.drawn, "row", unit.show(node.draw_kw), "", "", node.period, "", count(node.positions))
    power = (unit.show(node.load_kw), unit.show(node.limit_kw), percent(node.used))
    return (branch.drawn, node.node_kind, *power, node.period, node.lost or "", count(node.positions))
