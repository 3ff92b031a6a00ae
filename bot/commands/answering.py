"""From what the commands of one comment did to the one answer that its writer gets."""

from sqlalchemy import Connection

from bot import answers, repositories
from bot.commands.known import Answer, Part
from core.context import Context, Effect
from core.github import Comment
from webhooks.events import CommentWritten


def saying(words: str) -> Part:
    """Give a part that does nothing but answer."""
    return lambda _connection: Answer(words)


def answer(
    event: CommentWritten, ctx: Context, parts: list[Part], connection: Connection
) -> list[Effect]:
    """Let each part do its own, and answer once for all of them, in place of earlier answers."""
    effects: list[Effect] = []
    words: list[str] = []
    for part in parts:
        found = part(connection)
        effects.extend(found.effects)
        if found.words:
            words.append(found.words)
    repo, number, author = event.repo, event.number, event.author
    repositories.note_repo(connection, repo, ctx.now)
    if words and answers.note(
        connection, repo.id, number, author.id, event.comment_id, event.acted_at
    ):
        body = "\n\n".join(dict.fromkeys(words))
        effects.append(Comment(repo, number, answers.topic(author.id), body))
    return effects
