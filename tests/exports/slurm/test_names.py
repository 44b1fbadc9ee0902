"""Names in Slurm's alphabet are told apart as they were, and those that it can take stay."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from capalloc.exports.slurm.names import LONGEST, slurm_names


@pytest.mark.parametrize(
    ("name", "spelled"),
    [
        ("h1a-b1-r1-1", "h1a-b1-r1-1"),
        ("Example AI", "Example-AI"),
        ("Société Générale", "Societe-Generale"),
        ("x,y[1-3]", "x-y-1-3"),
        ("7th", "n7th"),
        ("", "n"),
        ("東京", "n"),
        ("default", "default-2"),
        ("ALL", "ALL-2"),
        ("-x-", "x"),
        ("a\nb", "a-b"),
        ("$(reboot)", "reboot"),
    ],
)
def test_a_name_is_spelled_in_letters_digits_and_dashes(name: str, spelled: str) -> None:
    assert slurm_names([name]) == {name: spelled}


def test_a_name_that_is_fine_keeps_its_spelling_though_another_comes_first() -> None:
    assert slurm_names(["a b", "a-b", "a+b"]) == {"a b": "a-b-2", "a-b": "a-b", "a+b": "a-b-3"}


def test_names_differ_by_more_than_case() -> None:
    assert slurm_names(["Rack", "rack"]) == {"Rack": "Rack", "rack": "rack-2"}
    assert slurm_names(["Rack", "rack"], lower=True) == {"Rack": "rack-2", "rack": "rack"}


def test_names_of_others_are_left_to_them() -> None:
    assert slurm_names(["hall-1"], taken=["Hall-1"]) == {"hall-1": "hall-1-2"}


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.text(max_size=90), max_size=30), st.booleans())
def test_any_names_become_as_many_that_slurm_takes(names: list[str], lower: bool) -> None:
    found = slurm_names(names, lower=lower)
    assert list(found) == list(dict.fromkeys(names))
    assert len({one.lower() for one in found.values()}) == len(found)
    for one in found.values():
        assert re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", one)
        assert len(one) <= LONGEST
        assert one == one.lower() or not lower
