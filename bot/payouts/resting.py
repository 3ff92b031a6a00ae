"""What a payout cannot carry, once no other share of theirs came with which it could go.

Forints and Taiwan dollars are paid out whole: the last digits wait for the next share, as long as
a share waits for somebody who cannot be paid. Then they go to the project; where the terms say
that what was earned stays, to those who build there next.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from core.currencies import CURRENCIES
from core.money import Money, payable_out
from donations.giving.booking import account_of
from donations.ledger import Entry
from donations.payouts import shares, store
from donations.payouts.rules import MOVES, Act, there
from donations.payouts.shares import Share
from donations.tables import balance, book

COARSE = tuple(sorted(code for code, of in CURRENCIES.items() if of.payout_step // of.factor > 1))
"""Currencies of which a payout cannot carry every amount."""

MOST = 500


@dataclass(frozen=True)
class Rest:
    """What is too little to be paid out of what is owed to a person in a book; `until` it waits."""

    book: str
    github_id: int
    money: Money
    until: datetime
    of: tuple[Share, ...]

    @property
    def stays(self) -> bool:
        """The terms say that what was earned stays with those who build."""
        return self.of[-1].reward.lapse == "stays"


def leave(connection: Connection, now: datetime) -> int:
    """Let what has rested too long go where it goes; says how often that was so."""
    due = [one for one in _found(connection) if one.until <= now]
    # Always in one order, and before a book is held: whoever settles a share does so too.
    for who in sorted({one.github_id for one in due}):
        store.hold(connection, who)
    return sum(_leave(connection, one, now) for one in due)


def of_person(connection: Connection, github_id: int) -> tuple[Rest, ...]:
    """Give what rests for somebody."""
    return tuple(_found(connection, github_id))


def _found(connection: Connection, github_id: int | None = None) -> list[Rest]:
    account = balance.c.account
    here = (
        account.startswith("owed:person-", autoescape=True)
        if github_id is None
        else account == store.account_of(github_id)
    )
    rows = connection.execute(
        select(book.c.name, account, balance.c.currency, balance.c.minor)
        .join(book, book.c.id == balance.c.book_id)
        .where(here, balance.c.minor < 0, balance.c.currency.in_(COARSE))
        .order_by(book.c.id, account, balance.c.currency)
        .limit(MOST)
    )
    found = (
        _rest(connection, row.name, row.account, Money(-row.minor, row.currency)) for row in rows
    )
    return [one for one in found if one is not None]


def _rest(connection: Connection, name: str, account: str, money: Money) -> Rest | None:
    """Say what rests there: None where a part of it can be sent, or is on its way."""
    if payable_out(money)[0]:
        return None
    who = int(account.rpartition("-")[2])
    of = tuple(
        one
        for one in shares.of_person(connection, who)
        if (one.reward.book, one.money.currency) == (name, money.currency)
    )
    if not of or any(one.standing.state == "wanted" for one in of):
        return None
    days = timedelta(days=of[-1].reward.owed_days)
    return Rest(name, who, money, _moved_at(connection, of) + days, of)


def _moved_at(connection: Connection, of: tuple[Share, ...]) -> datetime:
    """Say when something was last owed there, or moved."""
    acts = (act for one in of for act in shares.acts(connection, one.id))
    moved = [act.at for act in acts if act.deed in MOVES]
    return max([of[-1].reward.made_at, *moved])


def _leave(connection: Connection, seen: Rest, now: datetime) -> bool:
    rest = next(
        (
            one
            for one in _found(connection, seen.github_id)
            if (one.book, one.money) == (seen.book, seen.money) and one.until <= now
        ),
        None,
    )
    if rest is None:
        return False
    evidence = f"rest:{rest.until:%Y%m%d%H%M%S}"
    _note(connection, rest, evidence, now)
    repo_id = int(rest.book.partition(":")[2] or 0)
    taker = account_of("builders" if rest.stays else "project", repo_id, "")
    entries = [Entry(store.account_of(rest.github_id), rest.money), Entry(taker, -rest.money)]
    name = f"{evidence}:{rest.of[-1].id}"
    return store.post(connection, rest.of[-1].reward, name, "redirect", entries, now)


def _note(connection: Connection, of: Rest, evidence: str, now: datetime) -> None:
    """Write down with which shares it went: those of which something is there still."""
    left = of.money.minor
    for one in reversed(of.of):
        lies = there(one.money.minor, shares.acts(connection, one.id))
        part = min(left, max(0, lies))
        if part:
            shares.note(connection, one.id, Act("lapsed", evidence, now, part), now)
            left -= part
        if one.standing.state == "owed" and (rest := one.standing.left - part):
            shares.note(connection, one.id, Act("carried", evidence, now, rest), now)
            store.wait_for(connection, one.id, now)
