"""How many credits of each kind stand for whom, counted as they change.

A list of people would else have to look at every credit of a project each time it is shown.
"""

from sqlalchemy import ColumnElement, Connection, case, delete, exists, func, select, tuple_

from bot.credits.tables import credit, credit_act, credit_tally
from core.db import upsert

UNDONE_BY = {"taken_back": "given_again", "declined": "accepted"}


def settle(connection: Connection, repo_id: int, github_id: int, kind: str) -> None:
    """Count the credits of a kind that stand for somebody anew, after one came or changed."""
    theirs = (credit.c.repo_id == repo_id, credit.c.github_id == github_id, credit.c.kind == kind)
    number = connection.scalar(select(func.count()).where(*theirs, ~_is_gone()))
    key = {"repo_id": repo_id, "github_id": github_id, "kind": kind}
    if number:
        upsert(connection, credit_tally, key, {"number": number})
    else:
        here = [getattr(credit_tally.c, name) == value for name, value in key.items()]
        connection.execute(delete(credit_tally).where(*here))


def _is_gone() -> ColumnElement[bool]:
    """Say of a credit that somebody took it away last: whoever gave it, or whoever bears it."""
    own, later = credit_act.alias("own"), credit_act.alias("later")
    undone = exists().where(
        later.c.credit_id == own.c.credit_id,
        later.c.deed == case(UNDONE_BY, value=own.c.deed),
        tuple_(later.c.acted_at, later.c.id) > tuple_(own.c.acted_at, own.c.id),
    )
    return exists().where(
        own.c.credit_id == credit.c.id, own.c.deed.in_(tuple(UNDONE_BY)), ~undone
    )
