"""Credit for those who gave for what has shipped: only whoever gives under their name is named."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, select

from bot.credits import store as credits_of
from bot.credits.store import Given
from donations.giving import rules, store
from donations.giving.tables import gift, giver


def credit(
    connection: Connection,
    repo_id: int,
    subjects: Mapping[str, str],
    shipped_at: datetime,
    now: datetime,
) -> None:
    """Credit whoever gave publicly for one of these outcomes, by name with its thread, once for each.

    What went back whole backed nothing.
    """
    rows = connection.execute(
        select(gift.c.id, gift.c.about, giver.c.github_id)
        .join(giver, giver.c.gift_id == gift.c.id)
        .where(gift.c.repo_id == repo_id, gift.c.about.in_(subjects))
        .where(giver.c.public, giver.c.github_id.is_not(None))
        .order_by(gift.c.id)
    )
    for row in rows.all():
        stands = rules.standing(store.acts(connection, row.id))
        if stands.paid > stands.returned:
            own = subjects[row.about]
            given = Given(
                repo_id, row.github_id, "financial", "backed", own, row.about, shipped_at
            )
            credits_of.give(connection, given, None, now)
