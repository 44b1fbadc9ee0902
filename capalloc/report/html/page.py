"""The page: its sections, its data, its style and scripts in one file, under a policy that lets in nothing else."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from capalloc.analysis.picture import Pictured
from capalloc.report.apart import apart
from capalloc.report.charts.shades import DARK, LIGHT, fills, shades_of, variables
from capalloc.report.html.scripts import PLAN
from capalloc.report.html.section import Section
from capalloc.report.html.sections import sections_of
from capalloc.report.html.sections.hedge import hedge_section
from capalloc.schema.hedged import Hedged
from capalloc.version import __version__

_VENDORED = ("vega/vega.min.js", "vega-lite/vega-lite.min.js", "vega-interpreter/vega-interpreter.min.js")
_STYLES = (
    "page.css",
    "charts.css",
    "summary.css",
    "floor.css",
    "search.css",
    "power.css",
    "tables.css",
    "compare.css",
    "cases.css",
    "calendar.css",
)


def report_html(pictured: Pictured, hedged: Hedged | None = None) -> str:
    """The report of a plan: HTML that needs no network and no other file. The same plan gives the same bytes.

    ``hedged`` is what a hedge says of the plan, shown after its summary.
    """
    summary, *others = sections_of(pictured)
    hedge = [] if hedged is None else [hedge_section(hedged)]
    return rendered(_title(pictured), [summary, *hedge, *others], shared_data(pictured))


def _title(pictured: Pictured) -> str:
    return f"{apart(pictured.plan.scenario)}: capacity plan"


def shared_data(pictured: Pictured) -> dict[str, Any]:
    """What all scripts share."""
    return {
        "periods": [
            {"label": one.label, "from": one.start.isoformat(), "until": one.end.isoformat()}
            for one in pictured.periods
        ],
        "paper": dict(LIGHT),
        "shades": shades_of(pictured),
        "unit": pictured.scenario.horizon.period,
    }


def rendered(
    title: str, sections: Sequence[Section], shared: Mapping[str, Any], scripts: tuple[str, ...] = PLAN
) -> str:
    """A page of sections; ``shared`` is what all its scripts read."""
    style, programs = _style(), [*map(_vendored, _VENDORED), _script(scripts)]
    data = {**shared, "sections": {one.name: one.data for one in sections if one.data is not None}}
    return (
        _environment()
        .get_template("report.html")
        .render(
            title=title,
            sections=sections,
            policy=_policy(style, programs),
            style=Markup(style),
            scripts=[Markup(script) for script in programs],
            unit=shared.get("unit", ""),
            data=_json(data),
            version=__version__,
        )
    )


@cache
def _environment() -> Environment:
    """Text is escaped unless it is marked as HTML; a name that a template misspells is an error."""
    return Environment(
        loader=PackageLoader("capalloc.report.html", "templates"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _json(data: Any) -> Markup:
    """Data for a script element: no text in it can end the element, or begin a comment."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)


def _policy(style: str, scripts: list[str]) -> str:
    """Nothing is loaded, and nothing runs but what this page was written with."""
    allowed = " ".join(map(_digest, scripts))
    return f"default-src 'none'; script-src {allowed}; style-src {_digest(style)}; base-uri 'none'; form-action 'none'"


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@cache
def _style() -> str:
    light, dark = variables(LIGHT), variables(DARK)
    colours = (
        f":root{{color-scheme:light;{light}}}\n"
        f"@media screen and (prefers-color-scheme:dark){{:root:not([data-theme=light]){{color-scheme:dark;{dark}}}}}\n"
        f"@media screen{{:root[data-theme=dark]{{color-scheme:dark;{dark}}}}}\n"
    )
    return colours + fills() + "".join(map(_static, _STYLES))


@cache
def _script(names: tuple[str, ...]) -> str:
    """Our scripts as one."""
    return f'"use strict";\n(() => {{\n{"".join(map(_static, names))}}})();\n'


def _static(name: str) -> str:
    return (files("capalloc.report.html") / "static" / name).read_text(encoding="utf-8")


@cache
def _vendored(name: str) -> str:
    return (files("capalloc.report.html") / "vendor" / name).read_text(encoding="utf-8")
