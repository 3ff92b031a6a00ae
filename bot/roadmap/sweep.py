"""Reactions have no webhook: every so often the 👍 under open requests are looked at.

One list of issues carries how many there are under a hundred of them; the voters are read of
those whose number differs, and of each once a day, because one taken away and one given leave
the number as it was. Nothing is written of a thread that could not be read whole.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, or_, select

from bot import discussions, repositories
from bot.roadmap import asking_ages, doors, intake, store, votes, voting
from bot.roadmap.board import following, unheard
from bot.roadmap.tables import request
from core.context import Context, Decide, Effect, Task
from core.github import GitHub, Inaccessible, Issue, NotFound, Reaction, Repo

log = logging.getLogger(__name__)

AT_ONCE = 5
"""Threads whose voters one task reads: what a rate limit or a crash may cost."""

DAILY = timedelta(days=1)
MOST_DAILY = 50
"""Threads whose turn has come that one sweep reads: a thousand have theirs within two hours."""

MOST_MISSED = 10
"""Requests that are on no list any more, and are asked for one by one."""

A_PAGE = 100


@dataclass(frozen=True)
class Seen:
    """What a sweep read: every open issue with the label, and those asked for one by one.

    `ages_lack`: of some voters it is not known when their accounts were made.
    """

    listed: tuple[Issue, ...]
    missed: tuple[tuple[int, Issue | None], ...]
    ages_lack: bool


def look(ctx: Context, repo: Repo) -> Decide:
    """List the open requests of a repository as GitHub has them, and have read what changed."""
    with ctx.database.read() as connection:
        roadmap = voting.rules_of(connection, repo.id)
        label, category = roadmap.label, roadmap.discussions
        known = intake.open_in(connection, repo.id)
        elsewhere = discussions.numbers(connection, repo.id)
        ages_lack = asking_ages.lack(connection, repo)
    github = ctx.github(repo)
    listed = tuple(github.issues(repo, state="open", label=label))
    try:
        listed += tuple(github.discussions(repo, category)) if category else ()
    except Inaccessible:
        # The App was never given discussions: issues are looked at all the same.
        log.warning("discussions are not given to us", extra={"repo": repo.id})
        known = {number: it for number, it in known.items() if number not in elsewhere}
    fresh = {one.number: one for one in listed if one.number not in known}
    told = {one.number: one for one in intake.known_all(ctx, repo, fresh.values())}
    listed = tuple(told.get(one.number, one) for one in listed)
    gone = sorted(set(known) - {one.number for one in listed})[:MOST_MISSED]
    missed = tuple((number, intake.read(ctx, repo, number)) for number in gone)
    return lambda connection: _take_over(ctx, repo, Seen(listed, missed, ages_lack), connection)


def _take_over(ctx: Context, repo: Repo, seen: Seen, connection: Connection) -> list[Effect]:
    roadmap = voting.rules_of(connection, repo.id)
    if not roadmap.on:
        return []
    followed: list[Effect] = []
    for number, issue in seen.missed:
        asked = store.by_number(connection, repo.id, number)
        if asked is not None and issue is not None:
            found = intake.take_over(connection, asked, repo, issue, roadmap)
            followed += following.look_again(ctx, repo, found, issue, connection)
            followed += unheard.look_later(ctx, repo, found, issue, connection)
        elif asked is not None:
            intake.end(connection, asked, "gone", roadmap)
    known = intake.open_in(connection, repo.id)
    for issue in seen.listed:
        # Nothing is written of those that are as they were: a thousand would hold others up.
        if issue.number not in known or known[issue.number].updated_at != issue.updated_at:
            one, _new = intake.seen(connection, repo, issue, roadmap)
            followed += following.look_again(ctx, repo, one, issue, connection) if one else []
    known = intake.open_in(connection, repo.id)
    issues = (*seen.listed, *(issue for _number, issue in seen.missed if issue is not None))
    totals = {issue.number: issue.thumbs for issue in issues}
    changed = [
        number
        for number, total in totals.items()
        if number in known and known[number].thumbs != total
    ]
    turn = [number for number in _longest_unread(connection, repo.id, ctx) if number in totals]
    numbers = list(dict.fromkeys([*changed, *turn]))
    effects = reading(ctx, repo, [(number, totals[number]) for number in numbers])
    if effects or seen.ages_lack:
        effects += asking_ages.after_sweep(ctx, connection, repo)
    return [*followed, *effects]


def _longest_unread(connection: Connection, repo_id: int, ctx: Context) -> list[int]:
    unread = or_(request.c.swept_at.is_(None), request.c.swept_at <= ctx.now - DAILY)
    found = (
        select(request.c.number)
        .where(request.c.repo_id == repo_id, request.c.state == votes.OPEN, unread)
        .order_by(request.c.swept_at.asc().nulls_first(), request.c.id)
        .limit(MOST_DAILY)
    )
    return list(connection.scalars(found))


def reading(ctx: Context, repo: Repo, threads: Iterable[tuple[int, int]]) -> list[Effect]:
    """Have the voters of threads (number, 👍 as counted) read, a few by each task."""
    waiting = list(threads)
    parts = [waiting[start : start + AT_ONCE] for start in range(0, len(waiting), AT_ONCE)]
    return [
        Task(
            name="read_votes",
            key=f"read_votes:{repo.id}:{part[0][0]}:{ctx.guid}",
            due_at=ctx.now,
            entity=f"votes:{repo.id}",
            about={
                "repo_id": repo.id,
                "threads": " ".join(f"{number}:{total}" for number, total in part),
            },
        )
        for part in parts
    ]


def read(ctx: Context, repo_id: int, threads: str) -> Decide | None:
    """Read the voters of some threads, and hold the ledger against them.

    `threads` is "NUMBER:TOTAL NUMBER:TOTAL ...".
    """
    with ctx.database.read() as connection:
        repo = repositories.repo(connection, repo_id)
    if repo is None:
        return None
    github, found = ctx.github(repo), list[tuple[int, int, tuple[Reaction, ...]]]()
    for word in threads.split():
        number, total = (int(part) for part in word.split(":"))
        reactions = _whole(ctx, github, repo, number)
        if reactions is not None:
            found.append((number, total, reactions))

    def decide(connection: Connection) -> list[Effect]:
        limit = voting.rules_of(connection, repo.id).votes_per_person
        for number, total, reactions in found:
            asked = store.by_number(connection, repo.id, number)
            # What was moved or deleted meanwhile was read in vain.
            if asked is not None and asked.state not in intake.GONE_STATES:
                doors.take_in(connection, asked, reactions, total, limit, ctx.now)
        return []

    return decide


def _whole(ctx: Context, github: GitHub, repo: Repo, number: int) -> tuple[Reaction, ...] | None:
    """Read every 👍 of a thread; None where the thread is gone, which the next sweep finds."""
    first = _thumbs(ctx, github, repo, number)
    if first is None or len(first) < A_PAGE or not _lacks(ctx, repo, number, first):
        return first
    # Somebody took theirs away while we turned a page, and one of the next slipped past us.
    again = _thumbs(ctx, github, repo, number)
    if again is None:
        return None
    return tuple({one.id: one for one in (*first, *again)}.values())


def _thumbs(ctx: Context, github: GitHub, repo: Repo, number: int) -> tuple[Reaction, ...] | None:
    with ctx.database.read() as connection:
        is_discussion = bool(discussions.node_of(connection, repo.id, number))
    thumbs = github.discussion_thumbs if is_discussion else github.thumbs
    try:
        return tuple(thumbs(repo, number))
    except NotFound:
        return None


def _lacks(ctx: Context, repo: Repo, number: int, read: tuple[Reaction, ...]) -> bool:
    with ctx.database.read() as connection:
        asked = store.by_number(connection, repo.id, number)
        return asked is not None and doors.gone(connection, asked, read)


def due(connection: Connection, now: datetime) -> list[Effect]:
    """Give each repository with a roadmap its turn."""
    return [
        Task(
            name="sweep_votes_of",
            key=f"sweep_votes_of:{repo.id}:{now.isoformat()}",
            due_at=now,
            entity=f"votes:{repo.id}",
            about={"repo_id": repo.id},
        )
        for repo in repositories.active_repos(connection)
        if voting.rules_of(connection, repo.id).on
    ]
