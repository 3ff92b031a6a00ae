"""When the default branch moves: read the rules and the agreement anew."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

from sqlalchemy import Connection, select

from bot import policies, policy_reading, rechecks, repositories, teams
from bot.changes import french_remark
from bot.evaluation import counts_from, voice
from bot.messages import say
from bot.milestones import reading as milestones
from bot.policies import Reading, Rules
from bot.policy import PATH
from bot.report import policy_check, refusal_facts
from bot.roadmap import backfill
from core.context import Context, Decide, Effect, Task
from core.github import Repo
from webhooks.events import Pushed
from webhooks.router import TaskDue, on, on_task


@on(Pushed)
def read_rules(event: Pushed, ctx: Context) -> Decide | None:
    """Read what is on the default branch now, whichever push this is."""
    if not event.is_default_branch or event.deleted:
        return None
    with ctx.database.read() as connection:
        known = policies.rules(connection, event.repo.id)
        # An event that comes late may bear a name that another repository has by now.
        repo = repositories.repo(connection, event.repo.id) or event.repo
    reading = policy_reading.read(ctx.github(repo), repo, known)
    if _publishes(event, reading):
        reading = replace(reading, publisher_id=event.sender_id)
    return partial(_take_over, ctx, repo, reading, event.after)


def _publishes(event: Pushed, reading: Reading) -> bool:
    """Say whether this very push brought the rules or the text that were read."""
    current = policies.parsed(reading.text) if reading.text is not None else None
    texts = {current.document, current.company_document} if current else set()
    return reading.source == "repository" and bool(event.touched & (texts | {PATH}))


@on_task("reload_rules")
def reload_rules(task: TaskDue, ctx: Context) -> Decide | None:
    """Read the rules of one repository anew, because the ones that it shares have changed."""
    with ctx.database.read() as connection:
        repo = repositories.repo(connection, int(task.about["repo_id"]))
        known = policies.rules(connection, int(task.about["repo_id"]))
    if repo is None:
        return None
    reading = policy_reading.read(ctx.github(repo), repo, known)
    return partial(_take_over, ctx, repo, reading, None)


def _take_over(
    ctx: Context, repo: Repo, reading: Reading, pushed: str | None, connection: Connection
) -> list[Effect]:
    repositories.note_repo(connection, repo, ctx.now)
    before = policies.rules(connection, repo.id)
    rules = policies.keep(connection, repo, reading, ctx.now, counts_from(before, ctx.now))
    effects: list[Effect] = []
    if rules.is_doubtful:
        effects.append(rechecks.reload_rules(ctx, repo.id))
    if pushed is not None:
        effects += _shared(ctx, repo, connection)
        effects += _checks(ctx, repo, before, rules, pushed)
    effects += backfill.after_rules(ctx, repo, before, rules, connection)
    effects += milestones.where_they_matter(ctx, connection, repo.id, before)
    if before.name != rules.name:
        effects += _learning(ctx, repo, rules, connection)
        effects += [
            rechecks.recheck(ctx, repo, pull.number, "rules")
            for pull in repositories.open_pulls(connection, repo.id)
        ]
    return effects


def _learning(ctx: Context, repo: Repo, rules: Rules, connection: Connection) -> list[Effect]:
    """Find out at once which teams the names in new rules mean, before another bears one."""
    named = teams.of_owner(repo, rules.policy.exempt_teams) if rules.policy else ()
    learnt = teams.meant(connection, repo.id)
    if all(one.number or one.slug in learnt for one in named):
        return []
    key = f"learn_teams:{repo.id}:{rules.name}:{ctx.guid}"
    return [Task("learn_teams", key, ctx.now, about={"repo_id": repo.id})]


@on_task("learn_teams")
def learn_teams(task: TaskDue, ctx: Context) -> Decide | None:
    """Look up the teams that the rules in force name."""
    with ctx.database.read() as connection:
        repo = repositories.repo(connection, int(task.about["repo_id"]))
        rules = policies.rules(connection, int(task.about["repo_id"]))
    if repo is None or rules.policy is None:
        return None
    looked = teams.look(
        ctx, ctx.github(repo), repo, rules.policy.exempt_teams, lambda _calls: True
    )
    return partial(_keep_teams, ctx, repo, looked)


def _keep_teams(
    ctx: Context, repo: Repo, looked: teams.Looked, connection: Connection
) -> list[Effect]:
    rules = policies.rules(connection, repo.id)
    teams.keep(
        connection, repo, rules.policy.exempt_teams if rules.policy else (), looked, ctx.now
    )
    return []


def _shared(ctx: Context, repo: Repo, connection: Connection) -> list[Effect]:
    """A push to an owner's `.github` may change the rules of their other repositories."""
    if policy_reading.organisation(repo) is not None:
        return []
    return [
        rechecks.reload_rules(ctx, repo_id, timedelta(0))
        for repo_id in _followers(connection, repo.name)
        if repo_id != repo.id
    ]


def _followers(connection: Connection, name: str) -> tuple[int, ...]:
    """Give the repositories that take, or could take, their rules from the one called `name`."""
    owner = name.partition("/")[0]
    rows = connection.execute(
        select(policies.policy.c.repo_id, policies.policy.c.source_name)
        .where(policies.policy.c.source != "repository")
        .order_by(policies.policy.c.repo_id)
    )
    return tuple(
        row.repo_id
        for row in rows
        if row.source_name.lower() == name.lower()
        or row.source_name.partition("/")[0].lower() == owner.lower()
    )


def _checks(ctx: Context, repo: Repo, before: Rules, rules: Rules, pushed: str) -> list[Effect]:
    """Say on the pushed commit what is wrong, or that what was wrong or new is right."""
    if rules.source != "repository":
        return []
    speaking = voice(ctx, repo, rules)
    bad = bool(rules.problems or rules.refusal)
    if not bad and before.name == rules.name:
        return []
    extra = []
    policy = rules.policy
    if rules.refusal and rules.refusal != "rules" and policy is not None:
        sentence = say("refusal", speaking.language, refusal=rules.refusal, **refusal_facts(rules))
        extra.append((PATH, 1, sentence))
    text = rules.version.content.decode(errors="replace") if rules.version else ""
    remark = french_remark(speaking, policy, text)
    return [
        policy_check(
            speaking, pushed, rules.problems, extra, path=PATH, proposed=False, remark=remark
        )
    ]
