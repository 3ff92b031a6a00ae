"""Prove the ledger of ballots: boxes are whole chains, each row says what its record says, and counts fit.

A box whose vote is still on is part of no export: nobody sees who is ahead before it ends.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, Row, func, select

from bot.roadmap import ballots
from bot.roadmap.intents.approving import PREFIX
from bot.roadmap.intents.tables import intent
from bot.roadmap.rules import Act
from bot.roadmap.tables import ballot, box, request, supporter, vote
from licensing import chain

LIST = "ballots"
"""What an export calls them."""


def problems(connection: Connection) -> Iterator[str]:
    """Give a sentence for each thing that does not hold."""
    for head in connection.execute(select(box).order_by(box.c.id)).all():
        rows = connection.execute(
            select(ballot).where(ballot.c.box_id == head.id).order_by(ballot.c.sequence)
        ).all()
        links = [chain.Link(row.sequence, row.record, row.previous_hash, row.hash) for row in rows]
        for problem in chain.problems_of(links, (head.head_sequence, head.head_hash)):
            yield f"ballots of {head.subject}: {problem}"
        for row in rows:
            if _differs(head.subject, row):
                yield f"ballots of {head.subject}: the row of record {row.sequence} was changed"
    yield from _of_counts(connection)


def extents(connection: Connection) -> tuple[str, ...]:
    """Say how much there is and where it ends: to be compared with what one kept."""
    heads = [
        (head.subject, head.head_sequence, head.head_hash) for head in _boxes(connection, None)
    ]
    return _said(heads)


def pieces(connection: Connection, repo_id: int | None = None) -> Iterator[str]:
    """Give each box (or those of one repository) as canonical JSON, for `export_problems`."""
    names = ("sequence", "record", "previous", "hash")
    columns = (ballot.c.sequence, ballot.c.record, ballot.c.previous_hash, ballot.c.hash)
    for head in _boxes(connection, repo_id):
        rows = connection.execute(
            select(*columns).where(ballot.c.box_id == head.id).order_by(ballot.c.sequence)
        )
        yield chain.canonical(
            {
                "subject": head.subject,
                "head": {"sequence": head.head_sequence, "hash": head.head_hash},
                "acts": [dict(zip(names, row, strict=True)) for row in rows],
            }
        )


def export_problems(data: Mapping[str, Any]) -> tuple[str, ...]:
    """Check the ballots of an export on their own; gives a sentence for each thing that does not hold."""
    try:
        return tuple(
            f"ballots of {part['subject']}: {problem}"
            for part in data.get(LIST, ())
            for problem in _of_part(part)
        )
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        return (f"the export is damaged: {type(error).__name__} at {error}",)


def exported(data: Mapping[str, Any]) -> tuple[str, ...]:
    """Say of an export what `extents` says of a database."""
    return _said(
        [
            (part["subject"], part["head"]["sequence"], part["head"]["hash"])
            for part in data.get(LIST, ())
        ]
    )


def _said(heads: list[tuple[str, int, str]]) -> tuple[str, ...]:
    if not heads:
        return ()
    acts = chain.counted(sum(length for _subject, length, _hash in heads), "act")
    together = chain.sha256(chain.canonical({"heads": sorted(heads)}).encode())
    return (f"ballots: {acts} in {len(heads)} of their boxes, heads {together}",)


def _boxes(connection: Connection, repo_id: int | None) -> list[Row[Any]]:
    """Give the boxes that may be shown; with `repo_id` those about its requests, and its orders."""
    running = select(intent.c.request_id).where(intent.c.phase.in_(("open", "voting")))
    here = select(request.c.node_id)
    closed = set(connection.scalars(here.where(request.c.id.in_(running))))
    found = connection.execute(select(box).order_by(box.c.subject)).all()
    shown = [
        row
        for row in found
        if not (row.subject.startswith(PREFIX) and _about(row.subject) in closed)
    ]
    if repo_id is None:
        return shown
    own = set(connection.scalars(here.where(request.c.repo_id == repo_id))) | {str(repo_id)}
    return [row for row in shown if _about(row.subject) in own]


def _about(subject: str) -> str:
    """Give the node id of a request, or the number of a repository, that a box is about."""
    return subject.split(":")[1]


def _of_part(part: Mapping[str, Any]) -> Iterator[str]:
    links = [
        chain.Link(item["sequence"], item["record"], item["previous"], item["hash"])
        for item in part["acts"]
    ]
    yield from chain.problems_of(links, (part["head"]["sequence"], part["head"]["hash"]))
    for item in links:
        said = chain.parsed(item.record)
        if (said["subject"], said["sequence"]) != (part["subject"], item.sequence):
            yield f"record {item.sequence} was written for another box"


def _differs(subject: str, row: Row[Any]) -> bool:
    try:
        said = chain.parsed(row.record)
    except ValueError:
        return True
    act = Act(row.github_id, row.deed, row.choice, row.door, row.evidence, row.acted_at)
    wanted = ballots.facts(subject, row.sequence, act)
    return any(said.get(name) != value for name, value in wanted.items())


def _of_counts(connection: Connection) -> Iterator[str]:
    """Hold the counts against the votes, and the votes against those who are counted."""
    number = (
        select(func.count())
        .where(supporter.c.root_id == request.c.id, supporter.c.counts)
        .scalar_subquery()
    )
    wrong = select(request.c.id, request.c.supporters, number.label("found"))
    for row in connection.execute(wrong.where(request.c.supporters != number)):
        yield f"request {row.id} says {row.supporters} votes, but {row.found} count for it"
    counted = select(supporter.c.github_id).where(
        supporter.c.root_id == request.c.root_id, supporter.c.github_id == vote.c.github_id
    )
    lost = (
        select(vote.c.request_id, vote.c.github_id)
        .join(request, request.c.id == vote.c.request_id)
        .where(~counted.exists())
    )
    for request_id, github_id in connection.execute(lost):
        yield f"the vote of {github_id} on request {request_id} is counted nowhere"
