"""Purses of requests: looked at when something happened to the request or at the bank, and by themselves."""

from collections.abc import Iterable
from functools import partial

from sqlalchemy import Connection

from bot.money import gifts as following
from bot.money import pledges, unheard
from bot.money.seen import Look, sees, told_of_refusals
from bot.outcomes import store as outcomes
from bot.roadmap import store as requests
from core.context import Context, Decide, Effect
from donations.calls import Kept
from donations.giving import store as gifts
from donations.pledges import store
from webhooks.events import InstallationChanged, IssueChanged
from webhooks.router import TaskDue, on, on_task

MOST = 500
"""So many purses are looked at in one sweep; the next one is five minutes later."""


@on_task("settle_purse")
def settle(task: TaskDue, ctx: Context) -> Decide | None:
    """Look at one purse; first at the bank, for what failed there unheard."""
    about = str(task.about["about"])
    return unheard.of_request(ctx, about) or pledges.settle(ctx, about)


@on_task("sweep_pledges")
def sweep(task: TaskDue, ctx: Context) -> Decide | None:
    """Look at every purse whose time has come."""
    evidence = f"sweep:{task.due_at.isoformat()}"

    def decide(connection: Connection) -> list[Effect]:
        waiting = store.due(connection, ctx.now, MOST)
        return [pledges.look_again(about, evidence, ctx.now) for about in waiting]

    return decide


@on(IssueChanged)
def follow_issue(event: IssueChanged, ctx: Context) -> Decide | None:
    """Look at the purse of an issue to which something happened."""
    return partial(_follow, event.issue.node_id, ctx)


@on(InstallationChanged)
def follow_installation(event: InstallationChanged, ctx: Context) -> Decide | None:
    """Look at every purse of the repositories that came or went."""
    numbers = [repo.id for repo in event.repositories]

    def decide(connection: Connection) -> list[Effect]:
        found = [about for number in numbers for about in store.in_repo(connection, number)]
        return [pledges.look_again(about, ctx.guid, ctx.now) for about in found]

    return decide


@sees("setup", "session", "intent", "charge", "bill", "refund", "dispute")
def follow_bank(look: Look, ctx: Context, connection: Connection) -> Iterable[Effect]:
    """Look at the purse of a gift to which something happened at the bank."""
    gift = following.gift_of(connection, look)
    if gift is None or not gift.about:
        return
    store.open_purse(connection, gift.about, gift.repo_id, ctx.now)
    evidence = f"{ctx.source}:{ctx.guid}"
    yield pledges.look_again(gift.about, evidence, ctx.now)


@told_of_refusals
def follow_refusal(kept: Kept, ctx: Context, connection: Connection) -> Iterable[Effect]:
    """Look at the purse of a gift whose card said no."""
    gift = gifts.by_name(connection, kept.call.about)
    if gift is None or not gift.about:
        return
    yield pledges.look_again(gift.about, f"refused:{kept.id}:{kept.refusals}", ctx.now)


def _follow(node_id: str, ctx: Context, connection: Connection) -> list[Effect]:
    asked = requests.by_node(connection, node_id)
    if asked is None:
        return []
    names = [
        one for one in outcomes.purses_of(connection, asked) if store.is_open(connection, one)
    ]
    return [pledges.look_again(one, ctx.guid, ctx.now) for one in names]
