"""May it be sold now? Looked at by ourselves when a release, the default branch or grants change."""

from datetime import timedelta
from functools import partial

from sqlalchemy import Connection

from bot import repositories
from bot.audit import certificates, clones, due, forgetting, judging, runs, working
from bot.audit.judging import Audit
from core.context import Context, Decide, Effect
from core.github import NotFound
from licensing.audit.targets import COMMERCIAL
from licensing.releases import reading as releases
from webhooks.events import Pushed, ReleaseChanged
from webhooks.router import TaskDue, on, on_task

NO_LONGER = frozenset({"deleted", "unpublished"})
TRIED_AGAIN_AFTER = timedelta(days=1)


@on(ReleaseChanged)
def released(event: ReleaseChanged, ctx: Context) -> Decide | None:
    """Look at a release that came out, or that was changed."""
    if clones.of(ctx) is None or event.action in NO_LONGER:
        return None

    def decide(connection: Connection) -> list[Effect]:
        known = releases.of(connection, event.repo.id)
        if not due.wanted(connection, event.repo.id):
            return []
        if all(one.github_id != event.release.id for one in known):
            return []
        what = runs.release(event.release.id)
        # GitHub tells of one release in several events.
        occasion, _ = runs.gathered(ctx.now)
        return [runs.ask(connection, event.repo.id, what, occasion, ctx.now)]

    return decide


@on(Pushed)
def moved(event: Pushed, ctx: Context) -> Decide | None:
    """Look at the default branch, once for several pushes in a row."""
    if clones.of(ctx) is None or not event.is_default_branch or event.deleted:
        return None

    def decide(connection: Connection) -> list[Effect]:
        if not due.wanted(connection, event.repo.id):
            return []
        occasion, due_at = runs.gathered(ctx.now)
        asked = runs.ask(connection, event.repo.id, runs.TIP, occasion, ctx.now, due_at=due_at)
        return [asked, *due.judge_again(connection, event.repo.id, ctx)]

    return decide


@on_task("audit")
def audit(task: TaskDue, ctx: Context) -> Decide | None:
    """Fetch, look at every line, and write down what came out."""
    held, about = clones.of(ctx), task.about
    if held is None:
        return None
    repo_id, what = int(about["repo_id"]), str(about["what"])
    with ctx.database.read() as connection:
        asked = working.wanted(
            connection, repo_id, what, str(about["occasion"]), int(about["part"])
        )
    if asked is None:
        return partial(_gone, repo_id, what, ctx)
    try:
        return working.work(ctx, held, asked)
    except NotFound:
        return partial(_gone, repo_id, what, ctx)


def _gone(repo_id: int, what: str, ctx: Context, connection: Connection) -> list[Effect]:
    values = {"state": "failed", "note": "it is no longer there", "ended_at": ctx.now}
    runs.note(connection, repo_id, what, **values)
    return []


@on_task("judge_again")
def judge_again(task: TaskDue, ctx: Context) -> Decide | None:
    """Judge what is kept by what people have granted now; nothing is held while judging."""
    repo_id = int(task.about["repo_id"])
    if clones.of(ctx) is None:
        return None
    with ctx.database.read() as connection:
        commits = due.stale(connection, repo_id)
    found: list[Audit] = []
    unknown: set[str] = set()
    for commit in commits:
        with ctx.database.read() as connection:
            kept = certificates.kept(connection, repo_id, commit, COMMERCIAL)
        if kept is None:
            unknown.add(commit)
        else:
            found.append(judging.judged(*kept))

    def decide(connection: Connection) -> list[Effect]:
        for audit in found:
            certificates.keep_again(connection, repo_id, audit, ctx.secret_key, ctx.now)
        occasion, _ = runs.gathered(ctx.now)
        return [
            runs.ask(connection, repo_id, what, occasion, ctx.now)
            for what, commit in due.things(connection, repo_id)
            if commit in unknown
        ]

    return decide


@on_task("sweep_audits")
def sweep(task: TaskDue, ctx: Context) -> Decide | None:
    """See to it that everything that is to be known is known, whatever we were not told of."""
    del task
    held = clones.of(ctx)
    if held is None:
        return None

    def decide(connection: Connection) -> list[Effect]:
        asked: list[Effect] = []
        for repo in repositories.active_repos(connection):
            if due.wanted(connection, repo.id):
                asked += _missing(connection, repo.id, ctx)
                asked += due.judge_again(connection, repo.id, ctx)
        return asked

    return decide


def _missing(connection: Connection, repo_id: int, ctx: Context) -> list[Effect]:
    """Ask for what was never looked at, or under other rules."""
    known = {one.what: one for one in runs.all_of(connection, repo_id)}
    asked: list[Effect] = []
    for what, commit in due.things(connection, repo_id):
        run = known.get(what)
        if run is not None and (run.is_awaited(ctx.now) or not _may_again(run, ctx)):
            continue
        if commit and not due.needs_clone(connection, repo_id, commit):
            continue
        occasion, _ = runs.gathered(ctx.now)
        asked.append(runs.ask(connection, repo_id, what, occasion, ctx.now))
    return asked


def _may_again(run: runs.Run, ctx: Context) -> bool:
    if run.state != "failed" or run.ended_at is None:
        return True
    return run.ended_at + TRIED_AGAIN_AFTER <= ctx.now


@on_task("forget_in_audits")
def forget_in_audits(task: TaskDue, ctx: Context) -> Decide:
    """Take the addresses of whoever had them erased out of what audits keep."""
    github_id = int(task.about["github_id"])

    def decide(connection: Connection) -> list[Effect]:
        forgetting.rewrite(connection, github_id, ctx.now)
        return []

    return decide


@on_task("tidy_clones")
def tidy(task: TaskDue, ctx: Context) -> Decide | None:
    """Delete copies that nobody uses."""
    del task
    held = clones.of(ctx)
    if held is not None:
        with ctx.database.read() as connection:
            known = frozenset(repo.id for repo in repositories.active_repos(connection))
        held.tidy(known, ctx.now)
    return None
