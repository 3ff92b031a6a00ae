"""A repository with very many requests and votes, written straight into the tables."""

import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, insert, text

from bot import repositories
from bot.migrate import migrate
from bot.roadmap import words
from bot.roadmap.board.tables import board, move
from bot.roadmap.signals import rating, story
from bot.roadmap.similar import request_stem, stem_slip
from bot.roadmap.tables import request, supporter, vote
from core.config import load
from core.db import Database
from core.github import Repo
from tests.clusters import Cluster, binaries

REPO = Repo(1, "acme/kettle", 7)
NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
VOCABULARY = 20_000
WORDS_IN_A_TITLE = 6
AT_ONCE = 2_000
PEOPLE = 50_000
SYLLABLES = [
    first + last for first in "bdfglmnprstvk" for last in ("a", "e", "in", "or", "u", "el")
]
Opened = Callable[[], Any]


class Titles:
    """Titles of made-up words that are as unevenly common as those of a language (Zipf's law)."""

    def __init__(self, seed: int) -> None:
        """Invent the words."""
        self.dice = random.Random(seed)
        known: dict[str, None] = {}
        while len(known) < VOCABULARY:
            known["".join(self.dice.choices(SYLLABLES, k=self.dice.randint(2, 4)))] = None
        self.words = list(known)
        self.weights = list(accumulate(1 / (rank + 10) for rank in range(VOCABULARY)))

    def title(self) -> str:
        """Make one."""
        found = self.dice.choices(self.words, cum_weights=self.weights, k=WORDS_IN_A_TITLE)
        return " ".join(found)

    def rewritten(self, title: str) -> str:
        """Say nearly the same: other order, one word other, one with a slip of the pen."""
        apart = title.split()
        self.dice.shuffle(apart)
        apart[0] = self.dice.choice(self.words)
        at = self.dice.randrange(1, len(apart[1]))
        apart[1] = apart[1][:at] + apart[1][at + 1 :]
        return " ".join(apart)


@contextmanager
def files() -> Iterator[Database]:
    """Open a migrated SQLite database that goes away again."""
    with tempfile.TemporaryDirectory() as folder:
        yield from _opened(f"sqlite:///{folder}/potluck.db", folder)


@contextmanager
def server() -> Iterator[Database]:
    """Open a migrated PostgreSQL database that goes away again."""
    programs = binaries()
    assert programs
    cluster = Cluster(programs)
    try:
        cluster.start()
        with tempfile.TemporaryDirectory() as folder:
            yield from _opened(cluster.create("bench"), folder)
    finally:
        cluster.remove()


def kinds() -> tuple[tuple[str, Opened], ...]:
    """Give the kinds of databases that there are here."""
    both: tuple[tuple[str, Opened], ...] = (("sqlite", files), ("postgresql", server))
    return both if binaries() is not None else both[:1]


def _opened(url: str, folder: str) -> Iterator[Database]:
    settings = load({"DATABASE_URL": url, "POTLUCK_VAR": str(Path(folder) / "var")})
    migrate(settings)
    database = Database(url)
    yield database
    database.close()


def fill(database: Database, requests: int, votes: int, seed: int = 1) -> Titles:
    """Write so many requests and votes; some requests have thousands, most have few."""
    titles = Titles(seed)
    with database.write() as connection:
        repositories.note_repo(connection, REPO, NOW - timedelta(days=900))
        rows = [_request(number, titles) for number in range(1, requests + 1)]
        _write(connection, request, rows)
        _write(connection, board, [{"repo_id": REPO.id, "head_sequence": 0, "head_hash": ""}])
        _write(connection, move, [_move(row) for row in rows])
        found = [(row["id"], words.stems(row["title"])) for row in rows]
        _write(
            connection,
            request_stem,
            [
                {"repo_id": REPO.id, "stem": stem, "request_id": row_id, "of": len(stems)}
                for row_id, stems in found
                for stem in stems
            ],
        )
        known = {stem for _row_id, stems in found for stem in stems}
        slips = [{"slip": slip, "stem": stem} for stem in known for slip in words.slips(stem)]
        _write(connection, stem_slip, slips)
        _vote(connection, requests, votes, titles.dice)
        _signal(connection)
    with database.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))
    return titles


