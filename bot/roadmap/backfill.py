"""What was there before us: requests and votes read silently, as far as one comes each time.

A task reads a few pages of issues, longest unchanged first, and notes up to where: a crash or a
rate limit costs that task, and what changes meanwhile moves to the end of the list.
"""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, select, update

from bot import repositories, tasks
from bot.policies import Rules
from bot.policy import Roadmap
from bot.roadmap import intake, sweep, votes, voting
from bot.roadmap.board import settling
from bot.roadmap.tables import backfill, request
from core.context import Context, Decide, Effect, Task
from core.db import upsert
from core.github import Inaccessible, Issue, Repo

AT_ONCE = 100
"""Issues that one task reads; more where so many were changed in one second."""

GROUPS_AT_ONCE = 200


def after_rules(
    ctx: Context, repo: Repo, before: Rules, rules: Rules, connection: Connection
) -> list[Effect]:
    """Ask for what a change of the rules brings: older requests, or another limit on votes."""
    old, new = _roadmap(before), _roadmap(rules)
    if not new.on:
        return []
    effects: list[Effect] = []
    if not old.on or (old.label, old.discussions) != (new.label, new.discussions):
        effects.append(begin(ctx, repo, new.label, connection))
    else:
        effects += missing(ctx, repo, new, connection)
    if old.on and old.votes_per_person != new.votes_per_person:
        effects.append(_recount(ctx, repo.id, 0))
    return effects


def _roadmap(rules: Rules) -> Roadmap:
    return rules.policy.roadmap if rules.policy else Roadmap()


def missing(ctx: Context, repo: Repo, roadmap: Roadmap, connection: Connection) -> list[Effect]:
    """Ask for the reading unless it was done since we watch the repository, or is under way.

    Where it was broken off (we were suspended, or it failed for hours) it goes on.
    """
    row = connection.execute(select(backfill).where(_row(repo.id, roadmap.label))).one_or_none()
    since = repositories.installed_at(connection, repo.id)
    if row is None or (row.finished_at and since is not None and row.started_at < since):
        return [begin(ctx, repo, roadmap.label, connection)]
    if row.finished_at and settling.lacks(connection, repo.id):
        # They were there before there was a board: how their issues are now is read once.
        return [begin(ctx, repo, roadmap.label, connection)]
    if row.finished_at or _is_under_way(connection, repo.id):
        return []
    return [_task(ctx, repo.id, roadmap.label, "resumed")]


def _is_under_way(connection: Connection, repo_id: int) -> bool:
    columns = tasks.task.c
    live = select(columns.id).where(
        columns.entity == f"votes:{repo_id}",
        columns.name == "backfill_requests",
        columns.state.in_(("due", "running")),
    )
    return connection.scalar(live.limit(1)) is not None


def due(ctx: Context, connection: Connection) -> list[Effect]:
    """Ask for what is missing anywhere: rules may have come into force by other ways."""
    effects: list[Effect] = []
    for repo in repositories.active_repos(connection):
        roadmap = voting.rules_of(connection, repo.id)
        if roadmap.on:
            effects += missing(ctx, repo, roadmap, connection)
    return effects


def begin(ctx: Context, repo: Repo, label: str, connection: Connection) -> Task:
    """Ask for the reading from the start."""
    fresh = {"cursor": None, "started_at": ctx.now, "finished_at": None}
    upsert(connection, backfill, {"repo_id": repo.id, "label": label}, fresh)
    return _task(ctx, repo.id, label, "start")


def _task(ctx: Context, repo_id: int, label: str, step: str) -> Task:
    return Task(
        name="backfill_requests",
        key=f"backfill_requests:{repo_id}:{label}:{step}:{ctx.guid}"[:1_000],
        due_at=ctx.now,
        entity=f"votes:{repo_id}",
        about={"repo_id": repo_id, "label": label},
    )


