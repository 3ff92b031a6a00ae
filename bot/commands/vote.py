"""`/vote`: a person wants what is asked for here."""

from bot.commands.known import ISSUES, Call, Part, command
from bot.commands.requesting import voting
from bot.mistakes import N_


@command("vote", "/vote", N_("says that you want this request too, as a 👍 does"), ISSUES)
def vote(call: Call) -> Part:
    """Vote for the request."""
    return voting(call, "for")
