"""The coverage ledger: for each merged commit and each of its holders, the rule that let it pass.

Rows are written once. What we hear late of an act before the merge writes the row anew, with the
next `revision`; the last one counts. They consist of GitHub's facts and times only, so that
everybody who is told the same has the same ledger.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
    Integer,
    Row,
    Select,
    String,
    Table,
    exists,
    insert,
    select,
)

from core.db import UtcDateTime, metadata
from core.queue import BIG_ID
from licensing import chain
from licensing.grants import Grant
from licensing.provenance import Holder, Landing, Work, Written
from licensing.verdict import NO_ACCOUNT, Carried
from licensing.versions import AgreementVersion

coverage = Table(
    "coverage",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("repo_id", BigInteger, nullable=False),
    Column("number", Integer, nullable=False),
    Column("place", Integer, nullable=False),
    Column("entry", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("sha", String(64), nullable=False),
    Column("landed_sha", String(64), nullable=False),
    Column("merge_sha", String(64), nullable=False),
    Column("merged_at", UtcDateTime, nullable=False),
    Column("holder_id", BigInteger),
    Column("role", String(16), nullable=False),
    Column("rule", String(16), nullable=False),
    Column("problem", String(16), nullable=False),
    Column("scope", String(16)),
    Column("scope_id", BigInteger),
    Column("version", String(16)),
    Column("document_sha256", String(64)),
    Column("method", String(16)),
    Column("comment_id", BigInteger),
    Column("acted_at", UtcDateTime),
    Column("evidence", String(64)),
    Column("digest", String(64), nullable=False),
    Index("uq_coverage_entry", "repo_id", "number", "place", "entry", "revision", unique=True),
    Index("ix_coverage_sha", "sha"),
    Index("ix_coverage_landed_sha", "landed_sha"),
    Index("ix_coverage_merge_sha", "merge_sha"),
    Index("ix_coverage_holder_id", "holder_id"),
    Index("ix_coverage_evidence", "evidence"),
)

SPARED = {"small": "small", "paths": "path", "outside": "path"}


@dataclass(frozen=True)
class Covered:
    """One row: a holder's part in a commit, and what it rests on.

    `place` is the commit's in its pull request, `entry` the holder's in the commit, both from 0.
    `landed_sha` is the commit of the base branch that brought it in. `problem` says why nobody
    could be found (see `licensing.verdict.Problem`). The rest is what `Grant` says.
    """

    repo_id: int
    number: int
    place: int
    entry: int
    sha: str
    landed_sha: str
    merge_sha: str
    merged_at: datetime
    holder_id: int | None
    role: str
    rule: str
    problem: str = ""
    scope: str | None = None
    scope_id: int | None = None
    version: str | None = None
    document_sha256: str | None = None
    method: str | None = None
    comment_id: int | None = None
    acted_at: datetime | None = None
    evidence: str | None = None

    def plain(self) -> dict[str, Any]:
        """Give it as JSON values, as an export has it."""
        return {name: _json(value) for name, value in asdict(self).items()}

    @property
    def digest(self) -> str:
        """The SHA-256 of the row as canonical JSON."""
        return chain.sha256(chain.canonical(self.plain()).encode())


def _json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


@dataclass(frozen=True)
class Basis:
    """What a merged pull request is measured by: the text in force then, and who was covered.

    `version` is None where nobody was asked. `signoffs`: a line in the commit takes the place of
    a signature. `waived` are the commits that a maintainer let pass, `carried` those that were
    merged and covered before.
    """

    version: AgreementVersion | None
    grants: Mapping[int, Grant]
    signoffs: bool = False
    waived: Mapping[str, Grant] = field(default_factory=dict)
    carried: Mapping[str, Carried] = field(default_factory=dict)


def rows(where: Landing, work: Work, basis: Basis) -> Iterator[Covered]:
    """Say of every holder of every commit what it rests on: pure."""
    for place, commit in enumerate(work.commits):
        for entry, holder in enumerate(commit.holders or (Holder("author"),)):
            rule, grant = _rests_on(work, commit, holder, basis)
            bare = Covered(
                repo_id=where.repo_id,
                number=where.number,
                place=place,
                entry=entry,
                sha=commit.sha,
                landed_sha=commit.copy or where.merge_sha,
                merge_sha=where.merge_sha,
                merged_at=where.merged_at,
                holder_id=holder.id,
                role=holder.role,
                rule=rule,
                problem=holder.problem,
            )
            yield _proven(bare, basis.version, grant)


def _proven(row: Covered, version: AgreementVersion | None, grant: Grant | None) -> Covered:
    if version is None or row.rule == "merged":
        return row
    row = replace(
        row,
        scope=version.scope,
        scope_id=version.scope_id,
        version=version.version,
        document_sha256=version.sha256,
    )
    # A grant may be of an earlier version that still counts.
    said = {name: value for name, value in vars(grant).items() if name != "rule"} if grant else {}
    return replace(row, **said)


def _rests_on(  # noqa: PLR0911 - the order of the answers is the rule
    work: Work, commit: Written, holder: Holder, basis: Basis
) -> tuple[str, Grant | None]:
    """Give the strongest thing that a part rests on: a person's word before an exemption."""
    grant = basis.grants.get(holder.id) if holder.id is not None else None
    if basis.version is None:
        return "not_asked", None
    can_answer = not holder.problem or holder.problem in NO_ACCOUNT
    if basis.signoffs and holder.signed_off and can_answer and not holder.reason:
        return "sign_off", None
    if grant is not None and not holder.problem and not basis.signoffs:
        return grant.rule, grant
    if holder.reason:
        return holder.reason, None
    if commit.base_merge and holder.role == "author":
        return "base_merge", None
    if commit.sha in basis.waived:
        return "waiver", basis.waived[commit.sha]
    before = basis.carried.get(commit.sha)
    if before is not None and before.covers(holder.id):
        return ("small" if before.small else "merged"), None
    return SPARED.get(work.spared, "missing"), None


