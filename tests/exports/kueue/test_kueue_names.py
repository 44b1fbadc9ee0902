"""Names in the alphabet of Kubernetes: valid, one to one, and the same whatever the order."""

from __future__ import annotations

import re

import pytest

from capalloc.exports.kueue.alphabet import DNS_LABEL, LABEL_VALUE, Alphabet
from tests.html.sites import NAMES

ODD = (*NAMES, "a b", "a_b", "a-b", "A-B", "", "-", "...", "x" * 63, "x" * 64, "x" * 65, "a.b", "é", "e", "É")


@pytest.mark.parametrize(
    ("alphabet", "pattern"),
    [
        (DNS_LABEL, r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?"),
        (LABEL_VALUE, r"[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?"),
    ],
)
def test_names_are_valid_and_one_to_one(alphabet: Alphabet, pattern: str) -> None:
    names = alphabet.names((one,) for one in ODD)
    assert len(names) == len(set(names.values())) == len(set(ODD))
    assert all(re.fullmatch(pattern, name) for name in names.values())
    assert names == alphabet.names((one,) for one in reversed(ODD))


def test_a_name_in_the_alphabet_keeps_it_and_others_are_near() -> None:
    names = DNS_LABEL.names([("a-b",), ("a b",), ("Example AI",), ("Zürich",), ("lease", "gb200-nvl72")])
    assert names["a-b",] == "a-b"
    assert re.fullmatch(r"a-b-[0-9a-f]{6}", names["a b",])
    assert (names["Example AI",], names["Zürich",]) == ("example-ai", "zurich")
    assert names["lease", "gb200-nvl72"] == "lease-gb200-nvl72"


def test_pairs_that_read_the_same_are_told_apart() -> None:
    names = DNS_LABEL.names([("a-b", "c"), ("a", "b-c"), ("a-b-c",)])
    assert len(set(names.values())) == 3
    assert names["a-b-c",] == "a-b-c"
