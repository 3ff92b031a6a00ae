"""Versions of agreements put back from an export, into a register that is empty.

GitHub has only the text that stands on the default branch now. Whoever tells all deliveries to an
empty database once more gives it first, with this, every text that was ever in force and from
when: what was signed and merged under an older one is then measured by that one again.
"""

import base64
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from core.errors import UserError
from licensing import chain, store
from licensing.tables import agreement
from licensing.versions import Offer, parts

SAID = chain.SINCE | {"version", "content", *chain.PUBLISHED.values()}
"""What has to be known of a version."""


def restore(connection: Connection, data: Mapping[str, Any]) -> int:
    """Put back every version of an export in which nothing is wrong; gives how many.

    Signatures and all other acts are not taken over: deliveries tell of them. Raises `UserError`
    where something is wrong with the export, or there are agreements here already.
    """
    problems = chain.verify_export(data)
    if problems:
        raise UserError("\n".join(problems))
    if connection.scalar(select(func.count()).select_from(agreement)):
        raise UserError("There are agreements in this database: only an empty one is restored.")
    if any(
        not version.keys() >= SAID for one in data["agreements"] for version in one["versions"]
    ):
        raise UserError("This export is of an early form, which does not say all of its versions.")
    done = 0
    for one in data["agreements"]:
        for version in sorted(one["versions"], key=lambda found: parts(found["version"]) or ()):
            _put_back(connection, one["scope"], one["scope_id"], version)
            done += 1
    return done


def _put_back(
    connection: Connection, scope: str, scope_id: int, version: Mapping[str, Any]
) -> None:
    offer = Offer(
        version=version["version"],
        mode=version["mode"],
        phrase=version["phrase"],
        language=version["language"],
        document=version["document"],
        content=base64.b64decode(version["content"]),
        scope=scope,
        scope_id=scope_id,
        outbound=version["outbound"],
        outbound_licences=tuple(version["outbound_licences"]),
        reaches_back=version["reaches_back"],
        paths=tuple(version["paths"]),
        publisher_id=version["publisher_id"],
        company_document=version.get("company_document", ""),
        company_content=base64.b64decode(version.get("company_content", "")),
    )
    published_at, counts_from = (
        datetime.fromisoformat(version[name]) for name in ("published_at", "counts_from")
    )
    store.put_back(connection, offer, published_at, counts_from)
