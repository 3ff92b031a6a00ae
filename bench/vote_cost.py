"""What a vote costs where there are a million of them, beside what it costs where there are a thousand.

Somebody who has no vote yet votes for the request that most people want, by the page's button and
by a comment, and takes it back: each in a transaction of its own, as the product does it, with the
ledger's chain, the counts and the limit. Both databases are asked by turns.
"""

import argparse
import gc
import statistics
import time
from datetime import timedelta

from sqlalchemy import func, insert, select

from bench import wishes
from bot.roadmap import ballots, doors, store, voting
from bot.roadmap.rules import Choice
from bot.roadmap.tables import ballot, box, request, vote
from bot.roadmap.voting import Click
from core.db import Database
from core.github import Account

NAME = "vote_cost"
HELP = (
    "a vote at 1,000,000 votes beside one at 1,000 (1.2x): --votes 1000000 --times 300 --on sqlite"
)
FEW, LIMIT, WARM = 1_000, 6, 20
NEWCOMERS = 10_000_000
FIELDS = ("github_id", "door", "evidence", "acted_at")


def run(arguments: list[str]) -> dict[str, object]:
    """Vote in both, and say how much more one costs than the other."""
    parser = argparse.ArgumentParser(prog="python -m bench vote_cost")
    for name, usual in (("votes", 1_000_000), ("times", 300)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    known = dict(wishes.kinds())
    parser.add_argument("--on", action="append", choices=sorted(known))
    said = parser.parse_args(arguments)
    kinds: dict[str, object] = {}
    for kind in said.on or known:
        opened = known[kind]
        with opened() as few, opened() as many:
            for database, votes in ((few, FEW), (many, said.votes)):
                wishes.fill(database, votes // 10, votes)
                _keep(database)
            kinds[kind] = _beside(few, many, said.times)
    return {"votes": said.votes, "beside": FEW, "allowed_ratio": 1.2, "databases": kinds}


def _keep(database: Database) -> None:
    """Put the act behind each vote into the ledger; the chain's hashes are not what is measured."""
    with database.write() as connection:
        boxes = connection.execute(
            select(vote.c.request_id, func.count()).group_by(vote.c.request_id)
        ).all()
        connection.execute(
            insert(box),
            [
                {
                    "id": number,
                    "subject": ballots.subject_of(f"I_{number}"),
                    "head_sequence": votes,
                    "head_hash": "0" * 64,
                }
                for number, votes in boxes
            ],
        )
        place = func.row_number().over(partition_by=vote.c.request_id, order_by=vote.c.github_id)
        rows = select(
            vote.c.request_id, place, vote.c.github_id, vote.c.door, vote.c.evidence, vote.c.since
        )
        for part in connection.execute(rows).partitions(wishes.AT_ONCE):
            connection.execute(insert(ballot), [_act(*row) for row in part])


def _act(box_id: int, sequence: int, *rest: object) -> dict[str, object]:
    found = dict(zip(FIELDS, rest, strict=True))
    hashes = {"record": "{}" * 100, "previous_hash": "0" * 64, "hash": "0" * 64}
    more = {"deed": "cast", "choice": "for", "recorded_at": wishes.NOW}
    return {"box_id": box_id, "sequence": sequence} | found | hashes | more


def _beside(few: Database, many: Database, times: int) -> dict[str, dict[str, float]]:
    gc.collect()
    gc.freeze()
    wanted = {"few": _most_wanted(few), "many": _most_wanted(many)}
    took: dict[str, dict[str, list[float]]] = {}
    for number in range(times + WARM):
        for name, database in (("few", few), ("many", many)):
            for deed, seconds in _votes(database, wanted[name], NEWCOMERS + number).items():
                if number >= WARM:
                    took.setdefault(deed, {}).setdefault(name, []).append(seconds * 1000)
    found = {}
    for deed, both in took.items():
        small, large = statistics.median(both["few"]), statistics.median(both["many"])
        ratio = round(large / small, 2)
        found[deed] = {"few_ms": round(small, 2), "many_ms": round(large, 2), "ratio": ratio}
    return found


def _most_wanted(database: Database) -> int:
    """Give the open request that most people want: there the most has to be left alone."""
    own = (request.c.state == "open") & (request.c.root_id == request.c.id)
    found = select(request.c.id).where(own).order_by(request.c.supporters.desc()).limit(1)
    with database.read() as connection:
        return connection.execute(found).scalar_one()


def _votes(database: Database, wanted: int, who: int) -> dict[str, float]:
    """Let somebody vote by the button, take it back there, and vote by a comment."""
    took = {}
    at = wishes.NOW
    for deed in ("click", "click back", "comment"):
        at += timedelta(seconds=1)
        began = time.perf_counter()
        with database.write() as connection:
            asked = store.by_id(connection, wanted)
            assert asked is not None
            if deed == "comment":
                person = Account(who, f"new-{who}")
                doors.say(connection, asked, person, "for", (who, at), LIMIT, at)
            else:
                choice: Choice = "for" if deed == "click" else "withdrawn"
                given = Click(who, choice, voting.token(), at)
                outcome = voting.click(connection, asked, given)
                assert outcome in {"cast", "withdrawn"}, outcome
        took[deed] = time.perf_counter() - began
    return took
