"""`/vote`: a person wants what is asked for here."""

import re
from functools import partial

from sqlalchemy import Connection

from bot.commands.known import ISSUES, Answer, Call, Part, command
from bot.commands.requesting import Thread, voting
from bot.mistakes import N_
from bot.roadmap import store
from bot.roadmap.rules import Choice
from bot.roadmap.voting import rules_of

_NUMBER = re.compile(r"#([1-9][0-9]{0,8})[.,;:!]*", re.ASCII)


@command("vote", "/vote", N_("says that you want this request too, as a 👍 does"), ISSUES)
def vote(call: Call) -> Part:
    """Vote for the request."""
    return here_or_elsewhere(call, "for")


def here_or_elsewhere(call: Call, choice: Choice) -> Part:
    """Give the part that votes; one that names another request is answered with where to say it."""
    number = elsewhere(call.words, call.event.number)
    return voting(call, choice) if number is None else partial(_elsewhere, call, number)


def elsewhere(words: tuple[str, ...], number: int) -> int | None:
    """Give the number of another request that a vote on `number` names; None where it names none."""
    named = _NUMBER.fullmatch(words[0]) if words else None
    return int(named[1]) if named and int(named[1]) != number else None


def _elsewhere(call: Call, number: int, connection: Connection) -> Answer:
    roadmap = rules_of(connection, call.repo.id)
    asked = store.by_number(connection, call.repo.id, call.event.number)
    here = Thread(call, roadmap, asked)
    facts = {"left": 0, "limit": 0, "onto": number, "against": False}
    return Answer(here.words("answer_vote", connection, "elsewhere", **facts))
