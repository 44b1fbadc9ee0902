"""``python -m tests.netbox_live``: a NetBox on loopback until Ctrl-C. It says its URL and the file that has a token."""

from __future__ import annotations

import signal
import sys
import tempfile
from pathlib import Path

from tests.netbox_live.parts import find
from tests.netbox_live.prepare import prepare
from tests.netbox_live.server import netbox


def main() -> int:
    """Install if need be, start, wait; 2 where a part is missing."""
    parts = find()
    if isinstance(parts, str):
        print(f"needs {parts}", file=sys.stderr)
        return 2
    prepare(parts)
    with netbox(parts) as server, tempfile.TemporaryDirectory(prefix="capalloc-netbox-token-") as folder:
        token = Path(folder) / "token"
        token.write_text(server.token, encoding="utf-8")
        print(f'NetBox answers: {server.url}\nexport NETBOX_TOKEN="$(cat {token})"', flush=True)
        signal.sigwait({signal.SIGINT, signal.SIGTERM})
    return 0


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    sys.exit(main())
