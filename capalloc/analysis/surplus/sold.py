"""The site after the sale: what sold racks draw, what is switched off for them, what the limits then leave."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from capalloc.analysis.surplus.span import Span
from capalloc.instance.model import Bools, Floats, Ints

_NOISE_W = 1e-3


@dataclass(frozen=True, slots=True)
class Sold:
    """What racks draw and limits leave when some are sold."""

    racks: Ints
    off: Ints
    """Racks that serve nobody and are switched off for it."""
    drawn_w: Ints
    """(R,) W that each rack draws in all of the periods at least."""
    added_w: Floats
    """(M,) W that the sale adds to each packing row."""
    left_w: Floats
    """(M,) W left on each packing row then."""


def sell(span: Span, racks: Ints) -> Sold:
    """Sell racks; where a limit does not hold, racks that serve nobody are switched off, those that come first."""
    site = span.site
    drawn = span.drawn_w.copy()
    more = site.draw_w[site.instance.racks.type[racks]] - drawn[racks]
    added = _loads(span, racks, more)
    idle: Bools = np.array(site.may_be_off[:, span.first : span.end].all(axis=1))
    idle[racks] = False
    idle &= not site.keeps_idle
    off = np.array(_switched_off(span, idle, drawn, span.left_w - added), dtype=np.int64)
    added -= _loads(span, off, drawn[off])
    drawn[racks] += more
    drawn[off] = 0
    return Sold(racks, off, drawn, added, span.left_w - added)


def _loads(span: Span, racks: Ints, watts: Ints) -> Floats:
    """(M,) W on each packing row when racks draw so many W."""
    site = span.site
    cells, kinds = site.cell[site.roster.position[racks]], site.instance.racks.type[racks]
    row, place, weight = site.entries(cells, kinds)
    return np.bincount(row, weights=weight * watts[place], minlength=len(span.left_w)).astype(np.float64)


def _switched_off(span: Span, idle: Bools, drawn: Ints, left: Floats) -> list[int]:
    """Racks that are switched off until no limit is passed, from the one passed by most on."""
    site, off = span.site, list[int]()
    idle = idle & (site.roster.position >= 0)
    while idle.any() and left.min(initial=0.0) < -_NOISE_W:
        worst = int(np.argmin(left))
        row = site.instance.rows[worst]
        weight = np.zeros(len(site.cell))
        weight[row.positions] = row.weights
        racks = np.flatnonzero(idle)
        freed = weight[site.roster.position[racks]] * row.share[site.instance.racks.type[racks]] * drawn[racks]
        racks, freed = racks[freed > 0], freed[freed > 0]
        if not len(racks):
            left[worst] = 0.0
            continue
        needed = int(np.searchsorted(np.cumsum(freed), -left[worst] - _NOISE_W)) + 1
        left += _loads(span, racks[:needed], drawn[racks[:needed]])
        idle[racks[:needed]] = False
        off += racks[:needed].tolist()
    return off
