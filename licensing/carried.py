"""Commits that were merged into another branch here, and covered when they were.

A long-lived branch brings them along when it is merged itself. They were asked for once, by the
rules of that day, and what was merged keeps its basis: nobody is asked again. What was merged
without being covered, or pushed past every pull request, is judged like anything new.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection, or_, select

from core.github import Commit
from licensing import merges
from licensing.coverage import Covered, coverage, covered, effective
from licensing.provenance import Written
from licensing.verdict import Carried

NOT_COVERED = frozenset({"missing", "not_asked"})
AT_ONCE = 400
"""So many commits in one statement: SQLite takes a limited number of values."""
_ONE, _MERGE = 1, 2
T = TypeVar("T")


@dataclass(frozen=True)
class Seen:
    """A commit as far as it matters here; `by_github`: GitHub itself made and signed it."""

    sha: str
    parents: tuple[str, ...]
    author_id: int | None
    by_github: bool


def seen(commit: Commit) -> Seen:
    """Reduce a commit that was read."""
    author = commit.author_account.id if commit.author_account else None
    return Seen(commit.sha, commit.parents, author, merges.by_github(commit))


def seen_before(commit: Written) -> Seen:
    """Reduce a commit that was kept."""
    return Seen(commit.sha, commit.parents, commit.author_id, commit.by_github)


def carried(
    connection: Connection,
    repo_id: int,
    commits: Sequence[Seen],
    before: tuple[datetime, int] | None = None,
) -> dict[str, Carried]:
    """Say which of a pull request's commits are carried, with which pull request and for whom.

    `before`: when the pull request itself was merged, and its number; only what was merged
    earlier counts. A commit that several brought is carried by the first that covered it.
    """
    by_sha = {one.sha: one for one in commits}
    found: dict[str, Carried] = {}
    for rows in _merges(connection, repo_id, by_sha, before):
        for sha, one in _of_merge(rows, by_sha):
            # One that rests on a person's word is worth more than one that was merely small.
            if sha not in found or (found[sha].small and not one.small):
                found[sha] = one
    return found


def _merges(
    connection: Connection,
    repo_id: int,
    shas: Collection[str],
    before: tuple[datetime, int] | None,
) -> list[list[Covered]]:
    """Give the rows of each earlier merge that brought one of `shas`, the first merge first."""
    numbers: set[int] = set()
    for some in _parts(sorted(shas)):
        numbers |= set(
            connection.scalars(
                select(coverage.c.number).where(
                    coverage.c.repo_id == repo_id,
                    or_(coverage.c.sha.in_(some), coverage.c.landed_sha.in_(some)),
                )
            )
        )
    merges: defaultdict[tuple[datetime, int], list[Covered]] = defaultdict(list)
    for some_numbers in _parts(sorted(numbers)):
        here = effective().where(
            coverage.c.repo_id == repo_id, coverage.c.number.in_(some_numbers)
        )
        for row in map(covered, connection.execute(here)):
            merges[(row.merged_at, row.number)].append(row)
    return [rows for key, rows in sorted(merges.items()) if before is None or key < before]


def _parts(items: Sequence[T]) -> Iterator[Sequence[T]]:
    yield from (items[at : at + AT_ONCE] for at in range(0, len(items), AT_ONCE))


def _of_merge(
    rows: Iterable[Covered], by_sha: Mapping[str, Seen]
) -> Iterator[tuple[str, Carried]]:
    own: defaultdict[str, list[Covered]] = defaultdict(list)
    landed: defaultdict[str, list[Covered]] = defaultdict(list)
    for row in rows:
        own[row.sha].append(row)
        landed[row.landed_sha].append(row)
    for sha, parts in own.items():
        if sha in by_sha and _is_covered(parts):
            yield sha, Carried(parts[0].number, small=_is_small(parts))
    arrived = {sha: parts for sha, parts in landed.items() if sha in by_sha and sha not in own}
    for sha, parts in arrived.items():
        if _is_covered(parts) and (who := _for_whom(by_sha, sha, parts, own.keys())) is not None:
            yield sha, replace(who, small=_is_small(parts))


def _for_whom(
    by_sha: Mapping[str, Seen], sha: str, parts: Sequence[Covered], own: Collection[str]
) -> Carried | None:
    """Say whom a commit spares that a merge made of covered ones; None where it may be another's."""
    commit, number = by_sha[sha], parts[0].number
    if _is_button(commit, own):
        return Carried(number)
    # A squash or the copy of a rebase. Whoever pushed something of their own on top of the
    # originals has those in the list as well.
    if len(commit.parents) != _ONE or any(one in by_sha for one in own):
        return None
    who = frozenset(one.holder_id for one in parts)
    return Carried(number, who) if commit.by_github or commit.author_id in who else None


def _is_button(commit: Seen, own: Collection[str]) -> bool:
    """Say whether a commit is what the merge button makes: from two sides, adding nothing."""
    return len(commit.parents) == _MERGE and commit.by_github and commit.parents[1] in own


def _is_covered(rows: Iterable[Covered]) -> bool:
    return not any(row.rule in NOT_COVERED for row in rows)


def _is_small(rows: Iterable[Covered]) -> bool:
    return any(row.rule == "small" for row in rows)


def follow(connection: Connection, repo_id: int, rows: Sequence[Covered]) -> tuple[int, ...]:
    """Give the pull requests merged after this one that brought the same commits along."""
    if not rows:
        return ()
    here = (rows[0].merged_at, rows[0].number)
    shas = sorted({row.sha for row in rows} | {row.landed_sha for row in rows})
    found: set[tuple[datetime, int]] = set()
    for some in _parts(shas):
        later = select(coverage.c.merged_at, coverage.c.number).where(
            coverage.c.repo_id == repo_id, coverage.c.sha.in_(some)
        )
        found |= {(row.merged_at, row.number) for row in connection.execute(later)}
    return tuple(number for _at, number in sorted(one for one in found if one > here))
