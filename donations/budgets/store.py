"""Organisations in the database: whoever gives for one holds it, so that no two pass its budget."""

import secrets
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import (
    Connection,
    Row,
    String,
    cast,
    delete,
    func,
    insert,
    literal,
    select,
    update,
)

from core.db import insert_once
from core.money import Money
from donations.budgets import rules
from donations.budgets.rules import Month, Own, Page
from donations.budgets.tables import budget, given, member, organisation
from donations.calls import stripe_call
from donations.giving import store as gifts
from donations.giving import tables
from donations.giving.rules import Act
from donations.giving.store import Gift

MOST_OF_ONE = 20
"""So many organisations may somebody be in."""

MOST_MEMBERS = 500
"""So many may be in one."""

Joined = Literal["joined", "known", "full", "many"]
"""full: it has as many members as it may; many: somebody is in as many organisations as they may."""


@dataclass(frozen=True)
class Organisation:
    """An organisation as one of its members sees it."""

    id: int
    name: str
    token: str
    manages: bool


def make(connection: Connection, name: str, by_id: int, limit: Money, now: datetime) -> int | None:
    """Make an organisation with its first manager and budget; gives its number.

    None where they are in as many as somebody may be.
    """
    if not _has_room(connection, by_id):
        return None
    values = {"name": name, "token": secrets.token_hex(16), "made_at": now}
    found = connection.execute(insert(organisation).values(**values).returning(organisation.c.id))
    number = int(found.scalar_one())
    _add(connection, number, by_id, now, manages=True)
    allow(connection, number, limit, by_id, now)
    return number


def join(connection: Connection, number: int, github_id: int, now: datetime) -> Joined:
    """Let somebody give in its name, or say why not; whoever else joins it, or acts as them, waits."""
    hold(connection, number)
    here = [one for one, _manages in members(connection, number)]
    if github_id in here:
        return "known"
    if len(here) >= MOST_MEMBERS:
        return "full"
    if not _has_room(connection, github_id):
        return "many"
    _add(connection, number, github_id, now, manages=False)
    return "joined"


def _has_room(connection: Connection, github_id: int) -> bool:
    """Say whether somebody may be in one more; nobody else lets them in until this transaction ends.

    Whoever holds an organisation, too, took it before: nobody waits in a circle.
    """
    if connection.dialect.name == "postgresql":
        # There is no row of theirs to hold; on SQLite there is one writer.
        alone = func.pg_advisory_xact_lock(func.hashtext(f"organisations of {github_id}"))
        connection.execute(select(alone))
    mine = select(func.count()).select_from(member).where(member.c.github_id == github_id)
    return connection.execute(mine).scalar_one() < MOST_OF_ONE


def _add(
    connection: Connection, number: int, github_id: int, now: datetime, *, manages: bool
) -> None:
    row = {"organisation_id": number, "github_id": github_id, "manages": manages, "since": now}
    connection.execute(insert(member).values(**row))


def leave(connection: Connection, number: int, github_id: int) -> int:
    """Let somebody give in its name no more; the address at which people join changes, too.

    Where nobody manages it then, whoever has been there longest does; where nobody is left, its name
    is forgotten. Gives how many rows went.
    """
    hold(connection, number)
    mine = (member.c.organisation_id == number) & (member.c.github_id == github_id)
    gone = connection.execute(delete(member).where(mine)).rowcount
    here = member.c.organisation_id == number
    left = connection.execute(select(member).where(here).order_by(member.c.since)).all()
    if left and not any(one.manages for one in left):
        raised = here & (member.c.github_id == left[0].github_id)
        connection.execute(update(member).where(raised).values(manages=True))
    # Where nobody is left nobody could see or change its name any more: it may be a person's.
    fresh = {"token": secrets.token_hex(16)} | ({} if left else {"name": ""})
    connection.execute(update(organisation).where(organisation.c.id == number).values(**fresh))
    return gone


def raise_up(connection: Connection, number: int, github_id: int) -> bool:
    """Let a member manage it, too."""
    mine = (member.c.organisation_id == number) & (member.c.github_id == github_id)
    return connection.execute(update(member).where(mine).values(manages=True)).rowcount == 1


def allow(connection: Connection, number: int, limit: Money, by_id: int, now: datetime) -> None:
    """Say what may be promised in each month in a currency, from now on."""
    values = {
        "organisation_id": number,
        "currency": limit.currency,
        "minor": limit.minor,
        "by_id": by_id,
        "at": now,
    }
    connection.execute(insert(budget).values(**values))


def hold(connection: Connection, number: int) -> bool:
    """Let whoever else gives in its name wait until this transaction ends; False if there is none."""
    here = select(organisation.c.id).where(organisation.c.id == number).with_for_update()
    return connection.scalar(here) is not None


def of_person(connection: Connection, github_id: int) -> tuple[Organisation, ...]:
    """Give the organisations in whose name somebody may give, by name."""
    rows = connection.execute(
        select(organisation, member.c.manages)
        .join(member, member.c.organisation_id == organisation.c.id)
        .where(member.c.github_id == github_id)
        .order_by(organisation.c.name, organisation.c.id)
    )
    return tuple(Organisation(row.id, row.name, row.token, row.manages) for row in rows)


