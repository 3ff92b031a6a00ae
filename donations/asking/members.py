"""Members: gifts that come again and again under a name, for as long as they go on."""

from dataclasses import dataclass

from sqlalchemy import Connection, exists, select

from core.db import insert_once
from donations.asking.tables import membership
from donations.giving.store import Gift
from donations.giving.tables import act, giver

MOST = 1_000


@dataclass(frozen=True)
class Joined:
    """A membership as it was when somebody joined."""

    slug: str
    name: str
    thanks: str
    counterpart: bool


def join(connection: Connection, gift: Gift, as_: Joined) -> None:
    """Write down, once, that a gift makes its giver a member."""
    keys = {"gift_id": gift.id, "repo_id": gift.repo_id}
    insert_once(connection, membership, keys | vars(as_))


def joined(connection: Connection, gift_id: int) -> Joined | None:
    """Give the membership that a gift is; None where it is none."""
    row = connection.execute(
        select(membership).where(membership.c.gift_id == gift_id)
    ).one_or_none()
    return Joined(row.slug, row.name, row.thanks, row.counterpart) if row else None


def members(connection: Connection, repo_id: int) -> dict[str, tuple[tuple[str, ...], int]]:
    """Give the members of a project by membership: names that want to be seen, and how many in all.

    A member is whose gift began, was paid once at least, and has not ended.
    """

    def has(deed: str) -> object:
        return exists(
            select(act.c.id).where(act.c.gift_id == membership.c.gift_id, act.c.deed == deed)
        )

    rows = connection.execute(
        select(membership.c.slug, giver.c.name, giver.c.public)
        .join(giver, giver.c.gift_id == membership.c.gift_id)
        .where(membership.c.repo_id == repo_id)
        .where(has("began"), has("paid"), ~has("ended"))  # type: ignore[operator, arg-type]  # conditions
        .order_by(membership.c.gift_id)
        .limit(MOST)
    )
    found: dict[str, tuple[tuple[str, ...], int]] = {}
    for slug, name, public in rows:
        names, count = found.get(slug, ((), 0))
        found[slug] = ((*names, name) if public and name else names, count + 1)
    return found
