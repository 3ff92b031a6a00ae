"""Requests that may be the same as what somebody is about to ask: an index of stems of our own.

The same tables and the same reckoning serve SQLite and PostgreSQL, so that both find the same:
docs/decisions/0010-similar-requests.md. `index` is called by whoever writes a request.
"""

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    delete,
    func,
    insert,
    select,
)

from bot.roadmap import words
from bot.roadmap.tables import request
from core.db import insert_once, metadata

BEST = 5
RARE = 400
"""A stem that more requests have than this is no way to a request, only a hint about one."""

LOOKED_AT = 120
SLIPPED = 0.8
"""What a stem counts for that is one slip away from the one asked for."""

ENOUGH = 0.34
"""Below this share of what was asked for, two titles have a word in common and no more."""

SPOKEN_OF = 20_000

request_stem = Table(
    "request_stem",
    metadata,
    Column("repo_id", BigInteger, primary_key=True, autoincrement=False),
    Column("stem", String(words.LONGEST_STEM), primary_key=True),
    Column("request_id", ForeignKey("request.id"), primary_key=True),
    Column("of", Integer, nullable=False),
    Index("ix_request_stem_request", "request_id"),
)

stem_slip = Table(
    "stem_slip",
    metadata,
    Column("slip", String(words.LONGEST_STEM), primary_key=True),
    Column("stem", String(words.LONGEST_STEM), primary_key=True),
)

_Asked = Mapping[str, Mapping[str, float]]
"""By each stem asked for: the stems that stand for it, and how much each counts."""


@dataclass(frozen=True)
class Similar:
    """A request that may be meant; `score` is between 0 and 1."""

    id: int
    number: int
    title: str
    state: str
    supporters: int
    root_id: int
    score: float


def index(connection: Connection, request_id: int, repo_id: int, title: str) -> None:
    """Let a request be found by the title that it has now."""
    wanted = words.stems(title)
    own = request_stem.c.request_id == request_id
    rows = connection.execute(select(request_stem).where(own)).all()
    fresh = {(repo_id, stem, len(wanted)) for stem in wanted}
    if {(row.repo_id, row.stem, row.of) for row in rows} == fresh:
        return
    connection.execute(delete(request_stem).where(own))
    for stem in wanted:
        values = {"repo_id": repo_id, "stem": stem, "request_id": request_id, "of": len(wanted)}
        connection.execute(insert(request_stem).values(values))
        for slip in sorted(words.slips(stem)):
            insert_once(connection, stem_slip, {"slip": slip, "stem": stem})


def similar(
    connection: Connection,
    repo_id: int,
    title: str,
    *,
    but: Collection[int] = (),
    best: int = BEST,
) -> tuple[Similar, ...]:
    """Give the requests of a repository that are most like a title, the likest first.

    `but` are the ids of requests to leave out. Bounded work, however many requests there are.
    """
    asked = _meant(connection, words.stems(title))
    frequency = _frequency(connection, repo_id, {it for one in asked.values() for it in one})
    asked = {stem: some for stem, all_ in asked.items() if (some := _known(all_, frequency))}
    weights = {stem: _weight(max(frequency[it] for it in some)) for stem, some in asked.items()}
    for stem in words.stems(title):
        weights.setdefault(stem, _weight(0))
    found = _candidates(connection, repo_id, asked, frequency)
    scored = sorted(
        ((_score(asked, weights, has), has_id) for has_id, has in found.items()),
        key=lambda one: (-one[0], -one[1]),
    )
    likely = [one for one in scored if one[0] >= ENOUGH and one[1] not in but]
    return _shown(connection, likely, best)


def standing_for(connection: Connection, repo_id: int, text: str) -> tuple[tuple[str, ...], ...]:
    """Give for each stem of a search the stems that stand for it, the most telling one first."""
    asked = _meant(connection, words.stems(text))
    frequency = _frequency(connection, repo_id, {it for one in asked.values() for it in one})
    groups = [tuple(sorted(it for it in one if frequency.get(it))) for one in asked.values()]
    return tuple(sorted(groups, key=lambda group: sum(frequency[it] for it in group)))


