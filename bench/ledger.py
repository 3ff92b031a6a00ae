"""What the books cost where there are very many entries: pages, a posting, and their proof."""

import gc
import secrets
import statistics
import time
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, text

from bench import bookkeeping, funded, wishes
from bot.app import create_app
from core.config import load
from core.db import Database
from donations import proof, store
from donations.tables import entry

NAME = "ledger"
HELP = "pages (p99 50 ms), posting beside 10,000 (1.2x), check (100,000/s) with 1,000,000 entries"
ENTRIES, FEW = 1_000_000, 10_000
VIEWS, POSTINGS = 300, 300
FIRST = 300
"""Postings that are not timed: after a checkpoint each page that is written is written whole once."""
HOME = f"/{bookkeeping.REPO.name}/ledger"


def run(arguments: list[str]) -> dict[str, object]:
    """Fill so many entries (1,000,000) into each kind of database, or only into the one named."""
    many = int(arguments[0]) if arguments else ENTRIES
    wanted = arguments[1:]
    found = {
        kind: _measured(opened, many)
        for kind, opened in wishes.kinds()
        if not wanted or kind in wanted
    }
    marks = {"page_p99_ms": 50, "posting_ratio": 1.2, "checked_per_second": 100_000}
    return {"entries": many, "marks": marks, **found}


def _measured(opened: Any, many: int) -> dict[str, object]:
    large: AbstractContextManager[Database] = opened()
    small: AbstractContextManager[Database] = opened()
    with large as database, small as other:
        bookkeeping.fill(database, many)
        bookkeeping.fill(other, FEW)
        funded.fund(database)
        for one in (database, other):
            _tidied(one)
        pages = _pages(database)
        checked = _checked(database)
        posting = _postings(other, database)
    worst = max(one["p99_ms"] for one in pages.values())
    return {"worst_p99_ms": worst, "pages": pages, "check": checked, "posting": posting}


def _tidied(database: Database) -> None:
    """Do now what PostgreSQL does by itself some minutes after so many rows came at once."""
    if database.engine.dialect.name != "postgresql":
        return
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
        connection.execute(text("CHECKPOINT"))


def _addresses() -> dict[str, str]:
    return {
        "newest": HOME,
        "deep": f"{HOME}?after=1700000000000000.1000",
        "kind": f"{HOME}?kind=gift",
        "rare kind": f"{HOME}?kind=dispute",
        "rare currency": f"{HOME}?currency=JPY",
        "rare kind and currency": f"{HOME}?kind=dispute&currency=JPY",
        "a year": f"{HOME}?from=2025-01-01&to=2025-12-31",
        "a month of a kind": f"{HOME}?from=2025-03-01&to=2025-03-31&kind=award&currency=USD",
        "nothing": f"{HOME}?kind=licence",
        "a request": f"/{bookkeeping.REPO.name}/requests/1",
        "promising": f"/{bookkeeping.REPO.name}/pledge?request=1",
        "reserves": "/reserves",
    }


def _pages(database: Database) -> dict[str, dict[str, float]]:
    folder = Path(str(database.engine.url.database or "var")).parent / "bench"
    given = {"SECRET_KEY": secrets.token_hex(32), "POTLUCK_VAR": str(folder)}
    settings = load(given | {"DATABASE_URL": database.url})
    browser = create_app(settings, database, database, lambda: bookkeeping.NOW).test_client()
    # As the server does before it serves: what is there now need not be looked at again.
    gc.collect()
    gc.freeze()
    found = {}
    for name, address in _addresses().items():
        browser.get(address)
        times = []
        for _view in range(VIEWS):
            began = time.perf_counter()
            answer = browser.get(address)
            times.append((time.perf_counter() - began) * 1000)
            assert answer.status_code == 200, (address, answer.status)
        found[name] = {
            "median_ms": round(statistics.median(times), 1),
            "p99_ms": round(statistics.quantiles(times, n=100)[98], 1),
        }
    return found


def _checked(database: Database) -> dict[str, float]:
    with database.read() as connection:
        count = connection.scalar(select(func.count()).select_from(entry)) or 0
        began = time.perf_counter()
        problems = list(proof.problems(connection))
        seconds = time.perf_counter() - began
    assert not problems, problems[:3]
    return {"entries": count, "seconds": round(seconds, 2), "per_second": round(count / seconds)}


def _postings(few: Database, many: Database) -> dict[str, float]:
    """Post to both by turns, so that what else the machine does weighs on both alike."""
    times: dict[str, list[float]] = {"few": [], "many": []}
    for number, one in enumerate(bookkeeping.invented(FIRST + POSTINGS, seed=9, told="new")):
        for name, database in (("few", few), ("many", many)):
            began = time.perf_counter()
            with database.write() as connection:
                posted = store.post(connection, one, bookkeeping.NOW)
            if number >= FIRST:
                times[name].append((time.perf_counter() - began) * 1000)
            assert posted.outcome == "posted"
    small, large = (statistics.median(times[name]) for name in ("few", "many"))
    return {
        "few_ms": round(small, 2),
        "many_ms": round(large, 2),
        "ratio": round(large / small, 2),
    }
