"""`/quiet`: somebody wants to be told of nothing more that ships here; `/quiet off` ends that."""

from functools import partial

from sqlalchemy import Connection

from bot.commands.known import ISSUES, Answer, Call, Part, command
from bot.commands.requesting import Thread
from bot.mistakes import N_
from bot.roadmap import voting
from bot.roadmap.loop import store as loop


@command(
    "quiet",
    "/quiet",
    N_("tells you of nothing more that ships in this project; /quiet off ends that"),
    ISSUES,
)
def quiet(call: Call) -> Part:
    """Be quiet, or no more."""
    return partial(_quiet, call)


def _quiet(call: Call, connection: Connection) -> Answer:
    here = Thread(call, voting.rules_of(connection, call.repo.id), None)
    said = " ".join(call.words).lower()
    if said not in {"", "on", "off"}:
        return Answer(here.words("answer_quiet", connection, "form"))
    wanted, who = said != "off", call.event.author
    loop.keep_quiet(connection, who.id, call.repo.id, call.ctx.now, wanted=wanted)
    return Answer(here.words("answer_quiet", connection, "quiet" if wanted else "told"))
