"""Lists of nodes say exactly the names that they were made of, in the fewest words that people read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capalloc.exports.slurm.hostlist import expanded, hostlist

NAMES = st.lists(st.from_regex(r"[a-c](-?[0-9]{1,3}){0,3}[a-c]?", fullmatch=True), min_size=1, max_size=60)
"""Few letters and short numbers, with and without zeros before them, so that names are neighbours."""


@pytest.mark.parametrize(
    ("names", "listed"),
    [
        (["r1"], "r1"),
        (["r2", "r1", "r2"], "r[1-2]"),
        (["r1", "r3", "r2", "r7"], "r[1-3,7]"),
        (["r08", "r09", "r10", "r11"], "r[08-11]"),
        (["r8", "r9", "r10"], "r[8-10]"),
        (["r1", "r01", "r001"], "r[1,01,001]"),
        (["h1-r1-1", "h1-r1-2", "h1-r2-1", "h1-r2-2"], "h1-r[1-2]-[1-2]"),
        (["h1-r1-1", "h1-r1-2", "h1-r2-1"], "h1-r1-[1-2],h1-r2-1"),
        (["login", "gateway"], "gateway,login"),
        (["r1a", "r2a"], "r1a,r2a"),
        ([f"b{i}-r{j}-p{k}-n{m}" for i in (1, 2) for j in (1, 2) for k in (1, 2) for m in (1, 2)], None),
    ],
)
def test_neighbours_become_ranges(names: list[str], listed: str | None) -> None:
    # The last has four numbers in a name, and three of them at most are in brackets.
    expected = listed or "b1-r[1-2]-p[1-2]-n[1-2],b2-r[1-2]-p[1-2]-n[1-2]"
    assert hostlist(names) == expected


@given(NAMES)
def test_a_list_gives_back_its_names_and_no_others(names: list[str]) -> None:
    assert sorted(expanded(hostlist(names))) == sorted(set(names))


@given(NAMES)
def test_the_order_of_names_does_not_matter(names: list[str]) -> None:
    assert hostlist(reversed(names)) == hostlist(names)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("gpu[1-8", "expected a list of nodes"),
        ("gpu1,,gpu2", "expected a list of nodes"),
        (",", "expected a list of nodes"),
        ("gpu[8-1]", "expected it to rise"),
        ("gpu[1-999999]", "by at most 65,536"),
        ("gpu[1-9999][1-9999]", "at most 65,536 nodes"),
        ("gpu[a-b]", "expected numbers and ranges"),
        ("gpu[]", "expected numbers and ranges"),
        ("gpu 1", "expected letters, digits"),
        ("gpu1;reboot", "expected letters, digits"),
        ("$(reboot)", "expected letters, digits"),
    ],
)
def test_what_is_no_list_is_refused(text: str, found: str) -> None:
    with pytest.raises(ValueError, match=found):
        expanded(text)
