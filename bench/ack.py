"""How long a sender waits for its 202, while a worker saturates its database."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvloop

from bench import load
from bench.contenders import ROOT, Running, ours_in, prepare, settings
from bench.payloads import signed
from core.config import environment
from core.db import Database
from webhooks.inbox import listing

NAME = "ack"
HELP = "ack latency at 200, 50 and 600 deliveries a second while the database is saturated"
RATES = (200, 50, 600)
SECONDS = 20.0
AGAIN, BAD = 0.05, 0.01


def run(arguments: list[str]) -> dict[str, object]:
    """Measure each rate for some seconds (20), with a saturated database and with a real worker."""
    seconds = float(arguments[0]) if arguments else SECONDS
    results: dict[str, object] = {"seconds": seconds, "allowed_p99_ms_at_200": 25}
    for company in (_saturator, _worker):
        for rate in RATES:
            results[f"{company.__name__.strip('_')}_{rate}"] = _measure(company, rate, seconds)
    return results


def _measure(company: object, rate: int, seconds: float) -> dict[str, object]:
    source = load.shots(signed(32), f"ack{rate}", AGAIN, BAD)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(folder)
        with ours_in(folder) as served, company(served):
            uvloop.run(load.at_rate(served.port, rate, 2, load.shots(signed(4), "warm")))
            report = uvloop.run(load.at_rate(served.port, rate, seconds, source))
        stored = _stored(served)
    ids = {guid for guid in stored if guid.startswith("ack")}
    assert report.wrong == 0, "a bad signature was answered 202, or a good one was not"
    assert report.acked == ids, "what was answered 202 and what is stored are not the same"
    assert len(stored) == len(set(stored)), "a delivery is stored twice"
    return report.percentiles() | {"acked": len(ids), "statuses": dict(report.statuses)}


def _stored(served: Running) -> list[str]:
    database = Database(f"sqlite:///{served.inbox}")
    with database.read() as connection:
        return [row.guid for row in listing(connection, most=10**6)]


@contextmanager
def _saturator(served: Running) -> Iterator[None]:
    with _beside([sys.executable, "-m", "bench.saturate", f"sqlite:///{served.app}"], {}):
        yield


@contextmanager
def _worker(served: Running) -> Iterator[None]:
    """Our own worker, on the same inbox; the GitHub that it is told of does not answer."""
    given = settings(served.folder, served.port) | {"GITHUB_API_URL": "http://127.0.0.1:9"}
    with _beside([sys.executable, "-m", "bot", "worker"], given):
        yield


@contextmanager
def _beside(command: list[str], given: dict[str, str]) -> Iterator[None]:
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment() | given,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
        assert process.poll() is None, f"{command[2:4]} ended early"
    finally:
        process.kill()
        process.wait()