def by_token(connection: Connection, token: str) -> tuple[int, str] | None:
    """Give (number, name) of the organisation that is joined at an address."""
    here = select(organisation.c.id, organisation.c.name).where(organisation.c.token == token)
    row = connection.execute(here).one_or_none()
    return (row.id, row.name) if row else None


def members(connection: Connection, number: int) -> tuple[tuple[int, bool], ...]:
    """Give (account, manages) of its members, who was there first first."""
    here = select(member).where(member.c.organisation_id == number)
    rows = connection.execute(here.order_by(member.c.since, member.c.github_id))
    return tuple((row.github_id, row.manages) for row in rows)


def limits(connection: Connection, number: int) -> dict[str, Money]:
    """Give what may be promised in each month, by currency."""
    newest = select(func.max(budget.c.id)).where(budget.c.organisation_id == number)
    rows = connection.execute(
        select(budget).where(budget.c.id.in_(newest.group_by(budget.c.currency)))
    )
    return {row.currency: Money(row.minor, row.currency) for row in rows}


def left(connection: Connection, number: int, currency: str, now: datetime) -> Money | None:
    """Give what may still be promised this month; None where there is no budget in that currency."""
    limit = limits(connection, number).get(currency)
    if limit is None:
        return None
    this = rules.month_of(now)
    own = _counting(connection, number, this)
    of = [one for gift, one in own if gift.money.currency == currency]
    return Money(rules.left(limit.minor, of, this, now), currency)


def note(connection: Connection, gift: Gift, number: int) -> None:
    """Write down, beside a gift that was just said, in whose name it is."""
    insert_once(connection, given, {"gift_id": gift.id, "organisation_id": number})


def of_gift(connection: Connection, gift_id: int) -> int | None:
    """Give the organisation in whose name a gift is."""
    found: int | None = connection.scalar(
        select(given.c.organisation_id).where(given.c.gift_id == gift_id)
    )
    return found


def month(
    connection: Connection, number: int, now: datetime
) -> tuple[Mapping[str, int], tuple[tuple[Gift, int], ...]]:
    """Give what counts this month: sums by currency, and each gift with its part, newest first."""
    sums: defaultdict[str, int] = defaultdict(int)
    found: list[tuple[Gift, int]] = []
    this = rules.month_of(now)
    for gift, own in _counting(connection, number, this):
        if counted := rules.counts(own, this, now):
            sums[gift.money.currency] += counted
            found.append((gift, counted))
    return sums, tuple(reversed(found))


def forget(connection: Connection, github_id: int) -> int:
    """Let somebody leave everything, and forget who set a budget; says how many rows."""
    mine = select(member.c.organisation_id).where(member.c.github_id == github_id)
    # In one order: two who are in the same organisations do not wait for each other.
    mine = mine.order_by(member.c.organisation_id)
    gone = sum(leave(connection, number, github_id) for number in [*connection.scalars(mine)])
    nobody = update(budget).where(budget.c.by_id == github_id).values(by_id=None)
    return gone + connection.execute(nobody).rowcount


def _counting(connection: Connection, number: int, this: Month) -> list[tuple[Gift, Own]]:
    """Give what was said in its name and may count this month, with what happened to each, in order."""
    own = tables.gift.c
    here = (given.c.organisation_id == number) & (
        (own.rhythm != "once") | (own.said_at >= this.starts_at)
    )
    said = tables.gift.join(given, given.c.gift_id == own.id)
    happened: defaultdict[int, list[Act]] = defaultdict(list)
    acts = select(tables.act).join(said, own.id == tables.act.c.gift_id).where(here)
    for row in connection.execute(acts.order_by(tables.act.c.id)):
        act = Act(row.deed, row.evidence, row.at, row.minor, row.payment)
        happened[row.gift_id].append(act)
    asked = stripe_call.c
    # The one call that opens the bank's page has the name that the bank knows the gift by.
    with_call = said.outerjoin(
        stripe_call, asked.effect_key == literal("gift:").concat(cast(own.id, String))
    )
    rows = connection.execute(
        select(tables.gift, asked.state, asked.finished_at)
        .select_from(with_call)
        .where(here)
        .order_by(own.id)
    )
    return [_own(row, happened[row.id]) for row in rows]


def _own(row: Row[Any], acts: list[Act]) -> tuple[Gift, Own]:
    """Read a gift with how the call stands that opens its page; `state` is None without a bank."""
    gift = gifts.read(row)
    page, opened_at = _PAGES.get(row.state, "opened"), row.finished_at
    happened = tuple(acts)
    said = (gift.product, gift.rhythm, gift.money.minor, gift.said_at)
    return gift, Own(*said, happened, page, opened_at)


_PAGES: Mapping[str | None, Page] = {
    "due": "waits",
    "running": "waits",
    # What came of it is not known: it is looked up, and asked for again where nothing came.
    "dead": "waits",
    "failed": "none",
}
