"""A small threaded HTTP/1.1 server with keep-alive: fast, and able to misbehave when asked to."""

import contextlib
import json
import logging
import selectors
import socket
import socketserver
import struct
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

LARGEST_BODY = 8 * 1024 * 1024
LONGEST_HEAD = 64 * 1024
IDLE_SECONDS = 60.0
_CLOSE_WITH_RESET = struct.pack("ii", 1, 0)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Request:
    """One request. Header names are in lower case; of repeated query fields the last counts."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""
    path: str = ""
    query: Mapping[str, str] = field(default_factory=dict)

    def under(self, prefix: str) -> "Request":
        """Give the same request with `prefix` taken off its path."""
        return replace(self, path=self.path.removeprefix(prefix) or "/")

    def with_query(self, **fields: str) -> "Request":
        """Give the same request with other query fields."""
        return replace(self, query={**self.query, **fields})

    def form(self) -> dict[str, str]:
        """Read the body as a form."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))


@dataclass(frozen=True)
class Response:
    """One answer; `broken` closes the connection with a reset instead of sending it."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    broken: bool = False

    @classmethod
    def json(cls, status: int, value: object, **headers: str) -> "Response":
        """Make a JSON answer; underscores in the names of `headers` stand for dashes."""
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        named = {"content-type": "application/json; charset=utf-8"} | named
        return cls(status, json.dumps(value, ensure_ascii=False).encode(), named)

    def decoded(self) -> Any:
        """Read the body as JSON; None where there is none."""
        return json.loads(self.body) if self.body else None


Application = Callable[[Request], Response]


class _Handler(socketserver.StreamRequestHandler):
    """One connection: request after request until either side closes."""

    timeout = IDLE_SECONDS
    disable_nagle_algorithm = True
    server: "Server"

    def handle(self) -> None:
        self.server.connections.add(self.connection)
        try:
            with contextlib.suppress(OSError):
                while self._one():
                    pass
        finally:
            self.server.connections.discard(self.connection)

    def _one(self) -> bool:
        head = self._head()
        if head is None:
            return False
        method, target, headers = head
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > LARGEST_BODY or "transfer-encoding" in headers:
            self._send(Response(413), "close", method)
            return False
        if headers.get("expect", "").lower() == "100-continue":
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        body = self.rfile.read(int(length)) if length != "0" else b""
        parts = urlsplit(target)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        response = self._answer(Request(method, target, headers, body, unquote(parts.path), query))
        if response.broken:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _CLOSE_WITH_RESET)
            self.connection.close()
            return False
        keep = headers.get("connection", "keep-alive").lower() != "close"
        self._send(response, "keep-alive" if keep else "close", method)
        return keep

    def _head(self) -> tuple[str, str, dict[str, str]] | None:
        line = self.rfile.readline(LONGEST_HEAD)
        parts = line.decode("latin-1").split()
        if len(parts) != 3:
            return None
        headers: dict[str, str] = {}
        for _ in range(200):
            line = self.rfile.readline(LONGEST_HEAD)
            if line in {b"\r\n", b"\n", b""}:
                return parts[0], parts[1], headers
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.strip().lower()] = value.strip()
        return None

    def _answer(self, request: Request) -> Response:
        try:
            return self.server.application(request)
        except Exception:
            log.exception("the sandbox failed", extra={"path": request.path})
            return Response.json(500, {"message": "the sandbox itself failed, see its log"})

    def _send(self, response: Response, connection: str, method: str) -> None:
        try:
            phrase = HTTPStatus(response.status).phrase
        except ValueError:
            phrase = "Unknown"
        lines = [f"HTTP/1.1 {response.status} {phrase}"]
        lines += [f"{name}: {value}" for name, value in response.headers.items()]
        lines += [f"connection: {connection}", f"content-length: {len(response.body)}", "", ""]
        head = "\r\n".join(lines).encode("latin-1", "replace")
        # Not modified, and answers to HEAD, describe a body without sending it.
        self.wfile.write(head if method == "HEAD" else head + response.body)


class Server(socketserver.ThreadingTCPServer):
    """Serves one application on a thread per connection."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, host: str, port: int, application: Application) -> None:
        """Listen; port 0 takes a free one."""
        self.application = application
        self.connections: set[socket.socket] = set()
        self._told, self._tells = socket.socketpair()
        self._serving: threading.Thread | None = None
        super().__init__((host, port), _Handler)

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self.server_address[1])

    def start(self) -> None:
        """Serve on a thread of its own."""
        self._serving = threading.Thread(target=self._serve, daemon=True)
        self._serving.start()

    def _serve(self) -> None:
        # Not `serve_forever`: that looks time and again whether it shall stop, and tests start
        # and stop thousands of these.
        with selectors.DefaultSelector() as selector:
            for one in (self.socket, self._told):
                selector.register(one, selectors.EVENT_READ)
            while self._told not in [key.fileobj for key, _ in selector.select()]:
                self._handle_request_noblock()  # type: ignore[attr-defined]  # what `serve_forever` calls

    def stop(self) -> None:
        """Stop listening and drop every connection."""
        self._tells.close()
        if self._serving is not None:
            self._serving.join()
        self.server_close()
        self._told.close()
        for connection in list(self.connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
