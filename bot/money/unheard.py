"""What may have failed at the bank unheard: looked at before anybody bears what came back.

A refund that fails is given back by the next one of its payment, and then only one of both is
borne. Its failure is told by an event that may come days late; the bank itself knows it at once.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import cast

from sqlalchemy import Connection

from bot.awards.clawing import LOSSES, QUIET
from bot.money import gifts as following
from bot.money.seen import Look
from core.context import Context, Decide, Effect
from donations import processor
from donations.giving import store as gifts
from donations.giving.rules import Act
from donations.pledges import store as purses
from donations.processor import Gone, Processor
from donations.told import Charge, Refund

FAILS_WITHIN = timedelta(days=90)
"""Banks answer within a month (https://docs.stripe.com/refunds); what is older is not asked for any more."""


def of_request(ctx: Context, about: str) -> Decide | None:
    """Give what is to be written down of refunds that failed unheard; None where there is nothing."""
    with ctx.database.read() as connection:
        numbers = [one.id for one in purses.of_request(connection, about)]
    return of_gifts(ctx, numbers)


def of_gifts(ctx: Context, numbers: Sequence[int]) -> Decide | None:
    """Give the same for some gifts; while something is heard of them, nothing is decided anyway."""
    bank = processor.of(ctx)
    if bank is None:
        return None
    with ctx.database.read() as connection:
        heard = purses.last_heard(connection, numbers)
        if heard is None or ctx.now < heard + QUIET:
            return None
        doubtful = [
            refund
            for number in purses.with_deeds(connection, numbers, {"refunded"})
            for refund in _doubtful(gifts.acts(connection, number), ctx.now - FAILS_WITHIN)
        ]
    found = [look for look in map(partial(_failed, bank), doubtful) if look is not None]
    return partial(_note, ctx, found) if found else None


def _doubtful(acts: Iterable[Act], since: datetime) -> list[str]:
    """Give the refunds since then not known to have failed, where more of their payment went back."""
    known = tuple(acts)
    failed = {one.evidence for one in known if one.deed == "refund_failed"}
    went = [one for one in known if one.deed in LOSSES and one.payment]
    payments = [one.payment for one in went]
    return [
        one.evidence
        for one in went
        if one.deed == "refunded"
        and one.at > since
        and one.evidence not in failed
        and payments.count(one.payment) > 1
    ]


def _failed(bank: Processor, refund: str) -> Look | None:
    try:
        seen = cast("Refund", bank.look("refund", refund))
        if seen.returned is None:
            return None
        return Look(seen, cast("Charge", bank.look("charge", seen.charge_id)))
    except Gone:
        return None


def _note(ctx: Context, found: list[Look], connection: Connection) -> list[Effect]:
    return [effect for look in found for effect in following.refund_seen(look, ctx, connection)]
