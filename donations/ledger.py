"""The laws of the books, without a database: what may be posted, what it is hashed as, what it sums to.

Double entry. A transaction belongs to one book, has one cause, and its entries sum to zero in
each currency. Debits are positive: what we hold grows by a debit, what we owe by a credit. A
correction is a reversal; state and balances are sums, never stored as facts.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal, get_args

import msgspec

from core.errors import UserError
from core.money import Money

HOUSE = "house"
"""The book of whoever runs this service: what belongs to no project."""

CASH = "stripe:balance"
"""What the processor holds for us, available and pending."""

FEES = "stripe:fees"
"""Fees that nobody has borne yet; each is moved on to whoever bears it."""

CONVERSION = "conversion"
"""Through it money goes from one currency into another: its balances are not nothing, but explained."""

BANK = "bank"
"""What was taken from the processor to the bank of whoever runs this service, and not brought back."""

LARGEST = 2**53 - 1
"""The largest amount of an entry, in minor units: JSON carries it whole."""

Kind = Literal[
    "gift",
    "pledge",
    "licence",
    "tax",
    "fee",
    "award",
    "transfer",
    "transfer_returned",
    "redirect",
    "refund",
    "refund_failed",
    "dispute",
    "dispute_won",
    "dispute_lost",
    "clawback",
    "conversion",
    "top_up",
    "payout",
    "adjustment",
    "reversal",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
"""Why money moved; part of the cause, because one thing of Stripe's may move money for several reasons."""

Mark = Literal["self_paid", "self_approved"]
MARKS: frozenset[Mark] = frozenset(get_args(Mark))
"""What is shown to everybody: a backer is paid, or somebody approved their own reward."""

Nature = Literal["held", "owed", "unborne", "lost", "converted"]

_FIXED: dict[str, Nature] = {
    CASH: "held",
    FEES: "unborne",
    BANK: "unborne",
    CONVERSION: "converted",
    "loss:fees": "lost",
    "loss:refunds": "lost",
    "loss:disputes": "lost",
    "loss:rounding": "lost",
}
_OWED = re.compile(
    r"(?:project|request|payee|owed|refund|tax|licences):[A-Za-z0-9_=+./-]{1,80}", re.ASCII
)
"""To a project, for a request, to a person who can be paid or cannot yet, to a giver, to a state."""

_BOOK = re.compile(r"house|project:[1-9][0-9]{0,15}", re.ASCII)
_ID = re.compile(r"[\x21-\x7e]{1,120}", re.ASCII)


class Unsound(UserError):
    """A transaction that no book takes; the sentence says what is wrong with it."""


@dataclass(frozen=True)
class Cause:
    """Why there is a transaction: once per `(source, external_id, kind)`, in all books together."""

    source: str
    external_id: str
    kind: Kind

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise Unsound(f"{self.kind!r} is no kind of movement")
        if not _ID.fullmatch(self.source) or not _ID.fullmatch(self.external_id):
            raise Unsound("a cause names its source and what it was there, in plain letters")


@dataclass(frozen=True)
class Entry:
    """One line: a debit of `account` where `money` is positive, a credit where it is negative."""

    account: str
    money: Money


@dataclass(frozen=True)
class Transaction:
    """Entries that belong together; refused (`Unsound`) where they are no transaction.

    `about` is the node id of the request that it is about, the name of a sale, or empty. `reversal_of` is the
    sequence of the transaction of the same book that it takes back. It says nothing of givers:
    who they are stands beside the books, where it can be erased.
    """

    book: str
    cause: Cause
    happened_at: datetime
    entries: tuple[Entry, ...]
    about: str = ""
    marks: tuple[Mark, ...] = ()
    reversal_of: int | None = None

    def __post_init__(self) -> None:
        if not _BOOK.fullmatch(self.book):
            raise Unsound(f"{self.book!r} is no book")
        if self.about and not _ID.fullmatch(self.about):
            raise Unsound("what a transaction is about is a node id of GitHub’s")
        if not MARKS.issuperset(self.marks):
            raise Unsound("a transaction bears only marks that are known")
        if (self.reversal_of is None) == (self.cause.kind == "reversal"):
            raise Unsound("a reversal, and nothing else, names what it reverses")
        object.__setattr__(self, "happened_at", self.happened_at.astimezone(UTC))
        object.__setattr__(self, "marks", tuple(sorted(set(self.marks))))
        _require_sound(self.entries)

    @property
    def currencies(self) -> tuple[str, ...]:
        """Its currencies, in order."""
        return tuple(sorted({entry.money.currency for entry in self.entries}))


