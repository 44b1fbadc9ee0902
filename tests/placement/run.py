"""Checks many more random cases than the suite does: ``python -m tests.placement.run FIRST END [SECONDS]``."""

from __future__ import annotations

import sys
import time
from collections import Counter

from tests.placement.faults import SECONDS, checked

WORST = 20
"""Most seeds that are named again in the end."""


def main(first: int, end: int, time_limit: float = SECONDS) -> int:
    """Check the random cases of the seeds [first, end) and print what came of them; 1 when anything is wrong."""
    begun, bad, missed = time.perf_counter(), Counter[str](), {}
    for seed in range(first, end):
        verdict = checked(seed, time_limit)
        for fault in verdict.faults:
            bad[fault.split(":")[0]] += 1
            print(f"{seed} {fault}", flush=True)
        if verdict.missed:
            missed[seed] = verdict.missed
            print(f"{seed} below: {100 * verdict.missed:.2f} %", flush=True)
        if (seed + 1) % 500 == 0:
            print(f"{seed + 1 - first} seeds, {len(missed)} below the optimum ...", file=sys.stderr, flush=True)
    seeds = max(end - first, 1)
    print(f"seeds {first} to {end - 1} with {time_limit} s of search each, in {time.perf_counter() - begun:.0f} s")
    print(f"crashed {bad['crash']}, rejected by the checker {bad['rejected']}, optimum rejected {bad['optimum']}")
    print(f"above the optimum {bad['above']}, bound below the optimum {bad['bound']}")
    print(f"wrong figures {bad['figures']}, without reasons {bad['reasons']}")
    print(f"optimal {seeds - len(missed)} of {seeds}: {100 * (1 - len(missed) / seeds):.2f} %")
    worst = sorted(missed.items(), key=lambda entry: (-entry[1], entry[0]))[:WORST]
    print("furthest below: " + ", ".join(f"{seed} ({100 * share:.1f} %)" for seed, share in worst))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]), *map(float, sys.argv[3:])))