def _meant(connection: Connection, stems: tuple[str, ...]) -> dict[str, dict[str, float]]:
    """Add to each stem those that are one slip away."""
    by_slip = {slip: stem for stem in stems for slip in words.slips(stem)}
    rows = connection.execute(
        select(stem_slip.c.slip, stem_slip.c.stem).where(stem_slip.c.slip.in_(list(by_slip)))
    ).all()
    meant: dict[str, dict[str, float]] = {stem: {stem: 1.0} for stem in stems}
    for stem in stems:
        others = {row.stem for row in rows if row.slip in words.slips(stem)}
        if len(stem) >= words.SHORTEST_SLIP:
            meant[stem] |= dict.fromkeys(words.near(stem, others), SLIPPED)
    return meant


def _known(meant: Mapping[str, float], frequency: Mapping[str, int]) -> dict[str, float]:
    """Keep the stems that there are. What stands there as it was written is no slip."""
    known = {stem: much for stem, much in meant.items() if frequency.get(stem)}
    exact = {stem: much for stem, much in known.items() if much == 1.0}
    return exact if exact and max(frequency[it] for it in exact) > RARE else known


def _frequency(connection: Connection, repo_id: int, stems: Iterable[str]) -> dict[str, int]:
    """Count the requests with each stem, at most one more than are rare."""
    found = {}
    for stem in sorted(stems):
        has = select(request_stem.c.request_id).where(
            request_stem.c.repo_id == repo_id, request_stem.c.stem == stem
        )
        some = has.limit(RARE + 1).subquery()
        found[stem] = connection.scalar(select(func.count()).select_from(some)) or 0
    return found


def _weight(frequency: int) -> float:
    return math.log(1 + SPOKEN_OF / (frequency + 1))


def _candidates(
    connection: Connection, repo_id: int, asked: _Asked, frequency: Mapping[str, int]
) -> dict[int, dict[str, int]]:
    """Give by request the stems asked for that it has, with how many it has in all."""
    rare = [it for some in asked.values() for it in some if frequency[it] <= RARE]
    found: dict[int, dict[str, int]] = defaultdict(dict)
    columns = request_stem.c
    having = select(columns.request_id, columns.stem, columns.of).where(columns.repo_id == repo_id)
    rows = connection.execute(having.where(columns.stem.in_(rare))).all() if rare else ()
    for row in rows:
        found[row.request_id][row.stem] = row.of
    common = [it for some in asked.values() for it in some if frequency[it] > RARE]
    if not common:
        return found
    likely = sorted(found, key=lambda one: (-len(found[one]), -one))[:LOOKED_AT]
    if len(common) > 1 or not rare:
        likely += _with_most(connection, repo_id, common)
    hints = having.where(columns.stem.in_(common), columns.request_id.in_(likely))
    for row in connection.execute(hints).all():
        found[row.request_id][row.stem] = row.of
    return found


def _with_most(connection: Connection, repo_id: int, common: Iterable[str]) -> list[int]:
    """Give requests that have as many of the common stems as any: newest first, a bounded look."""
    counted: dict[int, int] = defaultdict(int)
    columns = request_stem.c
    for stem in common:
        has = select(columns.request_id).where(columns.repo_id == repo_id, columns.stem == stem)
        newest = has.order_by(columns.request_id.desc()).limit(4 * RARE)
        for request_id in connection.scalars(newest):
            counted[request_id] += 1
    return sorted(counted, key=lambda one: (-counted[one], -one))[:LOOKED_AT]


def _score(asked: _Asked, weights: Mapping[str, float], has: Mapping[str, int]) -> float:
    """Give what two titles share, as a part of what each of them says."""
    shared, matched = 0.0, 0
    for stem, some in asked.items():
        best = max((much for it, much in some.items() if it in has), default=0.0)
        shared += best * weights[stem]
        matched += best > 0
    whole = sum(weights.values())
    typical = whole / len(weights)
    unmatched = max(0, next(iter(has.values())) - matched) * typical
    return shared / math.sqrt(whole * (shared + unmatched)) if shared else 0.0


def _shown(
    connection: Connection, likely: list[tuple[float, int]], best: int
) -> tuple[Similar, ...]:
    scores = {request_id: score for score, request_id in likely[: 4 * best]}
    columns = request.c
    rows = connection.execute(
        select(
            columns.id,
            columns.number,
            columns.title,
            columns.state,
            columns.supporters,
            columns.root_id,
        ).where(columns.id.in_(list(scores)), columns.state.in_(("open", "closed")))
    )
    found = [Similar(*row, scores[row.id]) for row in rows]
    return tuple(sorted(found, key=lambda one: (-one.score, -one.id))[:best])
