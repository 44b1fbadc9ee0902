"""Commissioning limits on what is sold: racks newly powered, and growth of the site's load."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from capalloc.analysis.surplus.site import SurplusSite
from capalloc.instance.model import NOBODY, Bools, Floats, Ints
from capalloc.roster.draw import idle_powered
from capalloc.units import MILLIWATTS_PER_W

_NOISE = 1e-6


@dataclass(frozen=True, slots=True)
class ExtraRow:
    """One limit in whole units: racks, or milliwatts of growth."""

    left: int
    amount: Ints
    """(n,) what each rack that could be sold takes of it."""


def bring_up_rows(site: SurplusSite, racks: Ints, first: int, end: int) -> tuple[ExtraRow, ...]:
    """Limits of bring-up for racks that are sold in the periods [first, end); none where the policy has none."""
    if not site.keeps_idle or not len(racks):
        return ()
    return (*_newly_powered(site, racks, first), *_growth(site, racks, first, end))


def _newly_powered(site: SurplusSite, racks: Ints, t: int) -> Iterator[ExtraRow]:
    """What was powered before, or is in the plan, takes nothing: it counts there already."""
    limit = site.instance.policy.most_newly_powered
    if limit is None:
        return
    before, now = _powered(site, t - 1), _powered(site, t)
    fresh = ~before & ~now
    yield ExtraRow(limit - int((now & ~before).sum()), fresh[racks].astype(np.int64))


def _powered(site: SurplusSite, t: int) -> Bools:
    """(R,) racks that are powered in a period of the plan; -1 is before the first."""
    if t < 0:
        return site.instance.racks.powered_before
    idle = idle_powered(site.instance, site.roster, slice(t, t + 1))[:, 0]
    return np.asarray(idle | (site.roster.serving[:, t] != NOBODY))


def _growth(site: SurplusSite, racks: Ints, first: int, end: int) -> Iterator[ExtraRow]:
    """Growth into the first period, and into later ones where less idle power than before was planned."""
    limit = site.instance.policy.most_growth_milliwatts
    if limit is None:
        return
    weight = _site_weight(site)
    draw = site.draw_w[site.instance.racks.type[racks]]
    for t in range(max(first, 1), end):
        more = (draw if t == first else site.drawn_w[racks, t - 1]) - site.drawn_w[racks, t]
        if t == first or (more > 0).any():
            grows = weight @ (site.drawn_w[:, t] - site.drawn_w[:, t - 1]) * MILLIWATTS_PER_W
            grows += int(site.instance.site_static_w[t] - site.instance.site_static_w[t - 1]) * MILLIWATTS_PER_W
            amount = np.ceil(weight[racks] * more * MILLIWATTS_PER_W - _NOISE)
            yield ExtraRow(int(np.floor(limit - grows + _NOISE)), amount.astype(np.int64))


def _site_weight(site: SurplusSite) -> Floats:
    """(R,) W at the roots per W that each rack draws; 0 where it does not stand."""
    at = site.roster.position
    return np.asarray(np.where(at >= 0, site.instance.positions.site_weight[at], 0.0))
