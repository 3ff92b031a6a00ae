"""Transfers that are wanted, the accounts that they go to, and what makes them wait.

A transfer is wanted once for a share: another attempt needs one that was refused, cancelled or
came back, and the database refuses two of the same number. Its call's key is its own row.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, delete, func, select, update

from core.db import insert_once
from core.money import Money, to_stripe
from donations import calls
from donations.asked import Introduce, Send, TakeBack
from donations.payouts import shares, store
from donations.payouts.rules import Act
from donations.payouts.shares import Share
from donations.payouts.tables import payee, payout, share_act, warning
from donations.told import Payee

_NAME = re.compile(r"payout:([0-9]{1,15})", re.ASCII)

Source = Literal["network", "review"]


@dataclass(frozen=True)
class Payout:
    """A transfer that was wanted."""

    id: int
    share_id: int
    attempt: int
    minor: int
    stripe_id: str
    charge_id: str
    wanted_at: datetime

    @property
    def name(self) -> str:
        """What the processor calls it: `payout:7`."""
        return f"payout:{self.id}"


def want(
    connection: Connection, of: Share, money: Money, charge_id: str, now: datetime
) -> Payout | None:
    """Want a transfer made; None where another is on its way, or was wanted at this very moment."""
    who = store.hold(connection, of.github_id)
    mine = payout.c.share_id == of.id
    attempt = 1 + int(connection.scalar(select(func.count()).where(mine)) or 0)
    values = {
        "share_id": of.id,
        "attempt": attempt,
        "minor": money.minor,
        "stripe_id": who.stripe_id,
        "charge_id": charge_id,
        "wanted_at": now,
    }
    if not insert_once(connection, payout, values):
        return None
    made = _payout(
        connection.execute(select(payout).where(mine, payout.c.attempt == attempt)).one()
    )
    call = Send(
        about=made.name,
        payee_id=made.stripe_id,
        amount=to_stripe(money),
        currency=money.currency,
        charge_id=charge_id,
        group=f"reward:{of.reward.id}",
    )
    calls.put(connection, call, made.name, now)
    return made


def cancel(connection: Connection, of: Share, now: datetime) -> bool:
    """Keep a wanted transfer from being made; False where it is on its way already."""
    name = of.standing.live
    if of.standing.state != "wanted" or not calls.cancel(connection, name, now):
        return False
    shares.note(connection, of.id, Act("cancelled", name, now, concerns=name), now)
    return True


def take_back(connection: Connection, of: Payout, why: str, money: Money, now: datetime) -> bool:
    """Want a part of a transfer back, once for each reason: each has a key of its own.

    What was refused is asked again: the money may have been on its way to a bank and come home.
    """
    transfer_id, key = transfer_of(connection, of), f"take:{of.id}:{why}"
    if not transfer_id:
        return False
    call = TakeBack(why, transfer_id, to_stripe(money))
    return calls.put(connection, call, key, now) or calls.again(connection, key, now)


def transfer_of(connection: Connection, of: Payout) -> str:
    """Give what the processor calls a transfer that was made; empty while it is not."""
    columns = share_act.c
    made = select(columns.evidence).where(
        columns.share_id == of.share_id, columns.deed == "sent", columns.concerns == of.name
    )
    return connection.scalar(made) or ""


def by_name(connection: Connection, name: str) -> Payout | None:
    """Give the transfer that the processor calls so; None where it is none of ours."""
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    row = connection.execute(select(payout).where(payout.c.id == int(found[1]))).one_or_none()
    return None if row is None else _payout(row)


def to_account(connection: Connection, stripe_id: str) -> tuple[Payout, ...]:
    """Give every transfer that was wanted to an account, the oldest first."""
    wanted = select(payout).where(payout.c.stripe_id == stripe_id)
    return tuple(_payout(row) for row in connection.execute(wanted.order_by(payout.c.id)))


def sent_of_charge(connection: Connection, charge_id: str) -> int:
    """Sum what was to be sent out of a charge, in minor units."""
    out = select(func.coalesce(func.sum(payout.c.minor), 0)).where(payout.c.charge_id == charge_id)
    return int(connection.scalar(out) or 0)


def introduce(connection: Connection, github_id: int, country: str, now: datetime) -> str:
    """Want an account for somebody who has none; gives the key of the call."""
    who = store.hold(connection, github_id)
    mine = update(payee).where(payee.c.github_id == github_id)
    if not who.stripe_id and country != who.country:
        connection.execute(mine.values(country=country, tries=who.tries + 1))
        who = store.hold(connection, github_id)
    key = f"payee:{github_id}:{who.tries}"
    calls.put(connection, Introduce(f"payee:{github_id}", who.country), key, now)
    return key


def consent(connection: Connection, github_id: int, *, agrees: bool) -> None:
    """Keep whether somebody lets a lost payment be taken back from what they were sent."""
    store.hold(connection, github_id)
    mine = update(payee).where(payee.c.github_id == github_id)
    connection.execute(mine.values(consents=agrees))


def seen(connection: Connection, of: Payee, now: datetime) -> int | None:
    """Keep how an account stands at the processor; gives whose it is, None where it is nobody's."""
    kind, _, number = of.about.partition(":")
    if kind != "payee" or not number.isdecimal():
        return owner(connection, of.id)
    github_id = int(number)
    who = store.hold(connection, github_id)
    if who.stripe_id not in {"", of.id}:
        return None
    stands = {"stripe_id": of.id, "payable": of.payable, "told": of.told, "seen_at": now}
    connection.execute(update(payee).where(payee.c.github_id == github_id).values(**stands))
    return github_id


