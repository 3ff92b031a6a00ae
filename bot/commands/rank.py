"""`/rank #12 #7 #3`: a person puts the requests that they vote for in order."""

from sqlalchemy import Connection

from bot.commands.known import ISSUES, Answer, Call, Part, command
from bot.messages import marks, say
from bot.mistakes import N_
from bot.roadmap import doors, intake
from bot.roadmap.ranking import choosing, counting, store
from bot.roadmap.ranking.choosing import Refused
from bot.roadmap.rules import Act


@command(
    "rank",
    "/rank #12 #7 #3",
    N_("puts requests that you voted for in your own order, the most wanted first"),
    ISSUES,
)
def rank(call: Call) -> Part:
    """Keep the order that is named, in place of the one before."""
    return lambda connection: _rank(call, connection)


def _rank(call: Call, connection: Connection) -> Answer:
    event, repo, now = call.event, call.repo, call.ctx.now
    who = event.author
    if not doors.may_vote(who):
        return Answer()
    groups = choosing.read(call.words)
    order = choosing.chosen(connection, repo.id, who.id, groups) if groups else Refused("form")
    if isinstance(order, Refused):
        return _said(call, connection, order.why, numbers=order.numbers, most=store.MOST)
    act = Act(who.id, "cast", "ranks", "comment", str(event.comment_id), event.acted_at)
    if not store.record(connection, repo.id, act, store.nodes(order), now):
        return Answer()
    if store.stands(connection, repo.id, who.id) != tuple(map(tuple, store.nodes(order))):
        # Something that the person did later stands: this comment comes late, and says nothing.
        return Answer()
    given = [[one.number for one in group] for group in order]
    answer = _said(call, connection, "done", groups=given)
    return Answer(answer.words, counting.soon(connection, repo.id, call.ctx.guid, now))


def undone(call: Call, connection: Connection) -> Answer:
    """Undo the order that a comment gave, which says it no more."""
    event, repo, now = call.event, call.repo, call.ctx.now
    # GitHub does not say when a comment was deleted: it was just before we were told.
    at = call.ctx.received_at if event.action == "deleted" else event.acted_at
    who, evidence = event.author, str(event.comment_id)
    before = store.stands(connection, repo.id, who.id)
    act = Act(who.id, "undone", "withdrawn", "comment", evidence, at)
    store.record(connection, repo.id, act, (), now)
    if store.stands(connection, repo.id, who.id) == before:
        return Answer()
    return Answer(None, counting.soon(connection, repo.id, call.ctx.guid, now))


def _said(call: Call, connection: Connection, why: str, **facts: object) -> Answer:
    repo = call.repo
    usual: dict[str, object] = {"numbers": (), "groups": (), "most": 0}
    page = "" if repo.private else f"{call.ctx.public_url}/{repo.name}/requests/mine"
    who = marks.mention(call.event.author.login) or ""
    language = intake.language(connection, repo.id)
    words = say("answer_rank", language, who=who, why=why, url=page, **(usual | facts))
    return Answer(words)
