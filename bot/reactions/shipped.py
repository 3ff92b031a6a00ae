"""When a request ships: tell who wanted it, once; later, remind who has not written what came of it."""

from functools import partial

from sqlalchemy import Connection

from bot import people, repositories
from bot.commands import lines, naming
from bot.roadmap import store, voting
from bot.roadmap.board import store as board
from bot.roadmap.loop import answers, telling
from bot.roadmap.loop import store as loop
from bot.roadmap.loop.store import Shipping
from bot.roadmap.rules import Act
from core.context import Context, Decide, Effect
from core.github import Account
from webhooks.events import CommentWritten
from webhooks.router import TaskDue, on, on_task

MOST_AT_ONCE = 50


@on_task("shipped")
def shipped(task: TaskDue, ctx: Context) -> Decide | None:
    """Begin to tell; not of what is counted with another request, nor of what has moved on since."""
    request_id, sequence = int(task.about["request_id"]), int(task.about["move"])

    def decide(connection: Connection) -> list[Effect]:
        asked = store.by_id(connection, request_id)
        made = board.move_at(connection, int(task.about["repo_id"]), sequence)
        last = board.last(connection, request_id)
        if asked is None or made is None or last is None or last.sequence != sequence:
            return []
        if asked.root_id != asked.id:
            return []
        of = Shipping(asked.id, sequence, asked.repo_id, made.acted_at)
        return telling.begin(connection, asked, of, ctx.now)

    return decide


@on_task("tell_shipped")
def tell_shipped(task: TaskDue, ctx: Context) -> Decide | None:
    """Tell as many as fit into one comment; GitHub is asked for the logins that we do not know."""
    request_id, part = int(task.about["request_id"]), int(task.about["part"])
    with ctx.database.read() as connection:
        asked, of = store.by_id(connection, request_id), loop.last(connection, request_id)
        if asked is None or of is None or of.move != int(task.about["move"]):
            return None
        batch = loop.due(connection, of, telling.AT_ONCE)
        repo = repositories.repo(connection, asked.repo_id)
        known = people.known(connection, [one.github_id for one in batch], ctx.now)
    unknown = [one.github_id for one in batch if one.github_id not in known]
    found: dict[int, Account | None] = {}
    if repo is not None:
        github = ctx.github(repo)
        found = {number: github.account(number) for number in unknown}

    def decide(connection: Connection) -> list[Effect]:
        for number, who in found.items():
            people.note(connection, number, who, ctx.now)
        return telling.tell(ctx, asked, of, batch, part, connection)

    return decide


@on_task("close_loops")
def close_loops(_task: TaskDue, ctx: Context) -> Decide | None:
    """Remind, of each shipping once, whoever has not written a note yet."""

    def decide(connection: Connection) -> list[Effect]:
        effects: list[Effect] = []
        for of in loop.to_remind(connection, ctx.now - telling.SOONEST, MOST_AT_ONCE):
            asked = store.by_id(connection, of.request_id)
            roadmap = voting.rules_of(connection, of.repo_id)
            if asked is not None and telling.reminders_due(ctx.now, roadmap, of):
                effects += telling.remind(ctx, asked, of, connection)
        return effects

    return decide


@on(CommentWritten)
def unsay(event: CommentWritten, ctx: Context) -> Decide | None:
    """Take an answer back that rested on a comment which its writer has deleted, or says it no more."""
    if event.action == "created" or event.sender.id != event.author.id:
        return None
    if event.action == "edited" and _says(event, ctx):
        return None
    return partial(_unsay, event, ctx)


def _says(event: CommentWritten, ctx: Context) -> bool:
    heard = lines.addressed(event.body, "issue", naming.name_of(ctx, event.body))
    return any(isinstance(it, lines.Said) and it.command.name == "works" for it in heard)


def _unsay(event: CommentWritten, ctx: Context, connection: Connection) -> list[Effect]:
    who, evidence = event.author, str(event.comment_id)
    # GitHub does not say when a comment was deleted: it was just before we were told.
    at = ctx.received_at if event.action == "deleted" else event.acted_at
    for request_id in answers.rests_on(connection, who.id, evidence):
        asked = store.by_id(connection, request_id)
        if asked is not None:
            act = Act(who.id, "undone", "withdrawn", "comment", evidence, at)
            answers.take(connection, asked, who, act, "", ctx.now)
    return []
