"""On which basis a person is covered now: their own signature, or a company that lists them.

This is the one place that says whose word counts; the judgement, the pages and the coverage
ledger all ask here.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, Exists, and_, bindparam, exists, or_, select

from licensing.companies.covering import covered
from licensing.tables import agreement_version, signature, withdrawal
from licensing.versions import AgreementVersion

Rule = Literal["signature", "company"]


@dataclass(frozen=True)
class Basis:
    """Why a person counts as covered: the rule, and the record of the chain that it rests on.

    By the rule `company` it is the record of their acknowledgement, and `company` is its name.
    """

    rule: Rule
    agreement_id: int
    sequence: int
    version: str
    company: str = ""


def bases(
    connection: Connection,
    version: AgreementVersion,
    people: Collection[int],
    now: datetime,
) -> dict[int, Basis]:
    """Give the basis of each of `people` who is covered for `version` at `now`; the rest are missing.

    Any version of the same MAJOR counts; what was signed before a withdrawal does not. A
    person's own signature goes before a company's.
    """
    found = _signatures(connection, version, people)
    rest = [person for person in people if person not in found]
    for person, cover in covered(connection, version, rest, now).items():
        found[person] = Basis(
            "company", version.agreement_id, cover.sequence, cover.version, cover.name
        )
    return found


def ended() -> Exists:
    """Give the condition that a row of `signature` was withdrawn after it was given.

    When people acted decides, not when we heard: a comment that reaches us late must not
    bring back what its author withdrew meanwhile.
    """
    later = withdrawal.c.acted_at > signature.c.acted_at
    at_once = withdrawal.c.acted_at == signature.c.acted_at
    return exists().where(
        withdrawal.c.agreement_id == signature.c.agreement_id,
        withdrawal.c.github_id == signature.c.github_id,
        or_(later, and_(at_once, withdrawal.c.sequence > signature.c.sequence)),
    )


# Put into words once: every judgement asks it.
_SIGNED = (
    select(
        signature.c.github_id,
        signature.c.sequence,
        agreement_version.c.major,
        agreement_version.c.minor,
    )
    .join(agreement_version, agreement_version.c.id == signature.c.version_id)
    .where(
        signature.c.agreement_id == bindparam("_agreement_id"),
        signature.c.github_id.in_(bindparam("_people", expanding=True)),
        agreement_version.c.major == bindparam("_major"),
        ~ended(),
    )
    .order_by(signature.c.sequence)
)


def _signatures(
    connection: Connection, version: AgreementVersion, people: Collection[int]
) -> dict[int, Basis]:
    asked = {
        "_agreement_id": version.agreement_id,
        "_major": version.major,
        "_people": list(people),
    }
    rows = connection.execute(_SIGNED, asked)
    return {
        row.github_id: Basis(
            "signature", version.agreement_id, row.sequence, f"{row.major}.{row.minor}"
        )
        for row in rows
    }
