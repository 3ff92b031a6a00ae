"""What 100,000 signatures cost: the signers' page over HTTP, and the verdict on one pull request."""

import itertools
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

from bench.crowd import fill
from bot import repositories
from bot.evaluation import evaluate
from bot.migrate import migrate
from bot.running import register_handlers
from core.config import load
from core.context import Context
from tests.clusters import Cluster, binaries
from tests.house import House
from tests.scenarios.agreement import mine
from tests.visitor import Visitor

NAME = "signers"
HELP = "p99 of the signers' page with 100,000 signatures (50 ms), and the verdict's cost (1.2 x)"
MANY, FEW = 100_000, 100
PULLS = 10_000
REQUESTS = 400
VERDICTS = 300
PAGE = "/potluck-sandbox/garden/maintain/signers"
QUERIES = (
    "",
    "before=60000",
    "before=20",
    "who=p",
    "who=person-777",
    "who=100777",
    "who=nobody",
    "version=1.0",
    "method=import",
    "method=web&capacity=guardian",
    "capacity=guardian",
    "state=standing",
    "state=withdrawn",
    "state=withdrawn&method=import",
    "since=2026-01-10&until=2026-01-12",
    "since=2126-01-01",
    "who=person-9&state=standing&method=comment&capacity=self&version=1.0",
)


def run(arguments: list[str]) -> dict[str, object]:
    """Measure on SQLite, and on PostgreSQL where there is one; so many signatures (100,000)."""
    many = int(arguments[0]) if arguments else MANY
    register_handlers()
    found: dict[str, object] = {"signatures": many, "allowed": {"page_p99_ms": 50, "verdict": 1.2}}
    for kind, opened in (("sqlite", _files), ("postgresql", _server)):
        if kind == "sqlite" or binaries() is not None:
            found[kind] = _measured(opened, many)
    return found


def _measured(opened: Callable[[ExitStack], tuple[str, str]], many: int) -> dict[str, object]:
    with ExitStack() as stack:
        small = _house(stack, opened, FEW, 10)
        large = _house(stack, opened, many, PULLS)
        # By turns, so that whatever else this machine does weighs on both alike.
        pairs = list(zip(_verdicts(*small), _verdicts(*large), strict=True))
        pages = _pages(large[0])
    few, lots = (statistics.median(one) for one in zip(*pairs, strict=True))
    passed, worked = (sorted(one) for one in zip(*itertools.chain(*pages.values()), strict=True))
    medians = {
        query: _ms(statistics.median(one[0] for one in times)) for query, times in pages.items()
    }
    return {
        "page_p50_ms": _ms(statistics.median(passed)),
        "page_p99_ms": _ms(passed[int(len(passed) * 0.99)]),
        "page_work_p99_ms": _ms(worked[int(len(worked) * 0.99)]),
        "slowest": dict(sorted(medians.items(), key=lambda one: -one[1])[:3]),
        "verdict_ms": [_ms(few), _ms(lots)],
        "verdict_ratio": round(lots / few, 2),
    }


def _house(
    stack: ExitStack, opened: Callable[[ExitStack], tuple[str, str]], number: int, pulls: int
) -> tuple[House, int]:
    """Open a house with so many signatures and pull requests; gives the one to judge with it."""
    house = _empty_house(stack, opened(stack))
    pull = mine(house)
    fill(house.app, house.garden.repo.id, number, pulls, house.now)
    return house, pull.number


def house_on_files(stack: ExitStack) -> House:
    """Open a house with nobody in it but the garden, on SQLite."""
    return _empty_house(stack, _files(stack))


def _empty_house(stack: ExitStack, urls: tuple[str, str]) -> House:
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    named = {"DATABASE_URL": urls[0], "INBOX_DATABASE_URL": urls[1]}
    migrate(load(named | {"POTLUCK_VAR": str(folder)}))
    return stack.enter_context(House.open(urls, folder))


def _pages(house: House) -> dict[str, list[tuple[float, float]]]:
    """Ask for the page by every query in turn, as a browser does; time passed, and time worked."""
    found: dict[str, list[tuple[float, float]]] = {query: [] for query in QUERIES}
    with Visitor(house) as mara:
        mara.sign_in(house.garden.mara, after=PAGE)
        for count, query in enumerate(itertools.islice(itertools.cycle(QUERIES), REQUESTS)):
            began = time.perf_counter(), time.process_time()
            answer = mara.get(f"{PAGE}?{query}", follow=False)
            assert answer.status_code == 200, query
            # The first of each compiles templates and statements.
            if count >= len(QUERIES):
                spent = time.perf_counter() - began[0], time.process_time() - began[1]
                found[query].append(spent)
    return found


def _verdicts(house: House, number: int) -> Iterator[float]:
    """Judge the same pull request again and again, and take it back; reading GitHub is left out."""
    repo = house.garden.repo
    with house.app.read() as connection:
        known = repositories.repo(connection, repo.id)
        pull = repositories.pull(connection, repo.id, number)
    assert known is not None
    assert pull is not None
    world = house.worker.world
    ctx = Context(
        now=house.now + timedelta(minutes=1),
        source="bench",
        guid="1",
        received_at=house.now,
        database=house.app,
        github=world.github,
        github_app=world.github_app,
        public_url=world.public_url,
    )
    decide = evaluate(ctx, known, pull)
    for _ in range(VERDICTS):
        with house.app.engine.connect() as connection, connection.begin() as transaction:
            began = time.perf_counter()
            effects = list(decide(connection))
            yield time.perf_counter() - began
            assert effects
            transaction.rollback()


def _files(stack: ExitStack) -> tuple[str, str]:
    folder = stack.enter_context(tempfile.TemporaryDirectory())
    return f"sqlite:///{folder}/potluck.db", f"sqlite:///{folder}/inbox.db"


def _server(stack: ExitStack) -> tuple[str, str]:
    programs = binaries()
    assert programs is not None
    server = Cluster(programs)
    stack.callback(server.remove)
    server.start()
    url = server.create("bench")
    return url, url


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)
