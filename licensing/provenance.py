"""Who wrote what, kept while it can still be seen: a squash loses the authors of what it squashes.

`provenance` holds the commits of each pull request's newest judged head, and is rewritten with
it. `landing` says that and how a pull request was merged, `landed_commits` what was merged: both
are written once. No name and no address stands in the latter, only GitHub's numbers.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import BigInteger, Column, Connection, Integer, String, Table, delete, select

from core.db import Clause, Json, New, UtcDateTime, insert_once, metadata, upsert
from core.github import PullRequest
from licensing import chain, merges, roll, signoffs
from licensing.verdict import Exemptions, Facts, Holding, Verdict

provenance = Table(
    "provenance",
    metadata,
    Column("repo_id", BigInteger, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("head_sha", String(64), nullable=False),
    Column("base_sha", String(64), nullable=False),
    Column("commits", Json, nullable=False),
    Column("digest", String(64), nullable=False),
)

landing = Table(
    "landing",
    metadata,
    Column("repo_id", BigInteger, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("opener_id", BigInteger, nullable=False),
    Column("head_sha", String(64), nullable=False),
    Column("base_sha", String(64), nullable=False),
    Column("merge_sha", String(64), nullable=False),
    Column("merged_at", UtcDateTime, nullable=False),
)

landed_commits = Table(
    "landed_commits",
    metadata,
    Column("repo_id", BigInteger, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("commits", Json, nullable=False),
)

HolderRole = Literal["author", "co-author"]


@dataclass(frozen=True)
class Holder:
    """Somebody with a part in a commit: by number, or `None` with the `problem` why not.

    `reason` says why the project does not ask them (see `licensing.verdict.Reason`).
    `signed_off` says whether the commit bears their sign-off, asked for or not.
    `masked` is what is shown of an address that leads to nobody.
    """

    role: HolderRole
    id: int | None = None
    problem: str = ""
    reason: str = ""
    signed_off: bool = False
    masked: str = ""


@dataclass(frozen=True)
class Written:
    """A commit and everybody who has a part in it; the numbers are those that GitHub linked.

    `base_merge`: it was shown to only bring in the base. `copy` is the commit that a rebase made
    of it, where there is one. `by_github`: GitHub itself made and signed it.
    """

    sha: str
    parents: tuple[str, ...] = ()
    author_id: int | None = None
    committer_id: int | None = None
    holders: tuple[Holder, ...] = ()
    base_merge: bool = False
    copy: str = ""
    by_github: bool = False


@dataclass(frozen=True)
class Work:
    """All commits of a pull request, in GitHub's order; `spared`: why all of it asks nobody."""

    commits: tuple[Written, ...] = ()
    spared: str = ""


@dataclass(frozen=True)
class Landing:
    """How a pull request was merged: facts of GitHub's, with GitHub's time."""

    repo_id: int
    number: int
    opener_id: int
    head_sha: str
    base_sha: str
    merge_sha: str
    merged_at: datetime


@dataclass(frozen=True)
class Kept:
    """The work that was judged with this head, on this tip of the base."""

    head_sha: str
    base_sha: str
    work: Work = field(default_factory=Work)


def work_of(facts: Facts, verdict: Verdict | None) -> Work:
    """Say who has which part in each commit; without a verdict, nobody is asked and all are named."""
    whole = replace(facts, ignorable=frozenset())
    asked = verdict.holdings if verdict else ()
    parts: dict[str, list[Holding]] = defaultdict(list)
    for part in asked or roll.call(whole, Exemptions()):
        parts[part.sha].append(part)
    if facts.ignorable:
        # Nobody is asked about a merge that only brings in the base, but it has an author.
        for part in roll.call(whole, Exemptions()):
            if part.sha in facts.ignorable and part.role == "author":
                parts[part.sha].insert(0, part)
    # Not those of the verdict: it is silent about what is waived, and where nobody is asked.
    bare = signoffs.unsigned(facts.commits, (part for found in parts.values() for part in found))
    unsigned = {(one.sha, one.role, one.name, one.email) for one in bare}
    commits = tuple(
        Written(
            sha=commit.sha,
            parents=commit.parents,
            author_id=commit.author_account.id if commit.author_account else None,
            committer_id=commit.committer_account.id if commit.committer_account else None,
            holders=tuple(dict.fromkeys(_holder(part, unsigned) for part in parts[commit.sha])),
            base_merge=commit.sha in facts.ignorable,
            by_github=merges.by_github(commit),
        )
        for commit in facts.commits
    )
    return Work(commits, (verdict.spared if verdict else None) or "")


def _holder(part: Holding, unsigned: Iterable[tuple[str, str, str, str]]) -> Holder:
    known = part.account.id if part.account and part.problem != "deleted" else None
    return Holder(
        role="author" if part.role == "author" else "co-author",
        id=part.id if part.id is not None else known,
        problem=part.problem or "",
        reason=part.reason or "",
        signed_off=(part.sha, part.role, part.name, part.email) not in unsigned,
        masked=_masked(part.email) if part.problem and part.email else "",
    )


