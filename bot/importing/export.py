"""The signatures of a repository's agreement on their way out, some at a time."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from bot.places import repository
from core.db import Database
from licensing import store
from licensing.imports.values import Written
from licensing.tables import agreement_version, signature, signer, withdrawal

AT_ONCE = 1_000


def written(
    database: Database, repo_id: int, site: str, version: str | None = None
) -> Iterator[Written]:
    """Give every signature, oldest record first; of one version where it is named.

    `site` is this service's address, at which the text of a version can be read.
    """
    with database.read() as connection:
        versions = store.versions(connection, repo_id)
    if not versions:
        return
    agreement_id, after = versions[0].agreement_id, 0
    while True:
        with database.read() as connection:
            found = _page(connection, agreement_id, after, site)
        for sequence, one in found:
            after = sequence
            if version is None or one.version == version:
                yield one
        if len(found) < AT_ONCE:
            return


def _page(
    connection: Connection, agreement_id: int, after: int, site: str
) -> list[tuple[int, Written]]:
    ends = (
        select(func.min(withdrawal.c.acted_at))
        .where(
            withdrawal.c.agreement_id == signature.c.agreement_id,
            withdrawal.c.github_id == signature.c.github_id,
            withdrawal.c.sequence > signature.c.sequence,
        )
        .scalar_subquery()
    )
    rows = connection.execute(
        select(
            signature,
            ends.label("withdrawn_at"),
            signer.c.login,
            repository.c.name,
            *(agreement_version.c[name] for name in ("major", "minor", "document")),
        )
        .join(agreement_version, agreement_version.c.id == signature.c.version_id)
        .outerjoin(signer, signer.c.signature_id == signature.c.id)
        .outerjoin(repository, repository.c.id == signature.c.repo_id)
        .where(signature.c.agreement_id == agreement_id, signature.c.sequence > after)
        .order_by(signature.c.sequence)
        .limit(AT_ONCE)
    )
    return [(row.sequence, _written(row, row.withdrawn_at, site)) for row in rows]


def _written(row: Row[Any], withdrawn_at: datetime | None, site: str) -> Written:
    name = row.name or ""
    return Written(
        github_id=row.github_id,
        login=row.login or "",
        version=f"{row.major}.{row.minor}",
        signed_at=row.acted_at,
        withdrawn_at=withdrawn_at,
        repo=name,
        repo_id=row.repo_id,
        document=row.document,
        text_url=f"{site}/{name}/cla" if name else "",
        comment_id=row.comment_id,
        number=row.number,
    )
