"""Requests that may be the same as what somebody is about to ask: an index of stems of our own.

The same tables and the same reckoning serve SQLite and PostgreSQL, so that both find the same:
docs/decisions/0010-similar-requests.md. `index` is called by whoever writes a request.
"""

import math
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
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
RARE = 200
"""A stem that more requests have than this is no way to a request, only a hint about one."""

LOOKED_AT = 100
MOST_COMMON = 2_000
MOST_SLIPPED = 4
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
    asked, has = _meant(connection, repo_id, words.stems(title))
    weights = {
        stem: _weight(max((len(has[it]) for it in some), default=0))
        for stem, some in asked.items()
    }
    found = _candidates(connection, repo_id, has)
    scored = sorted(
        ((_score(asked, weights, stems), request_id) for request_id, stems in found.items()),
        key=lambda one: (-one[0], -one[1]),
    )
    likely = [one for one in scored if one[0] >= ENOUGH and one[1] not in but]
    return _shown(connection, likely, best)


def standing_for(connection: Connection, repo_id: int, text: str) -> tuple[tuple[str, ...], ...]:
    """Give for each stem of a search the stems that stand for it, the most telling one first."""
    asked, has = _meant(connection, repo_id, words.stems(text))
    groups = [tuple(sorted(some)) for some in asked.values()]
    return tuple(sorted(groups, key=lambda group: sum(len(has[it]) for it in group)))


def _meant(
    connection: Connection, repo_id: int, stems: tuple[str, ...]
) -> tuple[_Asked, dict[str, dict[int, int]]]:
    """Find what is meant by each stem, and the requests that have it.

    A stem that no request has may be a slip of the pen: those one slip away stand for it.
    """
    has = {stem: _having(connection, repo_id, stem) for stem in stems}
    asked: dict[str, dict[str, float]] = {}
    slipped = _slipped(connection, [stem for stem in stems if not has[stem]])
    for stem in stems:
        for other in slipped.get(stem, ()):
            has[other] = has.get(other) or _having(connection, repo_id, other)
        meant = dict.fromkeys(slipped.get(stem, ()), SLIPPED) | {stem: 1.0}
        asked[stem] = {it: much for it, much in meant.items() if has[it]}
    return asked, has


def _having(connection: Connection, repo_id: int, stem: str) -> dict[int, int]:
    """Give the newest requests with a stem, one more than are rare, and how many stems each has."""
    columns = request_stem.c
    rows = connection.execute(
        select(columns.request_id, columns.of)
        .where(columns.repo_id == repo_id, columns.stem == stem)
        .order_by(columns.request_id.desc())
        .limit(RARE + 1)
    )
    return {request_id: of for request_id, of in rows}  # noqa: C416 - `dict` takes no rows


def _slipped(connection: Connection, stems: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Give the stems that are one slip away from each."""
    slips = {slip for stem in stems for slip in words.slips(stem)}
    if not slips:
        return {}
    columns = stem_slip.c
    rows = connection.execute(select(columns.slip, columns.stem).where(columns.slip.in_(slips)))
    by_slip: dict[str, list[str]] = defaultdict(list)
    for slip, stem in rows:
        by_slip[slip].append(stem)
    return {
        stem: words.near(stem, sorted({it for slip in words.slips(stem) for it in by_slip[slip]}))[
            :MOST_SLIPPED
        ]
        for stem in stems
        if len(stem) >= words.SHORTEST_SLIP
    }


def _weight(frequency: int) -> float:
    return math.log(1 + SPOKEN_OF / (frequency + 1))


def _candidates(
    connection: Connection, repo_id: int, has: Mapping[str, Mapping[int, int]]
) -> dict[int, dict[str, int]]:
    """Give by request the stems asked for that it has, with how many it has in all.

    Rare stems lead to requests; common ones only say more about those, unless all are common.
    """
    found: dict[int, dict[str, int]] = defaultdict(dict)
    common = [stem for stem, requests in has.items() if len(requests) > RARE]
    for stem, requests in has.items():
        for request_id, of in requests.items() if len(requests) <= RARE else ():
            found[request_id][stem] = of
    if not common:
        return found
    likely = sorted(found, key=lambda one: (-len(found[one]), -one))[:LOOKED_AT]
    if not likely:
        likely = _with_two(connection, repo_id, common)
    columns = request_stem.c
    hints = select(columns.request_id, columns.stem, columns.of).where(
        columns.repo_id == repo_id, columns.stem.in_(common), columns.request_id.in_(likely)
    )
    for request_id, stem, of in connection.execute(hints):
        found[request_id][stem] = of
    return found


def _with_two(connection: Connection, repo_id: int, common: Sequence[str]) -> list[int]:
    """Give requests that have the longest common stem, and another one if possible."""
    longest, *others = sorted(common, key=lambda stem: (-len(stem), stem))
    columns, other = request_stem.c, request_stem.alias("other")
    own = select(columns.request_id).where(columns.repo_id == repo_id, columns.stem == longest)
    newest = own.order_by(columns.request_id.desc()).limit(MOST_COMMON)
    if not others:
        return list(connection.scalars(newest.limit(LOOKED_AT)))
    some = newest.subquery()
    both = (
        select(some.c.request_id)
        .join(other, other.c.request_id == some.c.request_id)
        .where(other.c.repo_id == repo_id, other.c.stem.in_(others))
        .group_by(some.c.request_id)
        .order_by(func.count().desc(), some.c.request_id.desc())
        .limit(LOOKED_AT)
    )
    return list(connection.scalars(both))


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
