"""What was said of how work goes: kept by comment or form, the latest act on it stands."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Row, func, select, tuple_, update

from bot.roadmap.updates.rules import GONE, MOST, MOST_A_DAY, Heard, takes
from bot.roadmap.updates.tables import outcome_update
from core.db import insert_once
from core.github import Account

FORM = "form:"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Outcome = Literal["new", "changed", "known"]

_own = outcome_update.c


@dataclass(frozen=True)
class Update:
    """An update as it stands; without words it was taken back. `changed_at` is None where nobody did."""

    id: int
    about: str
    evidence: str
    github_id: int
    login: str
    words: str
    said_at: datetime
    changed_at: datetime | None

    @property
    def by_form(self) -> bool:
        """It was said on a page of ours, and can be taken back there."""
        return self.evidence.startswith(FORM)


@dataclass(frozen=True)
class Said:
    """Something that was done: `about` is the node id of the request or milestone."""

    about: str
    evidence: str
    who: Account
    heard: Heard


def by_comment(comment_id: int, *, discussion: bool) -> str:
    """Name the evidence of a comment: discussions number theirs apart from issues."""
    return f"{'discussion' if discussion else 'comment'}:{comment_id}"


def take(connection: Connection, said: Said, now: datetime) -> Outcome:
    """Take an act on an update; says whether it is a new one, or changed what stood.

    What says nothing and is not known is written down too: late news must not bring it back.
    """
    heard = said.heard
    if _is_copy(connection, said):
        return "known"
    values = {
        "about": said.about,
        "evidence": said.evidence,
        "github_id": said.who.id,
        "login": said.who.login if heard.words else "",
        "words": heard.words,
        "said_at": heard.at,
        "heard_at": heard.at,
        "rank": heard.rank,
        "recorded_at": now,
    }
    if insert_once(connection, outcome_update, values):
        return "new"
    here = _own.evidence == said.evidence
    row = connection.execute(select(outcome_update).where(here).with_for_update()).one()
    if heard.words and row.words and heard.at < row.said_at:
        connection.execute(update(outcome_update).where(here).values(said_at=heard.at))
    if not takes(Heard(row.words, row.heard_at, row.rank), heard):
        return "known"
    changed = {name: values[name] for name in ("words", "login", "heard_at", "rank")}
    connection.execute(update(outcome_update).where(here).values(**changed))
    return "changed" if heard.words != row.words else "known"


def find(connection: Connection, evidence: str) -> Update | None:
    """Give what a comment or form said, also where it was taken back."""
    row = connection.execute(select(outcome_update).where(_own.evidence == evidence)).one_or_none()
    return _update(row) if row else None


def by_ids(connection: Connection, numbers: Collection[int]) -> tuple[Update, ...]:
    """Give those of some updates that stand, the oldest first."""
    here = select(outcome_update).where(_own.id.in_(numbers), _own.words != "")
    return tuple(map(_update, connection.execute(here.order_by(_own.said_at, _own.id))))


def standing(
    connection: Connection,
    abouts: Collection[str],
    most: int = MOST,
    after: tuple[int, int] | None = None,
) -> tuple[Update, ...]:
    """Give the updates on some requests or milestones, newest first; those behind `after`, a `place_of`."""
    here = select(outcome_update).where(_own.about.in_(abouts), _own.words != "")
    if after is not None:
        at = _EPOCH + timedelta(microseconds=after[0])
        here = here.where(tuple_(_own.said_at, _own.id) < tuple_(at, after[1]))
    rows = connection.execute(here.order_by(_own.said_at.desc(), _own.id.desc()).limit(most))
    return tuple(map(_update, rows))


def place_of(one: Update) -> tuple[int, int]:
    """Say where an update stands among others: microseconds since 1970, and its number."""
    return (one.said_at - _EPOCH) // timedelta(microseconds=1), one.id


def is_full(connection: Connection, about: str, github_id: int, at: datetime) -> bool:
    """Say whether somebody, or all together, said as much about something as can be taken."""
    here = select(func.count()).select_from(outcome_update).where(_own.about == about)
    day = here.where(_own.github_id == github_id, _own.said_at > at - timedelta(days=1))
    return (connection.scalar(day) or 0) >= MOST_A_DAY or (connection.scalar(here) or 0) >= MOST


def forget(connection: Connection, github_id: int) -> int:
    """Take somebody's login and words away, for good; gives in how many updates."""
    mine = update(outcome_update).where(_own.github_id == github_id, _own.words != "")
    return connection.execute(mine.values(login="", words="", rank=GONE)).rowcount


def logins_of(connection: Connection, github_id: int) -> list[str]:
    """Give the logins under which somebody wrote."""
    named = select(_own.login).where(_own.github_id == github_id, _own.login != "")
    return list(connection.scalars(named.distinct()))


def _is_copy(connection: Connection, said: Said) -> bool:
    """Say whether GitHub took it along when an issue became a discussion: its comment has a new number."""
    same = (_own.about == said.about) & (_own.github_id == said.who.id)
    same &= (_own.said_at == said.heard.at) & (_own.words == said.heard.words)
    if not said.heard.words or said.evidence.startswith(FORM):
        return False
    other = select(_own.id).where(same, _own.evidence != said.evidence)
    return connection.scalar(other.limit(1)) is not None


def _update(row: Row[Any]) -> Update:
    changed_at = row.heard_at if row.heard_at > row.said_at else None
    return Update(
        row.id,
        row.about,
        row.evidence,
        row.github_id,
        row.login,
        row.words,
        row.said_at,
        changed_at,
    )
