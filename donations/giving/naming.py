"""Who stands beside a gift, changed afterwards: named, unnamed, or nobody at all; the books stay.

A payment in the books does not say of which gift it is, so that it is noted here: what stands
beside a payment can then follow what its giver wants.
"""

from typing import cast

from sqlalchemy import Column, Connection, ForeignKey, Index, String, Table, select, update

from core.db import insert_once, metadata
from donations import store as books
from donations.giving import store
from donations.giving.booking import SOURCE
from donations.giving.store import Gift
from donations.giving.tables import giver
from donations.ledger import Cause, Kind

gift_posted = Table(
    "gift_posted",
    metadata,
    Column("external_id", String(120), primary_key=True),
    Column("kind", String(24), primary_key=True),
    Column("gift_id", ForeignKey("gift.id"), nullable=False),
    Index("ix_gift_posted_gift", "gift_id"),
)
"""Under which causes the payments of a gift stand in the books."""


def posted(connection: Connection, gift: Gift, cause: Cause) -> None:
    """Note that a payment is of this gift, and show its giver beside it if they want that."""
    values = {"external_id": cause.external_id, "kind": cause.kind, "gift_id": gift.id}
    insert_once(connection, gift_posted, values)
    who = store.giver_of(connection, gift.id)
    if who.public:
        books.name_giver(connection, cause, who.github_id, who.name, public=True)


def rename(connection: Connection, gift: Gift, name: str, *, public: bool) -> None:
    """Show a giver under this name everywhere from now on, or nowhere."""
    mine = update(giver).where(giver.c.gift_id == gift.id)
    connection.execute(mine.values(name=name, public=public))
    who = store.giver_of(connection, gift.id)
    for cause in _causes(connection, gift):
        shown = (who.github_id, name) if public else (None, "")
        books.name_giver(connection, cause, *shown, public=public)


def forget(connection: Connection, gift: Gift) -> None:
    """Erase who gave this gift; it stands in the books as before, as nobody's.

    What the processor calls their giving stays as long as something may be taken, so that the
    address of the gift still ends it.
    """
    nobody = {"github_id": None, "name": "", "email": "", "message": "", "public": False}
    connection.execute(update(giver).where(giver.c.gift_id == gift.id).values(**nobody))
    for cause in _causes(connection, gift):
        books.name_giver(connection, cause, None, "", public=False)


def _causes(connection: Connection, gift: Gift) -> list[Cause]:
    rows = connection.execute(select(gift_posted).where(gift_posted.c.gift_id == gift.id))
    return [Cause(SOURCE, row.external_id, cast("Kind", row.kind)) for row in rows]
