"""When the merge queue asks: read the pull request and its commits again, judge on the group's head."""

from functools import partial

from sqlalchemy import Connection

from bot import groups, learnt, policies, repositories
from bot.evaluation import check_for, establish, voice
from bot.gathering import gather
from bot.groups import Group
from bot.judging import verdict_on
from bot.report import plain_check
from bot.scenes import Scene
from core.context import Context, Decide, Effect, Task
from core.github import Incomplete, NotFound, Refused, Repo, Unavailable
from webhooks.events import MergeGroupRequested
from webhooks.router import TaskDue, on, on_task

MOST_TRIES = 3


@on(MergeGroupRequested)
def judge_group(event: MergeGroupRequested, ctx: Context) -> Decide | None:
    """Judge what the queue is about to merge, as if nothing had been judged before."""
    return evaluate_group(
        ctx, event.repo, Group(event.head_sha, event.head_ref, event.base_ref), tries=0
    )


@on_task("judge_group")
def judge_group_again(task: TaskDue, ctx: Context) -> Decide | None:
    """Judge a group that could not be read in full, or whose check is asked for again."""
    repo_id, head_sha = int(task.about["repo_id"]), str(task.about["head_sha"])
    with ctx.database.read() as connection:
        repo = repositories.repo(connection, repo_id)
        found = groups.known(connection, repo_id, head_sha)
    if repo is None or found is None:
        return None
    return evaluate_group(ctx, repo, found, tries=int(task.about["tries"]))


def evaluate_group(ctx: Context, repo: Repo, found: Group, tries: int) -> Decide:
    """Read everything again and give the decision about the check on the group's head."""
    number = groups.number_in(found.head_ref, found.base_ref)
    if number is None:
        return partial(_refuse, ctx, repo, found, "ref")
    try:
        pull = ctx.github(repo).pull_request(repo, number)
    except (NotFound, Refused):
        return partial(_refuse, ctx, repo, found, "gone")
    if pull.base_ref != found.base_ref:
        return partial(_refuse, ctx, repo, found, "base")
    try:
        scene = gather(ctx, repo, pull, spent=1)
    except Incomplete:
        return partial(_unread, ctx, repo, found, tries)
    except Unavailable:
        if ctx.attempts == 1:
            raise
        return partial(_unread, ctx, repo, found, tries)
    return partial(_settle, ctx, scene, found, tries)


def _settle(
    ctx: Context, scene: Scene, found: Group, tries: int, connection: Connection
) -> list[Effect]:
    rules, effects = establish(ctx, scene, connection)
    groups.note(connection, scene.repo.id, found)
    learnt.keep(ctx, scene, rules, connection)
    if scene.comparison is None or (scene.again or "").startswith("team:"):
        return [*effects, _again(ctx, scene.repo, found, tries)]
    verdict = verdict_on(ctx, scene, rules, connection)
    return [*effects, check_for(ctx, scene, rules, verdict, found.head_sha)]


def _refuse(
    ctx: Context, repo: Repo, found: Group, why: str, connection: Connection
) -> list[Effect]:
    repositories.note_repo(connection, repo, ctx.now)
    groups.note(connection, repo.id, found)
    rules = policies.rules(connection, repo.id)
    speaking = voice(ctx, repo, rules)
    return [plain_check(speaking, found.head_sha, "failure", "check_group", why=why)]


def _unread(
    ctx: Context, repo: Repo, found: Group, tries: int, connection: Connection
) -> list[Effect]:
    """Try again before failing: a failure throws the pull request out of the queue."""
    if tries + 1 >= MOST_TRIES:
        return _refuse(ctx, repo, found, "unread", connection)
    repositories.note_repo(connection, repo, ctx.now)
    groups.note(connection, repo.id, found)
    return [_again(ctx, repo, found, tries + 1)]


def _again(ctx: Context, repo: Repo, found: Group, tries: int) -> Task:
    return again(ctx, repo, found.head_sha, tries)


def again(ctx: Context, repo: Repo, head_sha: str, tries: int = 0) -> Task:
    """Ask for a group to be judged once more."""
    return Task(
        name="judge_group",
        key=f"judge_group:{repo.id}:{head_sha}:{tries}:{ctx.received_at.isoformat()}",
        due_at=ctx.now,
        entity=f"commit:{repo.id}:{head_sha}",
        about={"repo_id": repo.id, "head_sha": head_sha, "tries": tries},
    )