def _request(number: int, titles: Titles) -> dict[str, Any]:
    at = NOW - timedelta(minutes=number * 7)
    is_open = titles.dice.random() < 0.7
    joined = number > 1_000 and titles.dice.random() < 0.05
    open_at, closed_at = ("asked", "planned", "in_progress"), ("shipped", "declined")
    stage = titles.dice.choices(
        open_at if is_open else closed_at, (80, 15, 5)[: 3 - (not is_open)]
    )
    return {
        "id": number,
        "node_id": f"I_{number}",
        "repo_id": REPO.id,
        "number": number,
        "title": titles.title(),
        "author_id": titles.dice.randint(1, PEOPLE),
        "author_login": f"person-{number}",
        "intake": "label",
        "origin": titles.dice.choices(("asked", "pushed", "co_created"), (95, 4, 1))[0],
        "state": "open" if is_open else "closed",
        "opened_at": at,
        "closed_at": None if is_open else NOW,
        "updated_at": NOW,
        "root_id": titles.dice.randint(1, 1_000) if joined else number,
        "supporters": 0,
        "stage": stage[0],
        "moved_at": at if is_open else NOW - timedelta(minutes=number),
    }


def _move(row: dict[str, Any]) -> dict[str, Any]:
    """Move a request where it stands; the chain is not what is measured."""
    return {
        "repo_id": REPO.id,
        "sequence": row["id"],
        "request_id": row["id"],
        "from_stage": "",
        "to_stage": row["stage"],
        "cause": "asked" if row["stage"] == "asked" else "decided",
        "actor_id": row["author_id"] if row["stage"] == "asked" else 1 + row["id"] % 5,
        "evidence": f"event:{row['id']}",
        "acted_at": row["moved_at"],
        "words": "",
        "record": "",
        "previous_hash": "",
        "hash": "",
        "recorded_at": NOW,
    }


def _vote(connection: Connection, requests: int, votes: int, dice: random.Random) -> None:
    shares = list(accumulate(1 / (rank + 5) for rank in range(requests)))
    given: dict[tuple[int, int], datetime] = {}
    while len(given) < votes:
        for number in dice.choices(range(1, requests + 1), cum_weights=shares, k=AT_ONCE):
            key = (number, dice.randint(1, PEOPLE))
            given[key] = NOW - timedelta(minutes=dice.randint(1, 1_000_000))
    own = {"door": "reaction", "evidence": "1"}
    _write(
        connection,
        vote,
        [
            {"request_id": it, "github_id": who, "since": at} | own
            for (it, who), at in given.items()
        ],
    )
    counted = {"repo_id": REPO.id, "counts": True}
    _write(
        connection,
        supporter,
        [
            {"root_id": it, "github_id": who, "since": at} | counted
            for (it, who), at in given.items()
        ],
    )
    connection.execute(
        text(
            "UPDATE request SET supporters = (SELECT count(*) FROM supporter"
            " WHERE supporter.root_id = request.id)"
        )
    )


def _signal(connection: Connection) -> None:
    told = [
        {"request_id": 1, "github_id": who, "login": f"p{who}", "words": "w" * 500, "told_at": NOW}
        for who in range(1, 1_001)
    ]
    _write(connection, story, told)
    rated = [
        {"request_id": 1, "github_id": who, "value": who % 5 + 1, "rated_at": NOW}
        for who in range(1, 10_001)
    ]
    _write(connection, rating, rated)


def _write(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    for start in range(0, len(rows), AT_ONCE):
        connection.execute(insert(table), list(rows[start : start + AT_ONCE]))
