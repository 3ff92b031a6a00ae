"""Who may say how work goes, and what follows from it: those who gave are told, after a while."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.roadmap.intents import ledger
from bot.roadmap.store import Request
from bot.roadmap.updates import store
from bot.roadmap.updates.rules import LONGEST
from bot.roadmap.updates.store import Said
from core.context import Task
from core.web.text import inert

PAUSE = timedelta(minutes=10)
"""So long letters wait, so that a slip can be mended, or all of it taken back, before they go."""

TELL = "tell_updates"
_AFTER = timedelta(microseconds=1)


def plain(words: str) -> str:
    """Keep line ends, and nothing that hides or turns around."""
    return inert(words.replace("\r\n", "\n").replace("\r", "\n").strip())


def works(connection: Connection, asked: Request, github_id: int, at: datetime) -> bool:
    """Say whether somebody worked on a request at an instant: by a claim, or because they were chosen."""
    stands = ledger.replay(connection, asked.id, at + _AFTER).standing
    chosen = {stands.call.chosen if stands.call else 0}
    chosen.add(stands.contest.winner if stands.contest else 0)
    return github_id in chosen or stands.claim_of(github_id) is not None


def refusal(connection: Connection, said: Said, *, may: bool) -> str:
    """Say in a word why something cannot be said: `words`, `long`, `stranger`, `full`; or empty.

    What stands may be changed by whoever said it, whatever they do now.
    """
    words = said.heard.words
    if not words:
        return "words"
    if len(words) > LONGEST:
        return "long"
    before = store.find(connection, said.evidence)
    if before is not None:
        return "" if may or before.words else "stranger"
    if not may:
        return "stranger"
    return "full" if _is_full(connection, said) else ""


def say(connection: Connection, said: Said, now: datetime) -> tuple[store.Outcome, list[Task]]:
    """Take what may be said; gives what came of it, and what follows."""
    outcome = store.take(connection, said, now)
    found = store.find(connection, said.evidence) if outcome == "new" else None
    return outcome, [tell(said.about, f"{found.id}", now + PAUSE)] if found else []


def tell(about: str, why: str, at: datetime) -> Task:
    """Have those told of it who gave or promised for something, from an instant on."""
    return Task(TELL, f"{TELL}:{about}:{why}", at, f"updates:{about}", {"about": about})


def _is_full(connection: Connection, said: Said) -> bool:
    return store.is_full(connection, said.about, said.who.id, said.heard.at)
