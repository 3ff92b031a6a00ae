"""`/sign`, or the phrase: a person signs the agreement; whoever comes close is told how."""

from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection

from bot import answers, policies, rechecks, repositories
from bot.commands.known import Answer, Call, Part, command
from bot.evaluation import Why, conclude, establish, is_current, voice
from bot.judging import verdict_on
from bot.messages import marks, say
from bot.mistakes import N_
from bot.policies import Rules
from bot.scenes import Scene
from core.context import Effect
from core.github import Incomplete
from licensing import signing, store, waiting
from licensing.chain import sha256
from licensing.phrases import NearMiss, Signs
from licensing.versions import AgreementVersion


@command("sign", "/sign", N_("signs the agreement in force; `/sign 1.0` names the version"))
def sign(call: Call) -> Part | None:
    """Sign if the comment does, or answer a near miss of somebody whom we wait for."""
    match call.intent:
        case Signs():
            return partial(_sign, call, _scene(call), call.intent)
        case NearMiss():
            return _near_miss(call, call.intent)
        case _:
            return None


def _scene(call: Call) -> Scene | None:
    """Read the pull request; None where it cannot be read in full, which stops nobody from signing."""
    try:
        return call.stage.scene()
    except Incomplete:
        return None


@dataclass(frozen=True)
class _Table:
    """What lies on the table when somebody signs."""

    call: Call
    scene: Scene | None
    rules: Rules
    version: AgreementVersion

    def words(self, message: str, **facts: object) -> str:
        speaking = voice(self.call.ctx, self.call.repo, self.rules)
        facts = {
            "who": marks.mention(self.call.event.author.login) or "",
            "url": speaking.page,
            "version": self.version.version,
        } | facts
        return say(message, speaking.language, **facts)

    def near(self, kind: str, named: str = "") -> str:
        return self.words("answer_near", kind=kind, named=named, phrase=self.version.phrase)


def _near_miss(call: Call, intent: NearMiss) -> Part | None:
    event = call.event
    with call.ctx.database.read() as connection:
        judged = waiting.last(connection, call.repo.id, event.number)
        rules = policies.rules(connection, call.repo.id)
    if judged is None or not rules.is_fresh(call.ctx.now):
        return partial(_answer_near, call, call.stage.scene(), intent)
    return partial(_answer_near, call, None, intent)


def _answer_near(
    call: Call, scene: Scene | None, intent: NearMiss, connection: Connection
) -> Answer:
    """Answer only a person whom this pull request waits for: others just talk."""
    event = call.event
    effects: list[Effect] = []
    if scene is None:
        rules = policies.rules(connection, call.repo.id)
        waits = event.number in waiting.waits_for(connection, call.repo.id, event.author.id)
    else:
        rules, effects = establish(call.ctx, scene, connection)
        verdict = verdict_on(call.ctx, scene, rules, connection)
        waits = verdict is not None and any(one.id == event.author.id for one in verdict.missing)
    if not waits or rules.version is None:
        return Answer(None, effects)
    speaking = voice(call.ctx, call.repo, rules)
    words = say(
        "answer_near",
        speaking.language,
        kind=intent.kind,
        named="",
        who=marks.mention(event.author.login) or "",
        url=speaking.page,
        version=rules.version.version,
        phrase=rules.version.phrase,
    )
    return Answer(words, effects)


def _sign(call: Call, scene: Scene | None, intent: Signs, connection: Connection) -> Answer:
    rules, effects = policies.rules(connection, call.repo.id), list[Effect]()
    if scene is not None:
        rules, effects = establish(call.ctx, scene, connection)
    version = rules.version
    by_signoff = rules.policy is not None and rules.policy.mode == "dco"
    if version is None or not rules.asks or by_signoff:
        speaking = voice(call.ctx, call.repo, rules)
        who = marks.mention(call.event.author.login) or ""
        message = "answer_signoff" if by_signoff else "answer_unset"
        return Answer(say(message, speaking.language, who=who), effects)
    table = _Table(call, scene, rules, version)
    if not _may_sign(table, connection):
        return Answer(table.words("answer_stranger"), effects)
    target = store.version_at(connection, call.repo.id, call.event.acted_at)
    counted = signing.signed_by_comment(connection, version, call.event.comment_id)
    if target is not None and counted == target.id:
        return Answer(None, [*effects, *_said_anew(table, connection)])
    refusal = _refusal(table, target, intent)
    if refusal is not None or target is None:
        return Answer(refusal, effects)
    if target.major != version.major:
        return Answer(table.near("stale"), [*effects, *_record_late(table, target, connection)])
    answer = _record(table, target, connection)
    return Answer(answer.words, [*effects, *answer.effects])


