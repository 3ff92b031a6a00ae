"""The coverage ledger as an export has it: rows in one order, each hashed behind the one before.

    {"repository": 7, "rows": [{"row": "{…}", "hash": "…"}], "head": {"rows": 1, "hash": "…"}}

A row is canonical JSON, in the order of pull request, commit and holder: the same rows have the
same bytes, whoever wrote them and when. What proves a row is named by its `evidence`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from core.digests import START, canonical, digest, parsed, sha256

OUR_OWN = frozenset({"sequence", "recorded_at", "published_at", "delivery"})
"""What a record says of when and how *we* heard: all else is the same whenever it is told again."""

PROVEN = frozenset({"signature", "company", "waiver"})
"""The rules that rest on a record; each row of them names it."""

REPEATED = {
    "github_id": "holder_id",
    "comment_id": "comment_id",
    "version": "version",
    "document_sha256": "document_sha256",
    "commit": "sha",
}
"""What a row repeats of its record, where the record says it, and how the row calls it."""

Scope = tuple[Any, Any]
Evidence = Mapping[tuple[Any, Any, str], Mapping[str, Any]]
"""Records by scope, its number and their evidence."""


@dataclass(frozen=True)
class Span:
    """What there is of one repository's ledger: one cut short is whole, so its end has to be told."""

    repository: int
    rows: int
    pulls: int
    head: str

    def __str__(self) -> str:
        """Say it in one line."""
        rows = "1 row" if self.rows == 1 else f"{self.rows} rows"
        pulls = "1 pull request" if self.pulls == 1 else f"{self.pulls} pull requests"
        return f"coverage of repository {self.repository}: {rows} of {pulls}, head {self.head}"


def evidence(text: str) -> str:
    """Give the hash by which a record is named where its place in the chain cannot name it."""
    stable = {name: value for name, value in parsed(text).items() if name not in OUR_OWN}
    return sha256(canonical(stable).encode())


def evidence_of(scope: Scope, texts: Iterable[str]) -> dict[tuple[Any, Any, str], dict[str, Any]]:
    """Find the records of an agreement by their evidence."""
    return {(*scope, evidence(text)): parsed(text) for text in texts}


def linked(texts: Iterable[str]) -> Iterator[dict[str, str]]:
    """Hash each row behind the one before."""
    previous = START
    for text in texts:
        previous = digest(previous, text)
        yield {"row": text, "hash": previous}


def exported(repository: int, texts: Iterable[str]) -> dict[str, Any]:
    """Give a repository's ledger for an export; `texts` are its rows in order."""
    rows = list(linked(texts))
    head = {"rows": len(rows), "hash": rows[-1]["hash"] if rows else START}
    return {"repository": repository, "rows": rows, "head": head}


def span(part: Mapping[str, Any]) -> Span:
    """Say what there is in an exported ledger."""
    pulls = {parsed(item["row"]).get("number") for item in part["rows"]}
    return Span(part["repository"], part["head"]["rows"], len(pulls), part["head"]["hash"])


def problems(part: Mapping[str, Any], known: Evidence) -> Iterator[str]:
    """Name everything that does not hold in an exported ledger; `known` are the export's records."""
    previous, before = START, [0, 0, 0]
    for place, item in enumerate(part["rows"], 1):
        row = parsed(item["row"])
        name = f"row {place}"
        if canonical(row) != item["row"] or digest(previous, item["row"]) != item["hash"]:
            yield f"{name} was changed, or what stood before it: its hash does not fit"
        previous = item["hash"]
        order = [int(row.get(key, -1)) for key in ("number", "place", "entry")]
        if row.get("repo_id") != part["repository"] or order <= before:
            yield f"{name} belongs elsewhere"
        before = order
        yield from (f"{name} {problem}" for problem in row_problems(row, known))
    if part["head"] != {"rows": len(part["rows"]), "hash": previous}:
        yield "its rows do not end where its head says"


def row_problems(row: Mapping[str, Any], known: Evidence) -> Iterator[str]:
    """Name what is wrong between a row and the record that it rests on."""
    named = row.get("evidence")
    if named is None:
        if row.get("rule") in PROVEN:
            yield "names no record that it rests on"
        return
    record = known.get((row.get("scope"), row.get("scope_id"), str(named)))
    if record is None:
        yield "rests on a record that is not in the register"
        return
    for theirs, ours in REPEATED.items():
        if theirs in record and record[theirs] != row.get(ours):
            yield f"differs from its record in {ours}"
