"""What may be taken over of a file: each row judged from what the file, GitHub and the register say."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from licensing.imports.values import Entry

State = Literal["good", "doubtful", "duplicate", "known", "ended", "refused"]
"""What a row comes to; only the first two can be taken over, the second by choice.

duplicate  another row of the file says the same of the same person, and is older
known      they have signed this version here
ended      it was revoked, or not approved, where it comes from
"""

Doubt = Literal["login", "renamed", "gone", "elsewhere", "company"]
"""Why a row is doubtful.

login      the file has a login alone; who bears it now may not be who signed
renamed    the account with this number bears another login now, or the file has a wrong number
gone       there is no account with this number any more
elsewhere  it was signed for another repository
company    they acknowledged a company's signature, which is not in the file
"""
DOUBTS: tuple[Doubt, ...] = ("login", "renamed", "gone", "elsewhere", "company")
BY_DEFAULT: frozenset[Doubt] = frozenset({"login"})
"""The doubts in spite of which a row is taken over unless a maintainer leaves it out."""

Reason = Literal[
    "unknown", "organisation", "bot", "newer", "earlier", "future", "version", "withdrew"
]
"""Why a row is refused.

unknown       nobody bears that login
organisation  an organisation has no hands
bot           a bot cannot sign
newer         the account was made after the signature: the login has changed hands
earlier       the same of a row with a number, which changes no hands: date or number is wrong
future        it is dated later than now
version       it names a version that was never published here
withdrew      they have withdrawn here, and an older signature must not undo that
"""

SLACK = timedelta(days=1)
"""Some tools keep the day alone, in a zone that they do not tell."""


@dataclass(frozen=True)
class Bearer:
    """An account as GitHub showed it; `born_at` is None where it was not told."""

    id: int
    login: str
    type: str
    born_at: datetime | None = None


@dataclass(frozen=True)
class Place:
    """For which repository a file is read: its number, "owner/name", and whether all of the owner's count."""

    repo_id: int
    name: str
    shared: bool = False


@dataclass(frozen=True)
class Standing:
    """What the register says: who signed which version here (number, version), and who withdrew."""

    signed: Collection[tuple[int, str]] = field(default_factory=frozenset)
    withdrew: Collection[int] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Judged:
    """A row with its judgement. `version` is the one for which it would count, empty for none."""

    entry: Entry
    state: State
    github_id: int | None = None
    version: str = ""
    reason: Reason | None = None
    doubts: tuple[Doubt, ...] = ()

    @property
    def is_left_to_choice(self) -> bool:
        """A maintainer has to want it, or it is left out."""
        return bool(set(self.doubts) - BY_DEFAULT)


def assess(
    rows: Iterable[tuple[Entry, Bearer | None]],
    place: Place,
    version: str,
    published: Collection[str],
    standing: Standing,
    now: datetime,
) -> tuple[Judged, ...]:
    """Judge all rows of a file. `version` is the one that was chosen, empty for what each row names."""
    judged = [
        _judge(entry, bearer, place, version or entry.version, published, now)
        for entry, bearer in rows
    ]
    judged = [held_against(one, standing) for one in judged]
    first: dict[tuple[int, str], Judged] = {}
    for one in judged:
        key = (one.github_id or 0, one.version)
        if one.state in {"good", "doubtful"} and _order(one) < _order(first.get(key, one), last=1):
            first[key] = one
    return tuple(
        replace(one, state="duplicate", doubts=())
        if one.state in {"good", "doubtful"} and first[one.github_id or 0, one.version] is not one
        else one
        for one in judged
    )


def _order(one: Judged, last: int = 0) -> tuple[bool, datetime, int, int]:
    """The oldest wins, but a row that is left to choice only where there is no other."""
    return one.is_left_to_choice, one.entry.signed_at, one.entry.line, last


def _judge(
    entry: Entry,
    bearer: Bearer | None,
    place: Place,
    version: str,
    published: Collection[str],
    now: datetime,
) -> Judged:
    number = entry.github_id or (bearer.id if bearer else None)
    if entry.ended:
        return Judged(entry, "ended", number, version)
    reason = _reason(entry, bearer, version, published, now)
    if reason:
        return Judged(entry, "refused", number, version, reason)
    found: list[Doubt] = []
    if entry.github_id is None:
        found.append("login")
    elif bearer is None:
        found.append("gone")
    elif entry.login and entry.login.lower() != bearer.login.lower():
        found.append("renamed")
    if not _is_here(entry, place):
        found.append("elsewhere")
    if entry.for_company:
        found.append("company")
    return Judged(entry, "doubtful" if found else "good", number, version, doubts=tuple(found))


def _reason(
    entry: Entry, bearer: Bearer | None, version: str, published: Collection[str], now: datetime
) -> Reason | None:
    if bearer is None and entry.github_id is None:
        return "unknown"
    if bearer is not None:
        if bearer.type == "Organization":
            return "organisation"
        if bearer.type == "Bot" or bearer.login.endswith("[bot]"):
            return "bot"
        if bearer.born_at is not None and bearer.born_at >= entry.signed_at + SLACK:
            return "newer" if entry.github_id is None else "earlier"
    if entry.signed_at > now:
        return "future"
    return None if version in published else "version"


def _is_here(entry: Entry, place: Place) -> bool:
    """Say whether a row is about this repository, by number where there is one."""
    owner = place.name.partition("/")[0].lower()
    said, _, name = entry.repo.lower().partition("/")
    if entry.repo_id is not None and entry.repo_id == place.repo_id:
        return True
    if said and said == owner and (place.shared or not name):
        return True
    if entry.repo_id is not None:
        return False
    return not said or entry.repo.lower() == place.name.lower()


def held_against(one: Judged, standing: Standing) -> Judged:
    """Judge a row that could be taken over by what the register says of the person."""
    if one.state not in {"good", "doubtful"} or one.github_id is None:
        return one
    if one.github_id in standing.withdrew:
        return replace(one, state="refused", reason="withdrew", doubts=())
    if (one.github_id, one.version) in standing.signed:
        return replace(one, state="known", doubts=())
    return one
