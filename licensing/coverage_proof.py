"""The coverage ledger held against what it was made of, and exported for others to hold."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, select

from core.digests import START
from licensing import chain, ledger, provenance
from licensing.coverage import Covered, coverage, covered, effective

ORDER = (coverage.c.repo_id, coverage.c.number, coverage.c.place, coverage.c.entry)


def exported(connection: Connection, repo_id: int | None = None) -> Iterator[dict[str, Any]]:
    """Give the ledger of each repository for an export, or of one; see `licensing.ledger`."""
    for repository, head in heads(connection, repo_id):
        rows = list(linked(connection, repository))
        yield {"repository": repository, "rows": rows, "head": head}


def heads(
    connection: Connection, repo_id: int | None = None
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Give the end of each repository's ledger, or of one: how many rows, and the last hash."""
    for repository, texts in groupby(_rows(connection, repo_id), key=lambda row: row.repo_id):
        count, last = 0, START
        for item in ledger.linked(chain.canonical(covered(row).plain()) for row in texts):
            count, last = count + 1, item["hash"]
        yield repository, {"rows": count, "hash": last}


def linked(connection: Connection, repo_id: int) -> Iterator[dict[str, str]]:
    """Read one repository's ledger, each row hashed behind the one before."""
    rows = _rows(connection, repo_id)
    return ledger.linked(chain.canonical(covered(row).plain()) for row in rows)


def spans(connection: Connection) -> tuple[ledger.Span, ...]:
    """Say what there is of each repository's ledger."""
    return tuple(ledger.span(part) for part in exported(connection))


def problems(connection: Connection, known: ledger.Evidence) -> Iterator[str]:
    """Name every row that was changed, rests on nothing, or is not what was merged."""
    for repository, rows in groupby(_rows(connection, None), key=lambda row: row.repo_id):
        for number, group in groupby(rows, key=lambda row: row.number):
            standing = list(group)
            for problem in _pull_problems(connection, standing, known):
                yield f"coverage of repository {repository}, pull request {number}: {problem}"
    for row in connection.execute(_uncovered()):
        yield f"coverage of repository {row.repo_id}, pull request {row.number}: there are no rows"


def _rows(connection: Connection, repo_id: int | None) -> Iterator[Row[Any]]:
    query = effective().order_by(*ORDER)
    if repo_id is not None:
        query = query.where(coverage.c.repo_id == repo_id)
    yield from connection.execute(query, execution_options={"yield_per": 1000})


def _uncovered() -> Any:
    """Find what was read of a merge and has no row at all."""
    commits = provenance.landed_commits
    theirs = (coverage.c.repo_id == commits.c.repo_id) & (coverage.c.number == commits.c.number)
    return (
        select(commits.c.repo_id, commits.c.number)
        .outerjoin(coverage, theirs)
        .where(coverage.c.id.is_(None))
        .order_by(commits.c.repo_id, commits.c.number)
    )


def _pull_problems(
    connection: Connection, rows: list[Row[Any]], known: ledger.Evidence
) -> Iterator[str]:
    found = [covered(row) for row in rows]
    for row, one in zip(rows, found, strict=True):
        name = f"the row of {one.sha[:12]}, entry {one.entry},"
        if one.digest != row.digest:
            yield f"{name} was changed: its hash does not fit"
        yield from (f"{name} {problem}" for problem in ledger.row_problems(one.plain(), known))
    yield from _merge_problems(connection, found)


def _merge_problems(connection: Connection, found: list[Covered]) -> Iterator[str]:
    """Hold the rows against the commits that were merged."""
    repo_id, number = found[0].repo_id, found[0].number
    where = provenance.landed(connection, repo_id, number)
    work = provenance.landed_work(connection, repo_id, number)
    if where is None or work is None:
        yield "there are rows, but no merge"
        return
    wanted = [
        (place, entry, commit.sha, holder.id, commit.copy or where.merge_sha)
        for place, commit in enumerate(work.commits)
        for entry, holder in enumerate(commit.holders or (provenance.Holder("author"),))
    ]
    there = [(one.place, one.entry, one.sha, one.holder_id, one.landed_sha) for one in found]
    if wanted != there:
        yield "its rows are not those of the commits that were merged"
    if {(one.merge_sha, one.merged_at) for one in found} != {(where.merge_sha, where.merged_at)}:
        yield "its rows name another merge than the one that was"
