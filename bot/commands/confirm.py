"""`/confirm`: a person confirms that what they submit here is offered under the agreement."""

from bot.commands.declaring import declaring
from bot.commands.known import Call, Part, command
from bot.mistakes import N_


@command(
    "confirm", "/confirm", N_("confirms that this pull request is offered under the agreement")
)
def confirm(call: Call) -> Part:
    """Declare it for this pull request, once."""
    return declaring(call, "confirmation")
