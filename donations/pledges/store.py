"""Purses in the database: held by whoever decides, with acts that are written once."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Connection, Select, Text, bindparam, func, literal, select, update

from core.db import insert_once
from core.money import Money, split
from core.snapshots import asked_once
from donations.calls import stripe_call
from donations.giving import rules as giving
from donations.giving import store as gifts
from donations.giving import tables, terms
from donations.giving.rules import Product
from donations.giving.store import Gift
from donations.giving.terms import Terms
from donations.pledges.rules import Act, Course, Deed, Held, Promise, course
from donations.pledges.tables import purse, purse_act

AT_LEAST_EVERY = timedelta(days=1)
"""A purse is looked at once a day, whatever it waits for: an event may have been missed."""

AT_ONCE = 500
"""So many gifts fit into one query on both databases."""

_CHARGE = "charge:gift:"

OVER: frozenset[giving.Deed] = frozenset({"withdrawn", "released", "expired"})

MOVED: tuple[giving.Deed, ...] = (
    "paid",
    "unasked",
    "refunded",
    "refund_failed",
    "disputed",
    "dispute_won",
    "dispute_lost",
)
"""What says that money moved. Anybody can say what they would give, as often as they like."""


def charge_key(gift_id: int) -> str:
    """Name the one charge of a saved card: whoever asks for it again asks for the same."""
    return f"{_CHARGE}{gift_id}"


def open_purse(connection: Connection, about: str, repo_id: int, now: datetime) -> None:
    """Let a request have a purse that is looked at; one that it has stays as it is."""
    fresh = {"about": about, "repo_id": repo_id, "live": True, "due_at": now}
    insert_once(connection, purse, fresh)


def hold(connection: Connection, about: str) -> bool:
    """Let nobody else decide about a request's money until the transaction ends; False if it has none."""
    here = select(purse.c.about).where(purse.c.about == about).with_for_update()
    return connection.scalar(here) is not None


def wait_for(connection: Connection, about: str, due_at: datetime | None) -> None:
    """Say when to look at a purse next; None where nothing lies there any more."""
    values = {"live": due_at is not None} | ({"due_at": due_at} if due_at else {})
    connection.execute(update(purse).where(purse.c.about == about).values(**values))


def due(connection: Connection, now: datetime, most: int) -> tuple[str, ...]:
    """Give the requests whose purses are to be looked at, the longest waiting first."""
    waiting = select(purse.c.about).where(purse.c.live, purse.c.due_at <= now)
    return tuple(connection.scalars(waiting.order_by(purse.c.due_at).limit(most)))


def in_repo(connection: Connection, repo_id: int) -> tuple[str, ...]:
    """Give the requests with something in their purses that were promised to in a repository."""
    here = select(purse.c.about).where(purse.c.live, purse.c.repo_id == repo_id)
    return tuple(connection.scalars(here))


def is_open(connection: Connection, about: str) -> bool:
    """Say whether something lies in a request's purse, or is waited for."""
    here = select(purse.c.live).where(purse.c.about == about)
    return bool(connection.scalar(here))


def write(connection: Connection, about: str, done: Act, now: datetime) -> bool:
    """Write down what was decided about a purse; says whether it is news."""
    values = {
        "about": about,
        "deed": done.deed,
        "evidence": done.evidence,
        "minor": done.minor,
        "currency": done.currency,
        "until": done.until,
        "by_id": done.by_id,
        "at": done.at,
        "recorded_at": now,
    }
    return insert_once(connection, purse_act, values)


@asked_once
def acts(connection: Connection, about: str) -> tuple[Act, ...]:
    """Give what was decided about a purse, in the order in which it happened."""
    columns = purse_act.c
    rows = connection.execute(
        select(purse_act).where(columns.about == about).order_by(columns.at, columns.id)
    )
    return tuple(
        Act(
            cast("Deed", row.deed),
            row.evidence,
            row.at,
            row.minor,
            row.currency,
            row.until,
            row.by_id,
        )
        for row in rows
    )


def course_of(connection: Connection, about: str) -> Course:
    """Read what was decided about a purse so far."""
    return course(acts(connection, about))


def of_request(
    connection: Connection, about: str, product: Product | None = None
) -> tuple[Gift, ...]:
    """Give everything that was promised or given for a request, or one of both, in order."""
    wanted = select(tables.gift).where(tables.gift.c.about == about)
    if product is not None:
        wanted = wanted.where(tables.gift.c.product == product)
    return tuple(
        Gift(
            id=row.id,
            key=row.key,
            repo_id=row.repo_id,
            about=row.about,
            product=row.product,
            rhythm=row.rhythm,
            money=Money(row.minor, row.currency),
            terms_sha256=row.terms_sha256,
            said_at=row.said_at,
        )
        for row in connection.execute(wanted.order_by(tables.gift.c.id))
    )


@asked_once
def terms_of(connection: Connection, about: str) -> tuple[Terms, ...]:
    """Give the terms under which something was given or promised for a request, each once."""
    here = select(tables.gift.c.terms_sha256).where(tables.gift.c.about == about).distinct()
    texts = select(tables.terms.c.text).where(tables.terms.c.sha256.in_(here))
    return tuple(terms.of(json.loads(one)) for one in connection.scalars(texts))


