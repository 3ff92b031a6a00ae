"""Appeals in the database: which gifts answer one, what came of it, and who is not to be asked."""

from datetime import datetime

from sqlalchemy import Connection, delete, exists, func, select, update

from core.db import insert_once, upsert
from core.money import Money
from donations.asking.tables import appeal_gift, appeal_later
from donations.giving import store
from donations.giving.heard import hears
from donations.giving.rules import Act
from donations.giving.store import Gift
from donations.giving.tables import giver


def answer(connection: Connection, gift: Gift, slug: str) -> None:
    """Write down, once, which appeal a gift answers."""
    values = {
        "gift_id": gift.id,
        "repo_id": gift.repo_id,
        "slug": slug,
        "currency": gift.money.currency,
        "kept": 0,
    }
    insert_once(connection, appeal_gift, values)


def answered_by(connection: Connection, gift_id: int) -> str:
    """Give the appeal that a gift answers; empty where it answers none."""
    here = select(appeal_gift.c.slug).where(appeal_gift.c.gift_id == gift_id)
    return connection.scalar(here) or ""


@hears
def follow(connection: Connection, gift_id: int, done: Act, now: datetime) -> None:
    """Keep the sum of an appeal what is there of its gifts."""
    del done, now
    if not answered_by(connection, gift_id):
        return
    gift = store.by_name(connection, f"gift:{gift_id}")
    if gift is not None:
        kept = store.standing(connection, gift).kept
        own = appeal_gift.c.gift_id == gift_id
        connection.execute(update(appeal_gift).where(own).values(kept=kept))


def raised(connection: Connection, repo_id: int, slug: str, currency: str) -> tuple[Money, int]:
    """Give what is there for an appeal in its currency, and of how many gifts."""
    own = appeal_gift.c
    row = connection.execute(
        select(func.coalesce(func.sum(own.kept), 0), func.count())
        .where(own.repo_id == repo_id, own.slug == slug)
        .where(own.currency == currency, own.kept > 0)
    ).one()
    return Money(int(row[0]), currency), int(row[1])


def gave(connection: Connection, repo_id: int, slug: str, github_id: int) -> bool:
    """Say whether an account ever gave for an appeal: it is never asked again."""
    own = appeal_gift.c
    found = (
        select(own.gift_id)
        .join(giver, giver.c.gift_id == own.gift_id)
        .where(own.repo_id == repo_id, own.slug == slug, own.kept > 0)
        .where(giver.c.github_id == github_id)
    )
    return bool(connection.scalar(select(exists(found))))


def later(
    connection: Connection, repo_id: int, slug: str, github_id: int, until: datetime
) -> None:
    """Ask an account no more until then."""
    keys = {"repo_id": repo_id, "slug": slug, "github_id": github_id}
    upsert(connection, appeal_later, keys, {"until": until})


def said_later(
    connection: Connection, repo_id: int, slug: str, github_id: int, now: datetime
) -> bool:
    """Say whether an account said “not now”, and that still holds."""
    own = appeal_later.c
    here = select(own.until).where(own.repo_id == repo_id, own.slug == slug)
    until = connection.scalar(here.where(own.github_id == github_id))
    return until is not None and now < until


def forget(connection: Connection, github_id: int) -> int:
    """Forget what somebody said; gives in how many rows."""
    own = delete(appeal_later).where(appeal_later.c.github_id == github_id)
    return connection.execute(own).rowcount
