"""Proof that what is owed to people is what was posted: splits, rewards, shares, transfers and debts."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Connection, or_, select

from core.digests import canonical
from donations.payouts import checking
from donations.payouts.checking import PERSON, SOURCE, Posted
from donations.payouts.tables import debt, payout, reward, share, share_act, split_said
from donations.pledges.tables import purse
from donations.tables import book, entry, transaction

AT_ONCE = 500
"""Numbers that are asked for together."""


def problems(connection: Connection) -> Iterator[str]:
    """Give a sentence for each thing that does not hold; none where nothing was altered."""
    posted = _posted(connection)
    there: set[str] = set()
    for part in _parts(connection):
        there.add(part["book"])
        try:
            found = [*checking.problems(part, posted)]
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            found = [f"they cannot be read: {type(error).__name__} at {error}"]
        yield from (f"payouts of {part['book']}: {one}" for one in found)
    for name in sorted(posted.flows.keys() - there):
        yield f"payouts of {name}: they are not there"


def extents(connection: Connection) -> tuple[str, ...]:
    """Say how much there is, with one hash over all of each book: to be compared with one kept."""
    return checking.said_of(_parts(connection))


def pieces(connection: Connection, repo_id: int | None = None) -> Iterator[str]:
    """Give what is owed out of each book (or that of one repository) as canonical JSON."""
    yield from (canonical(part) for part in _parts(connection, repo_id))


def _parts(connection: Connection, repo_id: int | None = None) -> Iterator[dict[str, Any]]:
    names = set(connection.scalars(select(reward.c.book).distinct()))
    said = select(purse.c.repo_id).join(split_said, split_said.c.about == purse.c.about).distinct()
    names |= {f"project:{number}" for number in connection.scalars(said)}
    for name in sorted(names if repo_id is None else names & {f"project:{repo_id}"}):
        owed = select(debt).where(debt.c.book == name).order_by(debt.c.id)
        yield {
            "book": name,
            "splits": _splits(connection, name),
            "rewards": _rewards(connection, name),
            "debts": [
                [row.id, row.share_id, row.evidence, row.minor, row.bearer]
                for row in connection.execute(owed)
            ],
        }


def _splits(connection: Connection, name: str) -> list[dict[str, Any]]:
    number = int(name.partition(":")[2] or 0)
    own = select(purse.c.about).where(purse.c.repo_id == number)
    paid = select(reward.c.about).where(reward.c.book == name)
    columns = split_said.c
    rows = connection.execute(
        select(split_said)
        .where(or_(columns.about.in_(own), columns.about.in_(paid)))
        .order_by(columns.about, columns.version)
    )
    return [
        {
            "about": row.about,
            "version": row.version,
            "shares": row.shares,
            "reason": row.reason,
            "by_id": row.by_id,
            "said_at": row.said_at.isoformat(),
        }
        for row in rows
    ]


def _rewards(connection: Connection, name: str) -> list[dict[str, Any]]:
    rows = connection.execute(select(reward).where(reward.c.book == name).order_by(reward.c.id))
    found = {
        row.id: {
            "cause": row.cause,
            "about": row.about,
            "currency": row.currency,
            "owed_days": row.owed_days,
            "lapse": row.lapse,
            "payments": row.payments,
            "weights": row.weights,
            "version": row.version,
            "made_at": row.made_at.isoformat(),
            "shares": [],
        }
        for row in rows
    }
    numbers = list(found)
    for at in range(0, len(numbers), AT_ONCE):
        for number, one in _shares(connection, share.c.reward_id.in_(numbers[at : at + AT_ONCE])):
            found[number]["shares"].append(one)
    return list(found.values())


def _shares(
    connection: Connection, where: ColumnElement[bool]
) -> Iterator[tuple[int, dict[str, Any]]]:
    found: dict[int, dict[str, Any]] = {}
    rewards: dict[int, int] = {}
    for row in connection.execute(select(share).where(where).order_by(share.c.id)):
        rewards[row.id] = row.reward_id
        base = {"id": row.id, "github_id": row.github_id, "minor": row.minor}
        found[row.id] = base | {"acts": [], "payouts": []}
    acts = select(share_act).join(share, share.c.id == share_act.c.share_id)
    for row in connection.execute(acts.where(where).order_by(share_act.c.id)):
        act = [row.deed, row.evidence, row.minor, row.concerns, row.at.isoformat()]
        found[row.share_id]["acts"].append(act)
    wanted = select(payout).join(share, share.c.id == payout.c.share_id)
    for row in connection.execute(wanted.where(where).order_by(payout.c.attempt)):
        one = [row.id, row.attempt, row.minor, row.wanted_at.isoformat()]
        found[row.share_id]["payouts"].append(one)
    yield from ((rewards[number], one) for number, one in found.items())


def _posted(connection: Connection) -> Posted:
    """Read what the books say: all that moved for people, and the whole of each reward's posting."""
    there = (transaction.c.book_id == entry.c.book_id) & (
        transaction.c.sequence == entry.c.sequence
    )
    lines = (
        select(book.c.name, transaction.c.external_id, entry.c.account, entry.c.currency,
               entry.c.minor, entry.c.kind)
        .join(transaction, there)
        .join(book, book.c.id == entry.c.book_id)
    )  # fmt: skip
    found = Posted()
    for row in connection.execute(
        lines.where(entry.c.account.startswith(PERSON, autoescape=True)),
        execution_options={"yield_per": 5_000},
    ):
        found.add(row.name, _record(row), all_of_it=False)
    own = lines.join(reward, (reward.c.cause == transaction.c.external_id)).where(
        reward.c.book == book.c.name,
        transaction.c.source == SOURCE,
        transaction.c.kind.in_(("award", "redirect")),
    )
    for row in connection.execute(own):
        sums = found.rewards.setdefault((row.name, row.external_id), {})
        key = (row.account, row.currency)
        sums[key] = sums.get(key, 0) + row.minor
    return found


def _record(row: Any) -> dict[str, Any]:
    return {
        "external_id": row.external_id,
        "kind": row.kind,
        "entries": [(row.account, row.currency, row.minor)],
    }
