"""What the bot says of requests on GitHub: how to vote, and who is counted elsewhere now."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, select, update

from bot import outbox, people
from bot.messages import marks, say
from bot.policy import Roadmap
from bot.roadmap import intake, store
from bot.roadmap.similar import BEST, Similar, similar
from bot.roadmap.store import Request
from core.context import Context, Effect
from core.github import Comment, Label, Repo

TOPIC = "request"
NEAR = 0.5
"""How similar a request must be to be named on GitHub, where nobody asked for it: half and more."""

LOOKED_THROUGH = 20
MOST_MENTIONS = 40
"""GitHub notifies nobody of a comment that mentions more than 50."""

MOST_PARTS = 10
"""Comments about one joining: nobody wants a thread full of them, so that of more people none is named."""


def page(ctx: Context, repo: Repo, number: int) -> str:
    """Give the address of a request's page; empty where not everybody may see it."""
    return "" if repo.private else f"{ctx.public_url}/{repo.name}/requests/{number}"


def greeting(
    ctx: Context, repo: Repo, asked: Request, roadmap: Roadmap, connection: Connection
) -> list[Effect]:
    """Say how to vote; nothing where the conversation is locked."""
    if asked.locked:
        return []
    root = store.by_id(connection, asked.root_id)
    body = say(
        "request",
        intake.language(connection, repo.id),
        limit=roadmap.votes_per_person,
        url=page(ctx, repo, asked.number),
        onto=root.number if root and root.id != asked.id else 0,
        near=_near(asked, connection),
    )
    return [Comment(repo, asked.number, TOPIC, body)]


def _near(asked: Request, connection: Connection) -> list[Similar]:
    """Give what was asked before and may be the same; nothing to those who were shown it already."""
    if asked.intake == "web" or asked.root_id != asked.id:
        return []
    found = similar(connection, asked.repo_id, asked.title, but=(asked.id,), best=LOOKED_THROUGH)
    near = [one for one in found if one.score >= NEAR and one.number < asked.number]
    return [one for one in near if one.root_id != asked.id][:BEST]


def greeting_again(
    ctx: Context, repo: Repo, asked: Request, roadmap: Roadmap, connection: Connection
) -> list[Effect]:
    """Say it as it is now where we have said it; elsewhere nothing."""
    found = store.by_id(connection, asked.id)
    if found is None or not _has_said(connection, Comment(repo, asked.number, TOPIC, "").surface):
        return []
    return greeting(ctx, repo, found, roadmap, connection)


def _has_said(connection: Connection, surface: str) -> bool:
    known = select(outbox.surface.c.surface).where(outbox.surface.c.surface == surface)
    return connection.scalar(known) is not None


def labelled(connection: Connection, repo: Repo, asked: Request, name: str) -> list[Effect]:
    """Put the label on a request, also where somebody has taken off the one that we put."""
    wanted = Label(repo, asked.number, name)
    ours = update(outbox.surface).where(outbox.surface.c.surface == wanted.surface)
    connection.execute(ours.values(digest=""))
    return [wanted]


def joined(
    repo: Repo,
    asked: Request,
    onto: Request,
    moved: Collection[int],
    connection: Connection,
    now: datetime,
    pages: str = "",
) -> list[Effect]:
    """Tell those whose votes count for another request now, once and on its thread.

    One comment names as many as GitHub notifies; a larger crowd takes several. `pages` is where
    the project's pages begin, with the button that takes a vote back.
    """
    if onto.locked or not moved:
        return []
    known = people.known(connection, sorted(moved), now)
    logins = (marks.mention(who.login) for _id, who in sorted(known.items()) if who is not None)
    names = [one for one in logins if one]
    starts = range(0, min(len(names), MOST_MENTIONS * MOST_PARTS), MOST_MENTIONS)
    parts = [names[start : start + MOST_MENTIONS] for start in starts] or [[]]
    unnamed = len(moved) - sum(len(part) for part in parts)
    found: list[Effect] = []
    for at, mentions in enumerate(parts):
        body = say(
            "request_joined",
            intake.language(connection, repo.id),
            number=asked.number,
            moved=len(moved),
            mentions=mentions,
            others=unnamed if at == len(parts) - 1 else 0,
            url=f"{pages}/requests/{onto.number}#vote" if pages and not repo.private else "",
        )
        found.append(Comment(repo, onto.number, _topic(asked, at), body))
    return found


def parted(repo: Repo, asked: Request, onto: Request, connection: Connection) -> list[Effect]:
    """Say in the same place that they are counted where they voted again."""
    if onto.locked:
        return []
    words = say("request_parted", intake.language(connection, repo.id), number=asked.number)
    said = (Comment(repo, onto.number, _topic(asked, part), words) for part in range(MOST_PARTS))
    return [one for one in said if _has_said(connection, one.surface)]


def _topic(asked: Request, part: int = 0) -> str:
    return f"joined-{asked.number}-{part + 1}" if part else f"joined-{asked.number}"
