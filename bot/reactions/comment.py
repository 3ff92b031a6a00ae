"""When somebody writes a comment: listen for a signature and for commands, and answer once."""

import re
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial

from sqlalchemy import Connection

from bot import answers, commands, covering, policies, repositories
from bot.commands.known import Answer, Call, Command, Part, named
from bot.evaluation import establish
from bot.gathering import gather
from bot.messages import marks, say
from bot.policy import Policy
from bot.scenes import Scene
from core.context import Context, Decide, Effect
from core.github import (
    Comment,
    Inaccessible,
    Incomplete,
    Permission,
    PullRequest,
    Refused,
    Unavailable,
)
from core.translations import DEFAULT
from licensing import phrases, prose
from webhooks.events import CommentWritten
from webhooks.router import on

_COMMAND = re.compile(r"/([a-z][a-z-]{1,30})(?:\s+(.{1,1000}))?", re.ASCII)
MOST_WORDS = 3
MOST_CALLS = 6
"""A person who acts is worth a second look at the rules."""

ALIKE = 0.7
MOST_UNKNOWN = 5
"""Misspelt commands of one comment that are answered one by one."""

MOST_LINES = 20
"""Commands of one comment that are carried out."""

MOST_COMPARED = 50
"""Names of one comment that are compared with those of our commands: it takes time for each."""


@on(CommentWritten)
def listen(event: CommentWritten, ctx: Context) -> Decide | None:
    """Hear only what people say themselves: no bots, and nobody's words edited by others."""
    if event.action == "deleted" or not event.on_pull_request:
        return None
    if event.sender.id != event.author.id or event.author.is_bot:
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
        self._role: list[Permission | None] = []

    def role(self) -> Permission | None:
        """Ask GitHub once; None where it does not say, and nobody has a role by a failure."""
        if not self._role:
            self._role.append(self._ask_role())
        return self._role[0]

    def _ask_role(self) -> Permission | None:
        event = self._event
        try:
            return self._ctx.github(event.repo).permission(event.repo, event.author)
        except (Incomplete, Refused, Inaccessible):
            return None
        except Unavailable:
            # At first the worker tries again; then the person is told.
            if self._ctx.attempts == 1:
                raise
            return None

    def scene(self) -> Scene:
        if self._scene is None:
            repo, number = self._event.repo, self._event.number
            with self._ctx.database.read() as connection:
                known = repositories.pull(connection, repo.id, number)
                pull = covering.as_merged(connection, repo.id, known) if known else None
            spent = 0
            if pull is None:
                pull, spent = self._fresh(), 1
            scene = gather(self._ctx, repo, pull, spent, most=MOST_CALLS)
            if scene.comparison and not scene.comparison.commits and not spent:
                # The base has all of it: it may have been merged without our having heard.
                pull = self._fresh()
                scene = gather(self._ctx, repo, pull) if pull.merged_at else scene
            self._scene = scene
        return self._scene

    def _fresh(self) -> PullRequest:
        event = self._event
        return self._ctx.github(event.repo).pull_request(event.repo, event.number)


@dataclass(frozen=True)
class _Said:
    """A line that is a command, and the words behind it as they were written."""

    command: Command
    words: tuple[str, ...]


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
    lines = tuple(dict.fromkeys(_addressed(event.body)))
    said = [line for line in lines if isinstance(line, _Said)]
    found += [line.command.run(Call(event, ctx, stage, line.words)) for line in said[:MOST_LINES]]
    if len(said) > MOST_LINES:
        rest = say("answer_unknown_rest", policy.language if policy else DEFAULT)
        found.append(partial(_say, rest))
    unknown = [line for line in lines if isinstance(line, _Unknown)]
    if unknown:
        words = _do_not_know(event, policy.language if policy else DEFAULT, unknown)
        found.append(partial(_say, words))
    return found


def _policy_in(scene: Scene) -> Policy | None:
    text = scene.reading.text if scene.reading else None
    return policies.parsed(text) if text is not None else None


def _learn(ctx: Context, scene: Scene, connection: Connection) -> Answer:
    _rules, effects = establish(ctx, scene, connection)
    return Answer(None, effects)


def _addressed(body: str) -> list[_Said | _Unknown]:
    found: list[_Said | _Unknown] = []
    compared: dict[str, str | None] = {}
    for written in prose.split(body[: phrases.LONGEST_BODY]).said:
        match = _COMMAND.fullmatch(phrases.normal(written))
        if match is None or match[1] == "sign":
            continue
        command = named(match[1])
        if command is not None:
            found.append(_Said(command, tuple(written.split()[1:])))
        elif len((match[2] or "").split()) < MOST_WORDS:
            if match[1] not in compared and len(compared) < MOST_COMPARED:
                compared[match[1]] = _meant(match[1])
            if meant := compared.get(match[1]):
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


def _do_not_know(event: CommentWritten, language: str, unknown: list[_Unknown]) -> str:
    """Put the answer into words before anything is written: nobody waits for it."""
    who = marks.mention(event.author.login) or ""
    words = [
        say("answer_unknown", language, who=who, given=line.given, meant=line.meant)
        for line in unknown[:MOST_UNKNOWN]
    ]
    if len(unknown) > MOST_UNKNOWN:
        words.append(say("answer_unknown_rest", language))
    return "\n\n".join(words)


def _say(words: str, _connection: Connection) -> Answer:
    return Answer(words)


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
