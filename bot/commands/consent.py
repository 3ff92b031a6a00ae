"""`/consent`: whoever did not open a pull request agrees that their commits are part of it."""

from bot.commands.declaring import declaring
from bot.commands.known import Call, Part, command
from bot.mistakes import N_


@command(
    "consent", "/consent", N_("agrees that your commits are part of somebody else’s pull request")
)
def consent(call: Call) -> Part:
    """Declare it for the commits that this person has in the pull request now."""
    return declaring(call, "consent")
