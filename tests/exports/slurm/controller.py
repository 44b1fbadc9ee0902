"""A real slurmctld without nodes: Debian's packages slurmctld, slurm-client and munge, in a folder of their own."""

from __future__ import annotations

import os
import pwd
import re
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.html.browser import require

_PATIENCE_S = 30.0
_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
_PROGRAMS = ("slurmctld", "scontrol", "munged", "sbatch")
_OF_AN_EMPTY_START = re.compile(
    r"Could not open (job|node|resv|trigger|reservation|last_config_lite|part|priority)\w* ?\w* ?state file"
    r"|NOTE: Trying backup|mpi/pmix|Couldn't load specified plugin name for mpi|MPI: Cannot create context"
)
"""What a controller without any of our files says as well, and what Debian's build says of plugins."""
_OF_A_BUSY_MACHINE = re.compile(r"High latency for 1000 calls to gettimeofday|Note very large processing time")
"""What it says where something else has the processor while it starts or answers."""


def _program(name: str) -> str | None:
    return shutil.which(name, path=_PATH)


class Controller:
    """A running slurmctld that reads the files of an export; its nodes are in the cloud, so that none has to answer."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.log = folder / "slurmctld.log"
        self._environment = {**os.environ, "PATH": _PATH, "SLURM_CONF": str(folder / "slurm.conf")}
        (folder / "slurm.conf").write_text(_conf(folder, port))

    def run(self, *command: str, code: int = 0) -> str:
        """What a client prints; it has to end with a code."""
        ended = subprocess.run(
            command, env=self._environment, capture_output=True, text=True, check=False, cwd=self.folder
        )
        assert ended.returncode == code, f"{command[:3]}: {ended.stdout[-2000:]} {ended.stderr[-2000:]}"
        return ended.stdout + (ended.stderr if code else "")

    def shown(self, kind: str) -> dict[str, dict[str, str]]:
        """What ``scontrol show KIND`` says: by name, word by word."""
        records = self.run("scontrol", "--oneliner", "show", kind).splitlines()
        words = [dict(word.split("=", 1) for word in line.split() if "=" in word) for line in records]
        return {next(iter(word.values())): word for word in words if word}

    def names(self, nodes: str) -> list[str]:
        """The single names of a list, as Slurm reads it."""
        return self.run("scontrol", "show", "hostnames", nodes).split()

    def complaints(self) -> list[str]:
        """Errors and warnings of the log, but for those of an empty start or a busy machine."""
        said = [line for line in self.log.read_text().splitlines() if re.search(r"error|warning|fatal", line, re.I)]
        return [line for line in said if not (_OF_AN_EMPTY_START.search(line) or _OF_A_BUSY_MACHINE.search(line))]

    @contextmanager
    def started(self) -> Iterator[None]:
        """While inside, munged and slurmctld run."""
        key = self.folder / "munge.key"
        key.write_bytes(secrets.token_bytes(128))
        key.chmod(0o600)
        at = [f"--{name}={self.folder / f'munge.{ending}'}" for name, ending in _MUNGE.items()]
        with (
            self._daemon("munged", "--foreground", "--force", *at),
            self._daemon("slurmctld", "-D", "-c") as controller,
        ):
            self._wait(controller)
            yield

    @contextmanager
    def _daemon(self, name: str, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
        program = _program(name)
        assert program is not None
        with (self.folder / f"{name}.out").open("wb") as out:
            process = subprocess.Popen([program, *arguments], env=self._environment, stdout=out, stderr=out)
            try:
                yield process
            finally:
                _end(process)

    def _wait(self, controller: subprocess.Popen[bytes]) -> None:
        end = time.monotonic() + _PATIENCE_S
        while True:
            ping = subprocess.run(
                ["scontrol", "ping"], env=self._environment, capture_output=True, text=True, check=False
            )
            if ping.returncode == 0 and "is UP" in ping.stdout:
                return
            said = (self.folder / "slurmctld.out").read_text()[-3000:]
            up = controller.poll() is None and time.monotonic() < end
            assert up, f"slurmctld did not come up: {said}"
            time.sleep(0.05)


_MUNGE = {
    "key-file": "key",
    "socket": "socket",
    "pid-file": "pid",
    "log-file": "log",
    "seed-file": "seed",
}


def controller(folder: Path) -> Controller:
    """A controller for the files in a folder. Skips where Slurm is not installed; in CI that is a failure."""
    require(all(map(_program, _PROGRAMS)), "Slurm: Debian's packages slurmctld, slurm-client and munge")
    return Controller(folder, _free_port())


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_PATIENCE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _conf(folder: Path, port: int) -> str:
    """The least that a site's own slurm.conf says; the rest comes from the export."""
    return f"""
ClusterName=test
SlurmctldHost={socket.gethostname()}(127.0.0.1)
SlurmctldPort={port}
SlurmUser={pwd.getpwuid(os.getuid()).pw_name}
AuthType=auth/munge
AuthInfo=socket={folder / "munge.socket"}
StateSaveLocation={folder}
SlurmctldPidFile={folder / "slurmctld.pid"}
SlurmctldLogFile={folder / "slurmctld.log"}
MailProg=/bin/true
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
TopologyPlugin=topology/tree
GresTypes=gpu
PrivateData=cloud
SuspendProgram=/bin/true
ResumeProgram=/bin/true
NodeName=DEFAULT State=CLOUD
Include {folder / "nodes.conf"}
Include {folder / "partitions.conf"}
PartitionName=own Nodes=ALL AllowAccounts=root Default=YES
"""
