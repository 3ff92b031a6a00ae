"""What a person's contributions rested on at an instant that has passed, by what people did until then.

`licensing.bases` says who is covered now, in the order in which we heard of things. This asks
when people acted: deliveries may come late, and the answer must not depend on it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, exists, or_, select

from licensing import chain
from licensing.bases import bases
from licensing.ledger import evidence
from licensing.tables import agreement_version, record, signature, withdrawal
from licensing.versions import AgreementVersion
from licensing.waivers import waiver


@dataclass(frozen=True)
class Grant:
    """Why a person was covered: the rule, the text, and the record that proves it.

    `evidence` names the record (see `licensing.ledger.evidence`), the same in every database to
    which it was told. Of a company's, `acted_at` is when the person acknowledged it.
    """

    rule: str
    version: str
    document_sha256: str
    evidence: str
    method: str | None = None
    comment_id: int | None = None
    acted_at: datetime | None = None


def grants(
    connection: Connection, version: AgreementVersion, people: Collection[int], instant: datetime
) -> dict[int, Grant]:
    """Give the grant of each of `people` who was covered for `version` at `instant`.

    A person's own signature goes before a company's, and of several the first one since they
    last withdrew.
    """
    found: dict[int, Grant] = {}
    for row in _signatures(connection, version, people, instant):
        found.setdefault(
            row.github_id,
            Grant(
                "signature",
                f"{row.major}.{row.minor}",
                row.sha256,
                evidence(row.record),
                row.method,
                row.comment_id,
                row.acted_at,
            ),
        )
    others = [one for one in people if one not in found]
    if others:
        found |= _others(connection, version, others, instant)
    return found


def _signatures(
    connection: Connection, version: AgreementVersion, people: Collection[int], instant: datetime
) -> Iterable[Any]:
    withdrawn = exists().where(
        withdrawal.c.agreement_id == signature.c.agreement_id,
        withdrawal.c.github_id == signature.c.github_id,
        or_(
            withdrawal.c.acted_at > signature.c.acted_at,
            (withdrawal.c.acted_at == signature.c.acted_at)
            & (withdrawal.c.sequence > signature.c.sequence),
        ),
        withdrawal.c.acted_at <= instant,
    )
    return connection.execute(
        select(
            signature.c.github_id,
            signature.c.method,
            signature.c.comment_id,
            signature.c.acted_at,
            agreement_version.c.major,
            agreement_version.c.minor,
            agreement_version.c.sha256,
            record.c.record,
        )
        .join(agreement_version, agreement_version.c.id == signature.c.version_id)
        .join(
            record,
            (record.c.agreement_id == signature.c.agreement_id)
            & (record.c.sequence == signature.c.sequence),
        )
        .where(
            signature.c.agreement_id == version.agreement_id,
            signature.c.github_id.in_(people),
            agreement_version.c.major == version.major,
            signature.c.acted_at <= instant,
            ~withdrawn,
        )
        .order_by(signature.c.acted_at, signature.c.comment_id, signature.c.sequence)
    ).all()


def _others(
    connection: Connection, version: AgreementVersion, people: Collection[int], instant: datetime
) -> dict[int, Grant]:
    """Give the grants by others than the person: a company that listed them at that instant."""
    found = {
        person: basis
        for person, basis in bases(connection, version, people, instant).items()
        if basis.rule != "signature"
    }
    texts = {}
    for basis in found.values():
        texts[basis.agreement_id, basis.sequence] = connection.scalar(
            select(record.c.record).where(
                record.c.agreement_id == basis.agreement_id, record.c.sequence == basis.sequence
            )
        )
    result = {}
    for person, basis in found.items():
        text = texts[basis.agreement_id, basis.sequence] or ""
        said = chain.parsed(text)
        result[person] = Grant(
            basis.rule,
            basis.version,
            str(said.get("document_sha256") or version.sha256),
            evidence(text),
            "web",  # an acknowledgement is always made there
            acted_at=_instant(said.get("acknowledged_at")),
        )
    return result


def _instant(said: object) -> datetime | None:
    return datetime.fromisoformat(said) if isinstance(said, str) else None


def waived(
    connection: Connection,
    version: AgreementVersion,
    repo_id: int,
    number: int,
    instant: datetime,
) -> dict[str, Grant]:
    """Give the commits of a pull request that maintainers had let pass by `instant`."""
    rows = connection.execute(
        select(waiver.c.sha, waiver.c.comment_id, waiver.c.acted_at, record.c.record)
        .join(
            record,
            (record.c.agreement_id == waiver.c.agreement_id)
            & (record.c.sequence == waiver.c.sequence),
        )
        .where(
            waiver.c.agreement_id == version.agreement_id,
            waiver.c.repo_id == repo_id,
            waiver.c.number == number,
            waiver.c.acted_at <= instant,
        )
    )
    return {row.sha: _waiver(row) for row in rows}


def _waiver(row: Any) -> Grant:
    said = chain.parsed(row.record)
    return Grant(
        "waiver",
        str(said.get("version")),
        str(said.get("document_sha256")),
        evidence(row.record),
        None if row.comment_id is None else "comment",
        row.comment_id,
        row.acted_at,
    )
