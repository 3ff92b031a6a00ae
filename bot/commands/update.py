"""`/update WORDS`: a maintainer, or whoever works on it, says how it goes; those who gave are told."""

import re
from functools import partial

from sqlalchemy import Connection

from bot import people
from bot.commands import lines, naming
from bot.commands.intending import maintains
from bot.commands.known import ISSUES, Answer, Call, Part, command
from bot.commands.requesting import Thread, look, thread
from bot.mistakes import N_
from bot.roadmap import store as requests
from bot.roadmap.updates import saying, store
from bot.roadmap.updates.rules import EDITED, GONE, LONGEST, SAID, Heard
from bot.roadmap.updates.store import Said
from core.github import Issue
from webhooks.events import CommentWritten

NAME = "update"
MESSAGE = "answer_update"

_CODE = re.compile(r"(?<=\S)([ \t(]{1,9})`([^`\n]{1,200})`(?!`)")
_LEFT_OUT = "\ufffc"
"""What stands for code and HTML in what `licensing.prose` reads."""


@command(
    NAME,
    "/update how it goes",
    N_("tells how the work goes; those who gave or promised hear of it"),
    ISSUES,
    takes_lines=True,
)
def say(call: Call) -> Part:
    """Keep what the comment says of the work; all such lines of one comment are one update."""
    name = naming.name_of(call.ctx, call.event.body, call.event.was)
    heard = Heard(
        words_of(call.event.body, name),
        call.event.acted_at,
        EDITED if call.event.action == "edited" else SAID,
        words_of(call.event.was, name),
    )
    return partial(_say, call, look(call), heard, may=maintains(call))


def words_of(body: str, name: str) -> str:
    """Give what a comment says of the work, empty where it says nothing; too long where some is missing."""
    found = []
    # Whoever names `something` in a sentence says it; as a line of its own it is no command.
    for line in lines.addressed(_CODE.sub(r"\1\2", body), "issue", name):
        if isinstance(line, lines.Said) and line.command.name == NAME:
            found.append("\n".join((" ".join(line.words), *line.block)).strip())
            if len(line.block) >= lines.MOST_BLOCK:
                # What stood below was not read: it is refused rather than cut.
                found.append(" " * LONGEST + ".")
    return saying.plain("\n\n".join(filter(None, found)).replace(_LEFT_OUT, "…"))


def evidence_of(event: CommentWritten) -> str:
    """Name the comment that says it."""
    return store.by_comment(event.comment_id, discussion=bool(event.discussion))


def unsaid(call: Call, connection: Connection) -> Answer:
    """Take an update back whose comment was deleted, or says it no more."""
    event = call.event
    asked = requests.by_number(connection, call.repo.id, event.number)
    before = store.find(connection, evidence_of(event))
    if asked is None or (before is None and event.action != "deleted"):
        return Answer()
    if before is None and not words_of(event.body, ""):
        return Answer()
    gone = event.action == "deleted"
    # GitHub does not say when a comment was deleted: it was just before we were told.
    heard = Heard("", call.ctx.received_at if gone else event.acted_at, GONE if gone else EDITED)
    said = Said(asked.node_id, evidence_of(event), event.author, heard)
    if store.take(connection, said, call.ctx.now) != "changed":
        return Answer()
    return Answer(_words(thread(call, None, connection), connection, "gone"))


def _say(
    call: Call, issue: Issue | None, heard: Heard, connection: Connection, *, may: bool
) -> Answer:
    here, event = thread(call, issue, connection), call.event
    asked = here.asked
    if asked is None or not here.is_request or not people.is_person(event.author):
        return Answer(_words(here, connection, "unknown"))
    if asked.root_id != asked.id:
        return Answer(_words(here, connection, "joined"))
    said = Said(asked.node_id, evidence_of(event), event.author, heard)
    may = may or saying.works(connection, asked, event.author.id, event.acted_at)
    if why := saying.refusal(connection, said, may=may):
        # Whoever edits something else in their comment was answered before.
        same = heard.rank == EDITED and heard.was == heard.words
        return Answer(None if same else _words(here, connection, why))
    outcome, effects = saying.say(connection, said, call.ctx.now)
    if outcome == "known":
        return Answer()
    return Answer(_words(here, connection, outcome), effects)


def _words(here: Thread, connection: Connection, why: str) -> str:
    asked, repo, page, onto = here.asked, here.call.repo, "", 0
    if asked is not None and asked.root_id != asked.id:
        root = requests.by_id(connection, asked.root_id)
        onto = root.number if root else 0
    if asked is not None and not repo.private:
        page = f"{here.call.ctx.public_url}/{repo.name}/requests/{asked.number}#updates"
    return here.words(MESSAGE, connection, why, url=page, onto=onto, most=LONGEST)
