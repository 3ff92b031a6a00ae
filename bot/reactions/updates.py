"""Updates on the work that nobody may read any more, because others deleted the comment that says them."""

from functools import partial

from sqlalchemy import Connection

from bot.commands import update
from bot.commands.known import Call
from bot.stages import Stage
from core.context import Context, Decide, Effect
from webhooks.events import CommentWritten
from webhooks.router import on


@on(CommentWritten)
def hear(event: CommentWritten, ctx: Context) -> Decide | None:
    """Take back what a comment said that somebody else deleted; its own author is answered elsewhere."""
    if event.action != "deleted" or event.on_pull_request or event.author.is_bot:
        return None
    if event.sender.id == event.author.id:
        return None
    return partial(_hear, event, ctx)


def _hear(event: CommentWritten, ctx: Context, connection: Connection) -> list[Effect]:
    update.unsaid(Call(event, ctx, Stage(event, ctx)), connection)
    return []
