"""Checks a book as it is read, one transaction after the other: chain, sums, reversals. Pure.

The rule of the chain is that of every record here: a hash is the SHA-256 of the hash before (64
zeros for the first), a line feed, and the record's text.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from core.digests import START, canonical, digest, parsed
from donations import ledger
from donations.ledger import CASH

FORMAT = "potluck-ledger/1"
"""The form of one project's ledger, as its page gives it."""

Lines = list[list[Any]]
"""Entries as a record has them: [account, currency, minor units]."""


class Walk:
    """One book, transaction by transaction; `sums` are its balances so far, by (account, currency).

    `net` is what the last transaction added to them.
    """

    def __init__(self, name: str) -> None:
        """Begin before the first transaction."""
        self.name = name
        self.sequence = 0
        self.head = START
        self.sums: dict[tuple[str, str], int] = {}
        self.net: dict[tuple[str, str], int] = {}

    def step(self, sequence: int, text: str, hashed: str, lines: Lines) -> list[str]:
        """Take the next transaction: its record's text, the hash it bears, its entries."""
        wrong = []
        if sequence != self.sequence + 1:
            belongs = self.sequence + 1
            wrong.append(f"transaction {sequence} stands where transaction {belongs} belongs")
        if digest(self.head, text) != hashed:
            wrong.append(f"transaction {sequence} was changed: its hash does not fit")
        self.sequence, self.head = sequence, hashed
        net: dict[tuple[str, str], int] = {}
        self.net = net
        for account, currency, minor in lines:
            net[account, currency] = net.get((account, currency), 0) + minor
        totals: dict[str, int] = {}
        for (account, currency), minor in net.items():
            self.sums[account, currency] = self.sums.get((account, currency), 0) + minor
            totals[currency] = totals.get(currency, 0) + minor
        if not totals or any(totals.values()):
            wrong.append(f"the entries of transaction {sequence} do not sum to zero")
        return wrong

    def end(self, head: tuple[int, str]) -> Iterator[str]:
        """Compare with where the book is said to end: (sequence, hash)."""
        if (self.sequence, self.head) != head:
            yield f"it ends at transaction {self.sequence}, but its head names transaction {head[0]}"

    def held(self) -> dict[str, int]:
        """Give what the processor holds by these books, by currency."""
        return {
            currency: minor
            for (account, currency), minor in sorted(self.sums.items())
            if account == CASH and minor
        }


def said(name: str, sequence: int, head: str) -> str:
    """Say how long a book is and where it ends: to be compared with what one kept."""
    noun = "transaction" if sequence == 1 else "transactions"
    return f"book of {name}: {sequence} {noun}, head {head}"


def file_problems(data: Mapping[str, Any]) -> tuple[str, ...]:
    """Check the ledger of one project, as its page gives it; a sentence for each thing that does not hold."""
    if data.get("whole") is not True:
        return ("this is only part of a ledger: take it from its page again, with nothing chosen",)
    return export_problems(data.get("books", ()))


