"""The ledger of ballots: every act of every voter, written once and chained, box by box."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select, update

from bot.roadmap.rules import Act, Door, standing
from bot.roadmap.tables import ballot, box
from core.db import insert_once
from licensing import chain

# Put into words once: doing so at each act took longer than the database needs.
_SAME = ("github_id", "deed", "door", "evidence", "acted_at")
_KNOWN = select(ballot.c.id).where(
    ballot.c.box_id == bindparam("_box_id"),
    *(ballot.c[name] == bindparam(f"_{name}") for name in _SAME),
)
# Asked for their order, SQLite walks through everybody's acts in a box to find one person's few.
_ACTS = (
    select(ballot)
    .join(box, box.c.id == ballot.c.box_id)
    .where(box.c.subject == bindparam("_subject"), ballot.c.github_id == bindparam("_github_id"))
)
_BOX = select(box).where(box.c.subject == bindparam("_subject")).with_for_update()
_CHANGE = update(box).where(box.c.id == bindparam("_id"))
_INSERT = insert(ballot)


@dataclass(frozen=True)
class _Box:
    """A box, held until the transaction ends."""

    id: int
    head_sequence: int
    head_hash: str


def subject_of(node_id: str) -> str:
    """Name the box of a request; other kinds of votes name theirs differently."""
    return f"request:{node_id}"


def record(
    connection: Connection,
    subject: str,
    act: Act,
    recorded_at: datetime,
    more: Mapping[str, object] | None = None,
) -> bool:
    """Write an act behind the last one of its box; False where it stands there already.

    `more` is what else the chained record says of it: values of JSON.
    """
    found = _held(connection, subject)
    same = {f"_{name}": getattr(act, name) for name in _SAME}
    if connection.scalar(_KNOWN, {"_box_id": found.id, **same}) is not None:
        return False
    written = {**facts(subject, found.head_sequence + 1, act), **(more or {})}
    link = chain.link(found.head_sequence + 1, found.head_hash, written)
    _write(connection, found, act, link, recorded_at)
    head = {"head_sequence": link.sequence, "head_hash": link.hash}
    connection.execute(_CHANGE, {"_id": found.id, **head})
    return True


def _write(
    connection: Connection, found: _Box, act: Act, link: chain.Link, recorded_at: datetime
) -> None:
    connection.execute(
        _INSERT,
        {
            "box_id": found.id,
            "sequence": link.sequence,
            "github_id": act.github_id,
            "deed": act.deed,
            "choice": act.choice,
            "door": act.door,
            "evidence": act.evidence,
            "acted_at": act.acted_at,
            "record": link.record,
            "previous_hash": link.previous,
            "hash": link.hash,
            "recorded_at": recorded_at,
        },
    )


def acts(connection: Connection, subject: str, github_id: int) -> tuple[Act, ...]:
    """Give everything that a person did in a box, in the order in which we heard of it."""
    rows = connection.execute(_ACTS, {"_subject": subject, "_github_id": github_id})
    return tuple(
        Act(row.github_id, row.deed, row.choice, row.door, row.evidence, row.acted_at)
        for row in sorted(rows, key=lambda row: row.sequence)
    )


def stands(connection: Connection, subject: str, github_id: int) -> Act | None:
    """Give the act of a person that counts in a box."""
    return standing(acts(connection, subject, github_id))


def hold(connection: Connection, subject: str) -> None:
    """Let nobody else act in a box until the transaction ends: look only after this."""
    _held(connection, subject)


def evidence(connection: Connection, subject: str, door: Door) -> dict[str, tuple[int, bool]]:
    """Give (person, whether it is still there) for each evidence of a door that a box knows."""
    rows = connection.execute(
        select(ballot.c.evidence, ballot.c.github_id, ballot.c.deed)
        .join(box, box.c.id == ballot.c.box_id)
        .where(box.c.subject == subject, ballot.c.door == door)
        .order_by(ballot.c.acted_at, ballot.c.sequence)
    )
    return {row.evidence: (row.github_id, row.deed == "cast") for row in rows}


def subjects(
    connection: Connection, github_id: int, door: Door, evidence: str, prefix: str = "request:"
) -> list[str]:
    """Give the boxes of a kind in which a person's act rests on this evidence."""
    found = (
        select(box.c.subject)
        .join(ballot, ballot.c.box_id == box.c.id)
        .where(
            ballot.c.github_id == github_id,
            ballot.c.evidence == evidence,
            ballot.c.door == door,
            box.c.subject.startswith(prefix, autoescape=True),
        )
        .distinct()
    )
    return sorted(connection.scalars(found))


def _held(connection: Connection, subject: str) -> _Box:
    row = connection.execute(_BOX, {"_subject": subject}).one_or_none()
    if row is None:
        start = {"subject": subject, "head_sequence": 0, "head_hash": chain.START}
        insert_once(connection, box, start)
        row = connection.execute(_BOX, {"_subject": subject}).one()
    return _Box(row.id, row.head_sequence, row.head_hash)


def facts(subject: str, sequence: int, act: Act) -> Mapping[str, object]:
    """Give the record of an act as it is chained, but for what else was said with it."""
    return {
        "kind": "ballot",
        "subject": subject,
        "sequence": sequence,
        "github_id": act.github_id,
        "deed": act.deed,
        "choice": act.choice,
        "door": act.door,
        "evidence": act.evidence,
        "acted_at": act.acted_at.isoformat(),
    }
