"""What keeps idle racks from being sold: a rule, where, and how many racks and kW."""

from __future__ import annotations

from collections import Counter

import numpy as np

from capalloc.analysis.surplus.offer import AWAY, FREE
from capalloc.analysis.surplus.span import Span
from capalloc.instance.model import NOBODY, Ints
from capalloc.roster.adjacency import Cause
from capalloc.schema.rules import Rule
from capalloc.schema.surplus import Kept
from capalloc.units import W_PER_KW


def binding_of(span: Span, causes: list[Cause], counts: Ints) -> tuple[Kept, ...]:
    """Racks that are idle in the first of the periods and are not sold, when so many of each class by hall are."""
    racks: Counter[Cause] = Counter()
    watts: Counter[Cause] = Counter()
    site = span.site
    idle = (site.roster.serving[:, span.first] == NOBODY) & (span.kept != AWAY) & (span.kept != FREE)
    worth = site.worth_w[site.instance.racks.type]
    for number in np.unique(span.kept[idle]).tolist():
        here = idle & (span.kept == number)
        racks[causes[number]] += int(here.sum())
        watts[causes[number]] += int(worth[here].sum())
    classes = span.by_hall
    for c, cause in span.tightest(counts).items():
        short = int(classes.size[c] - counts[c])
        racks[cause] += short
        watts[cause] += short * int(worth[classes.first[c]])
    order = {rule: i for i, rule in enumerate(Rule)}
    ranked = sorted(racks, key=lambda cause: (-watts[cause], order[cause[0]], cause[1]))
    return tuple(
        Kept(rule=cause[0], where=cause[1], racks=racks[cause], kw=watts[cause] / W_PER_KW) for cause in ranked
    )
