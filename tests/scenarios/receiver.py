"""A receiver of webhooks on this machine: it keeps what comes, and answers as it is told to."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Received:
    """A message as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def said(self) -> dict[str, Any]:
        """The body, read."""
        found: dict[str, Any] = json.loads(self.body)
        return found


@dataclass
class Receiver:
    """`status` is the next answer's; None holds the line without a word until `let_go`."""

    address: str = ""
    status: int | None = 204
    got: list[Received] = field(default_factory=list)
    let_go: threading.Event = field(default_factory=threading.Event)

    @property
    def types(self) -> list[str]:
        """What was told, in order."""
        return [one.said["type"] for one in self.got]


def is_signed(one: Received, secret: str) -> bool:
    """Verify a message by the words of the specification alone.

    https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
    """
    kind, given = one.headers["webhook-signature"].split(",", 1)
    told = b".".join(
        [one.headers["webhook-id"].encode(), one.headers["webhook-timestamp"].encode(), one.body]
    )
    key = base64.b64decode(secret[len("whsec_") :], validate=True)
    right = base64.b64encode(hmac.new(key, told, hashlib.sha256).digest()).decode()
    return kind == "v1" and hmac.compare_digest(given, right)


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Listen on a free port of this machine."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            receiver.got.append(Received(self.path, headers, body))
            if receiver.status is None:
                receiver.let_go.wait(30)
                return
            self.send_response(receiver.status)
            self.send_header("location", f"{receiver.address}/elsewhere")
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_words: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.address = f"http://127.0.0.1:{server.server_port}/hooks?of=garden"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.let_go.set()
        server.shutdown()
        thread.join()
        server.server_close()
