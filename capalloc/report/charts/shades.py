"""Colours by name: what a figure is drawn with, resolved by the page's style, or by a theme for files."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from capalloc.analysis.picture import Pictured
from capalloc.schema.plan import Plan

LIGHT: Mapping[str, str] = {
    "paper": "#ffffff",
    "panel": "#f6f7f9",
    "ink": "#17202b",
    "ink-2": "#4d5967",
    "line": "#d5dae1",
    "accent": "#0b5cad",
    "good": "#12703f",
    "bad": "#b3261e",
    "warn": "#8a5a00",
    "d0": "#0072b2",
    "d1": "#e69f00",
    "d2": "#009e73",
    "d3": "#cc79a7",
    "d4": "#56b4e9",
    "d5": "#d55e00",
    "d6": "#6f4e9c",
    "d7": "#999933",
    "d8": "#882255",
    "d9": "#44aa99",
    "rest": "#7b8794",
    "idle": "#cfd6de",
    "off": "#aab4c0",
    "spare": "#e9c9f0",
    "empty": "#eef1f4",
    "awaited": "#c3d8f0",
    "unusable": "#c9b48a",
    "partly": "#a8c5b4",
    "dark": "#5b6470",
    "on-u0": "#0b1016",
    "on-u1": "#0b1016",
    "on-u2": "#0b1016",
    "on-u3": "#ffffff",
    "on-u4": "#ffffff",
    "on-u5": "#0b1016",
    "on-dark": "#ffffff",
    "u0": "#e6eef5",
    "u1": "#a9cbe6",
    "u2": "#5a9bd0",
    "u3": "#1f63a5",
    "u4": "#0a2f5c",
    "u5": "#d55e00",
    "short": "#b3261e",
}
"""On paper, and on light screens. The ten of demands are told apart by the colour-blind (after Okabe and Ito)."""

DARK: Mapping[str, str] = {
    "paper": "#12161c",
    "panel": "#1b2129",
    "ink": "#e8edf3",
    "ink-2": "#a9b4c2",
    "line": "#36404d",
    "accent": "#79b8ff",
    "good": "#5fd38d",
    "bad": "#ff8a80",
    "warn": "#f0b849",
    "d0": "#3d9bdc",
    "d1": "#f0b030",
    "d2": "#2ebd92",
    "d3": "#dd93bb",
    "d4": "#8ccdf2",
    "d5": "#f07f3c",
    "d6": "#a386d1",
    "d7": "#bdbd55",
    "d8": "#c25c8c",
    "d9": "#6cc9b9",
    "rest": "#8b96a3",
    "idle": "#4a5562",
    "off": "#333c47",
    "spare": "#6d4f76",
    "empty": "#222932",
    "awaited": "#34506f",
    "unusable": "#7a6a45",
    "partly": "#466353",
    "dark": "#8f5f3f",
    "on-u0": "#ffffff",
    "on-u1": "#ffffff",
    "on-u2": "#0b1016",
    "on-u3": "#0b1016",
    "on-u4": "#0b1016",
    "on-u5": "#0b1016",
    "on-dark": "#ffffff",
    "u0": "#24303c",
    "u1": "#2d5479",
    "u2": "#3f83bd",
    "u3": "#7fbdf0",
    "u4": "#d9edff",
    "u5": "#f07f3c",
    "short": "#ff8a80",
}

COLOURS = tuple(f"d{number}" for number in range(10))
"""Of demands."""
REST = "rest"
"""Of all demands beyond those that have a colour of their own."""


_TAG = re.compile(r"<[^<>]+>")
_NAMED = re.compile(r'(?<==)"var\(--([\w-]+)\)"')
"""The value of an attribute: in a text, quotes may stand as they are, but not inside a tag."""


def shades_of(pictured: Pictured) -> dict[str, str]:
    """The colour of each planned demand, in the scenario's order: the ten that get most have one each."""
    return shades_for(pictured.site.instance.demand_names, pictured.plan)


def shades_for(names: Sequence[str], plan: Plan, new: Sequence[str] = ()) -> dict[str, str]:
    """The same of a plan's demands by name; ``new`` ones, which it does not have, take colours that are left."""
    got: dict[str, float] = defaultdict(float)
    for row in plan.demands:
        got[row.demand] += row.delivered_kw
    largest = set(sorted(names, key=lambda name: (-got[name], name))[: len(COLOURS)])
    free = iter(COLOURS)
    shades = {name: next(free) if name in largest else REST for name in names}
    return shades | {name: next(free, REST) for name in new}


def variable(shade: str) -> str:
    """A colour as a page's style knows it."""
    return f"var(--{shade})"


def variables(theme: Mapping[str, str]) -> str:
    """The declarations of a theme's colours, for a style sheet."""
    return "".join(f"--{name}:{colour};" for name, colour in theme.items())


def resolved(drawing: str, theme: Mapping[str, str] = LIGHT) -> str:
    """A drawing with its colours in place of their names; texts that look like such a name stay."""
    return _TAG.sub(lambda tag: _NAMED.sub(lambda found: f'"{theme[found[1]]}"', tag[0]), drawing)


def fills(theme: Mapping[str, str] = LIGHT) -> str:
    """A class for each colour, for drawings that are part of a page."""
    return "".join(
        f".shade-{name}{{fill:{variable(name)};stroke:{variable(name)};background:{variable(name)}}}\n"
        for name in theme
    )
