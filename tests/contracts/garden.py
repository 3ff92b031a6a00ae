"""A sandbox with its garden, a clock that tests turn, and clients that ask as App or installation."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import jwt

from bot.sandbox.records import Installation
from bot.sandbox.seed import Garden, seed
from bot.sandbox.server import Sandbox
from tests.economy import PLAIN

REPO = "/repos/potluck-sandbox/garden"
RAW = "application/vnd.github.raw+json"


@dataclass
class Clock:
    """A clock that stands still until somebody turns it."""

    at: datetime = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def turn(self, **span: float) -> None:
        self.at += timedelta(**span)


@dataclass
class Visit:
    """A running sandbox and those who talk to it."""

    sandbox: Sandbox
    garden: Garden
    clock: Clock
    _clients: list[httpx.Client] = field(default_factory=list)

    def client(self, credentials: str | None = None) -> httpx.Client:
        headers = {"authorization": f"Bearer {credentials}"} if credentials else {}
        client = httpx.Client(base_url=self.sandbox.api_url, headers=headers, verify=PLAIN)
        self._clients.append(client)
        return client

    def assertion(self, **claims: Any) -> str:
        now = int(self.clock().timestamp())
        said = {"iat": now - 60, "exp": now + 540, "iss": str(self.sandbox.app_id)} | claims
        return jwt.encode(said, self.sandbox.private_key, algorithm="RS256")

    def as_app(self) -> httpx.Client:
        return self.client(self.assertion())

    def token(self, installation: Installation | None = None, **wanted: Any) -> str:
        number = (installation or self.garden.installation).id
        path = f"/app/installations/{number}/access_tokens"
        answer = self.as_app().post(path, json=wanted)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["token"])

    def as_installation(self, installation: Installation | None = None) -> httpx.Client:
        return self.client(self.token(installation))

    def close(self) -> None:
        for client in self._clients:
            client.close()


@contextmanager
def visit() -> Iterator[Visit]:
    """Start a sandbox with the garden in it."""
    clock = Clock()
    with Sandbox.start(clock=clock, base_id=70_000_000_000) as sandbox:
        guest = Visit(sandbox, seed(sandbox), clock)
        try:
            yield guest
        finally:
            guest.close()
