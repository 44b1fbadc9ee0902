"""Signals at random moments of commands: what is said and what is left is compared with the disk.

``python -m tests.cli.interrupts TRIES [SEED]`` draws more than the suite does, SIGKILL included.
"""

from __future__ import annotations

import hashlib
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import capalloc
from capalloc.errors import CapallocError
from capalloc.formats import load_plan, load_scenario
from capalloc.formats.expand import expand
from capalloc.synthetic.generate import generate
from capalloc.verify import verify

EXAMPLES = Path(__file__).parents[2] / "examples"
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(capalloc.__file__).parents[1])}
_READY = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from capalloc.cli import main
print("ready", flush=True)
main()
"""
"""What `capalloc` is, after a word by which one knows that the interpreter has come to it."""
COMMANDS = {
    "plan": "plan SITE/scenario.yaml -o plan.json --report page.html --gap 0 --time-limit 1",
    "place": "place SITE SITE/requests.csv -o placed.csv --time-limit 1",
    "explain": "explain SITE/scenario.yaml --time-limit 1",
    "check": "check SITE/scenario.yaml SITE/plan.json",
    "whatif": "whatif TINY fee:lease:x0.9,x0.8 demand:inference:x2 -o cases --jobs 2",
    "quote": "quote TINY --mw 0.2 --from 2026-06 --until 2026-08 --type rack",
    "expand": "expand SITE/scenario.yaml -o tables",
    "export": "export xlsx SITE/scenario.yaml SITE/plan.json -o plan.xlsx",
    "import": "import netbox NETBOX -o imported --force",
}
_LONG = "plan SITE/scenario.yaml -o plan.json --gap 0 --time-limit 600"
_WRITTEN = re.compile(r"interrupted; written already: (.*?)(?:, ([\d,]+) more)?; every other file is as it was")
_AS_IT_WAS = "interrupted; every file is as it was"
Disk = dict[str, tuple[int, str]]
"""Inode and digest of every file below a folder."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What commands are tried on, and how long each takes if it is left alone."""

    folder: Path
    names: Mapping[str, str]
    seconds: dict[str, float] = field(default_factory=dict)

    @classmethod
    def set_up(cls, folder: Path) -> Bench:
        """A site of sixty racks of which a plan takes long to be proven, and a plan of it."""
        site = folder / "site"
        expand(generate(60, halls=2, periods=6, demands=4, seed=2), site)
        (site / "requests.csv").write_text(
            "request,racks,power_kw,cooling_kw,together,all_or_nothing,value\nq,2,40,40,row,yes,1\n", encoding="utf-8"
        )
        tiny, netbox = str(EXAMPLES / "tiny.yaml"), str(EXAMPLES / "netbox")
        bench = cls(folder, {"SITE": str(site), "TINY": tiny, "NETBOX": netbox})
        planning = [sys.executable, "-m", "capalloc", "plan", str(site / "scenario.yaml"), "-q", "--time-limit", "1"]
        subprocess.run([*planning, "-o", site / "plan.json"], check=True, env=ENVIRONMENT, stdout=subprocess.DEVNULL)
        return bench

    def arguments(self, command: str) -> list[str]:
        """The words of a command; ``long`` is one that takes minutes if it is left alone."""
        text = {**COMMANDS, "long": _LONG}[command]
        for name, stands_for in self.names.items():
            text = text.replace(name, stands_for)
        return text.split()

    def took(self, command: str) -> float:
        """Seconds that a command takes, measured once."""
        if command not in self.seconds:
            begun = time.monotonic()
            ended = self.run(command, self.folder / "alone" / command, 600.0, None)
            assert ended.code in (0, 1), ended.err
            self.seconds[command] = time.monotonic() - begun
        return self.seconds[command]

    def run(self, command: str, out: Path, after_s: float, number: signal.Signals | None) -> Ended:
        """Run a command in a folder, which a signal reaches so many seconds after its first line."""
        out.mkdir(parents=True, exist_ok=True)
        before = disk(self.folder)
        with subprocess.Popen(
            [sys.executable, "-c", _READY, *self.arguments(command)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=out,
            env=ENVIRONMENT,
            start_new_session=True,
        ) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            try:
                process.wait(after_s)
            except subprocess.TimeoutExpired:
                if number == signal.SIGINT:  # as a terminal does
                    os.killpg(process.pid, number)
                else:
                    process.send_signal(number or signal.SIGKILL)
            _, err = process.communicate(timeout=120)
        return Ended(process.returncode, err, before, disk(self.folder), out.relative_to(self.folder))


def disk(folder: Path) -> Disk:
    """Every file below a folder."""
    return {
        str(path.relative_to(folder)): (path.stat().st_ino, hashlib.sha256(path.read_bytes()).hexdigest())
        for path in folder.rglob("*")
        if path.is_file()
    }


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command has ended, and what that made of the disk."""

    code: int
    err: str
    before: Disk
    after: Disk
    out: Path

    @property
    def changed(self) -> set[str]:
        """Files that are new, others or gone, as one names them in the command's folder."""
        names = {
            name for name in self.before.keys() | self.after.keys() if self.before.get(name) != self.after.get(name)
        }
        return {os.path.relpath(name, self.out) for name in names}

    def faults(self) -> Iterator[str]:
        """What is wrong, in sentences, however the signal was meant."""
        if "Traceback" in self.err or "internal error" in self.err:
            yield f"a traceback: {self.err}"
        if any(name.endswith(".part") for name in self.changed):
            yield f"left behind: {self.changed}"
        if self.code not in (0, 1, 130):
            yield f"exit code {self.code}: {self.err}"
        if self.code == 130:
            yield from self._told()
        elif "interrupted;" in self.err:
            yield f"says that it was interrupted and ends with {self.code}"

    def _told(self) -> Iterator[str]:
        """Whether its one sentence is true of the disk."""
        said = [line for line in self.err.splitlines() if "interrupted" in line]
        if len(said) != 1 or said[0] != self.err.splitlines()[-1]:
            yield f"not one sentence: {self.err}"
            return
        if _AS_IT_WAS in said[0]:
            if self.changed:
                yield f"says that nothing has changed: {self.changed}"
            return
        found = _WRITTEN.search(said[0])
        named = set(found[1].split(", ")) if found else set()
        more = int(found[2].replace(",", "")) if found and found[2] else 0
        if found is None or not named <= self.changed or len(named) + more != len(self.changed):
            yield f"says {said[0]!r}: {self.changed}"


def whole(folder: Path, site: Path) -> Iterator[str]:
    """Faults of files that a command has written: each is whole."""
    for path in folder.rglob("*plan.json"):
        try:
            plan = load_plan(path)
        except CapallocError as fault:
            yield str(fault)
            continue
        scenario = load_scenario(site / "scenario.yaml" if path.name == "plan.json" else EXAMPLES / "tiny.yaml")
        if path.name == "plan.json" and verify(scenario, plan).verdict != "ok":
            yield f"{path} breaks a rule"


def tries(bench: Bench, command: str, dice: random.Random, number: signal.Signals) -> tuple[Ended, list[str]]:
    """One command with a signal at a random moment, and its faults; half of the time over files of before."""
    out = bench.folder / "out"
    moment = dice.uniform(0.0, 1.1 * bench.took(command))
    shutil.rmtree(out, ignore_errors=True)
    if dice.random() < 0.5:
        shutil.copytree(bench.folder / "alone" / command, out)
    ended = bench.run(command, out, moment, number)
    site = Path(bench.names["SITE"])
    if number != signal.SIGKILL:
        return ended, [*ended.faults(), *whole(out, site)]
    left = [name for name in ended.changed if name.endswith(".part")]
    again = bench.run(command, out, 600.0, None)
    still = [name for name in again.after if name.endswith(".part")]
    return ended, [*whole(out, site), *[f"left for good: {still}"] * bool(still), *_of_parts(left)]


def _of_parts(left: list[str]) -> Iterator[str]:
    if len(left) > 12:
        yield f"many files are left behind: {left}"


def main(count: int, seed: int) -> int:
    """Try and tell; 1 where anything was wrong."""
    dice, tally, wrong = random.Random(seed), Counter[tuple[str, str, int]](), 0
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench.set_up(Path(folder))
        for _ in range(count):
            command = dice.choice(sorted(COMMANDS))
            number = dice.choices((signal.SIGINT, signal.SIGTERM, signal.SIGKILL), (4, 4, 2))[0]
            ended, faults = tries(bench, command, dice, number)
            tally[command, number.name, ended.code] += 1
            wrong += bool(faults)
            for fault in faults:
                print(f"{command} {number.name}: {fault}", flush=True)
    for (command, name, code), times in sorted(tally.items()):
        print(f"{times:5} {command:8} {name:8} ended with {code}")
    print(f"{count} tries, {wrong} with a fault")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1))
