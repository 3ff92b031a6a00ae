"""When somebody writes a comment: listen for a signature and for commands, and answer once."""

import re
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial

from sqlalchemy import Connection

from bot import answers, commands, policies, repositories
from bot.commands.known import Answer, Call, Command, Part, named
from bot.evaluation import establish, voice
from bot.messages import marks, say
from bot.scenes import Scene, gather
from core.context import Context, Decide, Effect
from core.github import Comment
from licensing import phrases, prose
from webhooks.events import CommentWritten
from webhooks.router import on

_COMMAND = re.compile(r"/([a-z][a-z-]{1,30})(?:\s+(.{1,100}))?", re.ASCII)
MOST_WORDS = 3
MOST_CALLS = 6
"""A person who acts is worth a second look at the rules."""

ALIKE = 0.7


@on(CommentWritten)
def listen(event: CommentWritten, ctx: Context) -> Decide | None:
    """Hear only what people say themselves: no bots, and nobody's words edited by others."""
    if event.sender.id != event.author.id or event.author.is_bot or not event.on_pull_request:
        return None
    stage = _Stage(event, ctx)
    parts = [part for part in _parts(event, ctx, stage) if part is not None]
    return partial(_answer, event, ctx, parts) if parts else None


class _Stage:
    """Reads the pull request once, when the first command needs it."""

    def __init__(self, event: CommentWritten, ctx: Context) -> None:
        self._event = event
        self._ctx = ctx
        self._scene: Scene | None = None

    def scene(self) -> Scene:
        if self._scene is None:
            repo, number = self._event.repo, self._event.number
            with self._ctx.database.read() as connection:
                pull = repositories.pull(connection, repo.id, number)
            spent = 0
            if pull is None:
                pull = self._ctx.github(repo).pull_request(repo, number)
                spent = 1
            self._scene = gather(self._ctx, repo, pull, spent, most=MOST_CALLS)
        return self._scene


@dataclass(frozen=True)
class _Unknown:
    """A line that looks like a command which does not exist."""

    given: str
    meant: str


def _parts(event: CommentWritten, ctx: Context, stage: _Stage) -> list[Part | None]:
    with ctx.database.read() as connection:
        rules = policies.rules(connection, event.repo.id)
    found: list[Part | None] = []
    phrase = rules.version.phrase if rules.version else ""
    if rules.checked_at is None:
        # Nobody has looked at this project's rules yet, and they may name a phrase of their own.
        scene = stage.scene()
        phrase = _phrase_in(scene)
        found.append(partial(_learn, ctx, scene))
    intent = phrases.read(event.body, phrase or "/sign")
    sign = named("sign")
    if sign is not None and not isinstance(intent, phrases.Nothing):
        found.append(sign.run(Call(event, ctx, stage, intent=intent)))
    for line in dict.fromkeys(_addressed(event.body)):
        if isinstance(line, _Unknown):
            found.append(partial(_do_not_know, event, ctx, line))
        else:
            found.append(line.run(Call(event, ctx, stage)))
    return found


def _phrase_in(scene: Scene) -> str:
    text = scene.reading.text if scene.reading else None
    policy = policies.parsed(text) if text is not None else None
    return policy.phrase if policy else ""


def _learn(ctx: Context, scene: Scene, connection: Connection) -> Answer:
    _rules, effects = establish(ctx, scene, connection)
    return Answer(None, effects)


def _addressed(body: str) -> list[Command | _Unknown]:
    found: list[Command | _Unknown] = []
    for line in map(phrases.normal, prose.split(body[: phrases.LONGEST_BODY]).said):
        match = _COMMAND.fullmatch(line)
        if match is None or match[1] == "sign":
            continue
        command = named(match[1])
        if command is not None:
            found.append(command)
        elif len((match[2] or "").split()) < MOST_WORDS and (meant := _meant(match[1])):
            found.append(_Unknown(f"/{match[1]}", meant))
    return found


def _meant(name: str) -> str | None:
    """Give the command that a misspelt one is for; other bots' commands are not ours to answer."""
    usages = {command.name: command.usage for command in commands.registry()}
    near = [known for known in usages if abs(len(known) - len(name)) <= 1]
    close = get_close_matches(name, near, 1, ALIKE)
    # What looks like `/sign` to the reader of signatures is answered there.
    if not close or not isinstance(phrases.read(f"/{name}", "/sign"), phrases.Nothing):
        return None
    return usages[close[0]]


def _do_not_know(
    event: CommentWritten, ctx: Context, unknown: _Unknown, connection: Connection
) -> Answer:
    rules = policies.rules(connection, event.repo.id)
    language = voice(ctx, event.repo, rules).language
    who = marks.mention(event.author.login) or ""
    facts = {"who": who, "given": unknown.given, "meant": unknown.meant}
    return Answer(say("answer_unknown", language, **facts))


def _answer(
    event: CommentWritten, ctx: Context, parts: list[Part], connection: Connection
) -> list[Effect]:
    effects: list[Effect] = []
    words: list[str] = []
    for part in parts:
        answer = part(connection)
        effects.extend(answer.effects)
        if answer.words:
            words.append(answer.words)
    repo, number, author = event.repo, event.number, event.author
    repositories.note_repo(connection, repo, ctx.now)
    if words and answers.note(
        connection, repo.id, number, author.id, event.comment_id, event.acted_at
    ):
        body = "\n\n".join(dict.fromkeys(words))
        effects.append(Comment(repo, number, answers.topic(author.id), body))
    return effects
