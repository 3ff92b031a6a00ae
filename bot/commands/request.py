"""`/request`: an issue that was something else, or nothing yet, becomes a request."""

from functools import partial

from sqlalchemy import Connection

from bot.commands.known import ISSUES, Answer, Call, Part, command
from bot.commands.requesting import decides, thread
from bot.mistakes import N_
from bot.roadmap import intake, store, talk
from bot.roadmap.store import Origin
from core.github import Issue


@command("request", "/request", N_("makes this issue a request that people can vote on"), ISSUES)
def request(call: Call) -> Part | None:
    """Make it one for whoever opened the issue, or a maintainer."""
    issue = call.stage.issue()
    if issue is None:
        return None
    return partial(_request, call, issue, may=decides(call))


def _request(call: Call, issue: Issue, connection: Connection, *, may: bool) -> Answer:
    event, before = call.event, store.by_node(connection, issue.node_id)
    if before is not None and before.state == "dropped" and before.updated_at > event.acted_at:
        # It is told once more, or late: its label was taken off after this was written.
        return Answer()
    here = thread(call, issue, connection)
    if here.is_request:
        return Answer(here.words("answer_request", connection, "already"))
    if event.author.id != issue.author.id and not may:
        return Answer(here.words("answer_request", connection, "stranger"))
    if issue.state != "open":
        return Answer(here.words("answer_request", connection, "closed"))
    repo, roadmap = call.repo, here.roadmap
    asked = intake.make(connection, repo, issue, roadmap, "command", _origin(call, issue, may=may))
    effects = [
        *talk.greeting(call.ctx, repo, asked, roadmap, connection),
        *talk.labelled(connection, repo, asked, roadmap.label),
    ]
    return Answer(here.words("answer_request", connection, "done"), effects)


def _origin(call: Call, issue: Issue, *, may: bool) -> Origin:
    """Say who wanted it: a maintainer who takes up somebody else's issue does it with them."""
    if may:
        return "pushed" if call.event.author.id == issue.author.id else "co_created"
    return "asked"
