"""Rules of sharing are written down when they can first be read, and periods shared when they are over."""

from functools import partial

from sqlalchemy import Connection

from bot import policies
from bot.sharing import settling
from core.context import Context, Decide, Effect, Task
from donations.sharing import store
from webhooks.events import Pushed
from webhooks.router import TaskDue, on, on_task


@on(Pushed)
def freeze_rule(event: Pushed, ctx: Context) -> Decide | None:
    """Write down by which rule the next period will be shared."""
    if not event.is_default_branch or event.deleted:
        return None
    return partial(_freeze, ctx, (event.repo.id,))


@on_task("share_income")
def share(task: TaskDue, ctx: Context) -> Decide:
    """Each day: share what is over, by the rules that were written before."""

    def decide(connection: Connection) -> list[Effect]:
        # One by one: what goes wrong with one project leaves the others alone.
        tasks = [
            _task(number, task.due_at.isoformat(), ctx) for number in store.sellers(connection)
        ]
        return [*_freeze(ctx, policies.of_sellers(connection), connection), *tasks]

    return decide


def _task(repo_id: int, because: str, ctx: Context) -> Task:
    about: dict[str, int | str] = {"repo_id": repo_id}
    key = f"share_income_of:{repo_id}:{because}"
    return Task("share_income_of", key, ctx.now, f"sharing:{repo_id}", about)


@on_task("share_income_of")
def share_one(task: TaskDue, ctx: Context) -> Decide:
    """Share what is over of one project."""
    repo_id = int(task.about["repo_id"])

    def decide(connection: Connection) -> list[Effect]:
        settling.settle(connection, repo_id, ctx.now)
        return []

    return decide


def _freeze(ctx: Context, repos: tuple[int, ...], connection: Connection) -> list[Effect]:
    for repo_id in repos:
        policy = policies.rules(connection, repo_id).policy
        wanted = policy.selling.sharing if policy and policy.selling.on else None
        store.freeze(connection, repo_id, wanted, ctx.now)
    return []
