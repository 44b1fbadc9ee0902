"""Plans over samples on a page: what a reader finds there is what ``risk --json`` says."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from capalloc import load_scenario
from capalloc.analysis.risk import resampled, risk
from capalloc.report.html import risk_html
from capalloc.runner.here import Here
from capalloc.schema.risk import Risk, SampleOutcome
from capalloc.schema.scenario import Scenario
from tests.docs.pages import ROOT
from tests.html.browser import Shown
from tests.shared import Shared

Open = Callable[..., Shown]


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return resampled(load_scenario(ROOT / "examples/tiny-unsure.yaml"), 6, None)


@pytest.fixture(scope="module")
def answer(scenario: Scenario) -> Risk:
    """Six samples, of which one is made to have no plan."""
    found = risk(scenario, engine=Here(), perfect=True)
    plan = found.plans[0]
    lost = SampleOutcome(sample=7, status="infeasible", detail="<b>no</b> plan keeps every rule")
    one = plan.replace(plan="</script><b>p</b>", unplanned=(7,), outcomes=(*plan.outcomes, lost))
    return found.replace(plans=(one,))


def test_the_page_draws_every_chart_and_lists_every_promise(
    shown: Open, shared: Shared, scenario: Scenario, answer: Risk
) -> None:
    page = shown(shared.file("risk.html", lambda: risk_html(scenario, answer)))
    (plan,) = answer.plans
    for name in ("spread", "promises-0", "short-0", "tornado-0"):
        page.until(f"document.querySelectorAll('#{name} svg path').length > 1")
    text = page.ask("document.body.innerText")
    assert "</script><b>p</b>" in text
    assert "<b>no</b> plan keeps every rule" in text
    assert f"{len(plan.promises)} rows" in text
    assert "perfect information" in text


def test_the_same_answer_gives_the_same_bytes(scenario: Scenario, answer: Risk) -> None:
    assert risk_html(scenario, answer) == risk_html(scenario, answer)


def test_a_page_without_any_plan_says_so(shown: Open, shared: Shared, scenario: Scenario, answer: Risk) -> None:
    lost = SampleOutcome(sample=1, status="infeasible", detail="no plan keeps every rule")
    nothing = dict.fromkeys(("objective_usd", "fees_usd", "values_usd", "penalties_usd", "var_usd", "cvar_usd"))
    empty = answer.plans[0].replace(
        **nothing, any_short=None, weighed_usd=None, planned=0, unplanned=(1,), promises=(), shortfalls=(), tornado=(),
        regrets=(), outcomes=(lost,),
    )  # fmt: skip
    page = shown(shared.file("no risk.html", lambda: risk_html(scenario, answer.replace(plans=(empty,)))))
    assert "in any sample" in page.ask("document.body.innerText")
