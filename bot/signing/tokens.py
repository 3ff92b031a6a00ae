"""What only we can have said, signed with the secret key: what the page showed, and who asked for a guardian.

What was shown is good for some hours and comes back with the form, where it is held against what
is in force then. A minor asks with a link, which their guardian opens: nobody can sign for an
account whose holder did not ask for it.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from itsdangerous import BadData, URLSafeSerializer

from core.github import Account
from licensing.versions import AgreementVersion

LIFE = timedelta(hours=12)
"""As long as somebody stays signed in."""

ASKED_LIFE = timedelta(days=14)
"""As long as the link of a minor is good."""

LONGEST = 1_000


@dataclass(frozen=True)
class Shown:
    """Person `person_id` was shown these bytes of a version at `shown_at`.

    `minor` is for whom they sign as guardian; `number` the pull request that they came from.
    """

    person_id: int
    repo_id: int
    version_id: int
    sha256: str
    shown_at: datetime
    minor: Account | None = None
    number: int | None = None

    def is_of(self, version: AgreementVersion) -> bool:
        """Say whether this very version was shown."""
        return (self.version_id, self.sha256) == (version.id, version.sha256)


@dataclass(frozen=True)
class Asked:
    """The holder of the account `minor` asked for a guardian's signature at `asked_at`."""

    minor: Account
    asked_at: datetime


def write(secret_key: str, shown: Shown) -> str:
    """Put into a hidden field what was shown."""
    return _serializer(secret_key, "shown").dumps(
        [
            shown.person_id,
            shown.repo_id,
            shown.version_id,
            shown.sha256,
            shown.shown_at.isoformat(),
            [shown.minor.id, shown.minor.login] if shown.minor else None,
            shown.number,
        ]
    )


def read(secret_key: str, token: str) -> Shown | None:
    """Read what came back; None for anything that we did not write."""
    if len(token) > LONGEST:
        return None
    try:
        said = _serializer(secret_key, "shown").loads(token)
    except BadData:
        return None
    shown = Shown(said[0], said[1], said[2], said[3], datetime.fromisoformat(said[4]))
    minor = Account(said[5][0], said[5][1]) if said[5] else None
    return replace(shown, minor=minor, number=said[6])


def ask(secret_key: str, repo_id: int, minor: Account, now: datetime) -> str:
    """Write what a minor's link carries: they want somebody to sign for them in a repository."""
    said = [repo_id, minor.id, minor.login, int(now.timestamp())]
    return _serializer(secret_key, "minor").dumps(said)


def asked(secret_key: str, token: str, repo_id: int, now: datetime) -> Asked | None:
    """Read what a minor's link carries; None for what is not ours, too old, or of another place."""
    if len(token) > LONGEST:
        return None
    try:
        where, number, login, at = _serializer(secret_key, "minor").loads(token)
    except BadData:
        return None
    asked_at = datetime.fromtimestamp(at, UTC)
    if where != repo_id or now >= asked_at + ASKED_LIFE:
        return None
    return Asked(Account(number, login), asked_at)


def _serializer(secret_key: str, use: str) -> URLSafeSerializer:
    digest = {"digest_method": hashlib.sha256, "key_derivation": "hmac"}
    return URLSafeSerializer(secret_key, salt=f"potluck.{use}", signer_kwargs=digest)
