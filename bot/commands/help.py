"""`/help`: say what can be said."""

from sqlalchemy import Connection

from bot import policies
from bot.commands.known import Answer, Call, Part, command, commands
from bot.evaluation import voice
from bot.messages import marks, say, translated
from bot.mistakes import N_


@command("help", "/help", N_("lists what I understand"))
def show_help(call: Call) -> Part:
    """List every command with its summary."""

    def decide(connection: Connection) -> Answer:
        rules = policies.rules(connection, call.repo.id)
        language = voice(call.ctx, call.repo, rules).language
        listed = [
            {"usage": one.usage, "said": translated(language, one.summary)} for one in commands()
        ]
        who = marks.mention(call.event.author.login) or ""
        return Answer(say("answer_help", language, who=who, commands=listed))

    return decide
