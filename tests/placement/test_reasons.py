"""Why racks found no position is told only of racks that would find none."""

from __future__ import annotations

from capalloc.placement.reasons import Explainer
from tests.placement.random_cases import random_case
from tests.placement.reference import Reference

CASES, OFTEN = range(700, 740), 20


def test_racks_that_would_still_fit_have_no_reasons() -> None:
    # Nothing has been placed, as where the time was up: most groups fit as a whole, and others tell what hinders them.
    silent = telling = 0
    for reference in (Reference.of(random_case(seed)) for seed in CASES):
        explainer = Explainer(reference.problem, reference.memory)
        for number in range(len(reference.groups.racks)):
            if reference.groups.racks[number] > 0:
                reasons = explainer.reasons(number)
                silent += not reasons
                telling += bool(reasons)
                assert all(reason.racks > 0 for reason in reasons)
    assert silent > OFTEN
    assert telling > OFTEN
