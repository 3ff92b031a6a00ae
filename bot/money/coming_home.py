"""What could not go back and is owed to its giver: given back by a later refund, it is owed no more.

A refund is always borne by what the gift was for, and one that fails is owed to the giver. So one
that is made once more is borne twice, until this gives it back to whatever bore it: only when
nothing was heard of the gift for a day, because what failed may be heard of after it was mended.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, select

from bot.awards.clawing import QUIET
from core.money import Money, from_stripe, split
from donations import calls
from donations import store as books
from donations.asked import GiveBack
from donations.calls import Kept
from donations.giving import booking, rules, settlements
from donations.giving import store as gifts
from donations.giving.store import Gift
from donations.ledger import Cause, Entry, Transaction
from donations.pledges import store as purses
from donations.tables import balance

SOURCE = "purse"
ALREADY_BACK = "charge_already_refunded"
_ACCOUNT = "refund:"


def settle(connection: Connection, now: datetime, of: Iterable[Gift] | None = None) -> None:
    """Give back to what bore them what later refunds gave back in place of failed ones.

    Of these gifts, or of all of which something is owed to their givers.
    """
    for gift in _owing(connection) if of is None else _owing_of(connection, of):
        heard = purses.last_heard(connection, [gift.id])
        if heard is not None and now < heard + QUIET:
            continue
        for evidence, (payment, minor) in rules.repaid(gifts.acts(connection, gift.id)).items():
            said = Money(minor, gift.money.currency)
            rated = settlements.of_gift(connection, gift.id).get(payment)
            _post(connection, gift, evidence, payment, settlements.came_to(rated, said), now)


def owe(connection: Connection, kept: Kept, now: datetime) -> None:
    """Owe to its giver what of a payment was to go back from a request, and cannot: for it has no other end.

    Not what went back by another way already.
    """
    call, key = kept.call, kept.effect_key
    gift = gifts.by_name(connection, call.about)
    if gift is None or not isinstance(call, GiveBack) or not call.of_request:
        return
    if not key.startswith("back:") or kept.state != "failed" or kept.code == ALREADY_BACK:
        return
    gifts.hold(connection, gift)
    part = next(
        (
            part
            for payment, part in purses.held(connection, gift)
            if payment.evidence == call.charge_id
        ),
        Money(0, gift.money.currency),
    )
    said = min(part, from_stripe(call.amount, gift.money.currency))
    came = settlements.came_to(settlements.of_gift(connection, gift.id).get(call.charge_id), said)
    name = f"project:{gift.repo_id}"
    account = booking.account_of("feature", gift.repo_id, gift.about)
    if said.minor <= 0:
        return
    evidence = f"call:{kept.id}:{kept.refusals}"
    act = rules.Act("refund_failed", evidence, now, said.minor, call.charge_id)
    if gifts.note(connection, gift, act, now):
        entries = (Entry(account, came), Entry(f"{_ACCOUNT}gift-{gift.id}", -came))
        cause = Cause(SOURCE, f"unreturned:{evidence}", "refund_failed")
        books.post(connection, Transaction(name, cause, now, entries, gift.about), now)


def _there(connection: Connection, name: str, account: str, code: str) -> Money:
    """Give what a book owes to an account in a currency."""
    found = books.balances_in(connection, name, account)
    return next((-one for one in found if one.currency == code), Money(0, code))


def _owing_of(connection: Connection, of: Iterable[Gift]) -> list[Gift]:
    """Find them among some gifts, without walking through everybody's balances."""
    by_account = {f"{_ACCOUNT}{one.name.replace(':', '-')}": one for one in of}
    names, found = sorted(by_account), list[str]()
    for start in range(0, len(names), purses.AT_ONCE):
        part = balance.c.account.in_(names[start : start + purses.AT_ONCE])
        found += connection.scalars(
            select(balance.c.account).where(part, balance.c.minor < 0).distinct()
        )
    return [by_account[name] for name in sorted(found)]


def _owing(connection: Connection) -> list[Gift]:
    account = balance.c.account
    names = connection.scalars(
        select(account)
        .where(account.startswith(f"{_ACCOUNT}gift-", autoescape=True), balance.c.minor < 0)
        .distinct()
        .order_by(account)
    ).all()
    found = (gifts.by_name(connection, one[len(_ACCOUNT) :].replace("-", ":")) for one in names)
    return [one for one in found if one is not None]


def _post(
    connection: Connection, gift: Gift, evidence: str, payment: str, came: Money, now: datetime
) -> None:
    name, account = f"project:{gift.repo_id}", f"{_ACCOUNT}gift-{gift.id}"
    cause = Cause(SOURCE, f"repaid:{evidence}"[:120], "adjustment")
    if books.stored(connection, cause) is not None:
        return
    owed = _there(connection, name, account, came.currency)
    money = min(owed, came)
    if money.minor <= 0:
        return
    bearers = _bearers(connection, gift, evidence, payment)
    parts = split(money, [weight for _account, weight in bearers])
    sums: dict[str, Money] = {}
    for (one, _weight), part in zip(bearers, parts, strict=True):
        sums[one] = sums.get(one, Money(0, came.currency)) - part
    entries = (Entry(account, money), *(Entry(one, part) for one, part in sums.items() if part))
    books.post(connection, Transaction(name, cause, now, entries, gift.about), now)


def _bearers(
    connection: Connection, gift: Gift, evidence: str, payment: str
) -> tuple[tuple[str, int], ...]:
    """Say what bore a refund: all that the gift was for, or its request alone, where we asked so."""
    own = (
        kept
        for key in (f"back:{payment}", f"lapse:{payment}")
        for kept in calls.asked_about(connection, gift.name, key)
    )
    if any(kept.remote_id == evidence for kept in own):
        return ((booking.account_of("feature", gift.repo_id, gift.about), 1),)
    return gifts.booked(connection, gift).shares