def is_account(name: str) -> bool:
    """Say whether the chart of accounts has such a name."""
    return name in _FIXED or bool(_OWED.fullmatch(name))


def nature(account: str) -> Nature:
    """Say what the balance of an account means; `Unsound` where there is no such account."""
    if not is_account(account):
        raise Unsound(f"{account!r} is no account")
    return _FIXED.get(account, "owed")


def _require_sound(entries: tuple[Entry, ...]) -> None:
    sums: Counter[str] = Counter()
    converted = set()
    for entry in entries:
        if nature(entry.account) == "converted":
            converted.add(entry.money.currency)
        if not 0 < abs(entry.money.minor) <= LARGEST:
            raise Unsound("an entry moves something, and less than 2^53 minor units")
        sums[entry.money.currency] += entry.money.minor
    if not entries:
        raise Unsound("a transaction has entries")
    if uneven := sorted(code for code, total in sums.items() if total):
        raise Unsound(f"the entries do not sum to zero in {', '.join(uneven)}")
    if len(sums) > 1 and converted != set(sums):
        raise Unsound(f"money goes into another currency through {CONVERSION!r} alone")


def reversal(
    of: Transaction, sequence: int, source: str, external_id: str, at: datetime
) -> Transaction:
    """Take a transaction back: the same entries the other way round, with a cause of its own."""
    return replace(
        of,
        cause=Cause(source, external_id, "reversal"),
        happened_at=at,
        entries=tuple(Entry(entry.account, -entry.money) for entry in of.entries),
        reversal_of=sequence,
    )


def same(one: Transaction, other: Transaction) -> bool:
    """Say whether two accounts of one cause tell the same; the order of entries tells nothing."""
    return replace(one, entries=_ordered(one)) == replace(other, entries=_ordered(other))


def _ordered(transaction: Transaction) -> tuple[Entry, ...]:
    lines = (
        (entry.account, entry.money.currency, entry.money.minor) for entry in transaction.entries
    )
    return tuple(Entry(account, Money(minor, code)) for account, code, minor in sorted(lines))


def recorded(transaction: Transaction, sequence: int, recorded_at: datetime) -> dict[str, Any]:
    """Give what is hashed of a transaction: everything that its rows hold."""
    return record_of(
        transaction.book,
        sequence,
        (transaction.cause.source, transaction.cause.external_id, transaction.cause.kind),
        (transaction.happened_at.isoformat(), recorded_at.astimezone(UTC).isoformat()),
        (transaction.about, " ".join(transaction.marks), transaction.reversal_of),
        [
            [entry.account, entry.money.currency, entry.money.minor]
            for entry in transaction.entries
        ],
    )


def record_of(
    book: str,
    sequence: int,
    cause: tuple[str, str, str],
    instants: tuple[str, str],
    said: tuple[str, str, int | None],
    entries: list[list[Any]],
) -> dict[str, Any]:
    """Give the record of rows: `cause` is (source, external id, kind), `instants` (happened, recorded).

    `said` is (about, marks, reversal of); `entries` are [account, currency, minor units] by line.
    """
    return {
        "about": said[0],
        "book": book,
        "entries": entries,
        "external_id": cause[1],
        "happened_at": instants[0],
        "kind": cause[2],
        "marks": said[1],
        "recorded_at": instants[1],
        "reversal_of": said[2],
        "sequence": sequence,
        "source": cause[0],
    }


def text_of(record: Mapping[str, Any]) -> str:
    """Write a record as the text that is hashed: the bytes of `core.digests.canonical`, sooner."""
    return msgspec.json.encode(record, order="sorted").decode()


def balances(entries: Iterable[Entry]) -> dict[tuple[str, str], int]:
    """Sum entries by (account, currency), in minor units; what comes to nothing is left out."""
    found: Counter[tuple[str, str]] = Counter()
    for entry in entries:
        found[entry.account, entry.money.currency] += entry.money.minor
    return {key: total for key, total in found.items() if total}


def recovered(
    lost: Money, sources: Iterable[tuple[str, Money]], rest: str = "loss:disputes"
) -> tuple[tuple[str, Money], ...]:
    """Say from where money that was lost comes back, by the stated order of `sources`.

    Each source is an account and what it can give; it gives what it has and never more, so that
    nobody's balance falls below nothing. What is left is borne by `rest`, a loss of the house.
    """
    given, left = [], lost
    for account, available in sources:
        part = min(left, max(available, Money(0, lost.currency)))
        if part:
            given.append((account, part))
            left -= part
    if left:
        given.append((rest, left))
    return tuple(given)
