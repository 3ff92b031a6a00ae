"""The register of commands: `@command("name", ...)` beside the function that carries it out."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal, Protocol

from sqlalchemy import Connection

from bot.scenes import Scene
from core.context import Context, Effect
from core.github import Issue, Permission, Repo
from licensing.phrases import Intent
from webhooks.events import CommentWritten

Place = Literal["pull_request", "issue"]
"""The kinds of threads on which commands are said."""

PULLS: frozenset[Place] = frozenset({"pull_request"})
ISSUES: frozenset[Place] = frozenset({"issue"})


class Stage(Protocol):
    """The thread under a comment, read from GitHub when a command first needs it."""

    def issue(self) -> Issue | None:
        """Read the issue; None where there is none (any more). Raises `GitHubError`."""

    def scene(self) -> Scene:
        """Read the pull request. Raises `GitHubError`."""

    def role(self) -> Permission | None:
        """Say what the comment's author may do here, as GitHub says now; None if it does not."""


@dataclass(frozen=True)
class Call:
    """One command in one comment: the words behind its name, and what the comment says on signing.

    `block` are the lines below it, `line` is its place in the comment.
    """

    event: CommentWritten
    ctx: Context
    stage: Stage
    words: tuple[str, ...] = ()
    intent: Intent | None = None
    block: tuple[str, ...] = ()
    line: int = 0

    @property
    def repo(self) -> Repo:
        """Where it was said."""
        return self.event.repo


@dataclass(frozen=True)
class Answer:
    """What came of a command: words to the person (None: nothing to add), and effects."""

    words: str | None = None
    effects: Iterable[Effect] = ()


Part = Callable[[Connection], Answer]
"""What a command gathers it returns as this: its part of the one transaction."""


@dataclass(frozen=True)
class Command:
    """A command as people see it; `summary` is a msgid, `where` the threads on which it works.

    `takes_lines`: the lines below it, up to the next command, belong to it.
    """

    name: str
    usage: str
    summary: str
    run: Callable[[Call], Part | None]
    where: frozenset[Place] = PULLS
    takes_lines: bool = False


_commands: dict[str, Command] = {}


def command(
    name: str,
    usage: str,
    summary: str,
    where: frozenset[Place] = PULLS,
    *,
    takes_lines: bool = False,
) -> Callable[[Callable[[Call], Part | None]], Callable[[Call], Part | None]]:
    """Register a command; a second one of the same name stops the start."""

    def register(run: Callable[[Call], Part | None]) -> Callable[[Call], Part | None]:
        if name in _commands:
            message = f"there are two commands /{name}"
            raise RuntimeError(message)
        _commands[name] = Command(name, usage, summary, run, where, takes_lines)
        return run

    return register


def commands() -> tuple[Command, ...]:
    """Give every command, by name."""
    return tuple(_commands[name] for name in sorted(_commands))


def named(name: str) -> Command | None:
    """Give the command of that name."""
    return _commands.get(name)
