"""Proof of gifts: totals are the sums of what happened, and the books hold each payment that is noted.

What was paid to givers by hand stands in both, too.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from sqlalchemy import Connection, func, select

from donations.giving import handed, rules
from donations.giving.booking import SOURCE
from donations.giving.rules import Act
from donations.giving.tables import act, gift, total
from donations.tables import book, transaction

AT_ONCE = 5_000
"""Rows that are fetched together."""

PAYMENTS = ("gift", "pledge", "licence")

Key = tuple[int, str, str, str]
"""A project, what the gift is for, product and currency."""


def problems(connection: Connection) -> Iterator[str]:
    """Give a sentence for each thing that does not hold."""
    sums: defaultdict[Key, list[int]] = defaultdict(lambda: [0, 0])
    payments: Counter[int] = Counter()
    for key, acts in _gifts(connection):
        kept = rules.standing(acts).kept
        sums[key][0] += kept
        sums[key][1] += kept > 0
        payments[key[0]] += sum(one.deed == "paid" for one in acts)
    known: dict[Key, list[int]] = {}
    for repo_id, about, product, code, minor, givers in connection.execute(select(total)):
        known[repo_id, about, product, code] = [minor, givers]
    nothing = [0, 0]
    for key in sorted(known.keys() | sums.keys()):
        if known.get(key, nothing) != sums.get(key, nothing):
            words = " ".join(map(str, key))
            yield f"the total of gifts of {words} is not the sum of what happened to them"
    posted = _posted(connection)
    for repo_id, count in sorted(payments.items()):
        name = f"project:{repo_id}"
        if posted.get(name, 0) != count:
            there = posted.get(name, 0)
            yield f"book of {name}: {there} payments are posted, but {count} are noted of gifts"
    yield from handed.problems(connection)


def _gifts(connection: Connection) -> Iterator[tuple[Key, list[Act]]]:
    """Give what happened to each gift, one gift after the other."""
    columns = (gift.c.repo_id, gift.c.about, gift.c.product, gift.c.currency)
    done = (act.c.deed, act.c.evidence, act.c.at, act.c.minor, act.c.payment)
    rows = connection.execute(
        select(gift.c.id, *columns, *done)
        .join(act, act.c.gift_id == gift.c.id)
        .order_by(gift.c.id, act.c.id),
        execution_options={"yield_per": AT_ONCE},
    )
    plain = (tuple(row) for row in rows)
    for group, of in groupby(plain, itemgetter(slice(0, 5))):
        yield group[1:], [Act(*row[5:]) for row in of]


def _posted(connection: Connection) -> dict[str, int]:
    counted = (
        select(book.c.name, func.count())
        .join(transaction, transaction.c.book_id == book.c.id)
        .where(transaction.c.source == SOURCE, transaction.c.kind.in_(PAYMENTS))
        .group_by(book.c.name)
    )
    return {row[0]: row[1] for row in connection.execute(counted)}
