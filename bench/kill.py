"""Kill our web role without warning, again and again, under load: what was answered 202 must be there."""

import random
import sqlite3
import tempfile
import threading
import time
from contextlib import closing
from pathlib import Path

import uvloop

from bench import load
from bench.contenders import Running, ours_in, prepare
from bench.payloads import signed

NAME = "kill"
HELP = "acked deliveries lost in N kill -9 under load (200); must be 0, with a whole database file"
KILLS = 200
CONNECTIONS = 16
LONGEST_S = 0.4


def run(arguments: list[str]) -> dict[str, object]:
    """Serve, flood, kill at a random moment, look; as often as asked."""
    kills = int(arguments[0]) if arguments else KILLS
    dice = random.Random(arguments[1] if len(arguments) > 1 else "kill")
    acked: set[str] = set()
    bodies = signed(16)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(folder)
        for number in range(kills):
            with ours_in(folder) as served:
                killer = threading.Thread(target=_kill, args=(served, dice.random() * LONGEST_S))
                source = load.shots(bodies, f"kill{number}")
                flood = load.flat_out(served.port, CONNECTIONS, source, lambda _report: True)
                killer.start()
                acked |= uvloop.run(flood).acked
                killer.join()
            lost = len(acked - _stored(served))
            assert lost == 0, f"{lost} acked deliveries are gone after kill {number + 1}"
    return {"kills": kills, "acked": len(acked), "lost": 0, "integrity": "ok"}


def _kill(served: Running, after: float) -> None:
    time.sleep(after)
    served.process.kill()


def _stored(served: Running) -> set[str]:
    with closing(sqlite3.connect(served.inbox)) as connection:
        found = connection.execute("PRAGMA integrity_check").fetchall()
        assert found == [("ok",)], f"the database is damaged: {found}"
        return {guid for (guid,) in connection.execute("SELECT guid FROM delivery")}
