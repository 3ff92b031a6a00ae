"""Offers, texts and sales in the database: written once, never edited."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, select

from bot.policy.selling import Product, Selling
from bot.selling import rules, tables
from bot.selling.rules import Offer
from core.db import insert_once, upsert
from donations.giving import store as gifts
from donations.giving.store import Gift
from licensing.sold.days import end_of
from licensing.sold.tables import licence


@dataclass(frozen=True)
class Document:
    """The commercial licence on the default branch: `sha256` is empty where there is none."""

    path: str
    sha256: str
    etag: str
    refusal: str
    checked_at: datetime


@dataclass(frozen=True)
class Sale:
    """What was bought with a payment; `renews` is the id of the licence that goes on, or empty."""

    gift: Gift
    product: str
    offer: Offer
    text_sha256: str
    release: str
    commit_sha: str
    certificate_sha256: str
    seats: int
    trial: bool
    renews: str
    said_at: datetime

    @property
    def name(self) -> str:
        """What its licence gives as its cause."""
        return self.gift.name


def offer_now(repo_id: int, repo_name: str, selling: Selling, product: Product) -> Offer:
    """Give a product of the rules file as it is offered now."""
    locked = product.locked_until
    return Offer(
        repo_id=repo_id,
        product=product.id,
        name=product.name,
        seller=selling.seller or repo_name,
        price=product.price,
        least=product.least,
        entitlements=product.entitlements,
        seats=product.seats,
        most_seats=product.most_seats,
        term=product.term,
        updates_days=product.updates_days,
        trial_days=product.trial_days,
        tax_percent=selling.tax_percent,
        refund_days=selling.refund_days,
        partial_refund=selling.partial_refund,
        locked_until=end_of(locked) if locked else None,
    )


def keep_offer(connection: Connection, offer: Offer, now: datetime) -> str:
    """Write an offer down once, and give its hash."""
    sha256 = offer.sha256
    values = {
        "sha256": sha256,
        "repo_id": offer.repo_id,
        "product": offer.product,
        "text": offer.text,
        "locked_until": offer.locked_until,
        "first_offered_at": now,
    }
    insert_once(connection, tables.offer, values)
    return sha256


def promises(connection: Connection, repo_id: int, now: datetime) -> tuple[Offer, ...]:
    """Give the offers of a project that promised a price that holds still."""
    columns = tables.offer.c
    rows = connection.scalars(
        select(columns.text)
        .where(columns.repo_id == repo_id, columns.locked_until >= now.astimezone(UTC))
        .order_by(columns.first_offered_at, columns.sha256)
    )
    return tuple(rules.offer_of(json.loads(text)) for text in rows)


def document(connection: Connection, repo_id: int) -> Document | None:
    """Give what is known of the text on the default branch; None before the first look."""
    row = connection.execute(
        select(tables.document).where(tables.document.c.repo_id == repo_id)
    ).one_or_none()
    if row is None:
        return None
    return Document(row.path, row.sha256, row.etag, row.refusal, row.checked_at)


def keep_document(
    connection: Connection, repo_id: int, found: Document, text: str | None, now: datetime
) -> None:
    """Take over what was read; `text` is None where it is as it was, or not there."""
    if text is not None:
        kept = {"sha256": found.sha256, "text": text, "first_read_at": now}
        insert_once(connection, tables.text, kept)
    upsert(connection, tables.document, {"repo_id": repo_id}, vars(found))


def text(connection: Connection, sha256: str) -> str | None:
    """Give a text by its hash."""
    found = select(tables.text.c.text).where(tables.text.c.sha256 == sha256)
    return connection.scalar(found)


def say(connection: Connection, sale: Sale, now: datetime) -> bool:
    """Write down what is bought with a payment; says whether it is news."""
    values = {
        "gift_id": sale.gift.id,
        "repo_id": sale.gift.repo_id,
        "product": sale.product,
        "offer_sha256": keep_offer(connection, sale.offer, now),
        "text_sha256": sale.text_sha256,
        "release": sale.release,
        "commit_sha": sale.commit_sha,
        "certificate_sha256": sale.certificate_sha256,
        "seats": sale.seats,
        "trial": sale.trial,
        "renews": sale.renews,
        "said_at": sale.said_at,
    }
    return insert_once(connection, tables.sale, values)


def renewals(connection: Connection, licence_id: str) -> tuple[Sale, ...]:
    """Give the sales that let a licence go on, in the order in which they were said."""
    rows = connection.execute(
        _SALES.where(tables.sale.c.renews == licence_id).order_by(tables.sale.c.gift_id)
    )
    found = [(gifts.by_name(connection, f"gift:{row.gift_id}"), row) for row in rows]
    return tuple(_sale(gift, row) for gift, row in found if gift is not None)


def let_pass(connection: Connection, sale: Sale, now: datetime) -> None:
    """Write down that a renewal passed the gate with its payment."""
    insert_once(connection, tables.passed, {"gift_id": sale.gift.id, "passed_at": now})


def is_passed(connection: Connection, sale: Sale) -> bool:
    """Say whether a renewal passed the gate."""
    found = select(tables.passed.c.gift_id).where(tables.passed.c.gift_id == sale.gift.id)
    return connection.scalar(found) is not None


def try_once(connection: Connection, sale: Sale, github_id: int) -> bool:
    """Write down that somebody tries a product; False if they did before."""
    keys = {"repo_id": sale.gift.repo_id, "product": sale.product, "github_id": github_id}
    return insert_once(connection, tables.trial, keys | {"gift_id": sale.gift.id})


def tried(connection: Connection, repo_id: int, product: str, github_id: int) -> bool:
    """Say whether somebody tried a product."""
    columns = tables.trial.c
    mine = (columns.repo_id == repo_id) & (columns.github_id == github_id)
    found = select(columns.gift_id).where(mine, columns.product == product)
    return connection.scalar(found) is not None


def of_gift(connection: Connection, gift: Gift | None) -> Sale | None:
    """Give what was bought with a payment; None where it bought nothing."""
    if gift is None or gift.product != "licence":
        return None
    row = connection.execute(_SALES.where(tables.sale.c.gift_id == gift.id)).one_or_none()
    return None if row is None else _sale(gift, row)


def of_person(connection: Connection, github_id: int) -> tuple[Sale, ...]:
    """Give what somebody bought while signed in, the newest first."""
    found = (of_gift(connection, one) for one in gifts.of_person(connection, github_id))
    return tuple(one for one in found if one is not None)


def said_since(connection: Connection, since: datetime) -> tuple[int, ...]:
    """Give the payments of sales that were said since, oldest first: a sweep looks at them again."""
    columns = tables.sale.c
    lately = select(columns.gift_id).where(columns.said_at >= since)
    return tuple(connection.scalars(lately.order_by(columns.gift_id)))


def lapsed(connection: Connection, since: datetime, now: datetime) -> tuple[int, ...]:
    """Give the payments of renewals whose licence was over between two instants."""
    over = licence.c.expires_at.between(since, now)
    found = select(tables.sale.c.gift_id).join(licence, licence.c.id == tables.sale.c.renews)
    return tuple(connection.scalars(found.where(over).order_by(tables.sale.c.gift_id)))


def forget(connection: Connection, github_id: int) -> int:
    """Erase what somebody tried; says how many."""
    return connection.execute(
        delete(tables.trial).where(tables.trial.c.github_id == github_id)
    ).rowcount


_SALES = select(tables.sale, tables.offer.c.text.label("offer_text")).join(
    tables.offer, tables.offer.c.sha256 == tables.sale.c.offer_sha256
)


def _sale(gift: Gift, row: Row[Any]) -> Sale:
    return Sale(
        gift=gift,
        product=row.product,
        offer=rules.offer_of(json.loads(row.offer_text)),
        text_sha256=row.text_sha256,
        release=row.release,
        commit_sha=row.commit_sha,
        certificate_sha256=row.certificate_sha256,
        seats=row.seats,
        trial=row.trial,
        renews=row.renews,
        said_at=row.said_at,
    )
