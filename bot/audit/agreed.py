"""What people granted, as the register has it: for the commits that were merged, and beyond them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, select

from licensing import rights, store
from licensing.audit.people import by_number
from licensing.audit.values import Grant, Waiver
from licensing.companies import reading
from licensing.companies.values import Acknowledged, Found, Listing, means
from licensing.coverage import Covered, coverage, covered, effective
from licensing.ledger import PROVEN
from licensing.tables import record, signature, withdrawal
from licensing.versions import AgreementVersion


@dataclass(frozen=True)
class Agreed:
    """Grants by key, and what let each part of a merged commit in, by commit and key."""

    grants: Mapping[str, tuple[Grant, ...]]
    covered: Mapping[tuple[str, str], Grant]
    waived: Mapping[tuple[str, str], Waiver]


def agreed(connection: Connection, repo_id: int) -> Agreed:
    """Read everything that was granted to a repository."""
    versions = {one.id: one for one in store.versions(connection, repo_id)}
    grants: dict[str, list[Grant]] = defaultdict(list)
    agreements = sorted({one.agreement_id for one in versions.values()})
    for agreement_id in agreements:
        for github_id, grant in _signed(connection, agreement_id, versions):
            grants[by_number(github_id)].append(grant)
        for github_id, grant in _of_companies(connection, agreement_id, versions.values()):
            grants[by_number(github_id)].append(grant)
    let_in, waived = _let_in(connection, repo_id, versions.values())
    return Agreed({key: tuple(found) for key, found in grants.items()}, let_in, waived)


def terms(version: AgreementVersion) -> Grant:
    """Give what a version grants, by its own words where they are ours, else as the rules say."""
    matrix = rights.of(version)
    found = matrix.terms
    row = next((one for one in matrix.rows if one.key == "closed"), None)
    clause = " ".join(one.words for one in row.quotes) if row else ""
    return Grant(
        source=f"version {version.version}",
        outbound="" if version.mode == "dco" else found.outbound,
        licences=found.licences,
        paths=found.paths or version.paths,
        clause=clause,
    )


def _signed(
    connection: Connection, agreement_id: int, versions: Mapping[int, AgreementVersion]
) -> Iterable[tuple[int, Grant]]:
    ends: dict[int, list[datetime]] = defaultdict(list)
    withdrawn = connection.execute(
        select(withdrawal.c.github_id, withdrawal.c.acted_at).where(
            withdrawal.c.agreement_id == agreement_id
        )
    )
    for github_id, acted_at in withdrawn:
        ends[github_id].append(acted_at)
    rows = connection.execute(
        select(
            signature.c.github_id,
            signature.c.version_id,
            signature.c.sequence,
            signature.c.acted_at,
            record.c.hash,
        )
        .join(
            record,
            and_(
                record.c.agreement_id == signature.c.agreement_id,
                record.c.sequence == signature.c.sequence,
            ),
        )
        .where(signature.c.agreement_id == agreement_id)
        .order_by(signature.c.sequence)
    )
    known: dict[int, Grant] = {}
    for row in rows:
        version = versions.get(row.version_id)
        if version is None:
            continue
        if row.version_id not in known:
            known[row.version_id] = terms(version)
        later = [one for one in ends[row.github_id] if one >= row.acted_at]
        yield row.github_id, _dated(known[row.version_id], version, row, min(later, default=None))


def _dated(bare: Grant, version: AgreementVersion, row: Any, until: datetime | None) -> Grant:
    return Grant(
        f"{bare.source}, record {row.sequence}",
        bare.outbound,
        bare.licences,
        bare.paths,
        None if version.reaches_back else row.acted_at,
        until,
        "WITHDRAWN",
        evidence=row.hash,
        clause=bare.clause,
    )


def _of_companies(
    connection: Connection, agreement_id: int, versions: Iterable[AgreementVersion]
) -> Iterable[tuple[int, Grant]]:
    by_name = {one.version: one for one in versions if one.agreement_id == agreement_id}
    for company in reading.all_of(connection, agreement_id):
        listed = reading.listings(connection, agreement_id, company.number)
        for said in reading.acknowledged(connection, agreement_id, company.number):
            version = by_name.get(said.version)
            if said.role != "person" or version is None:
                continue
            for one in listed:
                if means(one, Found(said.github_id, said.domains, said.teams)):
                    yield said.github_id, _listed(one, said, version, company.name)


def _listed(one: Listing, said: Acknowledged, version: AgreementVersion, name: str) -> Grant:
    bare = terms(version.for_companies)
    theirs = [
        end.ends_at
        for end in one.ends
        if end.github_id == said.github_id
        and one.left(
            said.github_id,
            said.sequence,
            max(end.recorded_at, end.ends_at),
        )
    ]
    ends = [*theirs, *(it for it in (one.over_at, said.over_at) if it)]
    # What is dated back changes nothing of what came before it was said.
    since = max(one.from_at, one.recorded_at, said.acknowledged_at)
    return Grant(
        f"{name}, {bare.source}, record {said.sequence}",
        bare.outbound,
        bare.licences,
        bare.paths,
        one.from_at if version.reaches_back else since,
        min(ends, default=None),
        employer=name,
        clause=bare.clause,
    )


def _let_in(
    connection: Connection, repo_id: int, versions: Iterable[AgreementVersion]
) -> tuple[dict[tuple[str, str], Grant], dict[tuple[str, str], Waiver]]:
    """Give what let each holder's part in, by commit: of a squash only if all their parts were."""
    texts = [text for one in versions for text in (one, one.for_companies)]
    by_text = {(one.version, one.sha256): terms(one) for one in texts}
    parts: dict[tuple[str, str], list[Covered]] = defaultdict(list)
    for row in connection.execute(effective().where(coverage.c.repo_id == repo_id)):
        one = covered(row)
        if one.rule == "merged":
            # The row of the merge that first brought the commit says what it rests on.
            continue
        for sha in {one.sha, one.landed_sha}:
            # What was waived of somebody whom nobody knows is no part of anybody else's.
            who = by_number(one.holder_id) if one.holder_id is not None else f"commit:{sha}"
            parts[sha, who].append(one)
    let_in, waived = {}, {}
    for key, rows in parts.items():
        last = rows[-1]
        if any(one.rule not in PROVEN for one in rows):
            continue
        if any(one.rule == "waiver" for one in rows):
            waived[key] = Waiver("a maintainer", f"waiver, record {last.evidence}")
            continue
        bare = by_text.get((str(last.version), str(last.document_sha256)))
        if bare is not None:
            let_in[key] = _covering(bare, last)
    return let_in, waived


def _covering(bare: Grant, row: Covered) -> Grant:
    return Grant(
        f"{bare.source}, when pull request #{row.number} was merged",
        bare.outbound,
        bare.licences,
        bare.paths,
        evidence=row.evidence or "",
        clause=bare.clause,
    )
