"""Prove the chains of intents: each line follows the one before and says what its row says."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, Row, func, select

from bot.roadmap.intents.tables import intent_act, request
from licensing import chain

LIST = "calls"
"""What an export calls them: its lists stand in the order of their names, before “coverage”."""


def problems(connection: Connection) -> tuple[str, ...]:
    """Give a sentence for each thing that does not hold; none where nothing was altered."""
    numbers = connection.scalars(
        select(intent_act.c.request_id).distinct().order_by(intent_act.c.request_id)
    ).all()
    return tuple(problem for number in numbers for problem in _of(connection, number))


def extents(connection: Connection) -> tuple[str, ...]:
    """Say how much there is and where it ends: a chain cut short is whole, so its length has to be told."""
    columns = intent_act.c
    last = select(func.max(columns.id)).group_by(columns.request_id)
    rows = connection.execute(
        select(columns.request_id, columns.sequence, columns.hash).where(columns.id.in_(last))
    )
    return _said([tuple(row) for row in rows])


def pieces(connection: Connection, repo_id: int | None = None) -> Iterator[str]:
    """Give the chain of each request (or those of one repository) as canonical JSON."""
    columns = intent_act.c
    numbers = select(columns.request_id).distinct().order_by(columns.request_id)
    if repo_id is not None:
        here = select(request.c.id).where(request.c.repo_id == repo_id)
        numbers = numbers.where(columns.request_id.in_(here))
    names = ("sequence", "record", "previous", "hash")
    for number in connection.scalars(numbers).all():
        rows = connection.execute(
            select(columns.sequence, columns.record, columns.previous_hash, columns.hash)
            .where(columns.request_id == number)
            .order_by(columns.sequence)
        )
        acts = [dict(zip(names, row, strict=True)) for row in rows]
        head = {"sequence": acts[-1]["sequence"], "hash": acts[-1]["hash"]}
        yield chain.canonical({"request_id": number, "head": head, "acts": acts})


def export_problems(data: Mapping[str, Any]) -> tuple[str, ...]:
    """Check the intents of an export on their own; gives a sentence for each thing that does not hold."""
    try:
        return tuple(
            f"intents of request {part['request_id']}: {problem}"
            for part in data.get(LIST, ())
            for problem in _of_part(part)
        )
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        return (f"the export is damaged: {type(error).__name__} at {error}",)


def exported(data: Mapping[str, Any]) -> tuple[str, ...]:
    """Say of an export what `extents` says of a database."""
    return _said(
        [
            (part["request_id"], part["head"]["sequence"], part["head"]["hash"])
            for part in data.get(LIST, ())
        ]
    )


def _said(heads: list[tuple[Any, ...]]) -> tuple[str, ...]:
    if not heads:
        return ()
    acts = chain.counted(sum(one[1] for one in heads), "act")
    together = chain.sha256(chain.canonical({"heads": sorted(heads)}).encode())
    return (f"intents: {acts} on {chain.counted(len(heads), 'request')}, heads {together}",)


def _of_part(part: Mapping[str, Any]) -> Iterator[str]:
    links = [
        chain.Link(item["sequence"], item["record"], item["previous"], item["hash"])
        for item in part["acts"]
    ]
    yield from chain.problems_of(links, (part["head"]["sequence"], part["head"]["hash"]))
    for item in links:
        said = chain.parsed(item.record)
        if (said["request_id"], said["sequence"]) != (part["request_id"], item.sequence):
            yield f"record {item.sequence} was written for another request"


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
