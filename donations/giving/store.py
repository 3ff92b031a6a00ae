"""Gifts in the database: said once, followed by acts, never edited; givers beside them can be erased."""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection, Row, func, insert, select, update

from core.db import insert_once
from core.money import Money
from donations.giving import booking, heard, rules, statements, terms
from donations.giving.rules import Act, Product, Rhythm, Standing
from donations.giving.tables import act, gift, giver, total
from donations.giving.tables import terms as terms_table
from donations.giving.terms import Terms

_NUMBER = re.compile(r"[0-9]{1,15}", re.ASCII)


@dataclass(frozen=True)
class Said:
    """What somebody chose on the page; `about` is the request's node id, or empty."""

    key: str
    repo_id: int
    about: str
    product: Product
    rhythm: Rhythm
    money: Money
    terms: Terms


@dataclass(frozen=True)
class Giver:
    """Who gives: shown to others only if `public`; empty once erased."""

    github_id: int | None = None
    name: str = ""
    email: str = ""
    message: str = ""
    public: bool = False
    language: str = "en"
    customer_id: str = ""
    method_id: str = ""
    subscription_id: str = ""


@dataclass(frozen=True)
class Gift:
    """A gift or a promise as it was said."""

    id: int
    key: str
    repo_id: int
    about: str
    product: Product
    rhythm: Rhythm
    money: Money
    terms_sha256: str
    said_at: datetime

    @property
    def name(self) -> str:
        """What the processor calls it: `gift:12`."""
        return f"gift:{self.id}"


def say(connection: Connection, said: Said, who: Giver, now: datetime) -> Gift:
    """Write down what somebody chose, once for each key: sending a form twice is one gift."""
    sha256 = said.terms.sha256
    kept = {"sha256": sha256, "text": said.terms.text, "first_shown_at": now}
    insert_once(connection, terms_table, kept)
    values = {
        "key": said.key,
        "repo_id": said.repo_id,
        "about": said.about,
        "product": said.product,
        "rhythm": said.rhythm,
        "minor": said.money.minor,
        "currency": said.money.currency,
        "terms_sha256": sha256,
        "said_at": now,
    }
    is_new = insert_once(connection, gift, values)
    made = by_key(connection, said.key)
    if made is None:
        message = "a gift that was just written is not there"
        raise RuntimeError(message)
    if is_new:
        connection.execute(insert(giver).values(gift_id=made.id, **vars(who)))
    return made


def note(connection: Connection, of: Gift, done: Act, now: datetime) -> bool:
    """Write down what happened to a gift; says whether it is news. Totals follow."""
    hold(connection, of)
    before = standing(connection, of)
    values = {
        "gift_id": of.id,
        "deed": done.deed,
        "evidence": done.evidence,
        "minor": done.minor,
        "payment": done.payment,
        "at": done.at,
        "recorded_at": now,
    }
    if not insert_once(connection, act, values):
        return False
    after = standing(connection, of)
    if before.kept != after.kept:
        givers = (after.kept > 0) - (before.kept > 0)
        _add(connection, of, after.kept - before.kept, givers)
    heard.tell(connection, of.id, done, now)
    return True


def hold(connection: Connection, of: Gift) -> None:
    """Let whoever else acts on the same gift wait until this transaction ends."""
    connection.execute(statements.HOLD, {"_id": of.id})


def standing(connection: Connection, of: Gift) -> Standing:
    """Say how a gift stands."""
    return rules.standing(acts(connection, of.id))


def last_act(connection: Connection, gift_id: int) -> int:
    """Give the number of what was noted last of a gift; 0 where nothing was."""
    found = connection.scalar(select(func.max(act.c.id)).where(act.c.gift_id == gift_id))
    return int(found or 0)


def acts(connection: Connection, gift_id: int, *, after: int = 0) -> tuple[Act, ...]:
    """Give what happened to a gift, in the order in which it happened; only what was noted `after`."""
    rows = connection.execute(statements.ACTS, {"_gift_id": gift_id, "_after": after})
    return tuple(Act(row.deed, row.evidence, row.at, row.minor, row.payment) for row in rows)


def by_key(connection: Connection, key: str) -> Gift | None:
    """Give the gift of a form's key."""
    return _one(connection.execute(statements.BY_KEY, {"_key": key}).one_or_none())


def by_name(connection: Connection, name: str) -> Gift | None:
    """Give the gift that the processor calls so; None where it is no gift."""
    kind, _, number = name.partition(":")
    if kind != "gift" or not _NUMBER.fullmatch(number):
        return None
    return _one(connection.execute(statements.BY_ID, {"_id": int(number)}).one_or_none())


def of_charge(connection: Connection, charge_id: str) -> Gift | None:
    """Give the gift that a charge paid, or was to pay, where we have heard of that."""
    came = act.c.deed.in_(("paid", "unasked"))
    paid = select(act.c.gift_id).where(act.c.evidence == charge_id, came)
    return _one(connection.execute(select(gift).where(gift.c.id.in_(paid))).one_or_none())


