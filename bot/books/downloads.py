"""The ledger as CSV and as JSON, written piece by piece; both sum to zero in each currency.

CSV has one line for each entry. JSON has the form of the books in `potluck export`, so that
`potluck verify` checks it: the hash of a transaction is the SHA-256 of the hash before (64 zeros
for the first), a line feed, and the transaction with sorted keys and no spaces.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from core.digests import canonical
from donations import audit, ledger
from donations.books import Book, Movement, Wanted

COLUMNS = (
    *("sequence", "happened_at", "kind", "about", "giver", "marks"),
    *("account", "currency", "minor", "amount", "reversal_of", "source", "external_id", "hash"),
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so is reckoned by spreadsheets, whatever it is."""


def plain(text: str) -> str:
    """Give text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def csv_pieces(chunks: Iterable[list[Movement]]) -> Iterator[str]:
    """Write movements as CSV (RFC 4180), one line for each entry."""
    yield _written([COLUMNS])
    for chunk in chunks:
        yield _written(row for one in chunk for row in _rows(one))


def _rows(one: Movement) -> Iterator[tuple[object, ...]]:
    for entry in one.entries:
        yield (
            one.sequence,
            one.happened_at.isoformat(),
            one.kind,
            plain(one.about),
            plain(one.giver),
            one.marks,
            plain(entry.account),
            entry.money.currency,
            entry.money.minor,
            entry.money.decimal,
            one.reversal_of or "",
            plain(one.source),
            plain(one.external_id),
            one.hash,
        )


def _written(rows: Iterable[tuple[object, ...]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def json_pieces(
    of: Book, chunks: Iterable[list[Movement]], wanted: Wanted, about: Mapping[str, object]
) -> Iterator[str]:
    """Write movements as JSON: whole, with the book's end, or what was wanted of it."""
    head = {"book": of.name, "head": {"sequence": of.length, "hash": of.head}}
    told = {"format": audit.FORMAT, "whole": wanted.is_all, **about}
    yield json.dumps(told, ensure_ascii=False)[:-1]
    yield f', "books": [\n{canonical(head)}'
    for chunk in chunks:
        yield "".join(f",\n{canonical(_item(of, one))}" for one in chunk)
    yield "\n]}\n"


def _item(of: Book, one: Movement) -> dict[str, Any]:
    record = ledger.record_of(
        of.name,
        one.sequence,
        (one.source, one.external_id, one.kind),
        (one.happened_at.isoformat(), one.recorded_at.isoformat()),
        (one.about, one.marks, one.reversal_of),
        [[entry.account, entry.money.currency, entry.money.minor] for entry in one.entries],
    )
    return {"giver": one.giver, "hash": one.hash, "transaction": record}
