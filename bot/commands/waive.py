"""`/waive`: a maintainer lets one commit pass without asking for it, by name and with a reason."""

import re
from functools import partial

from sqlalchemy import Connection

from bot import people, policies
from bot.commands.known import Answer, Call, Part, command
from bot.evaluation import Why, conclude, establish, is_current, voice
from bot.judging import verdict_on
from bot.messages import marks, say
from bot.mistakes import N_
from bot.policies import Rules
from bot.roles import MAINTAINERS
from bot.scenes import Scene
from core.github import Incomplete
from licensing import declarations, store, waivers
from licensing.chain import sha256
from licensing.signoffs import whole_sha
from licensing.verdict import Verdict
from licensing.waivers import LONGEST_REASON, SHORTEST_REASON, Given

_SHA = re.compile(r"[0-9a-f]{7,64}", re.IGNORECASE | re.ASCII)


@command(
    "waive",
    "/waive SHA REASON",
    N_("lets one commit pass without asking for it; for maintainers, with a reason"),
)
def waive(call: Call) -> Part:
    """Waive a commit if GitHub says now that the person maintains this repository."""
    sha, reason = call.words[0] if call.words else "", " ".join(call.words[1:])
    role = call.stage.role()
    if role not in MAINTAINERS:
        return partial(_refuse, call, "unsure" if role is None else "stranger")
    if not _SHA.fullmatch(sha) or not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        return partial(_refuse, call, "form")
    try:
        scene = call.stage.scene()
    except Incomplete:
        return partial(_refuse, call, "unread")
    return partial(_waive, call, scene, sha, reason)


def _words(call: Call, rules: Rules, why: str, sha: str = "", reason: str = "") -> str:
    language = voice(call.ctx, call.repo, rules).language
    return say(
        "answer_waive",
        language,
        why=why,
        sha=marks.short(sha),
        reason=marks.inert(reason, LONGEST_REASON),
        who=marks.mention(call.event.author.login) or "",
        shortest=SHORTEST_REASON,
        longest=LONGEST_REASON,
    )


def _refuse(call: Call, why: str, connection: Connection) -> Answer:
    return Answer(_words(call, policies.rules(connection, call.repo.id), why))


def _waive(call: Call, scene: Scene, given: str, reason: str, connection: Connection) -> Answer:
    event, ctx = call.event, call.ctx
    rules, effects = establish(ctx, scene, connection)
    verdict = verdict_on(ctx, scene, rules, connection)
    if verdict is None or rules.version is None or _is_over(call, scene):
        return Answer(_words(call, rules, "unset"), effects)
    sha, why = _meant(call, scene, given, connection)
    if why:
        return Answer(_words(call, rules, why, given), effects)
    here = waivers.given(connection, rules.version, event.repo.id, event.number)
    earlier = next((one for one in here if one.sha == sha), None)
    if earlier is None and not is_waiting(verdict, sha):
        return Answer(_words(call, rules, "idle", sha), effects)
    if earlier is not None and earlier.comment_id != event.comment_id:
        return Answer(_words(call, rules, "already", sha), effects)
    act = Given(
        repo_id=event.repo.id,
        number=event.number,
        sha=sha,
        actor_id=event.author.id,
        reason=earlier.reason if earlier else reason,
        acted_at=event.acted_at,
        comment_id=event.comment_id,
        evidence={"comment_sha256": sha256(event.body.encode()), "delivery": ctx.guid},
    )
    # Heard late, it rests on the text that its author had before them.
    then = store.version_at(connection, event.repo.id, event.acted_at) or rules.version
    waivers.waive(connection, then, act, ctx.now)
    people.note(connection, event.author.id, event.author, ctx.now)
    said = conclude(ctx, scene, rules, Why(asked=True), connection)
    return Answer(_words(call, rules, "done", sha, act.reason), [*effects, *said])


def _is_over(call: Call, scene: Scene) -> bool:
    """Say whether it came too late; a comment that we hear of late was written in time."""
    merged_at = scene.pull.merged_at
    if merged_at is not None:
        return call.event.acted_at > merged_at
    return scene.pull.state != "open"


def _meant(call: Call, scene: Scene, given: str, connection: Connection) -> tuple[str, str]:
    """Find the one commit that is meant, or say why there is none."""
    commits = scene.comparison.commits if scene.comparison else ()
    sha = whole_sha(given, (commit.sha for commit in commits))
    if not is_current(connection, scene):
        return "", "moved"
    if sha is None:
        return "", "unknown"
    if len(given) < len(sha) and not _was_there(call, scene, connection):
        return "", "moved"
    return sha, ""


def _was_there(call: Call, scene: Scene, connection: Connection) -> bool:
    """Say whether these commits were there for the maintainer to see.

    Seven digits are found by trying: whoever reads the comment first could push a commit of
    their own that begins with the same. A whole SHA means one commit, whenever it comes.
    """
    repo_id, pull = call.event.repo.id, scene.pull
    declarations.note_head(connection, repo_id, pull.number, pull.head_sha, pull.updated_at)
    since = declarations.head_since(connection, repo_id, pull.number, pull.head_sha)
    return since is not None and since <= call.event.acted_at


def is_waiting(verdict: Verdict, sha: str) -> bool:
    """Say whether the pull request waits for something that this very commit asks for."""
    missing = {person.id for person in verdict.missing}
    return (
        any(sha in one.shas for one in verdict.unresolved)
        or any(one.sha == sha for one in verdict.unsigned)
        or any(one.sha == sha and one.id in missing for one in verdict.holdings)
    )
