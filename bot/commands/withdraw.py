"""`/withdraw`: say where that is done; a comment alone ends nothing.

Withdrawing is explained before it is done, to the person alone. And a comment may reach us late,
or once more, when its writer has long signed again.
"""

from sqlalchemy import Connection

from bot import policies
from bot.commands.known import Answer, Call, Part, command
from bot.evaluation import voice
from bot.messages import marks, say
from bot.mistakes import N_
from core.web.signin import YOUR_PAGE


@command("withdraw", "/withdraw", N_("says how to withdraw what you signed"))
def withdraw(call: Call) -> Part:
    """Lead whoever asks to their own page."""

    def decide(connection: Connection) -> Answer:
        rules = policies.rules(connection, call.repo.id)
        language = voice(call.ctx, call.repo, rules).language
        who = marks.mention(call.event.author.login) or ""
        address = f"{call.ctx.public_url}{YOUR_PAGE}"
        return Answer(say("answer_withdraw", language, who=who, url=address))

    return decide
