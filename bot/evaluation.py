"""From what was read to what is said: judge a pull request and conclude its check.

`evaluate` gathers and gives back the decision, to be made inside the one transaction: there the
rules are taken over, signatures are looked up, the judgement is made and written down, and the
check and the comment are returned.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

from sqlalchemy import Connection

from bot import learnt, origins, people, policies, rechecks, repositories, siblings, upkeep
from bot.changes import proposal_check
from bot.gathering import gather
from bot.hooks_out import telling
from bot.judging import thread, verdict_on
from bot.policies import Rules
from bot.report import Voice, asking, plain_check, thanking, unset_check, verdict_check
from bot.scenes import Scene
from bot.since import Since, since
from core.context import Context, Decide, Effect
from core.github import Account, Check, Incomplete, PullRequest, Repo, Unavailable
from licensing import relying, waiting
from licensing.verdict import Verdict
from licensing.versions import next_second

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Why:
    """On what occasion a pull request is looked at; see `bot.rechecks.recheck`.

    `opened`: GitHub has just told us that it was opened. `signed`: somebody has just signed.
    """

    opened: bool = False
    signed: bool = False
    asked: bool = False
    tries: int = 0
    nonce: str = ""


def evaluate(
    ctx: Context, repo: Repo, pull: PullRequest, why: Why | None = None, spent: int = 0
) -> Decide:
    """Look at a pull request and give the decision about its check."""
    why = why or Why()
    try:
        scene = gather(ctx, repo, pull, spent)
    except Incomplete:
        return partial(_unread, ctx, repo, pull, why)
    except Unavailable:
        # At first the worker tries again, and counts with everybody else's whether GitHub is
        # down. What fails for this pull request alone must not leave it without an answer.
        if ctx.attempts == 1:
            raise
        return partial(_unread, ctx, repo, pull, why)
    return partial(settle, ctx, scene, why)


def settle(ctx: Context, scene: Scene, why: Why, connection: Connection) -> list[Effect]:
    """Judge what was gathered, and say so."""
    rules, effects = establish(ctx, scene, connection)
    if why.opened:
        repositories.note_watched(connection, scene.repo.id, scene.pull.created_at)
    if not is_current(connection, scene):
        return effects
    return effects + conclude(ctx, scene, rules, why, connection)


def is_current(connection: Connection, scene: Scene) -> bool:
    """Note the pull request; False where a newer state of it is known, which is judged instead."""
    repositories.note_pull(connection, scene.repo, scene.pull)
    known = repositories.pull(connection, scene.repo.id, scene.pull.number)
    return known is None or (known.head_sha, known.base_ref) == (
        scene.pull.head_sha,
        scene.pull.base_ref,
    )


def establish(ctx: Context, scene: Scene, connection: Connection) -> tuple[Rules, list[Effect]]:
    """Take over what was read of the rules; where they changed, everybody is looked at again."""
    repo = scene.repo
    repositories.note_repo(connection, repo, ctx.now)
    known = policies.rules(connection, repo.id)
    if scene.reading is None:
        return known, []
    rules = policies.keep(connection, repo, scene.reading, ctx.now, counts_from(known, ctx.now))
    effects: list[Effect] = []
    if rules.is_doubtful:
        effects.append(rechecks.reload_rules(ctx, repo.id))
    if known.checked_at is None or known.name == rules.name:
        return rules, effects
    return rules, effects + [
        rechecks.recheck(ctx, repo, pull.number, "rules")
        for pull in repositories.open_pulls(connection, repo.id)
        if pull.number != scene.pull.number
    ]


def counts_from(known: Rules, now: datetime) -> datetime:
    """Give the instant from which acts count for a version that is published `now`.

    Nobody can have read it before: it counts from the first whole second after (comments have
    whole seconds). What we find on the first look was there before us, and counts for
    whatever we hear of.
    """
    if known.checked_at is None:
        return BEGINNING
    return next_second(now)


def voice(ctx: Context, repo: Repo, rules: Rules) -> Voice:
    """Give the language and the addresses for what we say about a repository."""
    policy = rules.policy
    language = policy.language if policy else "en"
    page = f"{ctx.public_url}/{repo.name}/cla"
    sign = f"{page}/sign" if ctx.signs_in and not repo.private else ""
    you = f"{ctx.public_url}/you" if ctx.signs_in else ""
    return Voice(repo, language, page, ctx.github_url, sign, you)


def conclude(
    ctx: Context, scene: Scene, rules: Rules, why: Why, connection: Connection
) -> list[Effect]:
    """Write the judgement down and say it: check, comment, and what is still to be looked at."""
    effects: list[Effect] = list(proposal_check(voice(ctx, scene.repo, rules), scene, rules))
    if scene.again:
        again = rechecks.recheck(
            ctx, scene.repo, scene.pull.number, scene.again, asked=why.asked, nonce=why.nonce
        )
        effects.append(again)
    learnt.keep(ctx, scene, rules, connection)
    if scene.comparison is None:
        return effects
    effects += telling.after_judgement(ctx, connection, scene.repo.id)
    verdict = verdict_on(ctx, scene, rules, connection)
    changed = since(connection, rules.version, verdict.missing) if verdict else ()
    check = check_for(ctx, scene, rules, verdict, scene.pull.head_sha, changed)
    if why.nonce:
        check = replace(check, details_url=f"{check.details_url}#{why.nonce}")
    effects += siblings.with_others(ctx, scene.repo, scene.pull, check, connection)
    if verdict is not None:
        _meet(ctx, connection, scene, rules, verdict)
        _rely(ctx, connection, scene, rules, verdict)
    origins.keep(ctx, scene, verdict, connection)
    return effects + _comment(ctx, scene, rules, verdict, changed, why, connection)


def check_for(
    ctx: Context,
    scene: Scene,
    rules: Rules,
    verdict: Verdict | None,
    sha: str,
    changed: tuple[Since, ...] = (),
) -> Check:
    """Put the judgement into a check on `sha`."""
    speaking = voice(ctx, scene.repo, rules)
    if verdict is None:
        return unset_check(speaking, sha, rules)
    pending = bool(scene.again and scene.again.startswith("merge:"))
    return verdict_check(
        speaking, sha, rules, verdict, pending=pending, teams=scene.teams, since=changed
    )


def _comment(
    ctx: Context,
    scene: Scene,
    rules: Rules,
    verdict: Verdict | None,
    changed: tuple[Since, ...],
    why: Why,
    connection: Connection,
) -> list[Effect]:
    repo, pull = scene.repo, scene.pull
    before = waiting.last(connection, repo.id, pull.number)
    commented = before is not None and before.commented
    speaking = voice(ctx, repo, rules)
    effects: list[Effect] = []
    if verdict is not None and verdict.waits:
        if commented or (_may_begin(scene, why, connection) and not scene.again):
            effects.append(asking(speaking, pull.number, rules, verdict, changed))
            commented = True
    elif commented or why.signed:
        calm = verdict or Verdict("neutral")
        effects.append(thanking(speaking, pull.number, rules, calm))
        commented = True
    waiting.note(
        connection,
        repo.id,
        pull.number,
        waiting.Last(
            head_sha=pull.head_sha,
            base_ref=pull.base_ref,
            conclusion=verdict.conclusion if verdict else "none",
            rules=rules.name,
            commented=commented,
            judged_at=ctx.now,
        ),
    )
    waiting.note_waiting(connection, repo.id, pull.number, verdict)
    wanted = rules.policy.upkeep if rules.policy else None
    return effects + upkeep.after_judgement(
        connection, repo, pull, wanted, verdict, asked=commented, now=ctx.now
    )


def _may_begin(scene: Scene, why: Why, connection: Connection) -> bool:
    """Say whether we may speak first: not on a pull request that was there before us."""
    installed = repositories.installed_at(connection, scene.repo.id)
    return why.asked or installed is None or scene.pull.created_at >= installed


def _meet(
    ctx: Context, connection: Connection, scene: Scene, rules: Rules, verdict: Verdict
) -> None:
    """Remember who waits by name, and hold each exempt login to the bot that bore it first."""
    for person in verdict.missing:
        if person.login:
            people.note(connection, person.id, Account(person.id, person.login), ctx.now)
    policy = rules.policy
    for one in verdict.exempt:
        if policy and one.reason == "bot" and one.login.lower() in policy.exempt_bots:
            waiting.note_bot(connection, scene.repo.id, one.login, one.id)


def _rely(
    ctx: Context, connection: Connection, scene: Scene, rules: Rules, verdict: Verdict
) -> None:
    """Remember on whose word the judgement rests, and under which version."""
    if rules.version is None:
        return
    people_here, here = [person.id for person in verdict.signed], thread(scene)
    covered = relying.covered(connection, rules.version, here, people_here, ctx.now)
    green = verdict.conclusion == "success"
    relying.note(connection, rules.version, here, covered, green=green)


def _unread(
    ctx: Context, repo: Repo, pull: PullRequest, why: Why, connection: Connection
) -> list[Effect]:
    """Conclude the check as not evaluated, unless it rests on the same head and rules as before."""
    repositories.note_repo(connection, repo, ctx.now)
    rules = policies.rules(connection, repo.id)
    if not is_current(connection, Scene(repo, pull, None)):
        return []
    effects: list[Effect] = []
    again = why.tries < rechecks.MOST_TRIES
    if again:
        due_at = ctx.now + rechecks.wait(why.tries)
        effects.append(
            rechecks.recheck(
                ctx,
                repo,
                pull.number,
                "unread",
                due_at=due_at,
                asked=why.asked,
                fresh=True,
                tries=why.tries + 1,
                nonce=why.nonce,
            )
        )
    return effects + _stopped(ctx, repo, pull, rules, connection, again=again)


def _stopped(
    ctx: Context,
    repo: Repo,
    pull: PullRequest,
    rules: Rules,
    connection: Connection,
    *,
    again: bool,
) -> list[Effect]:
    before = waiting.last(connection, repo.id, pull.number)
    rests_on = (pull.head_sha, pull.base_ref, rules.name)
    if before is not None and (before.head_sha, before.base_ref, before.rules) == rests_on:
        return []
    # Another pull request with this head must not speak for one that could not be read.
    unread = waiting.Last(
        head_sha=pull.head_sha,
        base_ref=pull.base_ref,
        conclusion="failure",
        rules="unread",
        commented=before is not None and before.commented,
        judged_at=ctx.now,
    )
    waiting.note(connection, repo.id, pull.number, unread)
    speaking = voice(ctx, repo, rules)
    return [plain_check(speaking, pull.head_sha, "failure", "check_unread", again=again)]
