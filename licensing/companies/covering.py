"""Whom companies cover at an instant: two queries and a name, however many people are asked for."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from licensing.companies import reading
from licensing.companies.values import covering
from licensing.versions import AgreementVersion


@dataclass(frozen=True)
class Cover:
    """Which company covers a person, and the record of the acknowledgement that it rests on."""

    company: int
    name: str
    sequence: int
    version: str


def covered(
    connection: Connection, version: AgreementVersion, people: Collection[int], now: datetime
) -> dict[int, Cover]:
    """Give those of `people` whom a company lists at `now` and who acknowledged it under this MAJOR."""
    if not people:
        return {}
    agreement_id = version.agreement_id
    said = reading.acknowledged_by(connection, agreement_id, people, version.major)
    if not said:
        return {}
    listed = reading.listings_for(connection, agreement_id, {one.company for one in said}, people)
    found = {
        one.github_id: one for one in reversed(said) if covering(listed, one, now)
    }  # the first acknowledgement that counts stands last, and stays
    names = reading.names(connection, agreement_id, {one.company for one in found.values()})
    return {
        person: Cover(one.company, names.get(one.company, ""), one.sequence, one.version)
        for person, one in found.items()
    }
