"""`/choose @login`: a maintainer chooses an offer, or a person votes on offers or entries."""

from dataclasses import replace
from functools import partial

from sqlalchemy import Connection

from bot.commands.intending import act_of, maintains, perform, ready, refused, words
from bot.commands.known import ISSUES, Answer, Call, Part, command
from bot.commands.requesting import Thread, look
from bot.mistakes import N_
from bot.roadmap import intake
from bot.roadmap.intents import standing as intents
from bot.roadmap.intents import voting, wording
from bot.roadmap.intents.values import Call as Called
from bot.roadmap.store import Request
from core.github import Issue

MESSAGE = "answer_choose"


@command(
    "choose", "/choose @login", N_("chooses an offer, or votes for entries of a contest"), ISSUES
)
def choose(call: Call) -> Part:
    """Choose by the method that was declared."""
    return partial(_choose, call, look(call), may=maintains(call))


def _choose(call: Call, issue: Issue | None, connection: Connection, *, may: bool) -> Answer:
    here, asked, why_not = ready(call, issue, connection, MESSAGE)
    if asked is None:
        return why_not
    latest = intents.newest(intents.stands(connection, asked.id))
    if latest is None:
        return refused(here, connection, MESSAGE, "none")
    among = voting.among(latest)
    logins = wording.logins(connection, asked.id, among, call.ctx.now)
    by_login = {login.lower(): number for number, login in logins.items()}
    names = [word.strip("@,;").lower() for word in call.words if word.strip("@,;")]
    unknown = [name for name in names if name not in by_login]
    is_vote = voting.is_by_vote(latest)
    if unknown and not (is_vote and names == ["none"]):
        return refused(here, connection, MESSAGE, "unknown", given=unknown[0][:40])
    chosen = {by_login[name] for name in names if name in by_login}
    if is_vote:
        return _vote(here, asked, chosen, connection)
    if len(chosen) != 1:
        return refused(here, connection, MESSAGE, "one")
    act = replace(act_of(call, asked, "chosen", maintains=may), whom=min(chosen))
    return perform(here, asked, connection, act, MESSAGE, given=names[0])


def _vote(here: Thread, asked: Request, chosen: set[int], connection: Connection) -> Answer:
    event = here.call.event
    given = voting.Given(
        event.author.id, frozenset(chosen), "comment", str(event.comment_id), event.acted_at
    )
    outcome = voting.vote(connection, asked, given, here.call.ctx.now)
    if outcome == "unchanged":
        return Answer()
    latest = intents.newest(intents.stands(connection, asked.id))
    until = (
        wording.instant(latest.vote_until, intake.language(connection, here.call.repo.id))
        if latest
        else ""
    )
    own = event.author.id in chosen
    why = outcome if outcome != "voted" or not isinstance(latest, Called) else "backed"
    return Answer(words(here, connection, MESSAGE, why, until=until, others=len(chosen), own=own))
