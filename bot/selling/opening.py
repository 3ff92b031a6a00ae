"""A sale begins: the gate is asked, the sale is written down, and the bank is asked for its page."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

from flask_babel import ngettext
from sqlalchemy import Connection
from werkzeug import Response
from werkzeug.utils import redirect

from bot.cashier import Cashier
from bot.money.fund_pages import House
from bot.selling import addresses, form, gate, settling, store
from bot.selling.form import Choice
from bot.selling.gate import Gate
from bot.selling.rules import Offer
from bot.selling.store import Sale
from core.money import to_stripe
from core.web.house import FoundRepo, house
from core.web.signin import person
from donations import calls
from donations.asked import OpenSession
from donations.giving import store as gifts
from donations.giving.rules import Act
from donations.giving.store import Gift, Giver, Said
from donations.giving.terms import LICENCE
from donations.processor import Processor
from licensing.sold.reading import Licence

PAGE_LASTS = timedelta(hours=1)
"""What was certified when the page was opened is asked again when it is paid; Stripe's least is half
an hour."""


class Changed(Exception):
    """Not what the buyer was shown is sold now: other terms, or another text; nothing was written."""


class TriedBefore(Exception):
    """Somebody tries a product that they tried before; nothing was written."""


@dataclass(frozen=True)
class Wish:
    """What somebody wants to buy; `renews` is the licence that is to go on, or None.

    `shown` names the terms and the text that they saw; who renews goes on under the text that
    they accepted.
    """

    repo: FoundRepo
    offer: Offer
    choice: Choice
    key: str
    language: str
    trial: bool = False
    renews: Licence | None = None
    shown: str = ""


def begin(wish: Wish) -> Gate | Sale | None:
    """Write a sale down and want its page: gives the gate if it is shut.

    None if the same form was sent before with another choice. Raises `TriedBefore`, `Changed`.
    """
    now = house().clock()
    with house().app.write() as connection:
        found = gate.enter(connection, wish.offer, house().settings.secret_key, now)
        if not found.is_open:
            return found
        if wish.shown != f"{wish.offer.sha256}.{_text_of(wish, found)}":
            raise Changed
        gift = _say(connection, wish)
        if (gift.product, gift.repo_id) != (LICENCE, wish.repo.id):
            return None
        sale = _sale(wish, gift, found)
        said = store.say(connection, sale, now)
        kept = store.of_gift(connection, gift)
        who = gifts.giver_of(connection, gift.id).name
        wanted = (gift.money, who) == (wish.choice.money, wish.choice.licensee)
        if kept is None or not wanted or not _is_same(kept, sale):
            return None
        if wish.trial and said:
            _try_once(connection, sale)
        if not gift.money:
            gifts.note(connection, gift, Act("nothing", gift.key, now), now)
            settling.settle(connection, sale, house().settings.secret_key, now)
        else:
            _ask(connection, wish, gift)
    return kept


def lead_on(repo: FoundRepo, sale: Sale) -> Response:
    """Go where it is paid, or to the page of what was bought."""
    away, processor = addresses.of_sale(repo, sale.gift.key), bank()
    if processor is not None and sale.gift.money:
        name = f"web-{secrets.token_hex(4)}"
        Cashier(house().app, processor, house().clock, name).step(sale.gift.name)
        with house().app.read() as connection:
            kept = calls.by_key(connection, sale.gift.name)
        away = kept.url if kept and kept.url else away
    return redirect(away, 303)


def bank() -> Processor | None:
    """Give whoever moves money, if there is one."""
    return cast("House", house()).processor()


def _say(connection: Connection, wish: Wish) -> Gift:
    who, now = person(), house().clock()
    said = Said(
        key=wish.key,
        repo_id=wish.repo.id,
        about="",
        product="licence",
        rhythm="once",
        money=wish.choice.money,
        terms=form.terms(wish.offer),
    )
    giver = Giver(
        github_id=who.id if who else None, name=wish.choice.licensee, language=wish.language
    )
    return gifts.say(connection, said, giver, now)


def _sale(wish: Wish, gift: Gift, found: Gate) -> Sale:
    if found.release is None or found.certificate is None:
        message = "an open gate has a release and its certificate"
        raise RuntimeError(message)
    return Sale(
        gift=gift,
        product=wish.offer.product,
        offer=wish.offer,
        text_sha256=_text_of(wish, found),
        release=found.release.tag,
        commit_sha=found.release.commit_sha,
        certificate_sha256=found.certificate.sha256,
        seats=wish.choice.seats,
        trial=wish.trial,
        renews=wish.renews.id if wish.renews else "",
        said_at=house().clock(),
    )


def _text_of(wish: Wish, found: Gate) -> str:
    return wish.renews.terms.text_sha256 if wish.renews else found.text_sha256


def _is_same(kept: Sale, wanted: Sale) -> bool:
    """Say whether a form that was sent before said the same."""
    one, other = ((it.product, it.offer, it.seats, it.trial, it.renews) for it in (kept, wanted))
    return one == other


def _try_once(connection: Connection, sale: Sale) -> None:
    who = person()
    if who is None or not store.try_once(connection, sale, who.id):
        raise TriedBefore


def _ask(connection: Connection, wish: Wish, gift: Gift) -> None:
    base, now = house().settings.public_url, house().clock()
    call = OpenSession(
        about=gift.name,
        mode="payment",
        amount=to_stripe(gift.money),
        currency=gift.money.currency,
        words=ngettext(
            "Licence: %(product)s, %(num)s seat",
            "Licence: %(product)s, %(num)s seats",
            wish.choice.seats,
            product=f"{wish.repo.name} {wish.offer.name}",
        ),
        success_url=f"{base}{addresses.of_sale(wish.repo, gift.key)}",
        cancel_url=f"{base}/{wish.repo.name}/buy",
        locale=wish.language,
        expires_at=now + PAGE_LASTS,
    )
    calls.put(connection, call, gift.name, now)
