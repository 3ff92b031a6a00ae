"""The register of agreements: versions are published, put in force for a repository, and retired.

Rows of `agreement_version` are never changed and never deleted: the database itself refuses
it. Signatures and what ends them are written in `licensing.signing`.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from core.db import insert_once, upsert
from core.snapshots import asked_once
from licensing import chain, records
from licensing.tables import agreement, agreement_repository, agreement_version
from licensing.versions import (
    ORGANISATION,
    REFUSED,
    AgreementVersion,
    Offer,
    Step,
    next_second,
    parts,
    step,
)

# Put into words once: which version is in force is asked at every turn.
_VERSIONS = (
    select(
        agreement_version,
        agreement.c.scope,
        agreement.c.scope_id,
        agreement_repository.c.phrase.label("phrase_now"),
    )
    .join(agreement, agreement.c.id == agreement_version.c.agreement_id)
    .join(
        agreement_repository,
        agreement_repository.c.agreement_id == agreement_version.c.agreement_id,
    )
    .where(agreement_repository.c.repo_id == bindparam("_repo_id"))
    .order_by(agreement_version.c.major.desc(), agreement_version.c.minor.desc())
)
_IN_FORCE = _VERSIONS.where(agreement_repository.c.active).limit(1)


def publish(
    connection: Connection, repo_id: int, offer: Offer, now: datetime, counts_from: datetime
) -> Step:
    """Take over what the rules offer, unless it may not follow what is in force; says which.

    `counts_from` is believed for an agreement's first version; a later one was not there before.
    """
    agreement_id = _agreement(connection, offer.scope, offer.scope_id or repo_id)
    newest = _newest(connection, agreement_id)
    found = step(newest, offer)
    if found not in REFUSED:
        _bind(connection, repo_id, agreement_id, offer.phrase)
    elif newest is not None and newest.scope == ORGANISATION:
        # What was offered is no good, but the organisation's agreement holds here all the same.
        _bind(connection, repo_id, agreement_id, newest.phrase)
    if found == "first":
        _write_version(connection, agreement_id, offer, now, counts_from)
    elif found in {"minor", "major"}:
        later = max(counts_from, next_second(now))
        _write_version(connection, agreement_id, offer, now, later)
    return found


def put_back(
    connection: Connection, offer: Offer, published_at: datetime, counts_from: datetime
) -> None:
    """Write a version as it was published once; no repository asks for it because of that."""
    agreement_id = _agreement(connection, offer.scope, offer.scope_id)
    _write_version(connection, agreement_id, offer, published_at, counts_from)


def _bind(connection: Connection, repo_id: int, agreement_id: int, phrase: str) -> None:
    values = {"agreement_id": agreement_id, "active": True, "phrase": phrase}
    upsert(connection, agreement_repository, {"repo_id": repo_id}, values)


def _write_version(
    connection: Connection, agreement_id: int, offer: Offer, now: datetime, counts_from: datetime
) -> None:
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
            outbound=offer.outbound,
            outbound_licences=list(offer.outbound_licences),
            reaches_back=offer.reaches_back,
            paths=list(offer.paths),
            publisher_id=offer.publisher_id,
            **_for_companies(offer),
        )
    )
    written = _newest(connection, agreement_id)
    if written is not None:
        facts = records.of_publication(written)
        records.append(connection, agreement_id, "version", facts, now)


def _for_companies(offer: Offer) -> dict[str, Any]:
    if not offer.company_document:
        return {}
    return {
        "company_document": offer.company_document,
        "company_content": offer.company_content,
        "company_sha256": chain.sha256(offer.company_content),
    }


def retire(connection: Connection, repo_id: int) -> None:
    """Ask nobody any more; what was published and signed stays."""
    connection.execute(
        update(agreement_repository)
        .where(agreement_repository.c.repo_id == repo_id)
        .values(active=False)
    )


@asked_once
def agreement_in_force(connection: Connection, repo_id: int) -> AgreementVersion | None:
    """Give the version that is asked for now, with the phrase that the rules name now."""
    found = connection.execute(_IN_FORCE, {"_repo_id": repo_id}).one_or_none()
    return _version(found, found.phrase_now) if found else None


def versions(connection: Connection, repo_id: int) -> tuple[AgreementVersion, ...]:
    """Give every version ever published for a repository, newest first."""
    rows = connection.execute(_VERSIONS, {"_repo_id": repo_id})
    return tuple(_version(row, row.phrase) for row in rows)


def version_at(connection: Connection, repo_id: int, instant: datetime) -> AgreementVersion | None:
    """Give the version that counted at an instant; None before the first one."""
    found = connection.execute(
        _IN_FORCE.where(agreement_version.c.counts_from <= instant), {"_repo_id": repo_id}
    ).one_or_none()
    return _version(found, found.phrase) if found else None


def version(connection: Connection, version_id: int) -> AgreementVersion | None:
    """Give a version by its number, with the phrase that it was published with."""
    found = connection.execute(
        select(agreement_version, agreement.c.scope, agreement.c.scope_id)
        .join(agreement, agreement.c.id == agreement_version.c.agreement_id)
        .where(agreement_version.c.id == version_id)
    ).one_or_none()
    return _version(found, found.phrase) if found else None


def _agreement(connection: Connection, scope: str, scope_id: int) -> int:
    where = (agreement.c.scope == scope) & (agreement.c.scope_id == scope_id)
    values = {
        "scope": scope,
        "scope_id": scope_id,
        "head_sequence": 0,
        "head_hash": chain.START,
    }
    insert_once(connection, agreement, values)
    found = connection.scalar(select(agreement.c.id).where(where).with_for_update())
    return int(found or 0)


def _newest(connection: Connection, agreement_id: int) -> AgreementVersion | None:
    found = connection.execute(
        select(agreement_version, agreement.c.scope, agreement.c.scope_id)
        .join(agreement, agreement.c.id == agreement_version.c.agreement_id)
        .where(agreement_version.c.agreement_id == agreement_id)
        .order_by(agreement_version.c.major.desc(), agreement_version.c.minor.desc())
        .limit(1)
    ).one_or_none()
    return _version(found, found.phrase) if found else None


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
        scope=row.scope,
        scope_id=row.scope_id,
        outbound=row.outbound,
        outbound_licences=tuple(row.outbound_licences),
        reaches_back=row.reaches_back,
        paths=tuple(row.paths),
        publisher_id=row.publisher_id,
        company_document=row.company_document or "",
        company_content=row.company_content or b"",
        company_sha256=row.company_sha256 or "",
    )