def _masked(email: str) -> str:
    local, at, domain = email.rpartition("@")
    return f"{local[:1]}…@{domain}" if at else f"{email[:1]}…"


def note(
    connection: Connection, repo_id: int, number: int, head_sha: str, base_sha: str, work: Work
) -> None:
    """Keep the commits of a head that was just judged; nothing is written where nothing changed."""
    if not work.commits:
        # Of what is merged already the base lacks nothing: that says nothing of who wrote it.
        return
    plain = _plain(work)
    digest = chain.sha256(f"{head_sha}\n{base_sha}\n{chain.canonical(plain)}".encode())
    upsert(
        connection,
        provenance,
        {"repo_id": repo_id, "number": number},
        {"head_sha": head_sha, "base_sha": base_sha, "commits": plain, "digest": digest},
        _differs,
    )


def _differs(new: New) -> Clause:
    return provenance.c.digest != new.digest


def kept(connection: Connection, repo_id: int, number: int) -> Kept | None:
    """Give what was kept of the newest judged head."""
    row = connection.execute(
        select(provenance).where(provenance.c.repo_id == repo_id, provenance.c.number == number)
    ).one_or_none()
    return Kept(row.head_sha, row.base_sha, work_from(row.commits)) if row else None


def note_landing(connection: Connection, repo_id: int, pull: PullRequest) -> bool:
    """Write down that a pull request was merged; says whether that is news."""
    if pull.merged_at is None or not pull.merge_sha:
        return False
    values = {
        "repo_id": repo_id,
        "number": pull.number,
        "opener_id": pull.opener.id,
        "head_sha": pull.head_sha,
        "base_sha": pull.base_sha,
        "merge_sha": pull.merge_sha,
        "merged_at": pull.merged_at,
    }
    return insert_once(connection, landing, values)


def landed(connection: Connection, repo_id: int, number: int) -> Landing | None:
    """Say how a pull request was merged; None where it is not known to be."""
    row = connection.execute(
        select(landing).where(landing.c.repo_id == repo_id, landing.c.number == number)
    ).one_or_none()
    return Landing(*row) if row else None


def unread(connection: Connection, repo_id: int) -> tuple[int, ...]:
    """Give the numbers of merged pull requests whose commits are not in the ledger yet."""
    theirs = (landed_commits.c.repo_id == landing.c.repo_id) & (
        landed_commits.c.number == landing.c.number
    )
    rows = connection.scalars(
        select(landing.c.number)
        .outerjoin(landed_commits, theirs)
        .where(landing.c.repo_id == repo_id, landed_commits.c.number.is_(None))
        .order_by(landing.c.number)
    )
    return tuple(rows)


def note_work(connection: Connection, where: Landing, work: Work) -> bool:
    """Write down for ever what was merged; says whether it is news."""
    bare = tuple(
        replace(commit, holders=tuple(replace(holder, masked="") for holder in commit.holders))
        for commit in work.commits
    )
    keys = {"repo_id": where.repo_id, "number": where.number}
    theirs = (provenance.c.repo_id == where.repo_id) & (provenance.c.number == where.number)
    connection.execute(delete(provenance).where(theirs))
    plain = _plain(replace(work, commits=bare))
    return insert_once(connection, landed_commits, keys | {"commits": plain})


def landed_work(connection: Connection, repo_id: int, number: int) -> Work | None:
    """Give what was merged with a pull request; None where it has not been read yet."""
    found = connection.scalar(
        select(landed_commits.c.commits).where(
            landed_commits.c.repo_id == repo_id, landed_commits.c.number == number
        )
    )
    return work_from(found) if found is not None else None


def _plain(work: Work) -> dict[str, Any]:
    return {"spared": work.spared, "commits": [_plain_commit(one) for one in work.commits]}


def _plain_commit(commit: Written) -> dict[str, Any]:
    whole = {
        "sha": commit.sha,
        "parents": list(commit.parents),
        "author_id": commit.author_id,
        "committer_id": commit.committer_id,
        "holders": [_full(vars(holder)) for holder in commit.holders],
        "base_merge": commit.base_merge,
        "copy": commit.copy,
        "by_github": commit.by_github,
    }
    return _full(whole)


def _full(values: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what is empty."""
    return {name: value for name, value in values.items() if value not in (None, "", False, [])}


def work_from(plain: Mapping[str, Any]) -> Work:
    """Read what is kept of the commits of a pull request."""
    commits = tuple(
        Written(
            **one
            | {
                "parents": tuple(one.get("parents", ())),
                "holders": tuple(Holder(**holder) for holder in one.get("holders", ())),
            }
        )
        for one in plain["commits"]
    )
    return Work(commits, plain["spared"])
