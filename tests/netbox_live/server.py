"""PostgreSQL, Redis and NetBox as processes of one folder, all on loopback, ended together."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.netbox_live.parts import Parts

_PATIENCE_S = 120
_CONFIGURATION = Path(__file__).parent / "configuration.txt"
_USER = "capalloc-live"


class ServerError(RuntimeError):
    """A process did not come up; the message has the end of its log."""


@dataclass(frozen=True, slots=True)
class Database:
    """PostgreSQL with a database ``netbox``, and Redis; ``surroundings`` is what NetBox must be told of them."""

    parts: Parts
    folder: Path
    surroundings: dict[str, str]

    def restore(self, dump: Path) -> None:
        """Fill the database from a dump."""
        self._tool("pg_restore", "--no-owner", "-j", "2", "-d", "netbox", str(dump))

    def keep(self, dump: Path) -> None:
        """Write the database into a file, which is there whole or not at all."""
        half = dump.with_suffix(".half")
        self._tool("pg_dump", "-Fc", "-f", str(half), "netbox")
        half.replace(dump)

    def manage(self, *arguments: str, given: str | None = None) -> str:
        """Run one of NetBox's own commands; its output."""
        done = subprocess.run(
            [str(self.parts.environment / "bin" / "netbox"), *arguments],
            env=self.surroundings,
            cwd=self.folder,
            input=given,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise ServerError(f"netbox {arguments[0]}: {done.stderr[-2000:]}")
        return done.stdout

    def _tool(self, name: str, *arguments: str) -> None:
        sockets, port = self.surroundings["LIVE_SOCKETS"], self.surroundings["LIVE_POSTGRES_PORT"]
        where = ("-h", sockets, "-p", port, "-U", "postgres")
        subprocess.run([str(self.parts.postgres / name), *where, *arguments], check=True)


@dataclass(frozen=True, slots=True)
class NetBox:
    """A running NetBox; ``token`` may write."""

    url: str
    token: str
    database: Database


@contextmanager
def database(parts: Parts) -> Iterator[Database]:
    """PostgreSQL and Redis in a folder of their own, which is gone afterwards."""
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="capalloc-netbox-run-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        folder.chmod(0o755)
        (folder / "conf").mkdir()
        shutil.copy(_CONFIGURATION, folder / "conf" / "configuration.py")
        surroundings = _surroundings(parts, folder)
        _postgres(stack, parts, folder, surroundings["LIVE_POSTGRES_PORT"])
        redis = [str(parts.redis), "--bind", "127.0.0.1", "--port", surroundings["LIVE_REDIS_PORT"], "--save", ""]
        _begin(stack, folder, "redis", redis, int(surroundings["LIVE_REDIS_PORT"]))
        yield Database(parts, folder, surroundings)


@contextmanager
def netbox(parts: Parts, dump: Path | None = None) -> Iterator[NetBox]:
    """A NetBox that answers, over a database as the dump has it; by default an empty one."""
    with database(parts) as base, ExitStack() as stack:
        base.restore(dump or parts.dump)
        port = free_port()
        programs = parts.environment / "bin"
        web = [str(programs / "gunicorn"), "netbox.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "2"]
        web += ["--timeout", "300", "--no-control-socket"]
        jobs = [str(programs / "netbox"), "rqworker", "high", "default", "low"]
        _begin(stack, base.folder, "jobs", jobs, None, base.surroundings)
        _begin(stack, base.folder, "web", web, None, base.surroundings)
        token = _token(base)
        url = f"http://127.0.0.1:{port}"
        _until_it_answers(url, token, base.folder / "web.log")
        yield NetBox(url, token, base)


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _surroundings(parts: Parts, folder: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "NETBOX_ROOT": str(folder),
        "DJANGO_SETTINGS_MODULE": "netbox.settings",
        "LIVE_SOCKETS": str(folder),
        "LIVE_POSTGRES_PORT": str(free_port()),
        "LIVE_REDIS_PORT": str(free_port()),
        "LIVE_SECRET": secrets.token_urlsafe(60),
    }


def _postgres(stack: ExitStack, parts: Parts, folder: Path, port: str) -> None:
    """A cluster of its own; PostgreSQL refuses to run as root, so there it runs as the user that Debian made for it."""
    user = "postgres" if os.geteuid() == 0 else None
    if user is not None:
        shutil.chown(folder, user)
    data = folder / "data"
    made = [str(parts.postgres / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"]
    subprocess.run(made, check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL)
    server = [str(parts.postgres / "postgres"), "-D", str(data), "-p", port, "-k", str(folder), "-h", ""]
    for setting in ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_locks_per_transaction=256"):
        server += ["-c", setting]
    _begin(stack, folder, "postgres", server, None, user=user, ending=signal.SIGINT)
    asked = [str(parts.postgres / "createdb"), "-h", str(folder), "-p", port, "-U", "postgres", "netbox"]
    _retried(lambda: subprocess.run(asked, check=False, capture_output=True).returncode == 0, folder / "postgres.log")


def _begin(
    stack: ExitStack,
    folder: Path,
    name: str,
    command: Sequence[str],
    port: int | None,
    surroundings: dict[str, str] | None = None,
    *,
    user: str | None = None,
    ending: signal.Signals = signal.SIGTERM,
) -> None:
    """Start a process that ends with the stack; wait for its port where it has one."""
    log = folder / f"{name}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=folder, env=surroundings, stdout=out, stderr=out, user=user)
    stack.callback(_end, process, ending)
    if port is not None:
        _retried(lambda: _listens(port), log)


def _end(process: subprocess.Popen[bytes], ending: signal.Signals) -> None:
    process.send_signal(ending)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _listens(port: int) -> bool:
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0


_MAKE_TOKEN = f"""
from users.models import Token, User
user, _ = User.objects.get_or_create(username={_USER!r}, defaults={{"is_superuser": True, "is_active": True}})
token = Token(user=user, version=2)
token.save()
print("TOKEN", token.get_auth_header_prefix().split()[1] + token.token)
"""


def _token(base: Database) -> str:
    told = base.manage("shell", "--no-imports", "-c", _MAKE_TOKEN)
    return next(line.split()[1] for line in told.splitlines() if line.startswith("TOKEN "))


def _until_it_answers(url: str, token: str, log: Path) -> None:
    asked = urllib.request.Request(f"{url}/api/status/", headers={"Authorization": f"Bearer {token}"})

    def answers() -> bool:
        try:
            with urllib.request.urlopen(asked, timeout=30) as answer:
                return bool(answer.status == 200)
        except urllib.error.HTTPError as error:
            raise ServerError(f"NetBox answers {error.code}: {log.read_text(encoding='utf-8')[-2000:]}") from error
        except OSError:
            return False

    _retried(answers, log)


def _retried(works: object, log: Path) -> None:
    """Ask until it works; the log's end where it never does."""
    assert callable(works)
    last = time.monotonic() + _PATIENCE_S
    while not works():
        if time.monotonic() > last:
            raise ServerError(log.read_text(encoding="utf-8", errors="replace")[-2000:])
        time.sleep(0.1)