def _may_sign(table: _Table, connection: Connection) -> bool:
    """Say whether the person wrote this, even if the project does not ask them."""
    event = table.call.event
    verdict = (
        verdict_on(table.call.ctx, table.scene, table.rules, connection) if table.scene else None
    )
    if verdict is not None:
        listed = {one.id for one in verdict.exempt if one.reason in {"listed", "team"}}
        return event.author.id in verdict.people | listed
    pull = repositories.pull(connection, event.repo.id, event.number)
    opened = pull is not None and pull.opener.id == event.author.id
    waits = waiting.waits_for(connection, event.repo.id, event.author.id)
    return opened or event.number in waits


def _refusal(table: _Table, target: AgreementVersion | None, intent: Signs) -> str | None:
    """Say why a signature cannot count; `target` was in force when the person wrote it."""
    version = table.version
    if target is None:
        return table.near("stale")
    if intent.version is not None and intent.version != target.version:
        # They named what was published only after they wrote.
        late = intent.version == version.version
        return table.near("stale" if late else "version", intent.version)
    return None


def _said_anew(table: _Table, connection: Connection) -> list[Effect]:
    """Judge once more for somebody who has signed before: their check may be stuck."""
    if table.scene is None or not is_current(connection, table.scene):
        return []
    return conclude(table.call.ctx, table.scene, table.rules, Why(), connection)


def _act(call: Call, target: AgreementVersion) -> signing.Act:
    event = call.event
    return signing.Act(
        version=target,
        repo_id=event.repo.id,
        number=event.number,
        github_id=event.author.id,
        login=event.author.login,
        comment_id=event.comment_id,
        acted_at=event.acted_at,
        evidence={"comment_sha256": sha256(event.body.encode()), "delivery": call.ctx.guid},
    )


def _record_late(
    table: _Table, target: AgreementVersion, connection: Connection
) -> tuple[Effect, ...]:
    """Write what was signed before a new MAJOR came, and is heard of only now.

    It says nothing about the new text; what was merged in between rests on it.
    """
    call = table.call
    if signing.sign(connection, _act(call, target), call.ctx.now).outcome != "signed":
        return ()
    return rechecks.after_act(call.ctx, connection, target.agreement_id, call.event.author.id)


def _record(table: _Table, target: AgreementVersion, connection: Connection) -> Answer:
    call, scene = table.call, table.scene
    event, ctx = call.event, call.ctx
    outcome = signing.sign(connection, _act(call, target), ctx.now).outcome
    if outcome == "used":
        return Answer(table.near("used"))
    if outcome == "already":
        said = _said_anew(table, connection)
        return Answer(table.words("answer_signed", version=target.version), said)
    here = f"thread:{event.repo.id}:{event.number}"
    acted = rechecks.after_act(ctx, connection, target.agreement_id, event.author.id)
    others = [task for task in acted if task.entity != here]
    if scene is None or not is_current(connection, scene):
        again = rechecks.recheck(ctx, event.repo, event.number, "moved", asked=True)
        return Answer(None, [*others, again])
    said = conclude(ctx, scene, table.rules, Why(asked=True, signed=True), connection)
    earlier = answers.last(connection, event.repo.id, event.number, event.author.id)
    # Whatever we told this person before is settled now; without it, the thanks are enough.
    words = table.words("answer_signed", version=target.version) if earlier else None
    return Answer(words, [*said, *others])
