"""The register: agreements, their versions, and signatures, written once and chained.

Rows of `agreement_version` and `signature` are never changed and never deleted: the database
itself refuses it. What is personal and may have to be erased, a login at
the time, stands in `signer`, outside of the chain.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, Select, distinct, func, insert, select, update

from core.db import insert_once
from licensing import chain
from licensing.tables import REPOSITORY, agreement, agreement_version, signature, signer
from licensing.versions import REFUSED, AgreementVersion, Offer, Step, parts, step

Outcome = Literal["signed", "already", "replayed", "used"]
"""already: this person signed this version before; replayed: by this very comment; used: this
comment is the signature of another version."""


@dataclass(frozen=True)
class Act:
    """A person signs `version` by a comment; `acted_at` is when they did, not when we heard."""

    version: AgreementVersion
    repo_id: int
    number: int
    github_id: int
    login: str
    comment_id: int
    comment_sha256: str
    delivery: str
    acted_at: datetime


def publish(
    connection: Connection, repo_id: int, offer: Offer, now: datetime, counts_from: datetime
) -> Step:
    """Take over what the rules offer, unless it may not follow what is in force; says which."""
    agreement_id = _agreement(connection, repo_id, offer.phrase)
    found = step(_newest(connection, agreement_id), offer)
    if found in REFUSED:
        return found
    connection.execute(
        update(agreement)
        .where(agreement.c.id == agreement_id)
        .values(active=True, phrase=offer.phrase)
    )
    if found == "same":
        return found
    major, minor = parts(offer.version) or (0, 0)
    connection.execute(
        insert(agreement_version).values(
            agreement_id=agreement_id,
            major=major,
            minor=minor,
            mode=offer.mode,
            phrase=offer.phrase,
            language=offer.language,
            document=offer.document,
            content=offer.content,
            sha256=chain.sha256(offer.content),
            etag=offer.etag,
            published_at=now,
            counts_from=counts_from,
        )
    )
    return found


def retire(connection: Connection, repo_id: int) -> None:
    """Ask nobody any more; what was published and signed stays."""
    connection.execute(
        update(agreement)
        .where(agreement.c.scope == REPOSITORY, agreement.c.scope_id == repo_id)
        .values(active=False)
    )


def agreement_in_force(connection: Connection, repo_id: int) -> AgreementVersion | None:
    """Give the version that is asked for now, with the phrase that the rules name now."""
    found = connection.execute(
        _versions_of(repo_id)
        .where(agreement.c.active)
        .order_by(agreement_version.c.major.desc(), agreement_version.c.minor.desc())
        .limit(1)
    ).one_or_none()
    return _version(found, found.phrase_now) if found else None


def versions(connection: Connection, repo_id: int) -> tuple[AgreementVersion, ...]:
    """Give every version ever published for a repository, newest first."""
    rows = connection.execute(
        _versions_of(repo_id).order_by(
            agreement_version.c.major.desc(), agreement_version.c.minor.desc()
        )
    )
    return tuple(_version(row, row.phrase) for row in rows)


def version_at(connection: Connection, repo_id: int, instant: datetime) -> AgreementVersion | None:
    """Give the version that counted at an instant; None before the first one."""
    found = connection.execute(
        _versions_of(repo_id)
        .where(agreement.c.active, agreement_version.c.counts_from <= instant)
        .order_by(agreement_version.c.major.desc(), agreement_version.c.minor.desc())
        .limit(1)
    ).one_or_none()
    return _version(found, found.phrase) if found else None


def signers(connection: Connection, repo_id: int) -> int:
    """Count the people who signed any version."""
    return (
        connection.scalar(
            select(func.count(distinct(signature.c.github_id)))
            .join(agreement, agreement.c.id == signature.c.agreement_id)
            .where(agreement.c.scope == REPOSITORY, agreement.c.scope_id == repo_id)
        )
        or 0
    )


def signed(
    connection: Connection, version: AgreementVersion, people: Collection[int]
) -> frozenset[int]:
    """Give those of `people` whose signature counts for `version`: any of the same MAJOR."""
    rows = connection.scalars(
        select(signature.c.github_id)
        .join(agreement_version, agreement_version.c.id == signature.c.version_id)
        .where(
            signature.c.agreement_id == version.agreement_id,
            signature.c.github_id.in_(people),
            agreement_version.c.major == version.major,
        )
    )
    return frozenset(rows)


def signed_by_comment(
    connection: Connection, version: AgreementVersion, comment_id: int
) -> int | None:
    """Give the id of the version that a comment has signed, of the agreement of `version`."""
    return connection.scalar(
        select(signature.c.version_id).where(
            signature.c.agreement_id == version.agreement_id,
            signature.c.comment_id == comment_id,
        )
    )


def sign(connection: Connection, act: Act, recorded_at: datetime) -> Outcome:
    """Write a signature behind the last one of its agreement, once for each person and comment."""
    head = connection.execute(
        select(agreement.c.head_sequence, agreement.c.head_hash)
        .where(agreement.c.id == act.version.agreement_id)
        .with_for_update()
    ).one()
    earlier = _earlier(connection, act)
    if earlier is not None:
        return earlier
    sequence = head.head_sequence + 1
    link = chain.link(sequence, head.head_hash, _record(act, sequence, recorded_at))
    written = connection.execute(
        insert(signature).values(
            agreement_id=act.version.agreement_id,
            version_id=act.version.id,
            sequence=link.sequence,
            github_id=act.github_id,
            method="comment",
            capacity="self",
            comment_id=act.comment_id,
            repo_id=act.repo_id,
            number=act.number,
            acted_at=act.acted_at,
            recorded_at=recorded_at,
            record=link.record,
            previous_hash=link.previous,
            hash=link.hash,
        )
    )
    key = written.inserted_primary_key
    connection.execute(insert(signer).values(signature_id=key[0] if key else 0, login=act.login))
    connection.execute(
        update(agreement)
        .where(agreement.c.id == act.version.agreement_id)
        .values(head_sequence=link.sequence, head_hash=link.hash)
    )
    return "signed"


def _earlier(connection: Connection, act: Act) -> Outcome | None:
    by_comment = signed_by_comment(connection, act.version, act.comment_id)
    if by_comment is not None:
        return "replayed" if by_comment == act.version.id else "used"
    by_person = connection.scalar(
        select(signature.c.id).where(
            signature.c.version_id == act.version.id, signature.c.github_id == act.github_id
        )
    )
    return None if by_person is None else "already"


def _record(act: Act, sequence: int, recorded_at: datetime) -> dict[str, object]:
    return {
        "kind": "signature",
        "sequence": sequence,
        "repository": act.repo_id,
        "version": act.version.version,
        "mode": act.version.mode,
        "document": act.version.document,
        "document_sha256": act.version.sha256,
        "published_at": act.version.published_at.isoformat(),
        "github_id": act.github_id,
        "capacity": "self",
        "method": "comment",
        "pull_request": act.number,
        "comment_id": act.comment_id,
        "comment_sha256": act.comment_sha256,
        "delivery": act.delivery,
        "signed_at": act.acted_at.isoformat(),
        "recorded_at": recorded_at.isoformat(),
    }


def _agreement(connection: Connection, repo_id: int, phrase: str) -> int:
    where = (agreement.c.scope == REPOSITORY) & (agreement.c.scope_id == repo_id)
    values = {
        "scope": REPOSITORY,
        "scope_id": repo_id,
        "active": False,
        "phrase": phrase,
        "head_sequence": 0,
        "head_hash": chain.START,
    }
    insert_once(connection, agreement, values)
    found = connection.scalar(select(agreement.c.id).where(where).with_for_update())
    return int(found or 0)


def _newest(connection: Connection, agreement_id: int) -> AgreementVersion | None:
    found = connection.execute(
        select(agreement_version)
        .where(agreement_version.c.agreement_id == agreement_id)
        .order_by(agreement_version.c.major.desc(), agreement_version.c.minor.desc())
        .limit(1)
    ).one_or_none()
    return _version(found, found.phrase) if found else None


def _versions_of(repo_id: int) -> Select[Any]:
    return (
        select(agreement_version, agreement.c.phrase.label("phrase_now"))
        .join(agreement, agreement.c.id == agreement_version.c.agreement_id)
        .where(agreement.c.scope == REPOSITORY, agreement.c.scope_id == repo_id)
    )


def _version(row: Row[Any], phrase: str) -> AgreementVersion:
    return AgreementVersion(
        id=row.id,
        agreement_id=row.agreement_id,
        version=f"{row.major}.{row.minor}",
        mode=row.mode,
        phrase=phrase,
        language=row.language,
        document=row.document,
        content=row.content,
        sha256=row.sha256,
        published_at=row.published_at,
        counts_from=row.counts_from,
    )
