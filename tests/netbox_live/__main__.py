"""``python -m tests.netbox_live [RACKS]``: a NetBox on loopback until Ctrl-C, with a site of that many racks or empty.

It installs NetBox where that was not done, and says the URL and the file that has a token.
"""

from __future__ import annotations

import signal
import sys
import tempfile
from pathlib import Path

from tests.netbox_live.fill import filled
from tests.netbox_live.parts import find
from tests.netbox_live.prepare import prepare
from tests.netbox_live.server import netbox
from tests.netbox_live.site import LiveSite


def main(racks: int) -> int:
    """Install if need be, start, wait; 2 where a part is missing."""
    parts = find()
    if isinstance(parts, str):
        print(f"needs {parts}", file=sys.stderr)
        return 2
    prepare(parts)
    dump = filled(parts, LiveSite(racks)) if racks else parts.dump
    with netbox(parts, dump) as server, tempfile.TemporaryDirectory(prefix="capalloc-netbox-token-") as folder:
        token = Path(folder) / "token"
        token.write_text(server.token, encoding="utf-8")
        print(f'NetBox answers: {server.url}\nexport NETBOX_TOKEN="$(cat {token})"', flush=True)
        signal.sigwait(_ENDING)
    return 0


_ENDING = {signal.SIGINT, signal.SIGTERM}

if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 0))