def promises_of(connection: Connection, about: str) -> tuple[Promise, ...]:
    """Give the promises for an outcome, as they stand: four queries, however many there are."""
    gift, found = tables.gift.c, of_request(connection, about, "pledge")
    if not found:
        return ()
    here = (gift.about == about) & (gift.product == "pledge")
    asked = stripe_call.c.effect_key == literal(_CHARGE) + gift.id.cast(Text)
    charged = set(
        connection.scalars(select(gift.id).join_from(tables.gift, stripe_call, asked).where(here))
    )
    happened = _acts_of(connection, found, select(gift.id).where(here))
    said = {one.sha256: one for one in terms_of(connection, about)}
    return tuple(
        _promise(one, happened[one.id], said[one.terms_sha256], charged=one.id in charged)
        for one in found
    )


def promises(connection: Connection, of: Iterable[Gift]) -> tuple[Promise, ...]:
    """Give the promises among gifts, as they stand: few queries, however many there are."""
    found = [one for one in of if one.product == "pledge"]
    if not found:
        return ()
    charged = set[str]()
    for start in range(0, len(found), AT_ONCE):
        wanted = [charge_key(one.id) for one in found[start : start + AT_ONCE]]
        keys = stripe_call.c.effect_key.in_(wanted)
        charged.update(connection.scalars(select(stripe_call.c.effect_key).where(keys)))
    happened, said = _happened(connection, found), _terms(connection, found)
    return tuple(
        _promise(
            one, happened[one.id], said[one.terms_sha256], charged=charge_key(one.id) in charged
        )
        for one in found
    )


def _happened(connection: Connection, of: Sequence[Gift]) -> dict[int, list[giving.Act]]:
    """Give what happened to each of several gifts, by its number."""
    found: dict[int, list[giving.Act]] = {}
    for start in range(0, len(of), AT_ONCE):
        part = of[start : start + AT_ONCE]
        found |= _acts_of(connection, part, [one.id for one in part])
    return found


def _acts_of(
    connection: Connection, of: Sequence[Gift], numbers: Sequence[int] | Select[tuple[int]]
) -> dict[int, list[giving.Act]]:
    columns = tables.act.c
    found: dict[int, list[giving.Act]] = {one.id: [] for one in of}
    rows = connection.execute(
        select(columns.gift_id, columns.deed, columns.evidence, columns.at, columns.minor,
               columns.payment)
        .where(columns.gift_id.in_(numbers))
        .order_by(columns.at, columns.id)
    )  # fmt: skip
    for gift_id, *happened in rows:
        found[gift_id].append(giving.Act(*happened))
    return found


def _terms(connection: Connection, of: Iterable[Gift]) -> dict[str, Terms]:
    one_of = {one.terms_sha256: one for one in of}
    return {sha256: gifts.terms_of(connection, one) for sha256, one in one_of.items()}


_LAST_HEARD = select(func.max(tables.act.c.recorded_at)).where(
    tables.act.c.gift_id.in_(bindparam("_ids", expanding=True)), tables.act.c.deed.in_(MOVED)
)


def last_heard(connection: Connection, gift_ids: Iterable[int]) -> datetime | None:
    """Say when it was last heard of any of these gifts that money moved: wishes cost nothing."""
    numbers, heard = sorted(set(gift_ids)), []
    for start in range(0, len(numbers), AT_ONCE):
        last = connection.scalar(_LAST_HEARD, {"_ids": numbers[start : start + AT_ONCE]})
        heard += [last] if last is not None else []
    return max(heard, default=None)


def with_deeds(
    connection: Connection, gift_ids: Iterable[int], deeds: Iterable[giving.Deed]
) -> tuple[int, ...]:
    """Give those gifts to which something of a sort happened, in order: few queries for many gifts."""
    wanted, numbers = sorted(deeds), sorted(set(gift_ids))
    found: set[int] = set()
    for start in range(0, len(numbers), AT_ONCE):
        here = tables.act.c.gift_id.in_(numbers[start : start + AT_ONCE])
        rows = select(tables.act.c.gift_id).where(here, tables.act.c.deed.in_(wanted))
        found.update(connection.scalars(rows.distinct()))
    return tuple(sorted(found))


def held(connection: Connection, of: Gift) -> tuple[tuple[Held, Money], ...]:
    """Give the payments of a gift of which a part lies with its request, with that part."""
    return tuple((payment, part) for _gift, payment, part in held_of(connection, (of,)))


def held_of(connection: Connection, of: Sequence[Gift]) -> list[tuple[Gift, Held, Money]]:
    """Give the payments of several gifts that lie with their requests: few queries, however many."""
    happened, terms = _happened(connection, of), _terms(connection, of)
    return [
        (one, payment, part)
        for one in of
        for payment, part in _held(one, happened[one.id], terms[one.terms_sha256])
    ]


def _held(of: Gift, done: Sequence[giving.Act], terms: Terms) -> Iterator[tuple[Held, Money]]:
    standing = giving.standing(done)
    weights = [weight for _name, weight in terms.split]
    names = [name for name, _weight in terms.split]
    if "feature" not in names or standing.state != "paid":
        return
    # What could not go back is owed to its giver: it does not lie with the request any more.
    left = giving.there(done)
    ended = any(one.deed in OVER for one in done)
    for one in done:
        if one.deed != "paid":
            continue
        parts = split(Money(left[one.evidence], of.money.currency), weights)
        pledged = of.money if of.product == "pledge" else None
        payment = Held(one.evidence, of.name, of.said_at, one.at, terms, pledged, ended)
        yield payment, parts[names.index("feature")]


def _promise(of: Gift, done: list[giving.Act], terms: Terms, *, charged: bool) -> Promise:
    standing = giving.standing(done)
    refused = [one.at for one in done if one.deed in {"asked", "failed"}]
    return Promise(
        id=of.id,
        money=of.money,
        said_at=of.said_at,
        state=standing.state,
        terms=terms,
        kept=standing.kept,
        asked_at=min(refused, default=None),
        charged=charged,
    )
