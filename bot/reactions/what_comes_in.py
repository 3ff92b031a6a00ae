"""When a pull request brings something: look at its licences, where the rules say so."""

import hashlib
from dataclasses import replace

from sqlalchemy import Connection, select

from bot import groups, outbox, policies, repositories
from bot.audit import clones, stated
from bot.inbound import looking, saying
from bot.inbound.looking import Asked, TooMuch
from core.context import Context, Decide, Effect, Task
from core.errors import UserError
from core.git import GitFailed
from core.git.fetching import Source, Unreached
from core.github import Check, Repo, Unavailable
from webhooks.events import CheckRerequested, MergeGroupRequested, PullRequestChanged, Pushed
from webhooks.router import TaskDue, on, on_task


@on(PullRequestChanged)
def brought(event: PullRequestChanged, ctx: Context) -> Decide | None:
    """Look at what a pull request brings when it is opened, pushed to or aimed elsewhere."""
    if clones.of(ctx) is None or event.pull.state != "open":
        return None

    def decide(connection: Connection) -> list[Effect]:
        # Another handler may just have learnt of a newer state: that one is looked at.
        pull = repositories.pull(connection, event.repo.id, event.pull.number) or event.pull
        asked = Asked(event.repo, pull.number, pull.head_sha, pull.base_ref)
        return _ask(connection, ctx, asked)

    return decide


@on(Pushed)
def rules_moved(event: Pushed, ctx: Context) -> Decide | None:
    """Look at open pull requests by the rules that hold now; the same rules ask nothing again."""
    if clones.of(ctx) is None or not event.is_default_branch or event.deleted:
        return None

    def decide(connection: Connection) -> list[Effect]:
        return [
            task
            for pull in repositories.open_pulls(connection, event.repo.id)
            for task in _ask(
                connection, ctx, Asked(event.repo, pull.number, pull.head_sha, pull.base_ref)
            )
        ]

    return decide


@on(MergeGroupRequested)
def queued(event: MergeGroupRequested, ctx: Context) -> Decide | None:
    """Look at what the merge queue is about to merge."""
    if clones.of(ctx) is None:
        return None
    return lambda connection: _ask(
        connection, ctx, Asked(event.repo, 0, event.head_sha, event.base_ref)
    )


@on(CheckRerequested)
def rerun(event: CheckRerequested, ctx: Context) -> Decide | None:
    """Look again when somebody presses “Re-run”."""
    if clones.of(ctx) is None or event.name not in {None, saying.INBOUND}:
        return None

    def decide(connection: Connection) -> list[Effect]:
        repo, head = event.repo, event.head_sha
        pulls = repositories.pulls_with_head(connection, repo.id, head)
        wanted = [Asked(repo, it.number, head, it.base_ref) for it in pulls if it.state == "open"]
        group = groups.known(connection, repo.id, head)
        if group is not None:
            wanted.append(Asked(repo, 0, head, group.base_ref))
        if not wanted and event.name == saying.INBOUND:
            return _superseded(connection, ctx, event)
        nonce = ctx.guid[:8]
        return [task for one in wanted for task in _ask(connection, ctx, one, nonce)]

    return decide


def _superseded(connection: Connection, ctx: Context, event: CheckRerequested) -> list[Effect]:
    """Say of what was a head, and is one no more, that another commit counts now."""
    check = saying.superseded(
        ctx, event.repo, event.head_sha, policies.rules(connection, event.repo.id)
    )
    known = select(outbox.surface.c.surface).where(outbox.surface.c.surface == check.surface)
    return [check] if connection.scalar(known) is not None else []


def _ask(connection: Connection, ctx: Context, asked: Asked, nonce: str = "") -> list[Effect]:
    """Put the task, once for this head under these rules."""
    held = looking.rules(connection, asked.repo.id)
    if held is None:
        return []
    said = f"{held.inbound}{sorted(held.own)}{stated.newest_sha256(connection, asked.repo.id)}"
    digest = hashlib.sha256(said.encode()).hexdigest()[:16]
    key = f"{asked.repo.id}:{asked.number}:{asked.head}:{asked.base_ref}:{digest}:{nonce}"
    about: dict[str, int | str] = {"repo_id": asked.repo.id, "number": asked.number}
    return [
        Task(
            name="look_inbound",
            key=f"look_inbound:{key}",
            due_at=ctx.now,
            entity=f"inbound:{asked.repo.id}:{asked.number}",
            about={**about, "head": asked.head, "base_ref": asked.base_ref, "nonce": nonce},
        )
    ]


@on_task("look_inbound")
def look(task: TaskDue, ctx: Context) -> Decide | None:
    """Fetch what is brought, look at it, and conclude the check."""
    held = clones.of(ctx)
    if held is None:
        return None
    with ctx.database.read() as connection:
        repo = repositories.repo(connection, int(task.about["repo_id"]))
        rules = looking.rules(connection, int(task.about["repo_id"]))
        known = policies.rules(connection, int(task.about["repo_id"]))
    if repo is None or rules is None:
        return None
    asked = Asked(
        repo, int(task.about["number"]), str(task.about["head"]), str(task.about["base_ref"])
    )
    try:
        seen = looking.look(held, _source(ctx, repo), asked, rules, ctx.now)
        check = saying.check(ctx, asked, known, seen)
    except Unreached as error:
        raise Unavailable(str(error)) from None
    except TooMuch:
        check = saying.unread(ctx, asked, known, "size")
    except (GitFailed, UserError):
        check = saying.unread(ctx, asked, known, "")
    return _conclude(check, str(task.about["nonce"]))


def _conclude(check: Check, nonce: str) -> Decide:
    said = replace(check, details_url=f"{check.details_url}#{nonce}") if nonce else check
    return lambda _connection: [said]


def _source(ctx: Context, repo: Repo) -> Source:
    return Source(*ctx.github(repo).clone_of(repo))
