"""Names of the planners of a placement benchmark."""

from __future__ import annotations

OURS = {f"capalloc, {limit:g} s": limit for limit in (0.0, 0.07, 0.1, 1.0, 10.0)}
"""Ours with the time limits that it runs with."""
ONLINE = "online"
"""In place of a family: requests one at a time on Colossus halls, and what a rack costs on trees."""
CONSTRUCTIVE = {
    "first-fit": "the first row, block or hall that takes the request",
    "best-fit": "the one that could take the fewest racks more",
    "round-robin": "each in turn, of another UPS pair than the one before (Zhang et al., Flex, ISCA 2021)",
    "random": "any order, any place that takes the request",
}
SOLVERS = {
    "highs": "counts by cell and kind of request as one integer program, by HiGHS from the best of the above",
    "highs-cold": "the same by HiGHS from nothing, which finds more racks in some minutes and nothing in ten rooms",
    "highs-plain": "the textbook's program by HiGHS: a binary for each request and row, nothing merged, no start",
    "cp-sat": "the same as highs by CP-SAT",
}
REBALANCER = {
    "rebalancer": "Meta's Rebalancer, local search by its single, swap and Kernighan-Lin moves",
    "rebalancer-mip": "Meta's Rebalancer, its exact solver (HiGHS)",
}
"""On trees alone, where ``--rebalancer`` gives an interpreter that has it."""
PEERS = CONSTRUCTIVE | SOLVERS | REBALANCER