def export_problems(items: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Check the books of an export; a sentence for each thing that does not hold.

    `items` are, for each book, {"book", "head"} and after it {"record", "hash"} in order; what is
    given as "transaction" is a record that was read. After the books come the proofs of reserves,
    {"proof", "hash"}: the newest is reckoned again from the books as they then were.
    """
    try:
        return tuple(_problems(items))
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        return (f"the books in the export are damaged: {type(error).__name__} at {error}",)


def exported(items: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """Say of each book in an export what `said` says, and of how many days the reserves were proven."""
    found = [
        said(item["book"], item["head"]["sequence"], item["head"]["hash"])
        for item in items
        if "book" in item
    ]
    proofs = [item for item in items if "proof" in item]
    if proofs:
        found.append(f"proofs of reserves: {len(proofs)}, head {proofs[-1]['hash']}")
    return tuple(found)


def _problems(items: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    proofs = [item for item in items if "proof" in item]
    newest = parsed(proofs[-1]["proof"]) if proofs else {}
    shared = _Shared(frozenset(newest.get("books", ())))
    yield from _of_books((item for item in items if "proof" not in item), shared)
    yield from _of_proofs(proofs)
    if newest:
        yield from shared.problems(newest)


def _of_books(items: Iterable[Mapping[str, Any]], shared: "_Shared") -> Iterator[str]:
    names: set[str] = set()
    reading: _Reading | None = None
    for item in items:
        if "book" in item:
            yield from reading.end() if reading else ()
            reading = _Reading(str(item["book"]), item["head"], shared)
            if reading.name in names:
                yield f"book of {reading.name}: it stands there twice"
            names.add(reading.name)
        elif reading is None:
            yield "a transaction stands before any book"
            return
        else:
            for problem in reading.problems(item):
                yield f"book of {reading.name}: {problem}"
    yield from reading.end() if reading else ()


def _of_proofs(proofs: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    previous = START
    for sequence, item in enumerate(proofs, 1):
        fits = digest(previous, item["proof"]) == item["hash"]
        if not fits or parsed(item["proof"]).get("sequence") != sequence:
            yield f"proof of reserves {sequence} was changed: its hash does not fit"
        previous = item["hash"]


class _Shared:
    """What is known across the books of an export: causes, and the books as the newest proof saw them."""

    def __init__(self, heads: frozenset[str]) -> None:
        self.causes: set[tuple[str, str, str]] = set()
        self._left = set(heads)
        self._sums: dict[str, Counter[str]] = {"held": Counter(), "owed": Counter()}

    def pass_by(self, walk: Walk) -> None:
        """Sum a book where the newest proof saw its end."""
        if walk.head not in self._left:
            return
        self._left.discard(walk.head)
        for (account, currency), minor in walk.sums.items():
            nature = ledger.nature(account)
            if nature in self._sums:
                self._sums[nature][currency] += minor if nature == "held" else -minor

    def problems(self, newest: Mapping[str, Any]) -> Iterator[str]:
        """Hold the newest proof against the books."""
        if self._left - {START}:
            yield "the newest proof of reserves names the end of a book that is not here"
            return
        for name, sums in self._sums.items():
            told = {code: minor for code, minor in newest[name].items() if minor}
            if told != {code: minor for code, minor in sums.items() if minor}:
                yield f"the newest proof of reserves says otherwise what is {name} than the books"


class _Reading:
    """One book of an export."""

    def __init__(self, name: str, head: Mapping[str, Any], shared: _Shared) -> None:
        self.name = name
        self._head = (int(head["sequence"]), str(head["hash"]))
        self._shared = shared
        self._walk = Walk(name)
        self._lines: list[Lines] = []
        self._undone: set[int] = set()

    def problems(self, item: Mapping[str, Any]) -> Iterator[str]:
        record = item["transaction"] if "transaction" in item else parsed(item["record"])
        text = canonical(record) if "transaction" in item else str(item["record"])
        sequence, lines = int(record["sequence"]), record["entries"]
        yield from self._walk.step(sequence, text, str(item["hash"]), lines)
        if canonical(record) != text:
            yield f"transaction {sequence} is not in canonical form"
        if record["book"] != self.name:
            yield f"transaction {sequence} belongs to another book"
        cause = (record["source"], record["external_id"], record["kind"])
        if cause in self._shared.causes:
            yield f"the cause of transaction {sequence} stands there twice"
        self._shared.causes.add(cause)
        for account, _currency, _minor in lines:
            if not ledger.is_account(account):
                yield f"transaction {sequence} names an account that there is not"
        self._lines.append(lines)
        self._shared.pass_by(self._walk)
        if record["reversal_of"] is not None:
            yield from self._reversal(sequence, int(record["reversal_of"]), lines)

    def _reversal(self, sequence: int, undone: int, lines: Lines) -> Iterator[str]:
        if not 0 < undone < sequence or undone in self._undone:
            yield f"transaction {sequence} reverses none that could be"
            return
        self._undone.add(undone)
        turned = [[account, currency, -minor] for account, currency, minor in lines]
        if sorted(turned) != sorted(self._lines[undone - 1]):
            yield f"transaction {sequence} is no reversal of transaction {undone}"

    def end(self) -> Iterator[str]:
        for problem in self._walk.end(self._head):
            yield f"book of {self.name}: {problem}"
