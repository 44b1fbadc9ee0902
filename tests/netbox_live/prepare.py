"""Installs NetBox once and keeps its migrated database, so that every later start takes seconds."""

from __future__ import annotations

import subprocess

from tests.netbox_live.parts import PACKAGES, Parts
from tests.netbox_live.server import database


def prepare(parts: Parts) -> None:
    """Install and migrate, unless that is done: minutes the first time."""
    if parts.is_prepared():
        return
    parts.cache.mkdir(parents=True, exist_ok=True)
    print(f"installs {', '.join(PACKAGES)} into {parts.environment}", flush=True)
    subprocess.run([str(parts.python), "-m", "venv", str(parts.environment)], check=True)
    pip = parts.environment / "bin" / "pip"
    subprocess.run([str(pip), "install", "-qq", "--disable-pip-version-check", *PACKAGES], check=True)
    with database(parts) as base:
        print("migrates an empty database", flush=True)
        base.manage("migrate", "--no-input")
        base.keep(parts.dump)
