"""A page for paying a promise whose card said no: one at a time, so that nobody pays on two."""

from datetime import datetime, timedelta

from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import Connection

from bot.money import addresses
from core.money import to_stripe
from core.web.house import FoundRepo, house
from donations import calls
from donations.asked import OpenSession
from donations.giving.store import Gift

A_PAGE_LASTS = timedelta(hours=23)
"""A page for paying is open so long, and only then is there another: nobody pays on two."""

LEAST_OPEN = timedelta(minutes=31)
"""Stripe opens no page for less than half an hour."""


def payment_page(
    connection: Connection, repo: FoundRepo, gift: Gift, ends_at: datetime, now: datetime
) -> str:
    """Want a page for paying, unless the last one is open still; gives the key of its call."""
    number = 1
    while (before := calls.by_key(connection, f"pay:{gift.name}:{number}")) is not None:
        if before.state not in {"failed", "dead"} and now < before.created_at + timedelta(days=1):
            return before.effect_key
        number += 1
    until = min(ends_at, now + A_PAGE_LASTS)
    here = f"{house().settings.public_url}{addresses.of_gift(repo, gift.key)}"
    call = OpenSession(
        about=gift.name,
        mode="payment",
        amount=to_stripe(gift.money),
        currency=gift.money.currency,
        words=_("For %(project)s", project=repo.name),
        success_url=here,
        cancel_url=here,
        locale=str(get_locale()),
        expires_at=max(until, now + LEAST_OPEN),
    )
    wanted = f"pay:{gift.name}:{number}"
    calls.put(connection, call, wanted, now)
    return wanted
