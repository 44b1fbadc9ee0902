"""What ``capalloc plan --hedge`` says of its plan."""

from __future__ import annotations

from capalloc.schema.about import About
from capalloc.schema.record import Count, Day, Name, Number, PositiveCount, Record, Share


class Estimate(Record):
    """A mean over samples, and the interval in which it lies with 95 %."""

    usd: Number
    """Discounted."""
    low_usd: Number
    """Where the interval begins."""
    high_usd: Number
    """Where it ends."""


class Decided(Record):
    """Racks that serve a demand in a period that is decided now."""

    demand: Name
    """Its name."""
    period: Name
    """A period's label."""
    racks: Count
    """In the hedged plan."""
    forecast_racks: Count
    """In the plan that is best if nothing of what is not sure happens."""


class Unkept(Record):
    """A sample whose first periods cannot be as they are decided."""

    sample: PositiveCount
    """Its number."""
    why: str
    """The first rule that is broken, in a sentence."""


class Fresh(Record):
    """What is expected of the plan, by samples that it was not chosen on; with parts of racks after what is decided."""

    batches: Count
    """Independent hypercubes."""
    samples: Count
    """In all of them."""
    left_out: Count
    """Those in which the hedge, the forecast's first periods or any plan at all cannot be: figures are without them."""
    hedged: Estimate | None
    """The mean of what counts: of the objective, or as the risk's weight has it; None where too few are left."""
    wait_and_see: Estimate | None
    """The same if all were known from the start."""
    forecast: Estimate | None
    """The same after the first periods of the plan that is best if nothing of what is not sure happens."""
    evpi: Estimate | None
    """Expected value of perfect information: what wait and see counts more than the hedge."""
    vss: Estimate | None
    """Value of the stochastic solution: what the hedge counts more than the forecast's first periods."""
    bound: Estimate | None
    """What no first periods count more than (Mak, Morton and Wood), as far as samples tell."""
    gap: Estimate | None
    """That less the hedge, on the same samples."""


class Hedged(Record):
    """A plan that is hedged against what is not sure."""

    about: About
    """The plan."""
    samples: PositiveCount
    """Over which it is hedged."""
    seed: Count
    """Of the samples."""
    decide_until: Day
    """The first day after the periods that are decided alike in all samples."""
    alpha: Number
    """Share of outcomes that are not counted as the bad ones."""
    weight: Share
    """Of the mean of the bad outcomes (CVaR) against that of all."""
    mean_usd: Number
    """Mean of the objective over the samples, with parts of racks after what is decided; discounted."""
    cvar_usd: Number
    """Mean of the bad outcomes among them."""
    counted_usd: Number
    """The two, weighted: what was maximised."""
    bound_usd: Number
    """No first periods count more over these samples."""
    unplanned: tuple[PositiveCount, ...]
    """Samples that have no plan whatever is decided: figures are without them."""
    unkept: tuple[Unkept, ...]
    """Samples in which the plan's first periods break a rule."""
    decided: tuple[Decided, ...]
    """What the first periods are."""
    fresh: Fresh
    """What is expected of the plan."""