def write(connection: Connection, wanted: Iterable[Covered]) -> int:
    """Write the rows of one pull request, where they are not what stands; says how many were new."""
    rows = tuple(wanted)
    if not rows:
        return 0
    standing = {
        (row.place, row.entry): row
        for row in connection.execute(
            effective().where(
                coverage.c.repo_id == rows[0].repo_id, coverage.c.number == rows[0].number
            )
        )
    }
    new = []
    for row in rows:
        before = standing.get((row.place, row.entry))
        if before is None or before.digest != row.digest:
            revision = before.revision + 1 if before else 0
            new.append(asdict(row) | {"revision": revision, "digest": row.digest})
    if new:
        connection.execute(insert(coverage), new)
    return len(new)


def effective() -> Select[Any]:
    """Select the rows that count: of each entry the last revision."""
    later = coverage.alias("later")
    replaced = exists().where(
        later.c.repo_id == coverage.c.repo_id,
        later.c.number == coverage.c.number,
        later.c.place == coverage.c.place,
        later.c.entry == coverage.c.entry,
        later.c.revision > coverage.c.revision,
    )
    return select(coverage).where(~replaced)


def covered(row: Row[Any]) -> Covered:
    """Read a row of the table."""
    values = row._mapping  # noqa: SLF001 - SQLAlchemy's documented name for it
    return Covered(**{name: values[name] for name in Covered.__dataclass_fields__})


def merged_since(
    connection: Connection, github_id: int, instant: datetime
) -> tuple[tuple[int, int], ...]:
    """Give what has a part of somebody's and was merged at an instant or later, as (repo, number)."""
    rows = connection.execute(
        select(coverage.c.repo_id, coverage.c.number)
        .where(coverage.c.holder_id == github_id, coverage.c.merged_at >= instant)
        .distinct()
        .order_by(coverage.c.repo_id, coverage.c.number)
    )
    return tuple((row.repo_id, row.number) for row in rows)
