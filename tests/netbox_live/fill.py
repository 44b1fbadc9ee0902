"""Puts a site into NetBox's database by NetBox's own models; its API takes a hundred times as long."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from tests.netbox_live.parts import Parts
from tests.netbox_live.server import Database, database
from tests.netbox_live.site import LiveSite, Ref

_INSIDE = Path(__file__).parent / "inside.py"


def filled(parts: Parts, site: LiveSite) -> Path:
    """A dump of a database with the site in it, made once for each site."""
    objects = json.dumps(list(site.objects()), default=_reference)
    version = hashlib.sha256((objects + _INSIDE.read_text(encoding="utf-8")).encode()).hexdigest()[:12]
    dump = parts.cache / f"site-{site.racks}-{version}.dump"
    if not dump.exists():
        print(f"fills {site.racks} racks into NetBox", flush=True)
        with database(parts) as base:
            base.restore(parts.dump)
            _fill(base, objects)
            base.keep(dump)
    return dump


def _fill(base: Database, objects: str) -> None:
    given = base.folder / "objects.json"
    given.write_text(objects, encoding="utf-8")
    script = base.folder / "inside.py"
    script.write_text(_INSIDE.read_text(encoding="utf-8"), encoding="utf-8")
    run = f"import runpy; runpy.run_path({str(script)!r})['fill']({str(given)!r})"
    base.manage("shell", "--no-imports", "-c", run)


def _reference(value: object) -> object:
    assert isinstance(value, Ref)
    return {"endpoint": value.endpoint, "name": value.name}
