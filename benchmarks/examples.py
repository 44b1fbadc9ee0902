"""Times ``capalloc plan`` on every example as a whole process, and checks each plan.

Run it with the interpreter of an environment where capalloc is installed:

    .venv/bin/python benchmarks/examples.py [--runs 3] [--json]

The first run of an example reads files that the machine may not have cached; the least of the others is "warm".
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"


@dataclass(frozen=True, slots=True)
class Timing:
    """One example: seconds of the first and of the fastest later run, peak memory, and what came out."""

    example: str
    racks: int
    periods: int
    first_s: float
    warm_s: float
    peak_mb: float
    gap: float
    verdict: str


def main() -> int:
    """Print a line for each example; 1 when a plan is not accepted."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3, help="runs of each example, at least 2")
    parser.add_argument("--json", action="store_true", help="print JSON in place of a table")
    arguments = parser.parse_args()
    timings = []
    for scenario in sorted(EXAMPLES.glob("*.yaml")):
        timings.append(measure(scenario, max(arguments.runs, 2)))
        if not arguments.json:
            print(line(timings[-1]), flush=True)
    if arguments.json:
        print(json.dumps([asdict(timing) for timing in timings], indent=2))
    return int(any(timing.verdict != "ok" for timing in timings))


def measure(scenario: Path, runs: int) -> Timing:
    """Plan a scenario ``runs`` times in fresh processes, then check the plan in another."""
    with tempfile.TemporaryDirectory() as folder:
        plan = Path(folder) / "plan.json"
        seconds = [timed("plan", str(scenario), "-q", "-o", str(plan)) for _ in range(runs)]
        found = json.loads(plan.read_text(encoding="utf-8"))
        check = subprocess.run(
            [sys.executable, "-m", "capalloc", "check", str(scenario), str(plan), "--json"],
            capture_output=True,
            check=False,
        )
    return Timing(
        example=scenario.stem,
        racks=found["stats"]["racks"],
        periods=found["stats"]["periods"],
        first_s=round(seconds[0], 2),
        warm_s=round(min(seconds[1:]), 2),
        peak_mb=round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024, 1),
        gap=found["gap"],
        verdict=json.loads(check.stdout)["verdict"],
    )


def timed(*arguments: str) -> float:
    """Seconds of one run of the command; raises CalledProcessError when it fails."""
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-m", "capalloc", *arguments], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begun


def line(timing: Timing) -> str:
    """A line of the table."""
    return (
        f"{timing.example:26} {timing.racks:6,} racks x {timing.periods:3} periods  first {timing.first_s:6.2f} s  "
        f"warm {timing.warm_s:6.2f} s  peak so far {timing.peak_mb:6.1f} MB  gap {timing.gap:.4%}  {timing.verdict}"
    )


if __name__ == "__main__":
    sys.exit(main())
