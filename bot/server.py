"""The web role: doors and pages in one process, served by granian inside our own event loop.

One process, because on SQLite a second one would only fight with the first for the inbox; our
own loop, because the doors hand rows to a writer thread and go on when it says so.
"""

import asyncio
import errno
import gc
import logging
import os
import signal
import socket
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import contextmanager
from threading import Thread
from time import perf_counter
from typing import TYPE_CHECKING, Any

import uvloop
from granian.constants import HTTPModes, Interfaces
from granian.net import SocketHolder  # type: ignore[attr-defined]  # exported without saying so
from granian.server.embed import Server

from bot.bridge import Bridge
from core.clock import Clock, system_clock
from core.config import Settings
from core.db import Database
from core.errors import UserError
from webhooks.door import Door
from webhooks.github import GitHubSource
from webhooks.patience import Cancellable
from webhooks.rsgi import Exchange, Headers, Scope
from webhooks.stripe import StripeSource
from webhooks.writer import Writer

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

log = logging.getLogger(__name__)

BACKLOG = 1_024
LOOPBACK = "127.0.0.1"
PARTING_S = 0.5
"""How long nobody must have asked for anything before kept connections are closed at the end."""

LONGEST_PARTING_S = 3.0
PATIENCE_S = 6.0
"""How long requests in hand may then take; the role ends within 10 seconds."""

_LAST = ("connection", "close")


class Web:
    """Doors and pages together; at the end, every answer is the last on its connection."""

    def __init__(
        self, settings: Settings, app: "WSGIApplication", inbox: Database, clock: Clock
    ) -> None:
        """Join the doors of `settings`, writing to `inbox`, with the pages of `app`."""
        self.asked_at: float | None = None
        self._writer = Writer(inbox)
        self._bridge = Bridge(app)
        github, stripe = settings.github, settings.stripe
        sources = {
            "/webhooks/github": GitHubSource(github.webhook_secrets) if github else "github",
            "/webhooks/stripe": StripeSource(stripe.webhook_secrets) if stripe else "stripe",
        }
        self._door = Door(self._writer, sources, self._bridge, clock)

    def __rsgi__(self, scope: Scope, exchange: Exchange) -> Coroutine[Any, Any, None]:
        """Serve one request."""
        if self.asked_at is not None:
            self.asked_at = perf_counter()
            exchange = _Parting(exchange)
        return self._door(scope, exchange)

    def part(self) -> None:
        """From now on say that each answer is the last, and remember when one was asked for."""
        self.asked_at = perf_counter()

    def open(self) -> None:
        """Start what the doors need."""
        self._writer.start()

    def close(self) -> None:
        """Store what waits and let the threads end."""
        self._writer.close()
        self._bridge.close()


def serve_web(
    settings: Settings,
    app: "WSGIApplication",
    inbox: Database,
    listener: socket.socket | None = None,
) -> int:
    """Serve until SIGTERM or SIGINT; give the exit status. Raises `UserError` if the port is taken.

    `listener` is what `bound` gave, for who has to know early whether the port is free.
    """
    listener = listener or bound(settings.host, settings.port)
    _listen(listener)
    web = Web(settings, app, inbox, system_clock)
    # What is there now stays: collecting garbage need not look at it again and again.
    gc.collect()
    gc.freeze()
    uvloop.run(_until_told(web, listener))
    return 0


@contextmanager
def running(
    web: Web, host: str = "127.0.0.1", port: int = 0, parting_s: float = 0
) -> Iterator[str]:
    """Serve on a thread of this process while the block runs; gives the address."""
    listener = bound(host, port)
    _listen(listener)
    url = f"http://{host}:{listener.getsockname()[1]}"
    loop = uvloop.new_event_loop()
    stop = asyncio.Event()
    thread = Thread(target=loop.run_until_complete, args=(_serve(web, listener, stop, parting_s),))
    thread.start()
    try:
        yield url
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()


async def _until_told(web: Web, listener: socket.socket) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await _serve(web, listener, stop, PARTING_S)