def gone(connection: Connection, stripe_id: str, now: datetime) -> int | None:
    """Forget an account that is not ours any more; another can be made. Gives whose it was."""
    github_id = owner(connection, stripe_id)
    if github_id is None:
        return None
    who = store.hold(connection, github_id)
    nothing = {"stripe_id": "", "country": "", "payable": False, "told": False, "seen_at": now}
    mine = update(payee).where(payee.c.github_id == github_id)
    connection.execute(mine.values(tries=who.tries + 1, **nothing))
    return github_id


def forget(connection: Connection, github_id: int) -> int:
    """Forget what somebody's account is called, once nothing more can go there or come back."""
    busy = {"owed", "wanted", "sent"}
    if any(one.standing.state in busy for one in shares.of_person(connection, github_id)):
        return 0
    nothing = {"stripe_id": "", "country": "", "payable": False, "told": False, "seen_at": None}
    mine = (payee.c.github_id == github_id) & (payee.c.stripe_id != "")
    values = nothing | {"tries": payee.c.tries + 1}
    return connection.execute(update(payee).where(mine).values(**values)).rowcount


def owner(connection: Connection, stripe_id: str) -> int | None:
    """Say whose an account is."""
    here = select(payee.c.github_id).where(payee.c.stripe_id == stripe_id)
    return connection.scalar(here) if stripe_id else None


def of(connection: Connection, github_id: int) -> Row[Any] | None:
    """Give how somebody can be paid; None for whom nothing was ever owed to."""
    return connection.execute(select(payee).where(payee.c.github_id == github_id)).one_or_none()


def warn(connection: Connection, charge_id: str, source: Source, now: datetime) -> bool:
    """Keep that a charge may be fraud, and who says so; says whether that is news."""
    values = {"charge_id": charge_id, "source": source, "warned_at": now}
    return insert_once(connection, warning, values)


def trust(connection: Connection, charge_id: str, source: Source) -> None:
    """Take a warning back; whoever else warns of the charge is still believed."""
    mine = (warning.c.charge_id == charge_id) & (warning.c.source == source)
    connection.execute(delete(warning).where(mine))


def warned_since(connection: Connection, charges: list[str], since: datetime) -> bool:
    """Say whether any of these charges was warned of since then."""
    here = warning.c.charge_id.in_(charges) & (warning.c.warned_at > since)
    return connection.scalar(select(warning.c.charge_id).where(here).limit(1)) is not None


def _payout(row: Row[Any]) -> Payout:
    return Payout(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
