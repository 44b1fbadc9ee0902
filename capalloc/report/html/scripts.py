"""The scripts of each page, in an order in which each uses only those before it."""

_SHARED_FIRST = ("page.js", "theme.js", "text.js", "tip.js")

PLAN = (
    *_SHARED_FIRST,
    "bar.js",
    "timeline.js",
    "charts.js",
    "tree-data.js",
    "floor-data.js",
    "floor-colours.js",
    "floor-things.js",
    "floor-words.js",
    "floor-map.js",
    "floor-keys.js",
    "floor-pointer.js",
    "floor.js",
    "search.js",
    "icicle.js",
    "power.js",
    "table.js",
    "table-order.js",
    "table-stops.js",
    "table-copy.js",
    "chart-numbers.js",
    "tables.js",
    "compare.js",
    "calendar.js",
    "plain.js",
    "start.js",
)
"""Of the report of a plan, or of two."""

CASES = (*_SHARED_FIRST, "table.js", "table-order.js", "table-stops.js", "table-copy.js", "cases.js", "start-cases.js")
"""Of the report of a what-if."""

RISK = (
    *_SHARED_FIRST,
    "table.js",
    "table-order.js",
    "table-stops.js",
    "table-copy.js",
    "plain.js",
    "risk.js",
    "start-risk.js",
)
"""Of the report of plans over samples."""
