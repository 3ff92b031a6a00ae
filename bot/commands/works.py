"""`/works yes|partly|no WORDS`: whether what has shipped does somebody's job."""

from functools import partial

from sqlalchemy import Connection

from bot import people
from bot.commands.known import ISSUES, Answer, Call, Part, command
from bot.commands.requesting import look, thread
from bot.mistakes import N_
from bot.people import is_person
from bot.roadmap import store
from bot.roadmap.loop import answers, rules, telling
from bot.roadmap.loop import store as loop
from bot.roadmap.rules import Act
from core.github import Issue
from core.web.text import inert


@command(
    "works",
    "/works yes",
    N_("says whether what has shipped does your job: yes, partly or no, with a word if you like"),
    ISSUES,
)
def works(call: Call) -> Part:
    """Take an answer."""
    return partial(_works, call, look(call))


def _works(call: Call, issue: Issue | None, connection: Connection) -> Answer:
    event, ctx = call.event, call.ctx
    here = thread(call, issue, connection)
    said = rules.said(call.words)
    if here.asked is None or not here.is_request or not is_person(event.author):
        return Answer(here.words("answer_works", connection, "unknown"))
    asked = store.by_id(connection, here.asked.root_id) or here.asked
    of = loop.current(connection, asked)
    if of is None:
        return Answer(here.words("answer_works", connection, "early"))
    if said is None:
        return Answer(here.words("answer_works", connection, "form"))
    choice, words = said[0], inert(said[1])
    if len(words) > rules.LONGEST_WORDS:
        most = rules.LONGEST_WORDS
        return Answer(here.words("answer_works", connection, "long", most=most))
    act = Act(event.author.id, "cast", choice, "comment", str(event.comment_id), event.acted_at)
    people.note(connection, event.author.id, event.author, ctx.now)
    answers.take(connection, asked, event.author, act, words, ctx.now)
    stands = answers.own(connection, asked, event.author.id)
    if stands is None or stands.answered_at != act.acted_at:
        # Something that the person did later stands: this comment comes late, and says nothing.
        return Answer()
    more = telling.after_answer(connection, asked, of, here.roadmap, ctx.now)
    return Answer(here.words("answer_works", connection, choice), more)
