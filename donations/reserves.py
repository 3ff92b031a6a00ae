"""Proof of reserves: each day, what is owed to whom counts together, and what the processor holds.

    GET /reserves.json   the newest; each is chained to the one of the day before

`owed` less `held` is what somebody would have to add, were everybody to be paid now: it is the
sum of fees nobody has borne yet, of losses, and of conversions (`explained`). `difference` is
what the processor says less what the books say that it holds: any but 0 is an error, or news
that is still on its way. Nobody is named; a private project is one hash among others.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from core.digests import START, canonical, digest, parsed, sha256
from core.money import Money
from donations import ledger
from donations.tables import balance, book, refusal, reserve

FORMAT = "potluck-reserves/1"
MOST_SHOWN = 30


@dataclass(frozen=True)
class Line:
    """One currency of a proof; `said` and `difference` are None where there was nobody to ask."""

    owed: Money
    held: Money
    explained: Money
    said: Money | None

    @property
    def difference(self) -> Money | None:
        """What the processor says, less what the books say that it holds."""
        return None if self.said is None else self.said - self.held


@dataclass(frozen=True)
class Proof:
    """The proof of one day, as it was published."""

    sequence: int
    on_day: date
    made_at: datetime
    lines: tuple[Line, ...]
    asked: bool
    books: tuple[str, ...]
    head: str
    refused: int
    record: str
    previous: str
    hash: str


def add(connection: Connection, said: Mapping[str, int] | None, now: datetime) -> bool:
    """Write the proof of this day, unless there is one; `said` is the processor's, by currency.

    The books are held meanwhile, so that heads and balances are of one moment.
    """
    last = connection.execute(
        select(reserve).order_by(reserve.c.sequence.desc()).limit(1)
    ).one_or_none()
    if last is not None and last.on_day >= now.date():
        return False
    heads = connection.execute(select(book).order_by(book.c.id).with_for_update()).all()
    previous, sequence = (last.hash, last.sequence + 1) if last else (START, 1)
    record = canonical(_record(connection, heads, said, now) | {"sequence": sequence})
    values = {
        "sequence": sequence,
        "on_day": now.date(),
        "record": record,
        "hash": digest(previous, record),
    }
    connection.execute(insert(reserve).values(**values))
    return True


def _record(
    connection: Connection,
    heads: list[Row[Any]] | Any,
    said: Mapping[str, int] | None,
    now: datetime,
) -> dict[str, Any]:
    sums = sums_of(connection)
    currencies = sorted(set(sums) | set(said or ()))
    chains = sorted(row.head_hash for row in heads)
    return {
        "format": FORMAT,
        "made_at": now.isoformat(),
        "owed": {code: -sums[code]["owed"] for code in currencies},
        "held": {code: sums[code]["held"] for code in currencies},
        "explained": {
            code: sum(sums[code][name] for name in ("unborne", "lost", "converted"))
            for code in currencies
        },
        "processor": None if said is None else {code: said.get(code, 0) for code in currencies},
        "books": chains,
        "head": head_of(chains),
        "refused": connection.scalar(select(func.count()).select_from(refusal)) or 0,
    }


def sums_of(connection: Connection) -> dict[str, dict[str, int]]:
    """Sum all balances by currency and by what they mean (`ledger.nature`)."""
    found: defaultdict[str, dict[str, int]] = defaultdict(
        lambda: dict.fromkeys(("held", "owed", "unborne", "lost", "converted"), 0)
    )
    rows = connection.execute(
        select(balance.c.account, balance.c.currency, func.sum(balance.c.minor)).group_by(
            balance.c.account, balance.c.currency
        )
    )
    for account, currency, minor in rows:
        found[currency][ledger.nature(account)] += int(minor)
    return found


def head_of(chains: list[str]) -> str:
    """Give one hash for the ends of all books, which are sorted."""
    return sha256("\n".join(chains).encode())


def proofs(connection: Connection, most: int = MOST_SHOWN) -> tuple[Proof, ...]:
    """Give the newest proofs, the newest first."""
    rows = connection.execute(
        select(reserve).order_by(reserve.c.sequence.desc()).limit(most + 1)
    ).all()
    before = [row.hash for row in rows[1:]] + [START]
    found = zip(rows, before, strict=False)
    return tuple(_proof(row, previous) for row, previous in found)[:most]


def problems(connection: Connection) -> Iterator[str]:
    """Give a sentence for each proof that is not what was published."""
    previous = START
    rows = connection.execute(select(reserve).order_by(reserve.c.sequence))
    for sequence, row in enumerate(rows, 1):
        said = parsed(row.record)
        whole = (row.sequence, said.get("sequence")) == (sequence, sequence)
        dated = str(said.get("made_at", "")).startswith(row.on_day.isoformat())
        if not whole or not dated or digest(previous, row.record) != row.hash:
            yield f"the proof of reserves of {row.on_day} was changed: its hash does not fit"
        previous = row.hash


def published(proof: Proof) -> dict[str, Any]:
    """Give a proof as JSON: what was hashed, and how."""
    return parsed(proof.record) | {
        "record": proof.record,
        "previous": proof.previous,
        "hash": proof.hash,
    }


def _proof(row: Row[Any], previous: str) -> Proof:
    said = parsed(row.record)
    processor = said["processor"]
    lines = tuple(
        Line(
            owed=Money(minor, code),
            held=Money(said["held"][code], code),
            explained=Money(said["explained"][code], code),
            said=None if processor is None else Money(processor[code], code),
        )
        for code, minor in said["owed"].items()
    )
    return Proof(
        sequence=row.sequence,
        on_day=row.on_day,
        made_at=datetime.fromisoformat(said["made_at"]),
        lines=lines,
        asked=processor is not None,
        books=tuple(said["books"]),
        head=said["head"],
        refused=said["refused"],
        record=row.record,
        previous=previous,
        hash=row.hash,
    )
