"""Prove the chains of intents in a database: each line follows the one before and says what its row says."""

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Row, func, select

from bot.roadmap.intents.tables import intent_act
from licensing import chain


def problems(connection: Connection) -> tuple[str, ...]:
    """Give a sentence for each thing that does not hold; none where nothing was altered."""
    numbers = connection.scalars(
        select(intent_act.c.request_id).distinct().order_by(intent_act.c.request_id)
    ).all()
    return tuple(problem for number in numbers for problem in _of(connection, number))


def extents(connection: Connection) -> tuple[str, ...]:
    """Say how much was looked at: a chain cut short is whole, so its length has to be told."""
    row = connection.execute(
        select(func.count(), func.count(intent_act.c.request_id.distinct()))
    ).one()
    if not row[0]:
        return ()
    return (f"intents: {chain.counted(row[0], 'act')} on {chain.counted(row[1], 'request')}",)


def _of(connection: Connection, request_id: int) -> Iterator[str]:
    rows = connection.execute(
        select(intent_act)
        .where(intent_act.c.request_id == request_id)
        .order_by(intent_act.c.sequence)
    ).all()
    links = [chain.Link(row.sequence, row.record, row.previous_hash, row.hash) for row in rows]
    head = (rows[-1].sequence, rows[-1].hash)
    for problem in chain.problems_of(links, head):
        yield f"intents of request {request_id}: {problem}"
    for row in rows:
        if _differs(row):
            yield f"intents of request {request_id}: the row of record {row.sequence} was changed"


def _differs(row: Row[Any]) -> bool:
    try:
        record = json.loads(row.record)
    except ValueError:
        return True
    said = {
        "kind": f"intent_{row.kind}",
        "request_id": row.request_id,
        "sequence": row.sequence,
        "github_id": row.github_id,
        "evidence": row.evidence,
        "acted_at": row.acted_at.isoformat(),
        **row.facts,
    }
    record.pop("words_sha256", None)
    return bool(record != said)
