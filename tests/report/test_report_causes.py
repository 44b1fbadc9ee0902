"""What keeps racks away is told in words that a planner uses."""

from __future__ import annotations

import pytest

from capalloc.report.causes import in_words, kept_away
from capalloc.schema.plan import Reason
from capalloc.schema.rules import Rule


@pytest.mark.parametrize(
    ("rule", "where", "words"),
    [
        (Rule.EXCLUSIVITY, "training", "held by training"),
        (Rule.POSITION, "any fabric block", "no free position in any fabric block"),
        (Rule.POSITION, "r1", "no free position in r1"),
        (Rule.POSITION, "site", "no free position on the site"),
        (Rule.POSITION, "not placed", "not placed on a position"),
        (Rule.POSITION, "positions cooled by air", "only positions cooled by air are free"),
        (Rule.PINS, "k1", "pinned: k1"),
        (Rule.COMPATIBILITY, "only hgx at a time", "only hgx at a time"),
        (Rule.POWER, "ups1", "power at ups1"),
        (Rule.FAILOVER, "ups2 after the loss of ups1", "failover at ups2 after the loss of ups1"),
    ],
)
def test_a_cause_is_a_phrase(rule: Rule, where: str, words: str) -> None:
    assert in_words(rule, where) == words


def test_the_first_causes_are_told_with_their_racks_and_the_rest_is_counted() -> None:
    reasons = [Reason(rule=Rule.EXCLUSIVITY, where="training", racks=32)]
    reasons += [Reason(rule=Rule.POWER, where=f"u{i}", racks=1) for i in range(4)]
    assert kept_away(reasons) == "held by training (32 racks); power at u0 (1 rack); power at u1 (1 rack); 2 more"
    assert kept_away(()) == "–"  # noqa: RUF001
