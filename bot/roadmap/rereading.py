"""What was said on a thread while nobody listened: read from GitHub, and told as it would have been.

A comment that was edited is told as each of its versions was said, so that what stood at any time
counts then. Where GitHub does not give all of its versions, it is not told again.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from bot import discussions
from core.context import Context
from core.github import (
    Inaccessible,
    Issue,
    IssueComment,
    Refused,
    Repo,
    Version,
)
from webhooks.events import CommentWritten

log = logging.getLogger(__name__)

MOST_EDITED = 500
"""Comments of one thread whose versions are read: the newest."""


def comments(ctx: Context, repo: Repo, number: int, since: datetime) -> tuple[IssueComment, ...]:
    """Read what was written or edited on a thread of either kind since. Raises `GitHubError`."""
    with ctx.database.read() as connection:
        is_discussion = bool(discussions.node_of(connection, repo.id, number))
    github = ctx.github(repo)
    read = github.discussion_comments if is_discussion else github.comments
    return tuple(read(repo, number, since))


def told(
    ctx: Context, repo: Repo, number: int, thread: Issue, since: datetime
) -> list[CommentWritten]:
    """Give what people said on a thread since, each act as an event of its own, oldest first.

    `number` is that under which we know it: it may have become the discussion `thread` meanwhile,
    and what was said before is told as said there. Raises `GitHubError`.
    """
    github, is_there = ctx.github(repo), thread.category and thread.number == number
    read = github.discussion_comments if is_there else github.comments
    said = [one for one in read(repo, number, since) if not one.author.is_bot]
    versions = _versions(ctx, repo, number, [one for one in said if one.edited])
    node_id = thread.node_id if thread.category else ""
    events = [
        event
        for one in said
        for event in acts(repo, thread.number, node_id, one, versions.get(one.node_id, ()))
        if event.acted_at >= since
    ]
    return sorted(events, key=lambda event: (event.acted_at, event.comment_id))


def told_on_pull_request(
    ctx: Context, repo: Repo, number: int, since: datetime
) -> list[CommentWritten]:
    """Give what people said in the comments of a pull request since, as `told` does."""
    said = [one for one in ctx.github(repo).comments(repo, number, since) if not one.author.is_bot]
    versions = _versions(ctx, repo, number, [one for one in said if one.edited])
    events = [
        replace(event, on_pull_request=True)
        for one in said
        for event in acts(repo, number, "", one, versions.get(one.node_id, ()))
        if event.acted_at >= since
    ]
    return sorted(events, key=lambda event: (event.acted_at, event.comment_id))


def _versions(
    ctx: Context, repo: Repo, number: int, edited: Sequence[IssueComment]
) -> dict[str, tuple[Version, ...]]:
    """Give what edited comments said; where GitHub does not, none of them is told again."""
    newest = sorted(edited, key=lambda one: one.updated_at)[-MOST_EDITED:]
    wanted = [one.node_id for one in newest if one.node_id]
    try:
        found = dict(ctx.github(repo).versions(wanted))
    except (Inaccessible, Refused):
        found = {}
    unread = [one.id for one in edited if not found.get(one.node_id)]
    if unread:
        about = {"repo": repo.id, "number": number, "comments": unread[:10], "all": len(unread)}
        log.warning("comments were edited, and GitHub does not say how", extra=about)
    return found


def acts(
    repo: Repo,
    number: int,
    node_id: str,
    one: IssueComment,
    versions: Sequence[Version],
) -> Iterator[CommentWritten]:
    """Give what was done to a comment as GitHub tells of it: it was created, then edited by somebody.

    `node_id` is that of the discussion that it is on, `versions` all that it said where it was
    edited. Pure.
    """
    known: Iterable[Version] = versions
    if not one.edited and not versions:
        known = [Version(one.created_at, one.author, one.body)]
    was = ""
    for place, version in enumerate(known):
        yield CommentWritten(
            action="edited" if place else "created",
            repo=repo,
            number=number,
            on_pull_request=False,
            comment_id=one.id,
            body=version.body,
            author=one.author,
            sender=version.by if place else one.author,
            created_at=one.created_at,
            updated_at=version.at,
            association=one.association,
            was=was,
            discussion=node_id,
        )
        was = version.body
