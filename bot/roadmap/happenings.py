"""What happened to a request, as its page tells it: opened, joined, voted for, moved, closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, or_, select

from bot.people import logins
from bot.roadmap import ballots, foreign
from bot.roadmap.board import store as board
from bot.roadmap.board.store import Move
from bot.roadmap.silence import store as silence
from bot.roadmap.store import Request
from bot.roadmap.tables import ballot, box, joining, request
from core.snapshots import asked_once

MOST_HAPPENED = 10


@dataclass(frozen=True)
class Happening:
    """Something that happened to a request, without the names of voters.

    `kind` is `opened`, `closed`, `joined` (onto `number`), `taken_in` (`number` onto this),
    `parted`, `for`, `withdrawn` or `undone` for acts of voters with their `door`, `foreign` for
    commands (`words`) that `login` wrote into the comment of somebody else, `kept` for what the
    bot `login` closed for silence, and `moved` for a `move` on the board that `login` made.
    """

    kind: str
    at: datetime
    number: int | None = None
    door: str = ""
    words: str = ""
    login: str = ""
    move: Move | None = None


def happened(connection: Connection, asked: Request) -> tuple[Happening, ...]:
    """Tell what happened to a request, newest first, back to its opening."""
    found = [*_joinings(connection, asked), *_acts(connection, asked)]
    found += [
        Happening("foreign", edit.acted_at, words=edit.commands, login=edit.editor)
        for edit in foreign.edits(connection, asked.id, MOST_HAPPENED)
    ]
    found += _moves(connection, asked)
    kept = silence.said(connection, asked.id)
    if kept.kept_at is not None:
        found.append(Happening("kept", kept.kept_at, login=kept.kept_from))
    if asked.closed_at is not None:
        found.append(Happening("closed", asked.closed_at))
    found.sort(key=lambda one: one.at, reverse=True)
    return (*found[:MOST_HAPPENED], Happening("opened", asked.opened_at))


def acts(connection: Connection, asked: Request) -> int:
    """Count the acts of voters on a request, whatever became of them."""
    last = next(iter(_ballots(connection, asked.node_id)), None)
    return last.sequence if last else 0


def _acts(connection: Connection, asked: Request) -> list[Happening]:
    return [
        Happening(row.choice if row.deed == "cast" else "undone", row.acted_at, door=row.door)
        for row in _ballots(connection, asked.node_id)
    ]


@asked_once
def _ballots(connection: Connection, node_id: str) -> Sequence[Row[int, str, str, str, datetime]]:
    """Give the last acts of voters, the newest first; they are numbered from 1 without gaps."""
    columns = ballot.c
    return connection.execute(
        select(columns.sequence, columns.deed, columns.choice, columns.door, columns.acted_at)
        .join(box, box.c.id == columns.box_id)
        .where(box.c.subject == ballots.subject_of(node_id))
        .order_by(columns.sequence.desc())
        .limit(MOST_HAPPENED)
    ).all()


def _moves(connection: Connection, asked: Request) -> list[Happening]:
    """Give the last moves on the board; that it was asked for is told by its opening."""
    made = [one for one in board.moves(connection, asked.id) if one.cause != "asked"]
    made = made[-MOST_HAPPENED:]
    names = logins(connection, [one.actor_id for one in made])
    return [
        Happening("moved", one.acted_at, login=names.get(one.actor_id, ""), move=one)
        for one in made
    ]


def _joinings(connection: Connection, asked: Request) -> list[Happening]:
    onto = request.alias("onto")
    rows = connection.execute(
        select(joining, request.c.number, onto.c.number.label("onto_number"))
        .join(request, request.c.id == joining.c.request_id)
        .outerjoin(onto, onto.c.id == joining.c.onto_id)
        .where(or_(joining.c.request_id == asked.id, joining.c.onto_id == asked.id))
        .order_by(joining.c.id.desc())
        .limit(MOST_HAPPENED)
    )
    return [_joining(row, asked) for row in rows]


def _joining(row: Row[Any], asked: Request) -> Happening:
    if row.request_id != asked.id:
        return Happening("taken_in", row.acted_at, row.number)
    if row.onto_id is None:
        return Happening("parted", row.acted_at)
    return Happening("joined", row.acted_at, row.onto_number)
