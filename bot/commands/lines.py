"""Which lines of a comment are commands, and what becomes of those that are none or belong elsewhere."""

import re
from dataclasses import dataclass, field
from difflib import get_close_matches

from bot.commands import naming
from bot.commands.known import Command, Place, commands, named
from bot.messages import marks, say
from licensing import phrases, prose

MOST_WORDS = 3
ALIKE = 0.7
MOST_UNKNOWN = 5
"""Misspelt commands of one comment that are answered one by one."""

MOST_LINES = 20
"""Commands of one comment that are carried out."""

MOST_BLOCK = 60
"""Lines below a command that belong to it."""

MOST_COMPARED = 50
"""Names of one comment that are compared with those of our commands: it takes time for each."""

_COMMAND = re.compile(r"/([a-z][a-z-]{1,30})(?:\s+(.+))?", re.ASCII)


@dataclass(frozen=True)
class Said:
    """A line that is a command, and the words behind it as they were written.

    `block` are the lines below it, where the command takes them in; `line` is its place.
    """

    command: Command
    words: tuple[str, ...]
    block: tuple[str, ...] = ()
    line: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Unknown:
    """A line that looks like a command which does not exist."""

    given: str
    meant: str


def addressed(body: str, place: Place, name: str = "") -> list[Said | Unknown]:
    """Find the commands that a comment says, in order; not those in quotes or code.

    `name` is what the bot is called: a line that it begins or ends with is said to it, and
    whoever only names it is shown what it understands.
    """
    told = [
        (naming.told(written, name), written)
        for written in prose.split(body[: phrases.LONGEST_BODY]).said
    ]
    lines = tuple(written if said is None else said for said, written in told)
    found, show = _found(lines, place), named("help")
    is_named = any(said is not None for said, _written in told)
    if found or show is None or not is_named or any(map(_signs, lines)):
        return found
    return [Said(show, ())]


def _signs(line: str) -> bool:
    """Say whether a line is read, and answered, by whoever listens for signatures."""
    return phrases.normal(line).startswith("/sign")


def _found(lines: tuple[str, ...], place: Place) -> list[Said | Unknown]:
    found: list[Said | Unknown] = []
    compared: dict[str, str | None] = {}
    for place_of, written in enumerate(lines):
        match = _COMMAND.fullmatch(phrases.normal(written))
        # On a pull request, `/sign` is heard by whoever listens for signatures.
        if match is None or (match[1] == "sign" and place == "pull_request"):
            continue
        command = named(match[1])
        if command is not None:
            block = _block(lines[place_of + 1 :]) if command.takes_lines else ()
            found.append(Said(command, tuple(written.split()[1:]), block, place_of))
        elif len((match[2] or "").split()) < MOST_WORDS:
            if match[1] not in compared and len(compared) < MOST_COMPARED:
                compared[match[1]] = _meant(match[1], place)
            if meant := compared.get(match[1]):
                found.append(Unknown(f"/{match[1]}", meant))
    return found


def _block(lines: tuple[str, ...]) -> tuple[str, ...]:
    """Give the lines up to the next command, without blank ones."""
    found: list[str] = []
    for written in lines:
        if _COMMAND.fullmatch(phrases.normal(written)):
            break
        if written.strip():
            found.append(written.strip())
    return tuple(found[:MOST_BLOCK])


def _meant(name: str, place: Place) -> str | None:
    """Give the command that a misspelt one is for; other bots' commands are not ours to answer."""
    usages = {one.name: one.usage for one in commands() if place in one.where}
    near = [known for known in usages if abs(len(known) - len(name)) <= 1]
    close = get_close_matches(name, near, 1, ALIKE)
    # What looks like `/sign` to the reader of signatures is answered there.
    signs = phrases.read(f"/{name}", "/sign")
    if not close or (place == "pull_request" and not isinstance(signs, phrases.Nothing)):
        return None
    return usages[close[0]]


def do_not_know(login: str, language: str, unknown: list[Unknown]) -> str:
    """Put the answer to misspelt commands into words."""
    who = marks.mention(login) or ""
    words = [
        say("answer_unknown", language, who=who, given=line.given, meant=line.meant)
        for line in unknown[:MOST_UNKNOWN]
    ]
    if len(unknown) > MOST_UNKNOWN:
        words.append(say("answer_unknown_rest", language))
    return "\n\n".join(words)


def elsewhere(login: str, language: str, said: Said) -> str:
    """Say where a command belongs that was said in the wrong place."""
    who = marks.mention(login) or ""
    place = "issue" if "issue" in said.command.where else "pull_request"
    return say("answer_elsewhere", language, who=who, usage=said.command.usage, place=place)
