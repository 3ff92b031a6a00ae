"""Giving in the name of an organisation: held while it is decided, so that no two pass its budget."""

from datetime import datetime

from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import Connection

from bot.money.fund_form import Choice
from core.money import Money, shown
from donations.budgets import store
from donations.giving import store as gifts
from donations.giving.store import Gift, Giver, Said


def say(
    connection: Connection, said: Said, who: Giver, choice: Choice, now: datetime
) -> Gift | None:
    """Write down what somebody chose; None, with a sentence in `choice.errors`, where it may not be.

    Whoever else gives in the same name waits until this transaction ends.
    """
    number = choice.organisation if said.money else 0
    if number:
        store.hold(connection, number)
    known = gifts.by_key(connection, said.key)
    if known is not None:
        if (store.of_gift(connection, known.id) or 0) != number:
            choice.errors["organisation"] = _(
                "This page was sent before in another name. Open it anew to change that."
            )
            return None
        return gifts.say(connection, said, who, now)
    if number and (why := refusal(connection, number, who.github_id, said.money, now)):
        choice.errors["organisation"] = why
        return None
    gift = gifts.say(connection, said, who, now)
    if number:
        store.note(connection, gift, number)
    return gift


def refusal(
    connection: Connection, number: int, github_id: int | None, money: Money, now: datetime
) -> str:
    """Say why this cannot be promised in an organisation's name, and what to do; empty where it can."""
    mine = store.of_person(connection, github_id) if github_id is not None else ()
    own = next((one for one in mine if one.id == number), None)
    if own is None:
        return str(_("You are not in that organisation. Choose another name."))
    left = store.left(connection, number, money.currency, now)
    if left is None:
        return str(
            _(
                "%(name)s has no budget in %(currency)s. Whoever manages it can set one on its"
                " page; or give in your own name.",
                name=own.name,
                currency=money.currency,
            )
        )
    if money <= left:
        return ""
    return str(
        _(
            "%(name)s may still promise %(left)s this month. Choose at most that, give in your own"
            " name, or ask whoever manages it for a larger budget.",
            name=own.name,
            left=shown(left, str(get_locale())),
        )
    )
