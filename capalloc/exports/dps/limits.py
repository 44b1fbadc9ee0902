"""What each power node may carry: less than its limit where a loss would bring it more."""

from __future__ import annotations

import numpy as np

from capalloc.analysis.show.loads import NodeLoads
from capalloc.instance.model import Ints


def operating_limits_w(loads: NodeLoads, pue: float, period: int) -> Ints:
    """(V,) W in normal operation, such that after the loss of any one contingency the failover limit holds too.

    The service has no losses: what the loss that asks most would bring, at what the plan draws, is kept free. It has
    no pue either: a node that carries facility load is limited to the IT load that comes with it.
    """
    forest = loads.forest
    limit = forest.normal_w[:, period]
    if any(forest.energised[c, period] for c in loads.contingencies):
        brought = np.maximum(loads.worst.load_w[:, period] - loads.normal_w[:, period], 0)
        limit = np.minimum(limit, np.floor(forest.failover_w[:, period] - brought).astype(np.int64))
    static = forest.static_below_w[:, period]
    factor = np.array([pue if node.load == "facility" else 1.0 for node in forest.nodes])
    kept: Ints = np.maximum(np.floor((limit - static) / factor).astype(np.int64) + static, 0)
    return kept
