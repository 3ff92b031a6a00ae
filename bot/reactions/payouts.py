"""Shares of rewards: looked at in turn, and when something happens to a payee’s account or to the work."""

import re
from collections.abc import Iterable
from functools import partial
from typing import cast

from sqlalchemy import Connection

from bot import repositories
from bot.money import coming_home, pledges
from bot.outcomes import members
from bot.payouts import builders, by_mail, following, levelling, proposing, resting, sending
from bot.roadmap import store as requests
from core.context import Context, Decide, Effect
from donations import processor
from donations.payouts import paying, splits, store
from donations.payouts.splits import Revert
from donations.pledges import store as purses
from donations.pledges.rules import Act
from donations.processor import Gone
from donations.told import Payee
from webhooks.events import PullRequestChanged
from webhooks.router import TaskDue, on, on_task
from webhooks.stripe_told import StripeTold

_REVERTS = re.compile(r"^Reverts (?:([\w.-]+/[\w.-]+))?#([1-9]\d{0,8})\b", re.MULTILINE | re.ASCII)
LONGEST = 20_000
TELLERS = (by_mail,)
"""Imported so that they tell."""

PAID_OUT = frozenset({"payout.paid"})
TROUBLE = frozenset({"payout.failed", "payout.canceled", "account.application.deauthorized"})


@on_task("sweep_payouts")
def sweep(task: TaskDue, ctx: Context) -> Decide | None:
    """Look at every share whose time has come."""
    evidence = f"sweep:{task.due_at.isoformat()}"

    def decide(connection: Connection) -> list[Effect]:
        waiting = store.due(connection, ctx.now, sending.MOST)
        return [sending.look_again(one, who, evidence, ctx.now) for one, who in waiting]

    return decide


@on_task("share_pots")
def share_pots(task: TaskDue, ctx: Context) -> Decide | None:
    """Share what was given for all who build, once a month; and look for what rests, each day."""
    del task

    def decide(connection: Connection) -> list[Effect]:
        coming_home.settle(connection, ctx.now)
        resting.leave(connection, ctx.now)
        levelling.projects(connection, ctx.now)
        builders.share(connection, ctx.now)
        return []

    return decide


@on_task("settle_share")
def settle(task: TaskDue, ctx: Context) -> Decide | None:
    """Look at one share."""
    return partial(sending.settle, ctx, int(task.about["share"]))


@on(StripeTold)
def follow_account(told: StripeTold, ctx: Context) -> Decide | None:
    """Look at a payee’s account when something happened there: the event is only a hint."""
    bank = processor.of(ctx)
    if bank is None or not told.account or told.live != bank.live:
        return None
    if told.type in PAID_OUT:
        return partial(_paid_out, told, ctx)
    if told.type not in TROUBLE:
        return None
    try:
        seen: Payee | None = cast("Payee", bank.look("payee", told.account))
    except Gone:
        seen = None
    return partial(_trouble, told, seen, ctx)


def _paid_out(told: StripeTold, ctx: Context, connection: Connection) -> list[Effect]:
    following.paid_out(connection, "settled", told, ctx.now)
    return []


def _trouble(
    told: StripeTold, seen: Payee | None, ctx: Context, connection: Connection
) -> list[Effect]:
    if told.object_type == "payout":
        following.paid_out(connection, "bounced", told, ctx.now)
    if seen is not None and seen.payable:
        return []
    following.bring_home(connection, told.account, ctx.now)
    if seen is None:
        paying.gone(connection, told.account, ctx.now)
    else:
        paying.seen(connection, seen, ctx.now)
    return []


@on(PullRequestChanged)
def follow_work(event: PullRequestChanged, ctx: Context) -> Decide | None:
    """Note whose work was merged for a request, and when it was taken back out.

    What counts is what it said when it was merged: its author can write other words afterwards.
    """
    if event.action != "closed" or event.pull.merged_at is None:
        return None
    return partial(_merged, event, ctx)


def _merged(event: PullRequestChanged, ctx: Context, connection: Connection) -> list[Effect]:
    # A merge and the one that undoes it may be heard of at once: whoever is second sees both.
    repositories.hold(connection, event.repo.id)
    effects = proposing.merged(ctx, connection, event.repo, event.pull)
    undone = _undone(event)
    if undone:
        own = Revert(event.pull.number, event.sender.id, event.pull.merged_at or ctx.now)
        splits.reverted(connection, event.repo.id, undone, own)
    return [*_look_again(event, {undone, event.pull.number}, ctx, connection), *effects]


def _undone(event: PullRequestChanged) -> int:
    """Give the pull request of the same project that a merged one says it takes back out; else 0."""
    pull, repo = event.pull, event.repo.name
    found = _REVERTS.search(pull.body[:LONGEST])
    if found is None or (found[1] or repo).lower() != repo.lower():
        return 0
    number = int(found[2])
    return number if number != pull.number else 0


def _look_again(
    event: PullRequestChanged, numbers: Iterable[int], ctx: Context, connection: Connection
) -> list[Effect]:
    """Note what was taken back out in the purses that pay for it, by when that was merged.

    Of the pull request that was just merged too: what undid it may have been heard of before.
    """
    repo_id, effects = event.repo.id, list[Effect]()
    found = {
        (name, by)
        for number in numbers
        for about, by in splits.reverts_of(connection, repo_id, number)
        for name in _paid_by(connection, about)
    }
    for about, by in sorted(found, key=lambda one: (one[0], one[1].at, one[1].number)):
        if not purses.hold(connection, about):
            continue
        act = Act("reverted", f"pull:{repo_id}:{by.number}", by.at, by_id=by.by_id)
        if purses.write(connection, about, act, ctx.now):
            effects.append(pledges.look_again(about, f"reverted:{by.number}", ctx.now))
    return effects


def _paid_by(connection: Connection, about: str) -> tuple[str, ...]:
    """Give what merged work is paid by: its request's purse, and of milestones accepted with that."""
    asked = requests.by_node(connection, about)
    return (about, *(members.accepted_with(connection, asked) if asked else ()))
