"""Numbers, flags, dates and keys of YAML are read as people write them."""

from __future__ import annotations

from datetime import date

import pytest

from capalloc.errors import Problem
from capalloc.formats import load_scenario
from capalloc.formats.document import parse, unwrapped
from capalloc.formats.scalar import plain_word
from capalloc.schema.event import NewSupply, Notice
from tests.formats.conftest import Files


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12),
        ("-3", -3),
        ("1_250_000_000", 1_250_000_000),
        ("1.25e9", 1_250_000_000),
        ("1e5", 100_000),
        ("0.5", 0.5),
        (".5", 0.5),
        ("64.0", 64.0),
        ("1_000.25", 1000.25),
        ("1.5E-3", 0.0015),
        ("true", True),
        ("null", None),
        ("~", None),
    ],
)
def test_plain_words_that_are_values(text: str, value: object) -> None:
    found = plain_word(text)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    "text",
    [
        "yes",
        "no",
        "on",
        "2026-05",
        "2026-05-18",
        "1,000",
        "1__0",
        "0x10",
        "12:30",
        "_1",
        "1_",
        ".inf",
        ".nan",
        "e5",
        "1e",
        "-",
    ],
)
def test_plain_words_that_stay_text(text: str) -> None:
    assert plain_word(text) == text


def test_endless_digits_are_no_number_that_a_record_takes(files: Files) -> None:
    files.change("scenario.yaml", "usd_per_month: 1e6", "usd_per_month: " + "9" * 100_000)
    file, line, key, message = files.problem()
    assert (file, line, key) == ("scenario.yaml", 15, "contracts.0.fee.usd_per_month")
    assert message == "found inf, expected a finite number"


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ('"12"', "found '12', expected a number"),
        ("true", "found true, expected a number"),
        ("1,000", "found '1,000', expected a number; write thousands as 1_000 or 1000"),
        ("2%", "found '2%', expected a number"),
        ("-1", "found -1, expected 0 or more"),
        ("[1]", "found a list of 1, expected a number"),
    ],
)
def test_what_is_no_number_is_named(files: Files, written: str, says: str) -> None:
    files.change(
        "scenario.yaml",
        "usd_per_month: 1e6",
        f"usd_per_month: {written}" if "," not in written else f"usd_per_month: '{written}'",
    )
    assert files.problem() == ("scenario.yaml", 15, "contracts.0.fee.usd_per_month", says)


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("2%", "found '2%', expected a number; write 2 % as 0.02"),
        (".5 %", "found '.5 %', expected a number; write .5 % as 0.005"),
        ("200%", "found '200%', expected a number"),
        ("30", "found 30, expected 1 or less; write 30 % as 0.3"),
        ("33.333333", "found 33.333333, expected 1 or less; write 33.333333 % as 0.33333333"),
        ("1.5", "found 1.5, expected 1 or less"),
    ],
)
def test_a_share_that_is_written_in_percent_is_told_how_to_write(files: Files, written: str, says: str) -> None:
    files.change("scenario.yaml", "usd_per_month: 1e6}", f"usd_per_month: 1e6}}\n    probability: {written}")
    assert files.problem()[2:] == ("contracts.0.probability", says)


def test_numbers_with_exponent_and_underscores_load(files: Files) -> None:
    files.change("scenario.yaml", "usd_per_month: 1e6", "usd_per_month: 1.25e9")
    files.change("scenario.yaml", "notice_days: 30", "notice_days: 3e1")
    contract = load_scenario(files.scenario).contracts[0]
    assert contract.fee.usd_per_month == 1_250_000_000
    assert contract.termination.notice_days == 30


def test_on_is_a_key_and_no_is_a_flag(files: Files) -> None:
    files.append(
        "scenario.yaml",
        "events:\n"
        "  - {type: notice, contract: ant, by: tenant, on: 2026-07-15}\n"
        "  - {type: supply, name: turbine, node: grid, kw: 50, from: 2026-05, firm: no}\n",
    )
    notice, supply = load_scenario(files.scenario).events
    assert isinstance(notice, Notice)
    assert isinstance(supply, NewSupply)
    assert notice.on == date(2026, 7, 15)
    assert supply.firm is False


def test_a_key_given_twice_is_named_with_both_lines(files: Files) -> None:
    files.append("scenario.yaml", "    tenant: Bee\n    colour: red\n")
    first, second = files.problems()
    assert first == ("scenario.yaml", 17, "contracts.0.tenant", "the key is given twice, first on line 11")
    assert second[2] == "contracts.0.colour"


def test_field_names_that_are_not_keys_are_refused(files: Files) -> None:
    files.change("scenario.yaml", "{from: 2026-08, mw", "{start: 2026-08, mw")
    keys = {(key, message.partition(";")[0]) for _, _, key, message in files.problems()}
    assert keys == {("contracts.0.ramp.1.from", "is missing"), ("contracts.0.ramp.1.start", "unknown key 'start'")}


def test_sourced_values_are_unwrapped_anywhere(files: Files) -> None:
    files.change(
        "scenario.yaml", "usd_per_month: 1e6", "usd_per_month: {value: 2e6, source: S-1, confidence: reported}"
    )
    files.change(
        "scenario.yaml",
        "rack_types: [hgx]\n    ramp",
        "rack_types: {value: [{value: hgx}], confidence: assumed}\n    ramp",
    )
    contract = load_scenario(files.scenario).contracts[0]
    assert contract.fee.usd_per_month == 2_000_000
    assert contract.rack_types == ("hgx",)


def test_an_unknown_confidence_is_named(files: Files) -> None:
    files.change("scenario.yaml", "usd_per_month: 1e6", "usd_per_month: {value: 2e6, confidence: sure}")
    key, message = files.problem()[2:]
    assert key == "contracts.0.fee.usd_per_month.confidence"
    assert message == "found 'sure', expected reported | derived | assumed"


def test_aliases_within_bounds_are_followed() -> None:
    problems: list[Problem] = []
    root = unwrapped(parse("a: &x {b: 1}\nc: *x\n", "f", problems), problems)
    assert root.plain == {"a": {"b": 1}, "c": {"b": 1}}
    assert problems == []


@pytest.mark.parametrize(
    ("event", "key", "says"),
    [
        ("{type: delay, node: grid}", "events.0", "expected exactly one of days, until; found none"),
        ("{type: outage, node: grid, from: 2026-06}", "events.0.until", "is missing"),
        (
            "{type: outtage, node: grid}",
            "events.0.type",
            "found 'outtage', expected one of notice, outage",
        ),
        ("{node: grid}", "events.0.type", "is missing; expected one of notice"),
        ("outage", "events.0", "found 'outage', expected a mapping"),
        ("{type: supply, name: s, node: grid, mw: 3}", "events.0.mw", "expected 'kw', mind the unit"),
        (
            "{type: notice, contract: ant, by: me, on: 2026-07}",
            "events.0.by",
            "found 'me', expected provider or tenant",
        ),
        (
            "{type: notice, contract: ant, by: tenant, on: July}",
            "events.0.on",
            "'July' is not a date; write a day as 2026-05-18",
        ),
    ],
)
def test_a_broken_event_is_named_with_the_keys_of_the_file(files: Files, event: str, key: str, says: str) -> None:
    files.append("scenario.yaml", f"events:\n  - {event}\n")
    found = [problem for problem in files.problems() if problem[2] == key]
    assert [line for _, line, _, _ in found] == [18]
    assert says in found[0][3]
