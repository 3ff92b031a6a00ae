"""Proof of appeals: what is counted for each is what is there of the gifts that answer it."""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from sqlalchemy import Connection, select

from donations.asking.tables import appeal_gift
from donations.giving import rules
from donations.giving.rules import Act
from donations.giving.tables import act, gift

AT_ONCE = 5_000
"""Rows that are fetched together."""


def problems(connection: Connection) -> Iterator[str]:
    """Give a sentence for each gift that is not counted for its appeal as what is there of it."""
    own = appeal_gift.c
    rows = connection.execute(
        select(own.gift_id, own.slug, own.kept, own.repo_id, own.currency)
        .add_columns(gift.c.repo_id, gift.c.currency)
        .add_columns(act.c.deed, act.c.evidence, act.c.at, act.c.minor, act.c.payment)
        .join(gift, gift.c.id == own.gift_id)
        .join(act, act.c.gift_id == own.gift_id, isouter=True)
        .order_by(own.gift_id, act.c.id),
        execution_options={"yield_per": AT_ONCE},
    )
    plain = (tuple(row) for row in rows)
    for (gift_id, slug, kept, *here), of in groupby(plain, itemgetter(slice(0, 7))):
        acts = [Act(*row[7:]) for row in of if row[7] is not None]
        if rules.standing(acts).kept != kept or here[:2] != here[2:]:
            yield f"gift {gift_id} does not count for the appeal “{slug}” as what is there of it"
