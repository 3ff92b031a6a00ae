"""A garden whose roadmap moves: requests that are planned, taken up and shipped, told by nobody else."""

from datetime import timedelta

from bot.people import note
from bot.roadmap import store
from bot.roadmap.board import moving
from bot.roadmap.board.rules import Cause, Kind
from bot.roadmap.store import Request
from core.github import Account
from tests.house import House

PROJECT = "/potluck-sandbox/garden"
MARA = Account(4_100, "mara-grows")


def moved(house: House, asked: Request, to: str, kind: Kind = "decided", words: str = "") -> None:
    """Move a request now, by Mara; each move comes a minute after the one before."""
    house.advance(timedelta(minutes=1))
    evidence = f"web:{asked.id}-{to}-{house.now.isoformat()}"
    cause = Cause(kind, MARA.id, evidence, house.now, words)
    with house.app.write() as connection:
        note(connection, MARA.id, MARA, house.now)
        found = store.by_id(connection, asked.id)
        assert found
        moving.move(connection, found, to, cause, house.now)
