"""Gifts in a currency that is given up: givers are told in time, and what they say decides.

A gift that comes again and again goes on in another currency only as a new gift, which its giver
said on a page and began at the bank; then the old one ends. Where nothing is said it ends by
itself. A promise in a currency that ends is let go.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, select

from bot import policies
from bot.mail import gifts as letters
from bot.mail.facts import Fact
from bot.money import lost
from core.currencies import ENDINGS
from donations.giving import retiring, store, successors
from donations.giving.heard import hears
from donations.giving.rules import Act
from donations.giving.store import Gift
from donations.giving.successors import Told
from donations.giving.tables import gift as gift_table
from donations.pledges import store as purses


def look(connection: Connection, numbers: Sequence[int], now: datetime) -> None:
    """Tell whoever gives again and again in a currency that is given up, and end what is over.

    Only of these gifts: all of them are looked at in pages.
    """
    for gift, subscription in lost.going_on(connection, numbers):
        project = taken(connection, gift.repo_id)
        found = retiring.retiring(gift.money.currency, project, now)
        known = successors.of(connection, gift.id)
        if found is None:
            if known is not None:
                successors.forget(connection, gift.id)
            continue
        if known is None or known.into != found.into:
            successors.forget(connection, gift.id)
            since = known.told_at if known else now
            ends_at = retiring.ends_at(gift.money.currency, since)
            known = Told(found.why, found.into, since, ends_at)
            successors.note(connection, gift, known)
        if now >= known.ends_at:
            lost.end(connection, gift, subscription, now)
        else:
            _tell(connection, gift, known, now)
    for gift in _promised(connection, numbers, now):
        ends_at = ENDINGS[gift.money.currency].at
        if now < ends_at:
            _tell(connection, gift, Told("ends", "", now, ends_at), now)


def taken(connection: Connection, repo_id: int) -> str | None:
    """Give the currency that a project takes now; None where it takes no gifts."""
    policy = policies.rules(connection, repo_id).policy
    return policy.funding.currency if policy is not None and policy.funding.on else None


@hears
def end_what_it_replaces(connection: Connection, gift_id: int, done: Act, now: datetime) -> None:
    """End a gift as soon as another one has begun in its place: nobody gives twice."""
    if done.deed != "began":
        return
    before = successors.before(connection, gift_id)
    if before is None or not store.standing(connection, before).goes_on:
        return
    lost.end(connection, before, store.giver_of(connection, before.id).subscription_id, now)


def _tell(connection: Connection, gift: Gift, told: Told, now: datetime) -> None:
    """Write once when it is known, and once more shortly before the end."""
    soon = now >= told.ends_at - retiring.LAST_WORD
    facts: dict[str, Fact] = {
        "amount": gift.money,
        "currency": gift.money.currency,
        "until": told.ends_at,
        "why": told.why,
        "into": told.into,
        "promise": gift.product == "pledge",
    }
    # By what is told, not by when: who is told of another currency is told anew.
    key = f"currency_ends:{gift.id}:{told.into}:{'soon' if soon else 'known'}"
    letters.tell(connection, gift, "currency_ends", facts, key=key, now=now)


def promised_in(now: datetime) -> ColumnElement[bool] | None:
    """Say which promises are in currencies that end soon; None while none does."""
    codes = [code for code, one in ENDINGS.items() if one.at - retiring.AHEAD <= now < one.at]
    if not codes:
        return None
    return (gift_table.c.product == "pledge") & gift_table.c.currency.in_(codes)


def _promised(connection: Connection, numbers: Sequence[int], now: datetime) -> Iterable[Gift]:
    """Give those of these gifts that are promises with a card, in currencies that end soon."""
    wanted = promised_in(now)
    if wanted is None:
        return
    here = gift_table.c.id.in_(numbers) & wanted
    for row in connection.execute(select(gift_table).where(here)).all():
        gift = store.read(row)
        (promise,) = purses.promises(connection, (gift,))
        if promise.state == "saved" and not promise.charged:
            yield gift
