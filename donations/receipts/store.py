"""Receipts in the database: the next number of a series and what it stands for, in one transaction."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, cast

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from core.db import insert_once
from core.digests import canonical
from core.errors import UserError
from core.money import Money
from donations.receipts import fields, kept
from donations.receipts.fields import Facts, Issuer, Kind
from donations.receipts.tables import issuer, paper, receipt, series

KEPT = timedelta(days=6 * 366)
"""What stands on a receipt is kept six years: livre des procédures fiscales, art. L. 102 E."""


class Incomplete(UserError):
    """Something that the law wants is not there: nothing is issued, and no number is used."""

    def __init__(self, missing: tuple[str, ...]) -> None:
        """Keep the names."""
        super().__init__(f"these are missing: {', '.join(missing)}")
        self.missing = missing


@dataclass(frozen=True)
class Receipt:
    """An issued receipt; `name` is its order number, unique for its issuer."""

    id: int
    registration: str
    year: int
    series: str
    number: int
    kind: Kind
    gift_id: int
    payment: str
    money: Money
    record_sha256: str
    cancels: int | None
    credits: int | None
    issued_at: datetime

    @property
    def name(self) -> str:
        """Its order number: `FR-2026-000012`."""
        return f"{self.series}-{self.year}-{self.number:06d}"


@dataclass(frozen=True)
class About:
    """Where a receipt stands: in whose series of which year, and what it is about.

    `payment` and the receipt that it `cancels` or `credits` are kept beside its number.
    """

    registration: str
    year: int
    gift_id: int
    payment: str
    cancels: int | None = None
    credits: int | None = None


def record_issuer(connection: Connection, repo_id: int, of: Issuer, now: datetime) -> None:
    """Write down who issues receipts for a project from now on."""
    values = {"repo_id": repo_id, "record": canonical(asdict(of)), "recorded_at": now}
    connection.execute(insert(issuer).values(values))


def issuer_of(connection: Connection, repo_id: int) -> Issuer | None:
    """Give who issues receipts for a project."""
    found = connection.scalar(
        select(issuer.c.record)
        .where(issuer.c.repo_id == repo_id)
        .order_by(issuer.c.id.desc())
        .limit(1)
    )
    return Issuer(**json.loads(found)) if found else None


def issue(
    connection: Connection, facts: Facts, gift_id: int, payment: str, now: datetime
) -> Receipt:
    """Issue a receipt for a payment, once; raises `Incomplete` where the law wants more.

    The year is that of the payment: yearly totals are of what was given in a year.
    """
    known = of_payment(connection, facts.kind, payment)
    if known is not None:
        return known
    if missing := fields.missing(facts):
        raise Incomplete(missing)
    registration = facts.issuer.registration or facts.issuer.name
    about = About(registration[:64], facts.paid_on.year, gift_id, payment)
    return write(connection, facts, about, now)


def cancel(connection: Connection, of: Receipt, now: datetime) -> Receipt:
    """Cancel a receipt by a record with a number of its own, in the year of the cancellation."""
    found = connection.scalar(select(receipt.c.id).where(receipt.c.cancels == of.id))
    if found is not None:
        return by_id(connection, found)
    facts = whole(connection, of, now)
    facts = replace(facts, kind="cancellation", cancels=of.name, paid_on=now.date())
    about = About(of.registration, now.year, of.gift_id, f"cancel:{of.id}", of.id)
    return write(connection, facts, about, now)


def write(connection: Connection, facts: Facts, about: About, now: datetime) -> Receipt:
    """Write a receipt down under the next number of its series."""
    record = canonical(kept.record_of(replace(facts, issued_on=now.date())))
    name = _SERIES[facts.kind]
    number = _next(connection, about.registration, about.year, name)
    values = {
        "registration": about.registration,
        "year": about.year,
        "series": name,
        "number": number,
        "kind": facts.kind,
        "gift_id": about.gift_id,
        "payment": about.payment,
        "minor": facts.money.minor,
        "currency": facts.money.currency,
        "record_sha256": sha256(record.encode()).hexdigest(),
        "cancels": about.cancels,
        "credits": about.credits,
        "issued_at": now,
    }
    connection.execute(insert(receipt).values(values))
    made = of_payment(connection, facts.kind, about.payment)
    if made is None:
        message = "a receipt that was just written is not there"
        raise RuntimeError(message)
    connection.execute(insert(paper).values(receipt_id=made.id, record=record))
    return made


def of_gift(connection: Connection, gift_id: int) -> tuple[Receipt, ...]:
    """Give the receipts of a gift, in the order in which they were issued."""
    rows = connection.execute(
        select(receipt).where(receipt.c.gift_id == gift_id).order_by(receipt.c.id)
    )
    return tuple(_receipt(row) for row in rows)


def of_payment(connection: Connection, kind: Kind, payment: str) -> Receipt | None:
    """Give the receipt of this kind for a payment."""
    row = connection.execute(
        select(receipt).where(receipt.c.kind == kind, receipt.c.payment == payment)
    ).one_or_none()
    return None if row is None else _receipt(row)


def by_id(connection: Connection, number: int) -> Receipt:
    """Give a receipt by our own number."""
    return _receipt(connection.execute(select(receipt).where(receipt.c.id == number)).one())


def facts_of(connection: Connection, of: Receipt) -> Facts | None:
    """Give what stands on a receipt; None once that was erased."""
    found = connection.scalar(select(paper.c.record).where(paper.c.receipt_id == of.id))
    return None if found is None else kept.facts_of(json.loads(found))


def whole(connection: Connection, of: Receipt, now: datetime) -> Facts:
    """Give what stands on a receipt, or what is left where that was erased."""
    left = Facts(of.kind, of.money, now.date(), "", Issuer("—", "", ""))
    return facts_of(connection, of) or left


def printed(connection: Connection, of: Receipt) -> bytes | None:
    """Give the bytes that were printed, if they were."""
    return connection.scalar(select(paper.c.pdf).where(paper.c.receipt_id == of.id))


def keep_print(connection: Connection, of: Receipt, pdf: bytes) -> bytes:
    """Keep what was printed; gives what was printed first, which is what stays."""
    first = update(paper).where(paper.c.receipt_id == of.id, paper.c.pdf.is_(None))
    connection.execute(first.values(pdf=pdf, pdf_sha256=sha256(pdf).hexdigest()))
    return printed(connection, of) or pdf


def prune(connection: Connection, now: datetime) -> int:
    """Forget what stands on receipts whose time is over; numbers, amounts and hashes stay."""
    old = select(receipt.c.id).where(receipt.c.issued_at < now - KEPT)
    return connection.execute(delete(paper).where(paper.c.receipt_id.in_(old))).rowcount


def totals(connection: Connection, registration: str, year: int) -> dict[tuple[str, str], Any]:
    """Give (receipts, minor units) by (kind, currency) of a year, issued less cancelled.

    For the yearly declaration, CGI art. 222 bis: how many, and how much in all.
    """
    gone = receipt.alias("gone")
    rows = connection.execute(
        select(receipt.c.kind, receipt.c.currency, func.count(), func.sum(receipt.c.minor))
        .outerjoin(gone, gone.c.cancels == receipt.c.id)
        .where(receipt.c.registration == registration, receipt.c.year == year)
        .where(receipt.c.kind != "cancellation", gone.c.id.is_(None))
        .group_by(receipt.c.kind, receipt.c.currency)
        .order_by(receipt.c.kind, receipt.c.currency)
    )
    return {(row[0], row[1]): (row[2], int(row[3])) for row in rows}


_SERIES: Mapping[Kind, str] = {
    "payment": "P",
    "invoice": "I",
    "credit_note": "C",
    "fr_individual": "FR",
    "fr_company": "FRE",
    "us_gift": "US",
    "uk_gift_aid": "GB",
    "cancellation": "X",
}
"""One series for each kind: none has a gap because of another."""


def _next(connection: Connection, registration: str, year: int, name: str) -> int:
    keys = {"registration": registration, "year": year, "name": name}
    insert_once(connection, series, keys | {"last": 0})
    here = update(series)
    for key, value in keys.items():
        here = here.where(series.c[key] == value)
    connection.execute(here.values(last=series.c.last + 1))
    found = select(series.c.last)
    for key, value in keys.items():
        found = found.where(series.c[key] == value)
    return int(connection.execute(found).scalar_one())


def _receipt(row: Row[Any]) -> Receipt:
    return Receipt(
        id=row.id,
        registration=row.registration,
        year=row.year,
        series=row.series,
        number=row.number,
        kind=cast("Kind", row.kind),
        gift_id=row.gift_id,
        payment=row.payment,
        money=Money(row.minor, row.currency),
        record_sha256=row.record_sha256,
        cancels=row.cancels,
        credits=row.credits,
        issued_at=row.issued_at,
    )
