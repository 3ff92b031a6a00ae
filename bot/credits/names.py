"""The logins beside credits, which can be erased, and who wants to be shown nowhere."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import Connection, select, update

from bot.credits.tables import credited
from core.db import insert_once, upsert
from core.github import Account


def note(connection: Connection, who: Account, now: datetime) -> None:
    """Keep the login of somebody who is credited; whether they hide stays as it is."""
    fresh = {"github_id": who.id, "login": who.login, "noted_at": now, "hides": False}
    if not insert_once(connection, credited, fresh):
        own = update(credited).where(credited.c.github_id == who.id, credited.c.login != who.login)
        connection.execute(own.values(login=who.login, noted_at=now))


def hide(connection: Connection, who: Account, now: datetime, *, hides: bool) -> None:
    """Show none of somebody's credits, in no project, or all that stand."""
    key = {"github_id": who.id}
    upsert(connection, credited, key, {"login": who.login, "noted_at": now, "hides": hides})


def hidden(connection: Connection, numbers: Iterable[int]) -> frozenset[int]:
    """Give those of these people who want not to be named."""
    wanted = credited.c.github_id.in_(sorted(set(numbers))) & credited.c.hides
    return frozenset(connection.scalars(select(credited.c.github_id).where(wanted)))


def hides(connection: Connection, github_id: int) -> bool:
    """Say whether somebody wants none of theirs to be shown."""
    found = select(credited.c.hides).where(credited.c.github_id == github_id)
    return bool(connection.scalar(found))


def forget(connection: Connection, github_id: int) -> int:
    """Erase the login beside somebody's credits, and show none of them; gives how many rows.

    The credits stay by number: nothing may change them.
    """
    own = update(credited).where(credited.c.github_id == github_id)
    return connection.execute(own.values(login="", hides=True)).rowcount


def logins(connection: Connection, github_id: int) -> list[str]:
    """Give the login that is kept beside somebody's credits."""
    found = select(credited.c.login).where(credited.c.github_id == github_id)
    return [login for login in connection.scalars(found) if login]


def logins_of(connection: Connection, numbers: Collection[int]) -> dict[int, str]:
    """Give the logins that are kept beside the credits of some people."""
    found = select(credited.c.github_id, credited.c.login).where(
        credited.c.github_id.in_(numbers), credited.c.login != ""
    )
    return {row.github_id: row.login for row in connection.execute(found)}
