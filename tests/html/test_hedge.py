"""A hedged plan on its page: what a reader finds there is what ``plan --hedge --json`` says."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from capalloc.analysis.hedge import Hedged, hedge
from capalloc.analysis.picture import Pictured
from capalloc.report.figures import usd
from capalloc.report.html import report_html
from capalloc.runner.here import Here
from capalloc.schema.hedged import Unkept
from tests.analysis.hedge.test_hedge import site
from tests.html.browser import Shown
from tests.shared import Shared

Open = Callable[..., Shown]


@pytest.fixture(scope="module")
def found() -> tuple[Hedged, Pictured]:
    """A hedge that holds back racks, of which one sample is made to break a rule."""
    scenario = site(200_000)
    answer, result = hedge(scenario, engine=Here())
    assert result.plan is not None
    unkept = Unkept(sample=7, why="</script><b>no</b> rack")
    shown = Pictured(scenario, result.plan, result.instance, result.verdict)
    return answer.replace(unkept=(unkept,)), shown


def test_the_page_draws_what_is_decided_and_what_is_expected(
    shown: Open, shared: Shared, found: tuple[Hedged, Pictured]
) -> None:
    answer, pictured = found
    page = shown(shared.file("hedge.html", lambda: report_html(pictured, answer)))
    for name in ("hedge-decided", "hedge-expected", "hedge-worth"):
        page.until(f"document.querySelectorAll('#{name} svg path').length > 1")
    text = page.ask("document.querySelector('#hedge').innerText")
    assert "own in 2026-05 5 racks, not 10" in text
    assert "Sample 7 does not keep what is decided: </script><b>no</b> rack" in text
    assert answer.fresh.vss is not None
    assert usd(answer.fresh.vss.usd) in text
    page.ask("document.querySelectorAll('#hedge details').forEach((one) => (one.open = true))")
    assert page.ask("document.querySelectorAll('#hedge tbody tr').length") == len(answer.decided) + 7


def test_a_hedge_that_decides_as_the_forecast_does_says_so(
    shown: Open, shared: Shared, found: tuple[Hedged, Pictured]
) -> None:
    answer, pictured = found
    decided = tuple(one.replace(forecast_racks=one.racks) for one in answer.decided)
    none = dict.fromkeys(("hedged", "wait_and_see", "forecast", "evpi", "vss", "bound", "gap"))
    same = answer.replace(decided=decided, fresh=answer.fresh.replace(**none))
    page = shown(shared.file("same hedge.html", lambda: report_html(pictured, same)))
    text = page.ask("document.querySelector('#hedge').innerText")
    assert "What is decided is what the forecast's best plan decides too." in text
    assert page.ask("document.querySelectorAll('#hedge figure').length") == 0


def test_a_plan_without_a_hedge_has_no_such_section(found: tuple[Hedged, Pictured]) -> None:
    assert 'id="hedge"' not in report_html(found[1])
