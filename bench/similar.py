"""How long it takes to find similar requests among very many."""

import statistics
import time

from sqlalchemy import select

from bench import wishes
from bot.roadmap.similar import similar
from bot.roadmap.tables import request
from core.db import Database

NAME = "similar"
HELP = "p99 of looking for similar requests among 100,000 (50 ms), on both databases"
REQUESTS = 100_000
LOOKS = 400


def run(arguments: list[str]) -> dict[str, object]:
    """Look for rewritten titles among so many (100,000); found is how often the right one was there."""
    many = int(arguments[0]) if arguments else REQUESTS
    found: dict[str, object] = {"requests": many, "allowed_p99_ms": 50}
    for kind, opened in wishes.kinds():
        with opened() as database:
            titles = wishes.fill(database, many, 0)
            found[kind] = _measured(database, titles)
    return found


def _measured(database: Database, titles: wishes.Titles) -> dict[str, float]:
    wanted = select(request.c.number, request.c.title).order_by(request.c.id).limit(LOOKS)
    with database.read() as connection:
        originals = {row.number: row.title for row in connection.execute(wanted)}
    times, hits = [], 0
    for number, title in originals.items():
        asked = titles.rewritten(title)
        began = time.perf_counter()
        with database.read() as connection:
            shown = similar(connection, wishes.REPO.id, asked)
        times.append((time.perf_counter() - began) * 1000)
        hits += number in {one.number for one in shown}
    return {
        "median_ms": round(statistics.median(times), 2),
        "p99_ms": round(statistics.quantiles(times, n=100)[98], 2),
        "found": round(hits / len(originals), 3),
    }
