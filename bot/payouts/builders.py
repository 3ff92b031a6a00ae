"""What was given for all who build in a project: shared each month among those whose work was merged.

Alike among everybody with a pull request merged in the ninety days before; where there was nobody
for as long as a share would wait, it goes to the project. So nothing rests there without an end.
"""

import json
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, func, select

from bot import people, policies
from bot.payouts import levelling
from bot.people import account
from bot.policy import Funding
from core.money import Money, split, split_evenly
from donations import store as books
from donations.giving import settlements
from donations.giving import store as gifts
from donations.giving.tables import act, gift, terms
from donations.giving.terms import Terms
from donations.giving.terms import of as terms_of
from donations.ledger import Cause, Entry, Transaction
from donations.payouts import store
from donations.payouts.rules import WARNED_FOR
from donations.payouts.store import SOURCE, Owing
from donations.payouts.tables import warning
from donations.tables import balance, book, entry
from licensing.provenance import landing

WORKED_WITHIN = timedelta(days=90)
MOST_PEOPLE = 200
BUILDERS = "builders"
LONGEST = timedelta(days=365)
"""So long anybody can object at most: what was paid before has had its days, whatever was said."""


def share(connection: Connection, now: datetime) -> None:
    """Share every pot that has something, once a month."""
    for name, account_name, code in _pots(connection):
        there = levelling.level(connection, name, account_name, code, now)
        repo_id = int(name.partition(":")[2])
        said = _terms(connection, repo_id, now)
        since = now - timedelta(days=max(one.dispute_days for one in said))
        lately = _lately(connection, (name, account_name, code), since)
        money = Money(there.minor - lately - _doubtful(connection, repo_id, code, now), code)
        if money.minor <= 0:
            continue
        month = f"{now:%Y-%m}"
        whose = _builders(connection, repo_id, now)
        owed_days = max(one.owed_days for one in said)
        cause = f"builders:{repo_id}:{code}:{month}"
        if not whose:
            _leave(connection, (name, account_name, money), cause, timedelta(days=owed_days), now)
            continue
        parts = split_evenly(money, len(whose))
        wanted = Owing(
            cause=cause,
            book=name,
            account=account_name,
            shares=tuple(zip(whose, parts, strict=True)),
            owed_days=owed_days,
            weights=tuple((who, 1) for who in whose),
        )
        store.owe(connection, wanted, now)


def _pots(connection: Connection) -> list[tuple[str, str, str]]:
    rows = connection.execute(
        select(book.c.name, balance.c.account, balance.c.currency)
        .join(book, book.c.id == balance.c.book_id)
        .where(balance.c.account.startswith("owed:builders-", autoescape=True))
        .where(balance.c.minor != 0)
        .order_by(book.c.id, balance.c.currency)
    )
    return [(row.name, row.account, row.currency) for row in rows]


def _terms(connection: Connection, repo_id: int, now: datetime) -> list[Terms | Funding]:
    """Give the terms under which builders were given something lately; else what stands now.

    What a project changes later is for later gifts: all wait as long as any of them was told.
    """
    here = (
        select(gift.c.terms_sha256)
        .join(act, act.c.gift_id == gift.c.id)
        .where(gift.c.repo_id == repo_id, act.c.deed == "paid", act.c.at > now - LONGEST)
    )
    texts = select(terms.c.text).where(terms.c.sha256.in_(here))
    found = [terms_of(json.loads(one)) for one in connection.scalars(texts)]
    own = [one for one in found if dict(one.split).get(BUILDERS)]
    policy = policies.rules(connection, repo_id).policy
    return [*own] or [policy.funding if policy else Funding()]


def _doubtful(connection: Connection, repo_id: int, code: str, now: datetime) -> int:
    """Sum what builders were given by payments that may be fraud: it waits, as it does for requests."""
    rows = connection.execute(
        select(act.c.gift_id, act.c.evidence, act.c.minor)
        .join(gift, gift.c.id == act.c.gift_id)
        .join(warning, warning.c.charge_id == act.c.evidence)
        .where(gift.c.repo_id == repo_id, act.c.deed == "paid")
        .where(warning.c.warned_at > now - WARNED_FOR)
        .distinct()
    )
    found = 0
    for row in rows.all():
        given = gifts.by_name(connection, f"gift:{row.gift_id}")
        split_ = gifts.terms_of(connection, given).split if given else ()
        if given is None or not dict(split_).get(BUILDERS):
            continue
        parts = split(Money(row.minor, given.money.currency), [weight for _, weight in split_])
        part = parts[[name for name, _weight in split_].index(BUILDERS)]
        rated = settlements.of_gift(connection, given.id).get(row.evidence)
        came = settlements.came_to(rated, part)
        found += came.minor if came.currency == code else 0
    return found


def _lately(connection: Connection, pot: tuple[str, str, str], since: datetime) -> int:
    """Sum what came into a pot in the days in which anybody can still object."""
    name, account_name, code = pot
    came = (
        select(func.coalesce(func.sum(-entry.c.minor), 0))
        .join(book, book.c.id == entry.c.book_id)
        .where(book.c.name == name, entry.c.account == account_name, entry.c.currency == code)
        .where(entry.c.happened_at > since, entry.c.minor < 0)
        # What made the pot good again did not come in.
        .where(entry.c.kind != "clawback")
    )
    return int(connection.scalar(came) or 0)


def _builders(connection: Connection, repo_id: int, now: datetime) -> tuple[int, ...]:
    """Give those whose work was merged before this month began, the first first."""
    until = datetime(now.year, now.month, 1, tzinfo=UTC)
    rows = connection.execute(
        select(landing.c.opener_id, account.c.type, func.min(landing.c.merged_at).label("first"))
        .outerjoin(account, account.c.id == landing.c.opener_id)
        .where(landing.c.repo_id == repo_id, landing.c.merged_at >= until - WORKED_WITHIN)
        .where(landing.c.merged_at < until, landing.c.opener_id != people.GHOST_ID)
        .group_by(landing.c.opener_id, account.c.type)
        .order_by(func.min(landing.c.merged_at), landing.c.opener_id)
        .limit(MOST_PEOPLE)
    )
    return tuple(row.opener_id for row in rows if row.type in {None, "User"})


def _leave(
    connection: Connection,
    pot: tuple[str, str, Money],
    cause: str,
    waits: timedelta,
    now: datetime,
) -> None:
    """Leave to the project what has lain too long with nobody to share it."""
    name, account_name, money = pot
    newest = connection.scalar(
        select(func.max(entry.c.happened_at))
        .join(book, book.c.id == entry.c.book_id)
        .where(book.c.name == name, entry.c.account == account_name)
    )
    if newest is None or newest > now - waits:
        return
    entries = (Entry(account_name, money), Entry(name, -money))
    left = Transaction(name, Cause(SOURCE, cause, "redirect"), now, entries)
    books.post(connection, left, now)
