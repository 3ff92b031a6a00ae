"""What we answer when a product asks whether a licence holds; asking changes nothing."""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from licensing.sold import checking, keys, reading, seats
from licensing.sold.checking import Asked, Refused, Verdict
from licensing.sold.codes import Code, Warn
from licensing.sold.reading import Licence
from licensing.sold.seats import Seat

UUID_LENGTH = 36
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


@dataclass(frozen=True)
class Answer:
    """A verdict, the licence as we know it (None: not found), and its newest file if that is another."""

    verdict: Verdict
    licence: Licence | None = None
    used: int = 0
    seat: int | None = None
    newer_file: str | None = None


def judged(connection: Connection, repo_id: int, given: str, asked: Asked) -> Answer:
    """Say whether a licence of this seller holds; `given` is its file, or its id alone.

    A file is held to what it says itself, as a product without us would; our book tells whether
    it was taken back, and it runs no longer than the book has it: a renewal may have gone back.
    """
    if len(given.strip()) == UUID_LENGTH:
        named = _UUID.fullmatch(given.strip())
        found = reading.find(connection, named[0]) if named else None
        if found is None or found.repo_id != repo_id:
            return Answer(Verdict("NOT_FOUND"))
        said = reading.claims_of(found, found.issued_at)
        return _answer(connection, found, Verdict("VALID", said), asked)
    known = {one.kid: one for one in keys.of(connection, repo_id)}
    try:
        said = checking.opened(given, {kid: one.public for kid, one in known.items()})
    except Refused as refused:
        return Answer(Verdict(refused.code))
    found = reading.find(connection, said.id)
    if found is None or found.repo_id != repo_id:
        return Answer(Verdict("NOT_FOUND"))
    terms = found.terms
    said = replace(
        said,
        expires_at=_first(said.expires_at, terms.expires_at),
        updates_until=_first(said.updates_until, terms.updates_until),
    )
    warnings: tuple[Warn, ...] = ()
    if known[checking.kid_of(given)].state == "retired":
        warnings = ("KEY_RETIRED",)
    newest = None if found.revoked_at else reading.text_of(connection, found.id)
    is_newest = newest is None or newest.split() == given.split()
    if not is_newest:
        warnings = (*warnings, "NEWER_FILE")
    answer = _answer(connection, found, Verdict("VALID", said, warnings), asked)
    return replace(answer, newer_file=None if is_newest else newest)


def with_machine(connection: Connection, answer: Answer, fingerprint: str) -> Answer:
    """Say besides whether a machine has a seat, if the licence itself holds."""
    if answer.licence is None or not answer.verdict.holds:
        return answer
    seat = seats.seen(connection, answer.licence, fingerprint)
    code: Code = "VALID" if seat.code == "ACTIVE" else seat.code
    return seated(answer, replace(seat, code=code))


def seated(answer: Answer, seat: Seat) -> Answer:
    """Join what became of a seat to an answer."""
    warnings = (*answer.verdict.warnings, *seat.warnings)
    verdict = replace(answer.verdict, code=seat.code, warnings=warnings)
    return replace(answer, verdict=verdict, used=seat.used, seat=seat.number)


def _first(one: datetime | None, other: datetime | None) -> datetime | None:
    """Give the earlier end; None is for ever."""
    return min((end for end in (one, other) if end is not None), default=None)


def _answer(connection: Connection, found: Licence, read: Verdict, asked: Asked) -> Answer:
    if read.claims is None:
        return Answer(read, found)
    code = checking.standing(read.claims, asked, revoked=found.revoked_at is not None)
    return Answer(replace(read, code=code), found, seats.used(connection, found))
