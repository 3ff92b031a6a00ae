"""Rewards and shares as they are read, and the acts by which a share's standing changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection, Row, select

from core.db import insert_once
from core.money import Money
from donations.payouts import rules
from donations.payouts.rules import Act, Lapse, Standing
from donations.payouts.tables import payout, reward, share, share_act

Payment = tuple[int, str, int, int]
"""A gift, its charge, what of it paid for a reward, in minor units, and the last of the gift's acts
that were known then: what came back after that is not in the amount.
"""


@dataclass(frozen=True)
class Reward:
    """Money that became owed to people for one reason, shared by `weights`, 0 being the project."""

    id: int
    cause: str
    book: str
    about: str
    currency: str
    owed_days: int
    lapse: Lapse
    payments: tuple[Payment, ...]
    made_at: datetime
    weights: tuple[tuple[int, int], ...] = ()
    version: int = 0


@dataclass(frozen=True)
class Share:
    """What of a reward is one person's, and how it stands."""

    id: int
    github_id: int
    money: Money
    reward: Reward
    standing: Standing

    @property
    def left(self) -> Money:
        """What of it is still owed."""
        return Money(self.standing.left, self.money.currency)


def note(connection: Connection, share_id: int, done: Act, now: datetime) -> bool:
    """Write down what happened to a share; says whether it is news."""
    values = {
        "share_id": share_id,
        "deed": done.deed,
        "evidence": done.evidence[:120],
        "minor": done.minor,
        "concerns": done.concerns,
        "at": done.at,
        "recorded_at": now,
    }
    return insert_once(connection, share_act, values)


def mark(connection: Connection, reward_id: int, evidence: str, now: datetime) -> None:
    """Write down that nobody of a reward bears a loss, so that it is not asked again."""
    first = select(share.c.id).where(share.c.reward_id == reward_id).order_by(share.c.id).limit(1)
    number = connection.scalar(first)
    if number is not None:
        note(connection, number, Act("shrunk", evidence, now), now)


def marked(connection: Connection, reward_id: int) -> dict[str, datetime]:
    """Give the losses that nobody of a reward bears, and when that was found."""
    rows = connection.execute(
        select(share_act.c.evidence, share_act.c.at)
        .join(share, share.c.id == share_act.c.share_id)
        .where(share.c.reward_id == reward_id, share_act.c.deed == "shrunk")
        .where(share_act.c.minor == 0)
    )
    return {row.evidence: row.at for row in rows}


def shares(connection: Connection, numbers: Sequence[int]) -> tuple[Share, ...]:
    """Give shares by their numbers, as they stand, in order."""
    return _shares(connection, share.c.id.in_(numbers)) if numbers else ()


def of_person(connection: Connection, github_id: int) -> tuple[Share, ...]:
    """Give everything that was ever owed to somebody, the oldest first."""
    return _shares(connection, share.c.github_id == github_id)


def of_reward(connection: Connection, reward_id: int) -> tuple[Share, ...]:
    """Give the shares of a reward, in stated order."""
    return _shares(connection, share.c.reward_id == reward_id)


def rewards_of(connection: Connection, about: str) -> tuple[Reward, ...]:
    """Give the rewards of a request, the oldest first."""
    rows = connection.execute(select(reward).where(reward.c.about == about).order_by(reward.c.id))
    return tuple(reward_of(row) for row in rows)


def reward_because(connection: Connection, cause: str) -> Reward | None:
    """Give the reward of a cause; None where there is none."""
    row = connection.execute(select(reward).where(reward.c.cause == cause)).one_or_none()
    return None if row is None else reward_of(row)


def acts(connection: Connection, share_id: int) -> tuple[Act, ...]:
    """Give what happened to a share, in order."""
    return _acts(connection, (share_id,)).get(share_id, ())


def _shares(connection: Connection, where: Any) -> tuple[Share, ...]:
    rows = connection.execute(
        select(share, *(one.label(f"r_{one.name}") for one in reward.c))
        .join(reward, reward.c.id == share.c.reward_id)
        .where(where)
        .order_by(share.c.id)
    ).all()
    numbers = [row.id for row in rows]
    happened, wanted = _acts(connection, numbers), _payouts(connection, numbers)
    found = []
    for row in rows:
        standing = rules.standing(row.minor, happened.get(row.id, ()), wanted.get(row.id, ()))
        money = Money(row.minor, row.r_currency)
        found.append(Share(row.id, row.github_id, money, reward_of(row, "r_"), standing))
    return tuple(found)


def _acts(connection: Connection, numbers: Sequence[int]) -> dict[int, tuple[Act, ...]]:
    rows = connection.execute(
        select(share_act).where(share_act.c.share_id.in_(numbers)).order_by(share_act.c.id)
    )
    found: dict[int, tuple[Act, ...]] = {}
    for row in rows:
        act = Act(row.deed, row.evidence, row.at, row.minor, row.concerns)
        found[row.share_id] = (*found.get(row.share_id, ()), act)
    return found


def _payouts(connection: Connection, numbers: Sequence[int]) -> dict[int, tuple[str, ...]]:
    columns = payout.c
    rows = connection.execute(
        select(columns.id, columns.share_id)
        .where(columns.share_id.in_(numbers))
        .order_by(columns.attempt)
    )
    found: dict[int, tuple[str, ...]] = {}
    for row in rows:
        found[row.share_id] = (*found.get(row.share_id, ()), f"payout:{row.id}")
    return found


def reward_of(row: Row[Any], prefix: str = "") -> Reward:
    """Read a row; `prefix` stands before the names of its columns."""
    of = row._mapping  # noqa: SLF001 - SQLAlchemy's public name for it
    return Reward(
        id=of[f"{prefix}id"],
        cause=of[f"{prefix}cause"],
        book=of[f"{prefix}book"],
        about=of[f"{prefix}about"],
        currency=of[f"{prefix}currency"],
        owed_days=of[f"{prefix}owed_days"],
        lapse=cast("Lapse", of[f"{prefix}lapse"]),
        payments=tuple((one[0], one[1], one[2], one[3]) for one in of[f"{prefix}payments"]),
        made_at=of[f"{prefix}made_at"],
        weights=tuple((one[0], one[1]) for one in of[f"{prefix}weights"]),
        version=of[f"{prefix}version"],
    )
