"""A comment of ours says what we said: what people write into it is put right again.

Whoever may write to a repository can edit anybody's comment there, and ours say who signed, what was
decided and what is paid. A comment that is deleted stays so until there is something new to say.
"""

from dataclasses import replace
from functools import partial

from sqlalchemy import Connection, select, update

from bot import outbox
from bot.outbox import surface
from core.context import Context, Decide, Effect
from core.github import Comment
from webhooks.events import CommentWritten
from webhooks.router import on


@on(CommentWritten)
def hear(event: CommentWritten, ctx: Context) -> Decide | None:  # noqa: ARG001 - the router's
    """Put right what somebody else made of a bot's comment, where it is ours."""
    # Ours are our own edits; and with another program there would be no end of putting right.
    if event.action != "edited" or event.sender.is_bot or not event.author.is_bot:
        return None
    return partial(_put_right, event)


def _put_right(event: CommentWritten, connection: Connection) -> list[Effect]:
    ours = (surface.c.repo_id == event.repo.id) & (surface.c.remote_id == event.comment_id)
    kept = outbox.outbox.c
    rows = connection.execute(
        select(outbox.outbox)
        .join(surface, (surface.c.surface == kept.surface) & (surface.c.revision == kept.revision))
        .where(ours, kept.kind == Comment.__name__.lower())
    )
    found = [replace(outbox.action(row), repo=event.repo) for row in rows]
    # Else it would pass for said already. What was said too long ago comes with the next news.
    comments = ours & surface.c.surface.startswith("comment:")
    connection.execute(update(surface).where(comments).values(digest=""))
    return list(found)
