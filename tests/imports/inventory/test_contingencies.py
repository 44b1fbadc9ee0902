"""Which panels a plan has to survive the loss of, where nobody says."""

from __future__ import annotations

import pytest

from capalloc.imports.inventory.contingencies import presumed_contingencies
from capalloc.schema.facility import NodeKind, PowerNode


def forest(tree: str) -> list[PowerNode]:
    """Nodes written as ``utility > ups-a > pdu-a, ...``, each kind being the first word of its name; each once."""
    kinds: dict[str, NodeKind] = {"utility": "utility", "ups": "ups", "pdu": "pdu", "leaf": "busway"}
    parents: dict[str, str | None] = {}
    for path in tree.split(", "):
        above = None
        for name in path.split(" > "):
            parents.setdefault(name, above)
            above = name
    return [
        PowerNode(name=name, kind=kinds[name.split("-")[0]], parent=parent, rated_kw=1.0)
        for name, parent in parents.items()
    ]


TWO_SIDES = "utility-a > ups-a > pdu-a > leaf-a, utility-b > ups-b > pdu-b > leaf-b"
ONE_UTILITY = "utility > ups-a > leaf-a, utility > ups-b > leaf-b"
NO_UPS = "utility-a > pdu-a > leaf-a, utility-b > pdu-b > leaf-b"
ONE_UPS = "ups > pdu-a > leaf-a, ups > pdu-b > leaf-b"
ONE_SIDE = "utility > ups-a > leaf-a, utility > leaf-b"


@pytest.mark.parametrize(
    ("tree", "lost"),
    [
        (TWO_SIDES, {"ups-a", "ups-b"}),
        (ONE_UTILITY, {"ups-a", "ups-b"}),
        (NO_UPS, {"utility-a", "utility-b"}),
        (ONE_UPS, {"pdu-a", "pdu-b"}),  # losing the UPS loses both feeds
        (ONE_SIDE, {"ups-a"}),  # the other side hangs on what is above both
    ],
)
def test_of_two_feeds_each_is_lost_once(tree: str, lost: set[str]) -> None:
    assert presumed_contingencies(forest(tree), [("leaf-a", "leaf-b")]) == lost


def test_four_to_make_three_may_lose_each_ups_alone() -> None:
    sides = ("a", "b", "c", "d")
    nodes = forest(", ".join(f"utility-{'1' if one in 'ab' else '2'} > ups-{one} > leaf-{one}" for one in sides))
    racks = [(f"leaf-{one}", f"leaf-{other}") for one in sides for other in sides if one < other]
    assert presumed_contingencies(nodes, racks) == {"ups-a", "ups-b", "ups-c", "ups-d"}


def test_racks_of_one_feed_have_nothing_to_survive() -> None:
    assert presumed_contingencies(forest(TWO_SIDES), [("leaf-a",), ("leaf-b",)]) == set()


def test_nodes_in_a_circle_end() -> None:
    nodes = [
        PowerNode(name="ups-1", kind="ups", parent="ups-2", rated_kw=1.0),
        PowerNode(name="ups-2", kind="ups", parent="ups-1", rated_kw=1.0),
        PowerNode(name="leaf-a", kind="busway", parent="ups-1", rated_kw=1.0),
        PowerNode(name="leaf-b", kind="busway", parent="unknown", rated_kw=1.0),
    ]
    assert presumed_contingencies(nodes, [("leaf-a", "leaf-b")]) == {"ups-2"}
