"""Files of all-contributors taken in and given back: kept whole, and credited where GitHub says who it is."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, or_, select, update

from bot import people
from bot.credits import format as rc
from bot.credits import store
from bot.credits.format import Parsed
from bot.credits.store import Given
from bot.credits.tables import credit_entry, credit_file
from core.db import upsert
from core.github import Account, GitHub, Repo

AT_ONCE = 25
WAITS = "waiting"
"""The other states: found; unnamed, missing, other (the picture is another account's), bot, twice."""


@dataclass(frozen=True)
class Waiting:
    """An entry whose login GitHub was not asked for yet."""

    id: int
    login: str
    whole: str


@dataclass(frozen=True)
class Report:
    """What became of a file: how many entries by state, and those that nobody is credited for."""

    imported_at: datetime
    states: dict[str, int]
    unknown: tuple[tuple[str, str], ...]

    @property
    def is_done(self) -> bool:
        """GitHub was asked for every login."""
        return not self.states.get(WAITS)


def begin(connection: Connection, repo_id: int, parsed: Parsed, by: int, now: datetime) -> None:
    """Keep a file in place of the one before; nobody is credited yet."""
    values = {"head": parsed.head, "by_id": by, "imported_at": now}
    upsert(connection, credit_file, {"repo_id": repo_id}, values)
    connection.execute(delete(credit_entry).where(credit_entry.c.repo_id == repo_id))
    rows = [
        {
            "repo_id": repo_id,
            "place": place,
            "login": one.login,
            "state": WAITS if one.login else "unnamed",
            "entry": one.whole,
        }
        for place, one in enumerate(parsed.entries)
    ]
    if rows:
        connection.execute(credit_entry.insert(), rows)


def waiting(connection: Connection, repo_id: int, most: int = AT_ONCE) -> tuple[Waiting, ...]:
    """Give the next entries that wait to be looked up, in the order of the file."""
    rows = connection.execute(
        select(credit_entry.c.id, credit_entry.c.login, credit_entry.c.entry)
        .where(credit_entry.c.repo_id == repo_id, credit_entry.c.state == WAITS)
        .order_by(credit_entry.c.place)
        .limit(most)
    )
    return tuple(Waiting(*row) for row in rows)


def ask(github: GitHub, entries: Collection[Waiting]) -> dict[str, Account | None]:
    """Ask GitHub whose logins these are. Raises `GitHubError`."""
    return {
        one.login: None if "[bot]" in one.login else github.account_named(one.login)
        for one in entries
    }


def settle(
    connection: Connection,
    repo: Repo,
    entries: Collection[Waiting],
    known: dict[str, Account | None],
    now: datetime,
) -> None:
    """Credit whom GitHub named; whoever it did not is kept as they came, and nobody is guessed."""
    by = connection.scalar(select(credit_file.c.by_id).where(credit_file.c.repo_id == repo.id))
    for one in entries:
        who = known[one.login]
        state = _state(connection, repo.id, one, who)
        mine = who.id if who is not None and state in ("found", "twice") else None
        here = update(credit_entry).where(
            credit_entry.c.id == one.id, credit_entry.c.state == WAITS
        )
        done = connection.execute(here.values(state=state, github_id=mine)).rowcount
        if done and who is not None and mine is not None:
            _credit(connection, repo.id, one, who, by, now)


def _state(connection: Connection, repo_id: int, one: Waiting, who: Account | None) -> str:
    if "[bot]" in one.login:
        return "bot"
    if who is None:
        return "missing"
    if not people.is_person(who):
        return "bot"
    number = rc.read(f'{{"contributors":[{one.whole}]}}'.encode()).entries[0].number
    if number is not None and number != who.id:
        # A login changes hands: the picture tells whom the file was written for.
        return "other"
    before = select(credit_entry.c.id).where(
        credit_entry.c.repo_id == repo_id, credit_entry.c.github_id == who.id
    )
    return "twice" if connection.scalar(before.limit(1)) is not None else "found"


def _credit(
    connection: Connection, repo_id: int, one: Waiting, who: Account, by: int | None, now: datetime
) -> None:
    for key in rc.kinds_in(one.whole):
        given = Given(repo_id, who.id, key, "imported", "", "import", now, by)
        store.give(connection, given, who, now)


def report(connection: Connection, repo_id: int) -> Report | None:
    """Say what became of the file that was imported last; None where there is none."""
    row = connection.execute(
        select(credit_file.c.imported_at).where(credit_file.c.repo_id == repo_id)
    ).one_or_none()
    if row is None:
        return None
    here = credit_entry.c.repo_id == repo_id
    number = func.count().label("number")
    counts = connection.execute(
        select(credit_entry.c.state, number).where(here).group_by(credit_entry.c.state)
    )
    unknown = connection.execute(
        select(credit_entry.c.login, credit_entry.c.state)
        .where(here, credit_entry.c.state.not_in((WAITS, "found", "twice")))
        .order_by(credit_entry.c.place)
    )
    states = {one.state: one.number for one in counts}
    return Report(row.imported_at, states, tuple((one.login, one.state) for one in unknown))


def written(connection: Connection, repo: Repo) -> tuple[str, int]:
    """Write the register of a project as a file; gives how many people it lacks a login for."""
    head = connection.scalar(select(credit_file.c.head).where(credit_file.c.repo_id == repo.id))
    rows = connection.execute(
        select(credit_entry.c.entry, credit_entry.c.github_id)
        .where(credit_entry.c.repo_id == repo.id)
        .order_by(credit_entry.c.place)
    )
    kept = [rc.Kept(*row) for row in rows]
    people = _people(connection, repo.id)
    listed = {one.github_id for one in kept}
    lacking = sum(not one.login and one.github_id not in listed for one in people)
    return rc.write(head or rc.head_of(repo.name), kept, people), lacking


def _people(connection: Connection, repo_id: int) -> list[rc.Person]:
    found: dict[int, dict[str, None]] = {}
    logins: dict[int, str] = {}
    for one in store.standing(store.of_repo(connection, repo_id)):
        found.setdefault(one.github_id, {})[one.kind] = None
        logins[one.github_id] = one.login
    return [rc.Person(number, logins[number], tuple(kinds)) for number, kinds in found.items()]


def forget(connection: Connection, github_id: int, logins: Collection[str]) -> int:
    """Erase somebody from the files that were kept; gives how many rows."""
    plain = [login.lower() for login in logins]
    theirs = or_(
        credit_entry.c.github_id == github_id,
        credit_entry.c.github_id.is_(None) & func.lower(credit_entry.c.login).in_(plain),
    )
    return connection.execute(delete(credit_entry).where(theirs)).rowcount