def go_on(ctx: Context, repo_id: int, label: str) -> Decide | None:
    """Read the next issues with the label, and have their voters read."""
    with ctx.database.read() as connection:
        repo = repositories.repo(connection, repo_id)
        roadmap = voting.rules_of(connection, repo_id)
        row = connection.execute(select(backfill).where(_row(repo_id, label))).one_or_none()
    if repo is None or row is None or row.finished_at or not roadmap.on:
        return None
    if roadmap.label != label:
        return None
    read, more = _read(ctx, repo, label, row.cursor)
    issues = intake.known_all(ctx, repo, read)
    elsewhere = [] if more else _discussed(ctx, repo, roadmap.discussions)

    def decide(connection: Connection) -> list[Effect]:
        effects = _take_in(ctx, repo, roadmap, [*issues, *elsewhere], connection)
        cursor = issues[-1].updated_at if issues else row.cursor
        placed = 0 if more else settling.place_rest(connection, repo_id)
        goes_on = more or placed > 0
        here = update(backfill).where(_row(repo_id, label))
        ended = None if goes_on else ctx.now
        connection.execute(here.values(cursor=cursor, finished_at=ended))
        step = f"{cursor.isoformat() if cursor else ''}:{placed}"
        return [*effects, *([_task(ctx, repo_id, label, step)] if goes_on else [])]

    return decide


def _read(
    ctx: Context, repo: Repo, label: str, cursor: datetime | None
) -> tuple[list[Issue], bool]:
    """Read on from an instant; gives the issues, and whether there are more.

    What was changed in one second is read in one go: the next reading begins there again.
    """
    found: list[Issue] = []
    for issue in ctx.github(repo).issues(repo, label=label, since=cursor):
        if len(found) >= AT_ONCE and _moved_on(found, cursor, issue):
            return found, True
        found.append(issue)
    return found, False


def _discussed(ctx: Context, repo: Repo, category: str) -> list[Issue]:
    """Read the discussions of the category, closed ones too; none where they are not given to us."""
    if not category:
        return []
    try:
        found = list(ctx.github(repo).discussions(repo, category, "all"))
    except Inaccessible:
        return []
    said = {"resolved": "completed", "outdated": "not_planned"}
    return [
        replace(one, state_reason=said.get(one.state_reason, one.state_reason)) for one in found
    ]


def _moved_on(found: list[Issue], cursor: datetime | None, issue: Issue) -> bool:
    return issue.updated_at > found[-1].updated_at and found[-1].updated_at != cursor


def _take_in(
    ctx: Context, repo: Repo, roadmap: Roadmap, issues: list[Issue], connection: Connection
) -> list[Effect]:
    threads: list[tuple[int, int]] = []
    for issue in issues:
        asked, _new = intake.seen(connection, repo, issue, roadmap)
        if asked is None:
            continue
        read = connection.scalar(select(request.c.reactions_seen).where(request.c.id == asked.id))
        if read != issue.thumbs:
            threads.append((issue.number, issue.thumbs))
    return sweep.reading(ctx, repo, threads)


def recount(ctx: Context, repo_id: int, after: int) -> Decide:
    """Count open groups anew under another limit, so many at once; `after` is the last one's id."""

    def decide(connection: Connection) -> list[Effect]:
        found = (
            select(request.c.id)
            .where(request.c.repo_id == repo_id, request.c.root_id == request.c.id)
            .where(request.c.id > after)
            .order_by(request.c.id)
            .limit(GROUPS_AT_ONCE)
        )
        groups = list(connection.scalars(found))
        limit = voting.rules_of(connection, repo_id).votes_per_person
        votes.recount(connection, groups, repo_id, limit)
        more = len(groups) == GROUPS_AT_ONCE
        return [_recount(ctx, repo_id, groups[-1])] if more else []

    return decide


def _recount(ctx: Context, repo_id: int, after: int) -> Task:
    return Task(
        name="recount_votes",
        key=f"recount_votes:{repo_id}:{after}:{ctx.guid}",
        due_at=ctx.now,
        entity=f"votes:{repo_id}",
        about={"repo_id": repo_id, "after": after},
    )


def _row(repo_id: int, label: str) -> ColumnElement[bool]:
    return (backfill.c.repo_id == repo_id) & (backfill.c.label == label)
