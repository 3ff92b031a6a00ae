"""What somebody told us beside their signature: kept apart, so that erasing it keeps the proof.

The record in the chain holds the SHA-256 of a salt and the values as canonical JSON. As long as
the row stands, it can be shown that nobody changed it; once it is erased, the hash tells nothing,
because the salt went with it.
"""

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Column, Connection, ForeignKey, String, Table, delete, insert, select

from core.db import Json, UtcDateTime, metadata
from licensing import chain
from licensing.tables import record, signature

Kind = Literal["details", "origin"]
"""details: what was filled in, and the addresses relied on; origin: network address and browser."""

ORIGIN_KEPT = timedelta(days=730)

signer_detail = Table(
    "signer_detail",
    metadata,
    Column("signature_id", ForeignKey("signature.id"), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("salt", String(64), nullable=False),
    Column("details", Json, nullable=False),
    Column("kept_until", UtcDateTime, index=True),
)


@dataclass(frozen=True)
class Sealed:
    """Values with their salt; `field` and `sha256` are what the record says of them."""

    kind: Kind
    values: Mapping[str, Any]
    salt: str
    kept_until: datetime | None = None

    @property
    def field(self) -> str:
        """The name in the record: `details_sha256` or `origin_sha256`."""
        return f"{self.kind}_sha256"

    @property
    def sha256(self) -> str:
        """The SHA-256 of the salt and the values as canonical JSON."""
        return chain.sha256((self.salt + chain.canonical(self.values)).encode())


def seal(kind: Kind, values: Mapping[str, Any], kept_until: datetime | None = None) -> Sealed:
    """Give plain JSON values a salt of their own."""
    return Sealed(kind, values, secrets.token_hex(32), kept_until)


def keep(connection: Connection, signature_id: int, sealed: Sealed) -> None:
    """Write values beside the signature whose record holds their hash."""
    connection.execute(
        insert(signer_detail).values(
            signature_id=signature_id,
            kind=sealed.kind,
            salt=sealed.salt,
            details=dict(sealed.values),
            kept_until=sealed.kept_until,
        )
    )


def told(connection: Connection, signature_id: int) -> dict[Kind, Mapping[str, Any]]:
    """Give what stands beside a signature, for the signer and the project's maintainers only."""
    rows = connection.execute(
        select(signer_detail.c.kind, signer_detail.c.details)
        .where(signer_detail.c.signature_id == signature_id)
        .order_by(signer_detail.c.kind)
    )
    return {row.kind: row.details for row in rows}


def prune(connection: Connection, now: datetime) -> int:
    """Erase what was to be kept until now, and say how many."""
    old = delete(signer_detail).where(signer_detail.c.kept_until <= now)
    return int(connection.execute(old).rowcount)


def problems(connection: Connection, agreement_id: int) -> Iterator[str]:
    """Name each row whose values are not those of its record, of one agreement."""
    rows = connection.execute(
        select(signer_detail, signature.c.sequence, record.c.record)
        .join(signature, signature.c.id == signer_detail.c.signature_id)
        .join(
            record,
            (record.c.agreement_id == signature.c.agreement_id)
            & (record.c.sequence == signature.c.sequence),
        )
        .where(signature.c.agreement_id == agreement_id)
        .order_by(signature.c.sequence, signer_detail.c.kind)
    )
    for row in rows:
        sealed = Sealed(row.kind, row.details, row.salt)
        if chain.parsed(row.record).get(sealed.field) != sealed.sha256:
            yield f"the {row.kind} beside record {row.sequence} were changed"
