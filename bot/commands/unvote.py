"""`/unvote`: a person takes back that they want what is asked for here."""

from bot.commands.known import ISSUES, Call, Part, command
from bot.commands.vote import here_or_elsewhere
from bot.mistakes import N_


@command("unvote", "/unvote", N_("takes your vote on this request back"), ISSUES)
def unvote(call: Call) -> Part:
    """Withdraw the vote from everything that is counted together with this request."""
    return here_or_elsewhere(call, "withdrawn")
