"""Who asks: App tokens (JWT) and installation tokens, checked as GitHub checks them."""

import base64
import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from bot.sandbox.records import Account, App, Installation
from bot.sandbox.serving import Request
from bot.sandbox.state import State

LONGEST_JWT = timedelta(minutes=10)
TOKEN_LIFE = timedelta(hours=1)
USER_TOKEN_LIFE = timedelta(hours=8)
CLOCK_SKEW = timedelta(seconds=5)


class ApiError(Exception):
    """An answer that is a refusal: `status`, GitHub's `message`, and its `errors` if any."""

    def __init__(self, status: int, message: str, errors: list[dict[str, Any]] | None = None):
        """Keep what to answer."""
        super().__init__(message)
        self.status = status
        self.message = message
        self.errors = errors


@dataclass(frozen=True)
class Token:
    """An installation token, or a user's (then `user` is set)."""

    text: str
    expires_at: datetime
    installation: Installation | None = None
    user: Account | None = None
    repositories: frozenset[int] | None = None
    permissions: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Caller:
    """Who makes a request: at most one of the three."""

    app: App | None = None
    token: Token | None = None

    @property
    def installation(self) -> Installation | None:
        """The installation that asks, if one does."""
        return self.token.installation if self.token else None

    @property
    def name(self) -> str:
        """The name under which the referee keeps books: an installation's is its number."""
        if self.installation:
            return str(self.installation.id)
        if self.token and self.token.user:
            return f"user {self.token.user.id}"
        return f"app {self.app.id}" if self.app else "nobody"


class Tokens:
    """The tokens in use."""

    def __init__(self, state: State) -> None:
        """Start without any."""
        self.state = state
        self._tokens: dict[str, Token] = {}

    def mint(self, installation: Installation, wanted: dict[str, Any]) -> Token:
        """Make a token for an installation; `wanted` may narrow repositories and permissions."""
        ids = set(wanted.get("repository_ids", ()))
        for name in wanted.get("repositories", ()):
            found = self.state.find_repository(f"{installation.account.login}/{name}")
            if found is None or not installation.covers(found):
                raise ApiError(422, "There is at least one repository that does not exist.")
            ids.add(found.id)
        permissions = wanted.get("permissions") or installation.permissions
        if not all(_granted(installation, name, permissions[name]) for name in permissions):
            raise ApiError(422, "The permissions requested are not granted to this installation.")
        token = Token(
            text=f"ghs_{secrets.token_urlsafe(27)}",
            expires_at=self.state.now() + TOKEN_LIFE,
            installation=installation,
            repositories=frozenset(ids) or None,
            permissions=tuple(permissions.items()),
        )
        self._tokens[token.text] = token
        return token

    def for_user(self, user: Account, app: App | None = None) -> Token:
        """Make a token with which an App (the first, if none is named) acts for a user."""
        app = app or next(iter(self.state.apps.values()))
        token = Token(
            text=f"ghu_{secrets.token_urlsafe(27)}",
            expires_at=self.state.now() + USER_TOKEN_LIFE,
            user=user,
            permissions=tuple(app.permissions.items()),
        )
        self._tokens[token.text] = token
        return token

    def caller(self, request: Request) -> Caller:
        """Find out who asks, or refuse with 401."""
        scheme, _, text = request.headers.get("authorization", "").partition(" ")
        if not text:
            return Caller()
        if scheme.lower() not in {"bearer", "token"}:
            raise ApiError(401, "Bad credentials")
        if text.count(".") == 2:
            return Caller(app=self._app(text))
        token = self._tokens.get(text)
        if token is None or token.expires_at <= self.state.clock():
            raise ApiError(401, "Bad credentials")
        installation = token.installation
        if installation and installation.deleted:
            raise ApiError(401, "Bad credentials")
        if installation and installation.suspended_at:
            raise ApiError(403, "This installation has been suspended")
        return Caller(token=token)

    def _app(self, text: str) -> App:
        try:
            head, claims, signature = (_decoded(part) for part in text.split("."))
            kind, said = json.loads(head), json.loads(claims)
            issuer = str(said["iss"])
            issued, expires = (_instant(said[name]) for name in ("iat", "exp"))
        except (ValueError, KeyError, TypeError, OverflowError, OSError) as error:
            raise ApiError(401, "A JSON web token could not be decoded") from error
        app = next(
            (it for it in self.state.apps.values() if issuer in {str(it.id), it.client_id}), None
        )
        if app is None:
            raise ApiError(401, "Integration not found")
        signed = text.rpartition(".")[0].encode()
        try:
            app.public_key.verify(signature, signed, PKCS1v15(), SHA256())
        except InvalidSignature as error:
            raise ApiError(401, "A JSON web token could not be decoded") from error
        if kind.get("alg") != "RS256":
            raise ApiError(401, "A JSON web token could not be decoded")
        self._check_times(issued, expires)
        return app

    def _check_times(self, issued: datetime, expires: datetime) -> None:
        now = self.state.clock()
        if issued > now + CLOCK_SKEW:
            raise ApiError(
                401,
                "'Issued at' claim ('iat') must be an Integer representing the time that the"
                " assertion was issued",
            )
        if expires <= now - CLOCK_SKEW:
            raise ApiError(
                401,
                "'Expiration time' claim ('exp') must be a numeric value representing the future"
                " time at which the assertion expires",
            )
        if expires > now + LONGEST_JWT + CLOCK_SKEW:
            raise ApiError(401, "'Expiration time' claim ('exp') is too far in the future")


def _granted(installation: Installation, name: str, level: str) -> bool:
    return installation.permissions.get(name) in {"read": {"read", "write"}}.get(level, {level})


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _instant(value: object) -> datetime:
    if not isinstance(value, int):
        raise TypeError("not an integer")
    return datetime.fromtimestamp(value, UTC)
