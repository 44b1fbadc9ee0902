"""Plans many more seeds than the suite does: ``python -m tests.corpus.run FIRST END``; prints every fault."""

from __future__ import annotations

import sys
import traceback
from collections import Counter

from tests.corpus.faults import faults_of
from tests.corpus.random_scenarios import RandomScenario, random_scenario


def main(first: int, end: int) -> int:
    """Plan the seeds [first, end); 1 where there is a fault."""
    bad: Counter[str] = Counter()
    for seed in range(first, end):
        if seed % 100 == 0:
            print(f"seed {seed} ...", file=sys.stderr, flush=True)
        case = random_scenario(seed)
        for fault in _faults(case):
            bad[fault.split(":")[0]] += 1
            print(f"{seed} {sorted(case.rules)} {fault}", flush=True)
    print(f"seeds {first} to {end - 1}: {sum(bad.values())} faults {dict(bad)}", flush=True)
    return 1 if bad else 0


def _faults(case: RandomScenario) -> list[str]:
    """A crash is a fault too, and the next seed gets its turn all the same."""
    try:
        return faults_of(case)
    except Exception:
        return [f"crash: {traceback.format_exc(limit=-3)}"]


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
