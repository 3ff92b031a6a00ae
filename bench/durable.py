"""Deliveries a second that our doors store durably, beside probot and an empty Flask view."""

import json
import shutil
import sqlite3
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import Any

import uvloop

from bench import contenders, load
from bench.contenders import Running
from bench.payloads import Signed, signed
from core.config import environment

NAME = "durable"
HELP = "durable acks a second at 32 connections; ratios to probot and an empty Flask view"
ROUNDS, SECONDS, CONNECTIONS = 5, 5.0, 32
BODIES = 16
Contender = Callable[[], AbstractContextManager[Running]]


def run(arguments: list[str]) -> dict[str, Any]:
    """Measure the contenders in turn, some rounds (5) of some seconds (5) each."""
    rounds = int(arguments[0]) if arguments else ROUNDS
    seconds = float(arguments[1]) if len(arguments) > 1 else SECONDS
    field: dict[str, Contender] = {"ours": contenders.ours, "flask": contenders.flask}
    if contenders.install_probot():
        field["probot"] = contenders.probot
    found: dict[str, list[dict[str, float]]] = {name: [] for name in field}
    bodies = signed(BODIES)
    for number in range(rounds):
        for name, contender in field.items():
            with contender() as served:
                _flood(served, bodies, f"warm-{number}", 1.0)
                result = _flood(served, bodies, f"run-{number}", seconds)
                if name == "ours":
                    _check(served, int(result["requests"]))
            found[name].append(result)
    return {"rounds": rounds, "seconds": seconds, "generator": _generator()} | _summary(found)


def _summary(found: dict[str, list[dict[str, float]]]) -> dict[str, Any]:
    summary: dict[str, Any] = {}
    for name, results in found.items():
        rates = [result["rate"] for result in results]
        summary[name] = {
            "per_second": round(statistics.median(rates)),
            "range": [round(min(rates)), round(max(rates))],
            "p50_ms": round(statistics.median(result["p50_ms"] for result in results), 1),
            "p99_ms": round(statistics.median(result["p99_ms"] for result in results), 1),
        }
    for name in ("probot", "flask"):
        if name in found:
            pairs = zip(found["ours"], found[name], strict=True)
            ratios = [ours["rate"] / theirs["rate"] for ours, theirs in pairs]
            summary[f"ratio_to_{name}"] = round(statistics.median(ratios), 2)
            summary[f"ratio_to_{name}_range"] = [round(min(ratios), 2), round(max(ratios), 2)]
    return summary | {"allowed": {"probot": 0.4, "flask": 0.35}}


def _check(served: Running, acked: int) -> None:
    """Hold what was answered 202 against what is stored."""
    with closing(sqlite3.connect(served.inbox)) as connection:
        rows, ids = connection.execute(
            "SELECT count(*), count(DISTINCT guid) FROM delivery WHERE guid LIKE 'run-%'"
        ).fetchone()
    assert rows == ids, "a delivery is stored twice"
    # Those on their way when the time was up are stored, but nobody waited for the answer.
    assert acked <= rows <= acked + CONNECTIONS, f"{acked} answered 202, {rows} stored"


def _generator() -> str:
    return "wrk" if shutil.which("wrk") else "bench.load"


def _flood(served: Running, bodies: list[Signed], run_id: str, seconds: float) -> dict[str, float]:
    if _generator() == "wrk":
        return _wrk(served.port, bodies, run_id, seconds)
    ends = time.monotonic() + seconds
    source = load.shots(bodies, run_id)
    flood = load.flat_out(
        served.port, CONNECTIONS, source, lambda _report: time.monotonic() < ends
    )
    report = uvloop.run(flood)
    assert not report.statuses.keys() - {200, 202}, report.statuses
    requests = len(report.seconds)
    return {"requests": requests, "rate": requests / seconds} | report.percentiles()


def _wrk(port: int, bodies: list[Signed], run_id: str, seconds: float) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as name:
        for number, one in enumerate(bodies):
            (Path(name) / f"{number}.json").write_bytes(one.body)
            (Path(name) / f"{number}.sig").write_text(one.signature, encoding="ascii")
        script = str(Path(__file__).with_name("flood.lua"))
        load_of = [
            "-t",
            "1",
            "-c",
            str(CONNECTIONS),
            "-d",
            f"{max(1, round(seconds))}s",
            "-s",
            script,
        ]
        done = subprocess.run(
            ["wrk", *load_of, f"http://127.0.0.1:{port}/webhooks/github"],
            env=environment() | {"FLOOD": name, "RUN": run_id},
            capture_output=True,
            text=True,
            check=True,
        )
    told = json.loads(done.stderr)
    assert told["bad"] == 0, f"wrk counted {told['bad']} bad answers"
    requests, micros = told.pop("requests"), told.pop("micros")
    return {"requests": requests, "rate": requests / micros * 1e6} | {
        key: told[key] / 1000 for key in ("p50_ms", "p99_ms")
    }
