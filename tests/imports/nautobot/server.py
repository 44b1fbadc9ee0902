"""A server on this machine that answers as a Nautobot does, or fails as one may."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

from tests.imports.nautobot.site import Objects

TOKEN = "0123456789abcdef"


class Fake:
    """What it gives, what it was asked, and which failures come first."""

    def __init__(self, objects: Objects) -> None:
        self.objects = objects
        self.page_size = 1000
        self.fail: list[int] = []
        """Statuses that the next answers have; 0 is an answer that breaks off in the middle."""
        self.asked: list[str] = []
        self.absent: set[str] = set()
        """Endpoints that it does not have."""
        self.address = ""

    def answer(self, path: str, authorization: str | None) -> tuple[int, bytes]:
        """The status and body of an answer."""
        self.asked.append(path)
        if authorization != f"Token {TOKEN}":
            return 403, b'{"detail": "Invalid token"}'
        status = self.fail.pop(0) if self.fail else 200
        parts = urlsplit(path)
        given = parse_qs(parts.query)
        endpoint = parts.path.rstrip("/").rpartition("/")[2]
        if not parts.path.startswith("/api/") or endpoint in self.absent:
            return 404, b"<html>no such page</html>"
        objects = self.objects.get(endpoint, [])
        first, size = int(given["offset"][0]), min(int(given["limit"][0]), self.page_size)
        shown = objects[first : first + size]
        body = json.dumps({"count": len(objects), "next": "http://elsewhere.example/", "results": shown}).encode()
        return (200, body[: len(body) // 2]) if status == 0 else (status, body)


@contextmanager
def serving(fake: Fake) -> Iterator[Fake]:
    """Its address is that of a server on a port of its own, until the end."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = fake.answer(self.path, self.headers.get("Authorization"))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    fake.address = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield fake
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
