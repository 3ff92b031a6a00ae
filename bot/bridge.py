"""Serves a WSGI application, Flask's pages, through RSGI: bodies within bounds, threads only to answer.

The body is read before a thread is taken, so that a sender who dawdles keeps nobody waiting.
"""

import asyncio
import io
import logging
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from webhooks.arrivals import Refusal
from webhooks.patience import Patience
from webhooks.reading import Budget, Hold, Reading
from webhooks.rsgi import Exchange, Headers, Scope

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

log = logging.getLogger(__name__)

THREADS = 8
MOST_WAITING = 256
"""Requests that may be in hand at once; beyond it the answer is 503."""

MOST_BYTES = 1024 * 1024
"""The longest body that a page takes; none of our forms comes near."""

UPLOADS = ("/maintain/import", "/maintain/papers")
"""The ends of the addresses to which maintainers send whole files; the page says who may."""

MOST_UPLOADED = 10 * MOST_BYTES + 128 * 1024
"""A file of 10 MiB, and the form around it."""

CROWDED = Refusal(503, "crowded", "Too many requests at once: try again in a moment.")
NO_LENGTH = Refusal(411, "no length", "Send the request whole, with its Content-Length.")
TOO_LARGE = Refusal(413, "too large", "The request is larger than 1 MiB.")
UPLOAD_TOO_LARGE = Refusal(413, "too large", "The file is larger than 10 MiB.")
_TEXT = ("content-type", "text/plain; charset=utf-8")

Answer = tuple[int, Headers, bytes]


class Bridge:
    """Hands requests to a WSGI application on a few threads."""

    def __init__(self, app: "WSGIApplication") -> None:
        """Serve `app`."""
        self._app = app
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="pages")
        self._waiting = 0
        self._patience = Patience()
        self._budget = Budget(2 * MOST_UPLOADED)

    def close(self) -> None:
        """Let the threads end."""
        self._threads.shutdown(wait=False)

    async def __call__(self, scope: Scope, exchange: Exchange) -> None:
        """Serve one request."""
        if self._waiting >= MOST_WAITING:
            _refuse(exchange, CROWDED)
            return
        self._waiting += 1
        try:
            await self._serve(scope, exchange)
        finally:
            self._waiting -= 1

    async def _serve(self, scope: Scope, exchange: Exchange) -> None:
        reading = Reading(exchange, self._patience)
        with self._budget.hold() as hold:
            body = await _body(scope, reading, hold)
            if isinstance(body, Refusal):
                _refuse(exchange, body)
                if not reading.began:
                    await reading.drain()
                return
            loop = asyncio.get_running_loop()
            answer = loop.run_in_executor(self._threads, self._answer, _environ(scope, body))
            exchange.response_bytes(*await answer)

    def _answer(self, environ: dict[str, Any]) -> Answer:
        started: list[tuple[int, Headers]] = []
        parts: list[bytes] = []

        def start(status: str, headers: Headers, _error: object = None) -> Callable[[bytes], None]:
            started.append((int(status.partition(" ")[0]), headers))
            return parts.append

        try:
            result = self._app(environ, start)
            try:
                parts.extend(result)
            finally:
                close = getattr(result, "close", None)
                if close:
                    close()
        except Exception:
            # Flask answers its own errors; what comes here would end the connection untold.
            log.exception("page failed", extra={"path": environ["PATH_INFO"]})
            return 500, [_TEXT], b"This page could not be made. It was written down.\n"
        status, headers = started[-1]
        return status, [(name.lower(), value) for name, value in headers], b"".join(parts)


async def _body(scope: Scope, reading: Reading, hold: Hold) -> bytes | bytearray | Refusal:
    if scope.headers.get("transfer-encoding") is not None:
        return NO_LENGTH
    length = int(scope.headers.get("content-length") or 0)
    if length > MOST_BYTES:
        if scope.method != "POST" or not scope.path.endswith(UPLOADS):
            return TOO_LARGE
        if length > MOST_UPLOADED:
            return UPLOAD_TOO_LARGE
        return await reading.large(length, hold)
    return await reading.small(length) if length else b""


def _refuse(exchange: Exchange, refusal: Refusal) -> None:
    headers = [_TEXT, ("connection", "close")]
    exchange.response_str(refusal.status, headers, f"{refusal.sentence}\n")


def _environ(scope: Scope, body: bytes | bytearray) -> dict[str, Any]:
    """Say it in WSGI's words (PEP 3333): header names as CGI has them, text as Latin-1."""
    address, _, port = scope.client.rpartition(":")
    host, _, server_port = scope.server.rpartition(":")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": host,
        "SERVER_PORT": server_port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": address,
        "REMOTE_PORT": port,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": io.BytesIO(body),
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in scope.headers.items():
        # In CGI's words `X_Real_IP` would pass for `X-Real-IP`, which a proxy vouches for.
        if "_" not in name:
            key = f"HTTP_{name.upper().replace('-', '_')}"
            environ[key] = f"{environ[key]},{value}" if key in environ else value
    environ["CONTENT_TYPE"] = environ.pop("HTTP_CONTENT_TYPE", "")
    environ.pop("HTTP_CONTENT_LENGTH", None)
    environ["CONTENT_LENGTH"] = str(len(body))
    return environ
