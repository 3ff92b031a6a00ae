"""The coverage ledger as a table for programs: CSV and JSON, a piece at a time."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import Any

from licensing.coverage_words import Told

COLUMNS = {
    "repository": "repo_id",
    "pull_request": "number",
    "commit": "sha",
    "landed_as": "landed_sha",
    "merge": "merge_sha",
    "merged_at": "merged_at",
    "holder": "holder_id",
    "role": "role",
    "rule": "rule",
    "problem": "problem",
    "scope": "scope",
    "scope_id": "scope_id",
    "version": "version",
    "document_sha256": "document_sha256",
    "method": "method",
    "comment": "comment_id",
    "acted_at": "acted_at",
    "evidence": "evidence",
}
"""What each column is called, and the field of `Covered` that it shows."""

WORD = {"company": "name", "record": "record"}
"""The columns behind them, of a row that rests on a company's word: see `Word`."""

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet take a cell for a formula: https://owasp.org/www-community/attacks/CSV_Injection"""

Pieces = Iterable[tuple[Told, ...]]


def as_csv(pieces: Pieces) -> Iterator[str]:
    """Write rows as CSV (RFC 4180), some at a time."""
    yield _lines([[*COLUMNS, *WORD]])
    for rows in pieces:
        yield _lines([[cell(value) for value in _values(row).values()] for row in rows])


def as_json(pieces: Pieces) -> Iterator[str]:
    """Write rows as one JSON array of objects, some at a time."""
    yield "["
    between = "\n"
    for rows in pieces:
        for row in rows:
            yield between + json.dumps(_values(row), ensure_ascii=False)
            between = ",\n"
    yield "\n]\n"


def cell(value: Any) -> str:
    """Write a value as a cell that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def _values(told: Told) -> dict[str, Any]:
    plain = told.row.plain()
    values = {name: plain[attribute] for name, attribute in COLUMNS.items()}
    return values | {name: getattr(told.word, field, None) for name, field in WORD.items()}


def _lines(rows: list[list[str]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()
