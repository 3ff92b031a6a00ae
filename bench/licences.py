"""How fast licence files verify, and whether any of very many verifies for what it is not.

Files are issued as they are sold: through the books, in a database of the run's own. Each is then
checked as it is (our check and the program for products), for every other purpose, under the
other key's name, and with one sign of the token changed at a place drawn by dice of the seed.
Times are the thread's own: what else runs on the machine is not in them.
"""

import argparse
import random
import statistics
import tempfile
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from time import perf_counter, thread_time_ns
from types import ModuleType

from core import migrations
from core.db import Database
from licensing.sold import armour, checking, keys, paseto, reading, store
from licensing.sold.acts import Cause
from licensing.sold.checking import Asked
from licensing.sold.claims import Audit
from licensing.sold.days import end_of
from licensing.sold.purposes import Purpose
from licensing.sold.reading import Terms
from licensing.sold.verifiers import filled

NAME = "licences"
HELP = "time to verify a licence file (at most 1 ms), and forgeries of so many: --files 10000 --seed 0"
REPO, SECRET = 7, "a secret key of this measurement alone"
NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
SOLD = Terms(
    product="pro",
    edition="team",
    licensee="Acme Ltd",
    order="",
    text_sha256="7" * 64,
    audit=Audit("acme/garden", "a" * 40, "b" * 64, "c" * 64),
    entitlements=("reports", "sso"),
    seats=5,
    expires_at=end_of(date(2027, 11, 20)),
)
Times = dict[str, list[float]]


def run(arguments: list[str]) -> dict[str, object]:
    """Issue so many files, verify each, and try to pass each off as something else."""
    parser = argparse.ArgumentParser(prog="python -m bench licences")
    for name, usual in (("files", 10_000), ("seed", 0)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    said = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/app.db")
        migrations.upgrade(database, frozenset({"app"}))
        began = perf_counter()
        texts = _issued(database, said.files)
        issuing = perf_counter() - began
        with database.read() as connection:
            pinned = keys.pinned(connection, REPO)
            pasted = _pasted(Path(folder), filled("verify.py", keys.of(connection, REPO)))
        database.close()
    dice = random.Random(said.seed)
    times: Times = {"ours": [], "verify.py": []}
    wrong = sum(_tried(text, pinned, pasted, dice, times) for text in texts)
    found = {name: _told(taken) for name, taken in times.items()}
    return {
        "files": len(texts),
        "issued_per_s": round(len(texts) / issuing),
        "verified_ms": found,
        "allowed_ms": 1.0,
        "forgeries_tried": len(texts) * 5,
        "forgeries_passed": wrong,
    }


def _issued(database: Database, count: int) -> list[str]:
    texts = []
    with database.write() as connection:
        for number in range(count):
            terms = replace(SOLD, order=f"ORD-{number}")
            made = store.issue(connection, REPO, terms, Cause("bench", str(number)), SECRET, NOW)
            texts.append(reading.text_of(connection, made.id) or "")
    return texts


def _pasted(folder: Path, text: str) -> ModuleType:
    made = ModuleType("pasted")
    exec(compile(text, str(folder / "verify.py"), "exec"), vars(made))
    return made


def _tried(
    text: str, pinned: dict[str, bytes], pasted: ModuleType, dice: random.Random, times: Times
) -> int:
    """Time both checks of a file as it is; count the forgeries of it that pass."""
    began = thread_time_ns()
    verdict = checking.judged(text, pinned, Asked("pro", NOW))
    between = thread_time_ns()
    theirs = pasted.check(text, "pro", now=NOW)
    times["ours"].append((between - began) / 1e6)
    times["verify.py"].append((thread_time_ns() - between) / 1e6)
    assert (verdict.code, theirs[0]) == ("VALID", "VALID")
    token = armour.take_off(text, Purpose.LICENCE)
    at = dice.randrange(len(paseto.HEADER), len(token))
    changed = token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]
    others = {kid: public for kid, public in pinned.items() if kid != checking.kid_of(text)}
    swapped = dict(zip(pinned, reversed(pinned.values()), strict=True))
    passed = [
        checking.judged(changed, pinned, Asked("pro", NOW)).holds,
        pasted.check(armour.put_on(changed, Purpose.LICENCE), "pro", now=NOW)[0] == "VALID",
        checking.judged(text, others | swapped, Asked("pro", NOW)).holds,
        *(_opens(token, pinned, purpose) for purpose in (Purpose.REVOCATION, Purpose.AUDIT)),
    ]
    return sum(passed)


def _opens(token: str, pinned: dict[str, bytes], purpose: Purpose) -> bool:
    try:
        checking.signed_message(token, pinned, purpose)
    except checking.Refused:
        return False
    return True


def _told(taken: list[float]) -> dict[str, float]:
    ordered = sorted(taken)
    return {
        "median": round(statistics.median(ordered), 3),
        "p99": round(ordered[int(len(ordered) * 0.99)], 3),
        "max": round(ordered[-1], 3),
    }
