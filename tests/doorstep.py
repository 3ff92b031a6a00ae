"""The doors alone, without the house behind them: in this process, or in one that can be killed.

`python -m tests.doorstep APP_URL INBOX_URL FOLDER PORT` serves them until it is told to stop.
"""

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from hmac import new
from pathlib import Path
from typing import Any
from uuid import uuid4

from bot.server import Web, running, serve_web
from core.clock import Clock, system_clock
from core.config import GitHubSettings, Settings, StripeSettings, load
from core.db import Database
from webhooks.deliveries import Delivery
from webhooks.inbox import listing
from webhooks.inbox import load as load_delivery

SECRET = b"a secret that GitHub and we share"
STRIPE_SECRET = b"whsec_a secret that Stripe and we share"
START_WITHIN_S = 20
JSON = "application/json"
GITHUB, STRIPE = "/webhooks/github", "/webhooks/stripe"


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def settings_for(urls: tuple[str, str], folder: Path, port: int = 8000) -> Settings:
    """Settings with both doors open."""
    app, inbox = urls
    given = {"DATABASE_URL": app, "INBOX_DATABASE_URL": inbox, "POTLUCK_VAR": str(folder)}
    github = GitHubSettings("https://api.github.com", 1, "", (SECRET,), None, None)
    stripe = StripeSettings("https://api.stripe.com", "sk_test", (STRIPE_SECRET,))
    return replace(load(given), port=port, github=github, stripe=stripe)


def pages(environ: dict[str, Any], start: Callable[..., object]) -> list[bytes]:
    """Stand in for the pages."""
    start("200 OK", [("Content-Type", "text/plain")])
    return [f"page {environ['PATH_INFO']} {environ['wsgi.input'].read().decode()}".encode()]


class Door:
    """One served web role, and its inbox to look into."""

    def __init__(self, url: str, inbox: Database, web: Web | None = None) -> None:
        self.web = web
        self.host = url.removeprefix("http://")
        self.url = url
        self.inbox = inbox

    def ask(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send one request on a connection of its own."""
        connection = http.client.HTTPConnection(self.host, timeout=30)
        try:
            connection.request(method, path, body, dict(headers or {}))
            response = connection.getresponse()
            return Answer(response.status, dict(response.getheaders()), response.read())
        finally:
            connection.close()

    def github(self, body: bytes = b"{}", **headers: str) -> Answer:
        """Send a signed delivery; `headers` are named with underscores and replace ours."""
        return self.ask("POST", GITHUB, body, github_headers(body) | _dashed(headers))

    def stripe(self, body: bytes, at: datetime, secret: bytes = STRIPE_SECRET) -> Answer:
        """Send an event signed at that time."""
        headers = {"Content-Type": JSON, "Stripe-Signature": stripe_signature(body, at, secret)}
        return self.ask("POST", STRIPE, body, headers)

    def raw(self, data: bytes, *, end: bool = False, timeout: float = 30) -> bytes:
        """Send bytes as they are (`end`: and no more), and read until the server closes."""
        host, _, port = self.host.partition(":")
        with socket.create_connection((host, int(port)), timeout) as connection:
            connection.sendall(data)
            if end:
                connection.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: connection.recv(65536), b""))

    def rows(self) -> tuple[Delivery, ...]:
        """Read the whole inbox, newest first, without bodies."""
        with self.inbox.read() as connection:
            return listing(connection, most=100_000)

    def body_of(self, row: Delivery) -> bytes | None:
        """Read what was stored."""
        with self.inbox.read() as connection:
            found = load_delivery(connection, row.id)
        return found.body if found else None


def github_headers(body: bytes, secret: bytes = SECRET, guid: str | None = None) -> dict[str, str]:
    """Sign as GitHub does."""
    return {
        "Content-Type": JSON,
        "X-GitHub-Delivery": guid or str(uuid4()),
        "X-GitHub-Event": "issue_comment",
        "X-Hub-Signature-256": f"sha256={new(secret, body, sha256).hexdigest()}",
    }


def stripe_signature(body: bytes, at: datetime, secret: bytes = STRIPE_SECRET) -> str:
    """Sign as Stripe does."""
    seconds = str(int(at.timestamp()))
    digest = new(secret, seconds.encode() + b"." + body, sha256).hexdigest()
    return f"t={seconds},v1={digest},v0=ignored"


def _dashed(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


@contextmanager
def open_door(
    urls: tuple[str, str],
    folder: Path,
    clock: Clock = system_clock,
    change: Callable[[Settings], Settings] = lambda settings: settings,
    parting_s: float = 0,
) -> Iterator[Door]:
    """Serve the doors on a thread of this process."""
    settings = change(settings_for(urls, folder))
    inbox = Database(settings.inbox_database_url)
    try:
        web = Web(settings, pages, inbox, clock)
        with running(web, parting_s=parting_s) as url:
            yield Door(url, inbox, web)
    finally:
        inbox.close()


class Process:
    """The doors in a process of their own."""

    def __init__(
        self, urls: tuple[str, str], folder: Path, under: Sequence[str] = (), port: int = 0
    ) -> None:
        self.port = port or free_port()
        self.door = Door(f"http://127.0.0.1:{self.port}", Database(urls[1]))
        self.log = (folder / f"door-{self.port}.log").open("ab")
        module = [sys.executable, "-m", "tests.doorstep", *urls, str(folder), str(self.port)]
        self.process = subprocess.Popen([*under, *module], stderr=self.log)
        self._wait()

    def _wait(self) -> None:
        latest = time.monotonic() + START_WITHIN_S
        while True:
            try:
                self.door.ask("GET", "/")
            except OSError:
                if time.monotonic() > latest or self.process.poll() is not None:
                    raise
                time.sleep(0.02)
            else:
                return

    def __enter__(self) -> "Process":
        return self

    def __exit__(self, *_error: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.door.inbox.close()
        self.log.close()


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main() -> int:
    """Serve until told to stop."""
    from core.log import start_logging

    start_logging()
    app, inbox_url, folder, port = sys.argv[1:]
    inbox = Database(inbox_url)
    return serve_web(settings_for((app, inbox_url), Path(folder), int(port)), pages, inbox)


if __name__ == "__main__":
    sys.exit(main())
