"""Letters to buyers: the licence is there, it ends soon, it was taken back, it holds again."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from bot.mail.facts import Facts
from bot.mail.outgoing import ToGift, send
from bot.places import repository
from bot.selling.store import Sale
from donations.giving import store as gifts
from licensing.sold.tables import licence as licence_table

SOON = timedelta(days=21)
"""So long before a licence ends its holder is told, once for each end."""


def bought(connection: Connection, sale: Sale, now: datetime) -> None:
    """Tell that the licence is there."""
    _tell(connection, sale, "licence_bought", {}, "", now)


def not_sold(connection: Connection, sale: Sale, now: datetime) -> None:
    """Tell that what was paid goes back, because it cannot be sold any more."""
    _tell(connection, sale, "licence_not_sold", {}, "", now)


def taken(connection: Connection, sale: Sale, why: str, evidence: str, now: datetime) -> None:
    """Tell that a licence was taken back; `why` is DISPUTED or REFUNDED."""
    _tell(connection, sale, "licence_taken", {"why": why}, evidence, now)


def again(connection: Connection, sale: Sale, evidence: str, now: datetime) -> None:
    """Tell that a licence holds again."""
    _tell(connection, sale, "licence_again", {}, evidence, now)


def ending(connection: Connection, now: datetime) -> tuple[str, ...]:
    """Give the orders of the licences that end soon and are in force."""
    columns = licence_table.c
    soon = columns.expires_at.between(now, now + SOON)
    sold = columns.order.startswith("gift:") & columns.revoked_at.is_(None)
    found = select(columns.order).where(soon, sold, columns.edition != "trial")
    return tuple(connection.scalars(found.order_by(columns.id)))


def ends_soon(connection: Connection, sale: Sale, now: datetime) -> None:
    """Tell when the licence of a sale ends, if that is soon and it is in force."""
    columns = licence_table.c
    mine = (columns.repo_id == sale.gift.repo_id) & (columns.order == sale.name)
    found = select(columns.expires_at).where(mine, columns.revoked_at.is_(None))
    until = connection.scalar(found.where(columns.edition != "trial"))
    if until is not None and now <= until <= now + SOON:
        _tell(connection, sale, "licence_ends", {"until": until}, until.date().isoformat(), now)


def _tell(
    connection: Connection, sale: Sale, letter: str, facts: Facts, evidence: str, now: datetime
) -> None:
    row = connection.execute(
        select(repository.c.name, repository.c.private).where(repository.c.id == sale.gift.repo_id)
    ).one_or_none()
    name = row.name if row and not row.private else ""
    common = {
        "product": sale.offer.name,
        "project": name or sale.offer.seller,
        "page": f"/{name}/bought/{sale.gift.key}" if name else "/you/licences",
    }
    send(
        connection,
        ToGift(sale.gift.id),
        letter,
        common | dict(facts),
        key=f"{letter}:{sale.gift.id}:{evidence}",
        now=now,
        language=gifts.giver_of(connection, sale.gift.id).language,
    )
