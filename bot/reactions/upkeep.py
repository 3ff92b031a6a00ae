"""Once a day: labels, reminders and closing, in the repositories whose rules want them."""

import logging
from dataclasses import replace
from functools import partial

from sqlalchemy import Connection

from bot import people, policies, repositories, upkeep, upkeep_clock
from bot.evaluation import voice
from bot.messages import marks, say
from bot.policies import Rules
from bot.policy import Upkeep
from bot.report import MOST_MENTIONS, Voice
from bot.upkeep import Waits
from bot.upkeep_clock import Clock, Step
from core.context import Context, Decide, Effect, Task
from core.github import Comment, NotFound, PullRequest, Repo, SetState
from webhooks.events import PullRequestChanged
from webhooks.router import TaskDue, on, on_task

log = logging.getLogger(__name__)


@on_task("upkeep")
def sweep(task: TaskDue, ctx: Context) -> Decide | None:
    """Give each repository in use its turn."""

    def decide(connection: Connection) -> list[Effect]:
        day = task.due_at.isoformat()
        return [
            Task(
                name="upkeep_repository",
                key=f"upkeep_repository:{repo.id}:{day}",
                due_at=ctx.now,
                entity=f"repository:{repo.id}",
                about={"repo_id": repo.id},
            )
            for repo in repositories.active_repos(connection)
        ]

    return decide


@on_task("upkeep_repository")
def sweep_repository(task: TaskDue, ctx: Context) -> Decide | None:
    """See to the labels, and let each pull request for which something is due have its turn."""

    def decide(connection: Connection) -> list[Effect]:
        repo = repositories.repo(connection, int(task.about["repo_id"]))
        if repo is None:
            return []
        if upkeep.stopped(connection, repo.id):
            log.warning("upkeep stands still: GitHub refuses us", extra={"repo": repo.id})
            return []
        rules = _upkeep(policies.rules(connection, repo.id))
        waits = upkeep.waits(connection, repo.id)
        numbers = {one.pull.number for one in waits}
        effects: list[Effect] = []
        for number, _label in upkeep.labels_left(connection, repo.id):
            if number not in numbers:
                effects += upkeep.unlabel(connection, repo, number)
        for one in waits:
            effects += _look(ctx, connection, repo, rules, one)
        return effects

    return decide


def _upkeep(rules: Rules) -> Upkeep:
    """Give what the rules want; nothing where nobody is asked."""
    return rules.policy.upkeep if rules.policy is not None and rules.asks else Upkeep()


def _look(
    ctx: Context, connection: Connection, repo: Repo, rules: Upkeep, one: Waits
) -> list[Effect]:
    clock = upkeep.current(connection, repo, one, ctx.now)
    effects = upkeep.labelled(connection, repo, one.pull, clock, rules)
    if one.pull.draft or upkeep_clock.due(rules, clock, ctx.now) is None:
        return effects
    number = one.pull.number
    step = Task(
        name="upkeep_step",
        key=f"upkeep_step:{repo.id}:{number}:{ctx.guid}",
        due_at=ctx.now,
        entity=f"thread:{repo.id}:{number}",
        about={"repo_id": repo.id, "number": number},
    )
    return [*effects, step]


@on_task("upkeep_step")
def step_by_step(task: TaskDue, ctx: Context) -> Decide | None:
    """Remind or close, if it is still due after a fresh look at the pull request."""
    repo_id, number = int(task.about["repo_id"]), int(task.about["number"])
    with ctx.database.read() as connection:
        repo = repositories.repo(connection, repo_id)
    if repo is None:
        return None
    try:
        pull = ctx.github(repo).pull_request(repo, number)
    except NotFound:
        return None
    return partial(_step, ctx, repo, pull)


def _step(ctx: Context, repo: Repo, pull: PullRequest, connection: Connection) -> list[Effect]:
    repositories.note_pull(connection, repo, pull)
    rules = policies.rules(connection, repo.id)
    found = upkeep.waits(connection, repo.id, pull.number)
    if not found or pull.draft or pull.state != "open" or upkeep.stopped(connection, repo.id):
        return []
    one = found[0]
    if one.pull.head_sha != pull.head_sha:
        return []
    clock = upkeep.current(connection, repo, one, ctx.now)
    step = upkeep_clock.due(_upkeep(rules), clock, ctx.now)
    if step is None:
        return []
    speaking = voice(ctx, repo, rules)
    mentions = _mentions(ctx, connection, one)
    if step.kind == "remind":
        changed = replace(clock, reminded=step.days, closes_at=step.closes_at)
        upkeep.keep(connection, repo.id, pull.number, changed)
        return [_reminder(speaking, pull.number, clock, step, mentions, one)]
    announced = Comment(repo, pull.number, _topic(f"reminder-{clock.reminded}", clock), "")
    if not upkeep.was_said(connection, announced.surface):
        log.warning("nothing closed: the reminder was not sent", extra={"repo": repo.id})
        return []
    upkeep.keep(connection, repo.id, pull.number, replace(clock, closed_at=ctx.now))
    closed = SetState(repo, pull.number, "closed")
    # It is open, as was just read: if we closed it before, somebody opened it since.
    upkeep.want_anew(connection, closed.surface)
    return [_closing(speaking, pull.number, clock, mentions), closed]


def _topic(name: str, clock: Clock) -> str:
    return name if clock.run == 1 else f"{name}-{clock.run}"


def _reminder(
    speaking: Voice, number: int, clock: Clock, step: Step, mentions: str, one: Waits
) -> Comment:
    body = say(
        "reminder",
        speaking.language,
        people=mentions,
        nameless=one.nameless,
        closes_on=step.closes_at.date().isoformat() if step.closes_at else "",
        url=speaking.page,
    )
    return Comment(speaking.repo, number, _topic(f"reminder-{step.days}", clock), body)


def _closing(speaking: Voice, number: int, clock: Clock, mentions: str) -> Comment:
    body = say("closing", speaking.language, people=mentions, url=speaking.page)
    return Comment(speaking.repo, number, _topic("closing", clock), body)


def _mentions(ctx: Context, connection: Connection, one: Waits) -> str:
    """Name who is missing; the opener too where somebody cannot be told."""
    met = people.known(connection, one.people, ctx.now)
    opener = one.pull.opener
    logins = [account.login for account in met.values() if account]
    if (one.nameless or not logins or opener.id in one.people) and not opener.is_bot:
        logins.insert(0, opener.login)
    names = [marks.mention(login) for login in dict.fromkeys(logins[:MOST_MENTIONS]) if login]
    return ", ".join(name for name in names if name)


@on(PullRequestChanged)
def run_anew(event: PullRequestChanged, ctx: Context) -> Decide | None:
    """Begin the clock again when somebody opens what was closed."""
    if event.action != "reopened":
        return None

    def decide(connection: Connection) -> tuple[Effect, ...]:
        upkeep.reopened(connection, event.repo.id, event.pull.number, ctx.now)
        return ()

    return decide
