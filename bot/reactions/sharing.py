"""Rules of sharing are written down when they can first be read, and periods shared when they are over."""

from functools import partial

from sqlalchemy import Connection

from bot import policies
from bot.sharing import settling
from core.context import Context, Decide, Effect
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
    del task

    def decide(connection: Connection) -> list[Effect]:
        for repo_id in store.sellers(connection):
            settling.settle(connection, repo_id, ctx.now)
        return _freeze(ctx, policies.of_sellers(connection), connection)

    return decide


def _freeze(ctx: Context, repos: tuple[int, ...], connection: Connection) -> list[Effect]:
    for repo_id in repos:
        policy = policies.rules(connection, repo_id).policy
        wanted = policy.selling.sharing if policy and policy.selling.on else None
        store.freeze(connection, repo_id, wanted, ctx.now)
    return []