def giver_of(connection: Connection, gift_id: int) -> Giver:
    """Give who gave, as far as that is still known."""
    row = connection.execute(select(giver).where(giver.c.gift_id == gift_id)).one_or_none()
    if row is None:
        return Giver()
    return Giver(
        github_id=row.github_id,
        name=row.name,
        email=row.email,
        message=row.message,
        public=row.public,
        language=row.language,
        customer_id=row.customer_id,
        method_id=row.method_id,
        subscription_id=row.subscription_id,
    )


def know(connection: Connection, gift_id: int, **values: str) -> None:
    """Keep what the processor calls the giver, their card, or their giving again and again."""
    connection.execute(update(giver).where(giver.c.gift_id == gift_id).values(**values))


def of_person(connection: Connection, github_id: int, most: int = 200) -> tuple[Gift, ...]:
    """Give the gifts of somebody, the newest first."""
    rows = connection.execute(
        select(gift)
        .join(giver, giver.c.gift_id == gift.c.id)
        .where(giver.c.github_id == github_id)
        .order_by(gift.c.id.desc())
        .limit(most)
    )
    return tuple(read(row) for row in rows)


def forget(connection: Connection, github_id: int) -> int:
    """Erase who somebody was in all their gifts, and says in how many; gifts and books stay.

    What the processor calls their card stays as long as something may be taken from it, or has
    to go back to it: the address of the gift still ends it.
    """
    nobody = {"github_id": None, "name": "", "email": "", "message": "", "public": False}
    own = update(giver).where(giver.c.github_id == github_id)
    return connection.execute(own.values(**nobody)).rowcount


def terms_of(connection: Connection, of: Gift) -> Terms:
    """Give the terms under which a gift was given."""
    found = connection.execute(statements.TERMS, {"_sha256": of.terms_sha256})
    return terms.of(json.loads(found.scalar_one()))


def booked(connection: Connection, of: Gift) -> booking.Gift:
    """Give what the books need to know of a gift."""
    weights = terms_of(connection, of).split
    # A state's part of a price is not made smaller by what the bank takes.
    bearer = booking.account_of("licences", of.repo_id, "") if of.product == "licence" else ""
    return booking.Gift(
        id=of.id,
        book=f"project:{of.repo_id}",
        kind=booking.KINDS[of.product],
        bearer=bearer,
        about=of.name if of.product == "licence" else of.about,
        shares=tuple(
            (booking.account_of(name, of.repo_id, of.about), weight) for name, weight in weights
        ),
    )


def raised(
    connection: Connection, repo_id: int, about: str | None = None
) -> dict[tuple[str, str], tuple[int, int]]:
    """Give (minor units, givers) by (product, currency) of a request or a project, sales aside."""
    given = (total.c.minor != 0) & (total.c.product != "licence")
    wanted = select(total).where(total.c.repo_id == repo_id, given)
    if about is not None:
        wanted = wanted.where(total.c.about == about)
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for row in connection.execute(wanted.order_by(total.c.product, total.c.currency)):
        minor, givers = found.get((row.product, row.currency), (0, 0))
        found[row.product, row.currency] = (minor + row.minor, givers + row.givers)
    return found


def chosen(
    connection: Connection, repo_id: int, currency: str, most: int = 1_000
) -> tuple[int, ...]:
    """Give what people chose last in a currency, nothing included: a figure for others, no names.

    Whoever is known counts once, by what they chose last: many gifts of one are not many people.
    """
    counted = select(act.c.gift_id).where(act.c.deed.in_(("paid", "nothing"))).distinct()
    rows = connection.execute(
        select(gift.c.id, gift.c.minor, giver.c.github_id)
        .outerjoin(giver, giver.c.gift_id == gift.c.id)
        .where(gift.c.repo_id == repo_id, gift.c.currency == currency)
        .where(gift.c.product == "donation", gift.c.id.in_(counted))
        .order_by(gift.c.id.desc())
        .limit(most)
    )
    people: dict[tuple[str, int], int] = {}
    for number, minor, person in rows:
        people.setdefault(("gift", number) if person is None else ("person", person), minor)
    return tuple(people.values())


def _add(connection: Connection, of: Gift, minor: int, givers: int) -> None:
    keys = {
        "repo_id": of.repo_id,
        "about": of.about,
        "product": of.product,
        "currency": of.money.currency,
    }
    insert_once(connection, total, keys | {"minor": 0, "givers": 0})
    here = update(total)
    for name, value in keys.items():
        here = here.where(total.c[name] == value)
    connection.execute(here.values(minor=total.c.minor + minor, givers=total.c.givers + givers))


def _one(row: Row[Any] | None) -> Gift | None:
    return None if row is None else read(row)


def read(row: Row[Any]) -> Gift:
    """Read a row of the table of gifts."""
    return Gift(
        id=row.id,
        key=row.key,
        repo_id=row.repo_id,
        about=row.about,
        product=cast("Product", row.product),
        rhythm=cast("Rhythm", row.rhythm),
        money=Money(row.minor, row.currency),
        terms_sha256=row.terms_sha256,
        said_at=row.said_at,
    )
