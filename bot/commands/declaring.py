"""What `/consent` and `/confirm` have in common: a person declares something about a pull request.

It binds the commits that were there for everybody to see when the person wrote, and nobody else.
"""

from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection

from bot import answers, policies
from bot.commands.known import Answer, Call, Part
from bot.evaluation import Why, conclude, establish, is_current, voice
from bot.judging import verdict_on
from bot.messages import marks, say
from bot.policies import Rules
from bot.scenes import Scene
from core.context import Effect
from core.github import Incomplete
from licensing import declarations, phrases, prose, store
from licensing.chain import sha256
from licensing.declarations import Declaration
from licensing.doubts import doubtful
from licensing.verdict import Declared, Verdict
from licensing.versions import AgreementVersion


def declaring(call: Call, declares: Declared) -> Part:
    """Give the part of a comment that declares something, or says why it could not."""
    if call.words:
        return partial(_refuse, call, declares, "words")
    if _is_doubtful(call.event.body):
        return partial(_refuse, call, declares, "negated")
    try:
        scene = call.stage.scene()
    except Incomplete:
        return partial(_refuse, call, declares, "unread")
    return partial(_declare, call, declares, scene)


def _is_doubtful(body: str) -> bool:
    """Say whether the comment says no, asks, or takes back, beside its commands."""
    said = prose.split(body[: phrases.LONGEST_BODY]).said
    lines = (line for line in map(phrases.normal, said) if line and not line.startswith("/"))
    return any(prose.contradicts(line) or doubtful(line) for line in lines)


def _refuse(call: Call, declares: Declared, why: str, connection: Connection) -> Answer:
    return Answer(_words(call, declares, why, policies.rules(connection, call.repo.id)))


def _words(call: Call, declares: Declared, why: str, rules: Rules) -> str:
    speaking = voice(call.ctx, call.repo, rules)
    return say(
        "answer_declared",
        speaking.language,
        why=why,
        declares=declares,
        who=marks.mention(call.event.author.login) or "",
        version=rules.version.version if rules.version else "",
    )


@dataclass(frozen=True)
class _Table:
    """What lies on the table when somebody declares something; `version` was in force then."""

    call: Call
    declares: Declared
    scene: Scene
    rules: Rules
    verdict: Verdict
    version: AgreementVersion


def _declare(call: Call, declares: Declared, scene: Scene, connection: Connection) -> Answer:
    event, ctx = call.event, call.ctx
    rules, effects = establish(ctx, scene, connection)
    verdict = verdict_on(ctx, scene, rules, connection)
    in_force = rules.version
    if verdict is None or in_force is None or scene.pull.state != "open":
        return Answer(_words(call, declares, "unset", rules), effects)
    if declarations.by_comment(connection, in_force, declares, event.comment_id):
        return Answer(None, [*effects, *_said_anew(call, scene, rules, connection)])
    version = store.version_at(connection, call.repo.id, event.acted_at)
    if version is None or version.major != in_force.major:
        return Answer(_words(call, declares, "stale", rules), effects)
    table = _Table(call, declares, scene, rules, verdict, version)
    refusal = _refusal(table) or _unseen(table, connection)
    if refusal is not None:
        return Answer(_words(call, declares, refusal, rules), effects)
    answer = _record(table, connection)
    return Answer(answer.words, [*effects, *answer.effects])


def _refusal(table: _Table) -> str | None:
    """Say why this person has nothing to declare here."""
    policy, verdict, declares = table.rules.policy, table.verdict, table.declares
    author, opener = table.call.event.author, table.scene.pull.opener
    asked = policy is not None and (policy.consent if declares == "consent" else policy.confirm)
    if not asked:
        return "unasked"
    if declares == "consent" and author.id == opener.id:
        return "opener"
    if author.id not in verdict.people:
        return "stranger"
    listed = [one for one in (*verdict.missing, *verdict.signed) if one.id == author.id]
    if verdict.spared or (listed and declares not in listed[0].declares):
        return "done"
    return None


def _unseen(table: _Table, connection: Connection) -> str | None:
    """Refuse what was said before these commits were there: nobody agrees to what comes later."""
    pull, event = table.scene.pull, table.call.event
    if not is_current(connection, table.scene):
        return "moved"
    declarations.note_head(connection, event.repo.id, pull.number, pull.head_sha, pull.updated_at)
    since = declarations.head_since(connection, event.repo.id, pull.number, pull.head_sha)
    return None if since is not None and since <= event.acted_at else "moved"


def _said_anew(call: Call, scene: Scene, rules: Rules, connection: Connection) -> list[Effect]:
    """Judge once more for somebody who has said it before: their check may be stuck."""
    if not is_current(connection, scene):
        return []
    return conclude(call.ctx, scene, rules, Why(), connection)


def _record(table: _Table, connection: Connection) -> Answer:
    call, scene, event = table.call, table.scene, table.call.event
    act = Declaration(
        declares=table.declares,
        github_id=event.author.id,
        repo_id=event.repo.id,
        number=event.number,
        head_sha=scene.pull.head_sha,
        commits=table.verdict.commits_of(event.author.id),
        comment_id=event.comment_id,
        acted_at=event.acted_at,
        evidence={"comment_sha256": sha256(event.body.encode()), "delivery": call.ctx.guid},
    )
    declarations.declare(connection, table.version, act, call.ctx.now)
    why = Why(asked=True, signed=True)
    effects = conclude(call.ctx, scene, table.rules, why, connection)
    earlier = answers.last(connection, event.repo.id, event.number, event.author.id)
    # Whatever we told this person before is settled now; without it, the check is enough.
    words = _words(call, table.declares, "done", table.rules) if earlier else None
    return Answer(words, effects)
