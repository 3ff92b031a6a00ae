"""When somebody comments on a pull request: listen for a signature and for commands, and answer once."""

from functools import partial

from sqlalchemy import Connection

from bot import policies
from bot.commands import lines, naming
from bot.commands.answering import answer, saying
from bot.commands.known import Answer, Call, Part, Place, named
from bot.evaluation import establish
from bot.messages import say
from bot.policy import Policy
from bot.scenes import Scene
from bot.stages import Stage
from core.context import Context, Decide
from core.translations import DEFAULT
from licensing import phrases
from webhooks.events import CommentWritten
from webhooks.router import on

PLACE: Place = "pull_request"


@on(CommentWritten)
def listen(event: CommentWritten, ctx: Context) -> Decide | None:
    """Hear only what people say themselves: no bots, and nobody's words edited by others."""
    if event.action == "deleted" or not event.on_pull_request:
        return None
    if event.sender.id != event.author.id or event.author.is_bot:
        return None
    stage = Stage(event, ctx)
    parts = [part for part in _parts(event, ctx, stage) if part is not None]
    return partial(answer, event, ctx, parts) if parts else None


def _parts(event: CommentWritten, ctx: Context, stage: Stage) -> list[Part | None]:
    with ctx.database.read() as connection:
        rules = policies.rules(connection, event.repo.id)
    found: list[Part | None] = []
    phrase = rules.version.phrase if rules.version else ""
    policy = rules.policy
    if rules.checked_at is None:
        # Nobody has looked at this project's rules yet, and they may name a phrase of their own.
        scene = stage.scene()
        policy = _policy_in(scene)
        phrase = policy.phrase if policy else ""
        found.append(partial(_learn, ctx, scene))
    intent = phrases.read(event.body, phrase or "/sign")
    sign = named("sign")
    if sign is not None and not isinstance(intent, phrases.Nothing):
        found.append(sign.run(Call(event, ctx, stage, intent=intent)))
    heard = list(
        dict.fromkeys(lines.addressed(event.body, PLACE, naming.name_of(ctx, event.body)))
    )
    said = [line for line in heard if isinstance(line, lines.Said)]
    found += [_part(event, ctx, stage, line, policy) for line in said[: lines.MOST_LINES]]
    language = policy.language if policy else DEFAULT
    if len(said) > lines.MOST_LINES:
        found.append(saying(say("answer_unknown_rest", language)))
    if unknown := [line for line in heard if isinstance(line, lines.Unknown)]:
        # Put into words before anything is written: nobody waits for it.
        found.append(saying(lines.do_not_know(event.author.login, language, unknown)))
    return found


def _part(
    event: CommentWritten, ctx: Context, stage: Stage, said: lines.Said, policy: Policy | None
) -> Part | None:
    if PLACE in said.command.where:
        return said.command.run(Call(event, ctx, stage, said.words))
    if policy is None or not policy.roadmap.on:
        # Without a roadmap its commands are not ours: another bot may listen for them.
        return None
    return saying(lines.elsewhere(event.author.login, policy.language, said))


def _policy_in(scene: Scene) -> Policy | None:
    text = scene.reading.text if scene.reading else None
    return policies.parsed(text) if text is not None else None


def _learn(ctx: Context, scene: Scene, connection: Connection) -> Answer:
    _rules, effects = establish(ctx, scene, connection)
    return Answer(None, effects)
