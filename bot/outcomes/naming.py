"""Reads what somebody promises for: `request=12`, also with `offer=PERSON`, or `milestone=3`."""

from collections.abc import Callable, Mapping

from sqlalchemy import Connection

from bot.milestones import store as milestones
from bot.outcomes import store
from bot.outcomes.store import Outcome
from bot.roadmap import store as requests
from bot.roadmap.intents import ledger
from core.web.numbers import large, small

OUTCOME = "<any(requests, milestones):sort>/<int:number>"
"""Where a request or a milestone stands in a project's addresses."""


def numbered(connection: Connection, repo_id: int, sort: str, number: int) -> Outcome | None:
    """Give what stands under an address such as `requests/12` or `milestones/3`."""
    if sort == "milestones":
        found = milestones.by_number(connection, repo_id, number)
        return store.of_milestone(found) if found else None
    asked = requests.by_number(connection, repo_id, number)
    return store.of_request(asked) if asked else None


def named(connection: Connection, repo_id: int, given: Mapping[str, str]) -> Outcome | None:
    """Give the outcome that a project's page is asked for; None where there is none of that name.

    An offer is one that was ever made: whether it still stands is another question.
    """
    if number := _number(given, "milestone"):
        found = milestones.by_number(connection, repo_id, number)
        return store.of_milestone(found) if found and found.state != "gone" else None
    number = _number(given, "request")
    asked = requests.by_number(connection, repo_id, number) if number else None
    if asked is None or not given.get("offer"):
        return store.of_request(asked) if asked else None
    who = _number(given, "offer", large)
    acts = ledger.acts(connection, asked.id) if who else []
    made = any(one.kind == "bid" and one.github_id == who for one in acts)
    return store.of_offer(asked, who) if made else None


def _number(given: Mapping[str, str], name: str, read: Callable[[str], int] = small) -> int:
    """Read a number; 0 where there is none, or one that names nothing."""
    try:
        return read(given.get(name, ""))
    except ValueError:
        return 0
