"""`/recheck`: look at the pull request again, read anew from GitHub."""

from sqlalchemy import Connection

from bot import policies, rechecks, repositories
from bot.commands.known import Answer, Call, Part, command
from bot.evaluation import voice
from bot.messages import marks, say
from bot.mistakes import N_
from licensing import waiting


@command("recheck", "/recheck", N_("looks at this pull request again"))
def look_again(call: Call) -> Part:
    """Look again for whoever wrote it or maintains the project; a closed one is left alone."""

    def decide(connection: Connection) -> Answer:
        event = call.event
        pull = repositories.pull(connection, event.repo.id, event.number)
        if pull is not None and pull.state != "open":
            return Answer()
        waits = waiting.waits_for(connection, event.repo.id, event.author.id)
        opened = pull is None or pull.opener.id == event.author.id
        allowed = opened or event.by_maintainer or event.number in waits
        again = rechecks.recheck(
            call.ctx, event.repo, event.number, "asked", asked=True, fresh=True
        )
        rules = policies.rules(connection, event.repo.id)
        language = voice(call.ctx, event.repo, rules).language
        who = marks.mention(event.author.login) or ""
        words = say("answer_recheck", language, who=who, allowed=allowed)
        return Answer(words, [again] if allowed else [])

    return decide
