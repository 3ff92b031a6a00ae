"""Credentials: the App's signed assertion, and one cached token for each installation."""

import threading
from datetime import datetime, timedelta
from typing import Any

import jwt

from core.github import Inaccessible, NotFound, Refused, Suspended
from core.keys import private_key
from core.pygithub.client import Client

SKEW = timedelta(seconds=60)
ASSERTION_LIFE = timedelta(minutes=9)
REFRESH_EARLY = timedelta(minutes=5)


class Tokens:
    """Mints tokens, one at a time for each installation, however many threads ask."""

    def __init__(self, client: Client, app_id: int, private_key: str) -> None:
        """Sign as the App `app_id` with its PEM key."""
        self._client = client
        self._app_id = app_id
        self._private_key = private_key
        self._lock = threading.Lock()
        self._locks: dict[int, threading.Lock] = {}
        self._tokens: dict[int, tuple[str, datetime]] = {}

    def as_app(self) -> str:
        """Give the header value of the App itself.

        `iat` lies a minute back, since GitHub refuses assertions from the future; at most ten
        minutes of life are allowed.
        https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app
        """
        now = self._client.clock()
        claims = {
            "iat": int((now - SKEW).timestamp()),
            "exp": int((now + ASSERTION_LIFE).timestamp()),
            "iss": str(self._app_id),
        }
        key: Any = private_key(self._private_key)
        return f"Bearer {jwt.encode(claims, key, algorithm='RS256')}"

    def as_installation(self, installation_id: int) -> str:
        """Give the header value of an installation, minted or still good for five minutes."""
        with self._lock_of(installation_id):
            held = self._tokens.get(installation_id)
            if held is None or held[1] - REFRESH_EARLY <= self._client.clock():
                held = self._mint(installation_id)
                self._tokens[installation_id] = held
            return held[0]

    def forget(self, installation_id: int, header: str) -> None:
        """Drop a token that GitHub refused, unless another thread has replaced it already."""
        with self._lock_of(installation_id):
            held = self._tokens.get(installation_id)
            if held and held[0] == header:
                del self._tokens[installation_id]

    def _lock_of(self, installation_id: int) -> threading.Lock:
        with self._lock:
            return self._locks.setdefault(installation_id, threading.Lock())

    def _mint(self, installation_id: int) -> tuple[str, datetime]:
        path = f"/app/installations/{installation_id}/access_tokens"
        try:
            body = self._client.send("POST", path, self.as_app()).body
        except NotFound:
            raise Suspended("the installation is gone") from None
        except (Inaccessible, Refused) as refused:
            raise Suspended(f"the installation gets no token: {refused}") from None
        return f"Bearer {body['token']}", datetime.fromisoformat(body["expires_at"])