async def _serve(web: Web, listener: socket.socket, stop: asyncio.Event, parting_s: float) -> None:
    server = _Server(web, listener)
    web.open()
    serving = asyncio.ensure_future(server.serve())
    told = asyncio.ensure_future(stop.wait())
    await asyncio.wait({serving, told}, return_when=asyncio.FIRST_COMPLETED)
    if not serving.done():
        server.stop_listening()
        await _part(web, parting_s)
    server.stop()  # type: ignore[no-untyped-call]  # granian's methods have no types
    try:
        await asyncio.wait_for(serving, PATIENCE_S)
    except TimeoutError:
        log.warning("requests cut off at the end", extra={"seconds": PATIENCE_S})
    finally:
        told.cancel()
        web.close()


async def _part(web: Web, parting_s: float) -> None:
    """Let those who keep a connection end it: else they send the next request into a closed one."""
    web.part()
    latest = perf_counter() + LONGEST_PARTING_S
    while web.asked_at is not None and perf_counter() < min(web.asked_at + parting_s, latest):
        await asyncio.sleep(0.05)


def bound(host: str, port: int) -> socket.socket:
    """Take the port without listening yet: nobody is kept waiting by it. Raises `UserError`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6:
        listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise _no_place(error, host, port) from None
    return listener


def _listen(listener: socket.socket) -> None:
    host, port = listener.getsockname()[:2]
    try:
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise _no_place(error, host, port) from None
    listener.setblocking(False)  # noqa: FBT003 -- the standard library's own words


def _no_place(error: OSError, host: str, port: int) -> UserError:
    if error.errno == errno.EADDRINUSE:
        return UserError(f"{at(host, port)} is in use: set PORT to a free one.")
    return UserError(
        f"Cannot listen on {at(host, port)} ({error.strerror}): set HOST and PORT to where we may."
    )


def at(host: str, port: int) -> str:
    """Write a place to listen: `127.0.0.1:8000`, `[::1]:8000`."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


class _Server(Server):
    """Granian on a socket of ours.

    Its own is shared by port: a second server started by mistake would quietly take half of
    the requests, instead of being told that the port is taken.
    """

    def __init__(self, web: Web, listener: socket.socket) -> None:
        super().__init__(
            web,
            interface=Interfaces.RSGI,
            http=HTTPModes.http1,
            websockets=False,
            backlog=BACKLOG,
            log_enabled=False,
        )
        self._listener = listener
        self._descriptor = listener.fileno()

    def _init_shared_socket(self) -> None:
        # The holder owns the descriptor from here on and closes it.
        is_unix_socket = False
        holder = SocketHolder(self._listener.detach(), is_unix_socket, BACKLOG)  # type: ignore[call-arg]  # the stub lags
        self._shd: Any = holder
        self._sfd: Any = holder.get_fd()

    def stop_listening(self) -> None:
        """Take no more connections, while requests on those that there are go on.

        Granian can only stop both at once. So its socket is exchanged under it for one at a
        port that nobody was told; the system refuses whoever comes from then on.
        """
        # It has to listen, and not to block: told to stop before it began to accept, granian
        # would ask a socket that cannot accept again and again, with all that a core can give.
        with socket.create_server((LOOPBACK, 0), backlog=0) as deaf:
            deaf.setblocking(False)  # noqa: FBT003 -- the standard library's own words
            os.dup2(deaf.fileno(), self._descriptor, inheritable=False)


class _Parting:
    """An exchange whose answer says that the connection ends with it."""

    def __init__(self, inner: Exchange) -> None:
        self._inner = inner

    def __call__(self) -> Cancellable[bytes]:
        return self._inner()

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._inner.__aiter__()

    def response_bytes(self, status: int, headers: Headers, body: bytes) -> None:
        self._inner.response_bytes(status, [*headers, _LAST], body)

    def response_str(self, status: int, headers: Headers, body: str) -> None:
        self._inner.response_str(status, [*headers, _LAST], body)
