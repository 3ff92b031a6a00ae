"""`/help`: say what can be said."""

from sqlalchemy import Connection

from bot import policies
from bot.commands.known import ISSUES, PULLS, Answer, Call, Part, command, commands
from bot.evaluation import voice
from bot.messages import marks, say, translated
from bot.mistakes import N_


@command("help", "/help", N_("lists what I understand"), PULLS | ISSUES)
def show_help(call: Call) -> Part:
    """List every command that works in this place, with its summary."""
    place = "pull_request" if call.event.on_pull_request else "issue"

    def decide(connection: Connection) -> Answer:
        rules = policies.rules(connection, call.repo.id)
        language = voice(call.ctx, call.repo, rules).language
        listed = [
            {"usage": one.usage, "said": translated(language, one.summary)}
            for one in commands()
            if place in one.where
        ]
        who = marks.mention(call.event.author.login) or ""
        return Answer(say("answer_help", language, who=who, commands=listed))

    return decide
