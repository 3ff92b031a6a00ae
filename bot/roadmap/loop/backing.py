"""Credit for those who gave for what has shipped: only whoever gives under their name is named."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, select

from bot.credits import store as credits_of
from bot.credits.store import Given
from donations.giving import rules, store
from donations.giving.tables import gift, giver


def credit(
    connection: Connection,
    repo_id: int,
    threads: Collection[tuple[str, int]],
    shipped_at: datetime,
    now: datetime,
) -> None:
    """Credit whoever gave publicly for one of these threads (node id, number), once for each thread.

    What went back whole backed nothing.
    """
    numbers = dict(threads)
    rows = connection.execute(
        select(gift.c.id, gift.c.about, giver.c.github_id)
        .join(giver, giver.c.gift_id == gift.c.id)
        .where(gift.c.repo_id == repo_id, gift.c.about.in_(numbers))
        .where(giver.c.public, giver.c.github_id.is_not(None))
        .order_by(gift.c.id)
    )
    for row in rows.all():
        stands = rules.standing(store.acts(connection, row.id))
        if stands.paid > stands.returned:
            subject = f"issues/{numbers[row.about]}"
            given = Given(
                repo_id, row.github_id, "financial", "backed", subject, row.about, shipped_at
            )
            credits_of.give(connection, given, None, now)
