"""What the page showed, to whom and when: a token of ours in the form, so that nobody else says so.

It is signed with the secret key and good for some hours. What comes back with the form is held
against what is in force then: a text that changed in between is shown anew.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from itsdangerous import BadData, URLSafeSerializer

from core.github import Account
from licensing.versions import AgreementVersion

LIFE = timedelta(hours=12)
"""As long as somebody stays signed in."""

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


def write(secret_key: str, shown: Shown) -> str:
    """Put into a hidden field what was shown."""
    return _serializer(secret_key).dumps(
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
        said = _serializer(secret_key).loads(token)
    except BadData:
        return None
    shown = Shown(said[0], said[1], said[2], said[3], datetime.fromisoformat(said[4]))
    minor = Account(said[5][0], said[5][1]) if said[5] else None
    return replace(shown, minor=minor, number=said[6])


def _serializer(secret_key: str) -> URLSafeSerializer:
    digest = {"digest_method": hashlib.sha256, "key_derivation": "hmac"}
    return URLSafeSerializer(secret_key, salt="potluck.shown", signer_kwargs=digest)
