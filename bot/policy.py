"""The repository's file of rules, `.github/potluck.toml`: typed, and every mistake told with its line.

What is refused is refused as a whole: unknown keys are mistakes too, because a misspelt rule
that is silently ignored is a rule that does not hold.
"""

import tomllib
from dataclasses import dataclass, field
from typing import Literal

import msgspec

from bot import mistakes
from bot.mistakes import Problem
from core.translations import DEFAULT

PATH = ".github/potluck.toml"
LARGEST_FILE = 65_536

Mode = Literal["cla", "caa", "dco", "off"]


@dataclass(frozen=True)
class Field:
    """One more thing that is asked of whoever signs on the page; its value is kept apart.

    `kind` is `text`, `number`, `date`, `yes` (a box to tick) or `choice` (one of `choices`).
    """

    name: str
    label: str
    kind: str = "text"
    required: bool = True
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Upkeep:
    """What becomes of pull requests that wait for signatures, in days; 0 and empty are off.

    `remind_after` are days since the bot first asked, `close_after` likewise.
    """

    label: str = ""
    remind_after: tuple[int, ...] = ()
    close_after: int = 0


@dataclass(frozen=True)
class Policy:
    """The rules of one repository. Logins of bots are lower-case; 0 turns a limit off.

    `repositories` are the names without owner that an organisation's agreement serves, all where
    there are none. `paths` are the files that it is about, all where there are none;
    `exempt_paths` are those for which nobody is asked. `agents` are the exact lower-case
    addresses of AI agents in trailers. With `consent`, whoever is not the opener agrees to the
    very pull request; with `confirm`, everybody confirms each one. `keep_address` keeps network
    address and browser of signatures on the page.
    """

    language: str = DEFAULT
    mode: Mode = "off"
    document: str = "CLA.md"
    version: str = "1.0"
    phrase: str = ""
    exempt_users: frozenset[int] = frozenset()
    exempt_bots: frozenset[str] = frozenset()
    files_below: int = 0
    lines_below: int = 0
    scope: str = "repository"
    repositories: frozenset[str] = frozenset()
    outbound: str = ""
    outbound_licences: tuple[str, ...] = ()
    reaches_back: bool = False
    paths: tuple[str, ...] = ()
    exempt_paths: tuple[str, ...] = ()
    exempt_teams: frozenset[str] = frozenset()
    agents: frozenset[str] = frozenset()
    consent: bool = False
    confirm: bool = False
    fields: tuple[Field, ...] = ()
    keep_address: bool = False
    upkeep: Upkeep = field(default_factory=Upkeep)


class Refused(ValueError):
    """The text is no set of rules; `problems` says why."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        """Keep the problems, by line."""
        super().__init__("; ".join(f"line {one.line}: {one.sentence}" for one in problems))
        self.problems = problems


def default_phrase(mode: str) -> str:
    """Give the phrase that signs where the file names none."""
    name = mode.upper()
    return f"I have read the {name} Document and I hereby sign the {name}"


def problems(text: str) -> tuple[Problem, ...]:
    """Give every mistake in a file of rules, by line; none means that it can be used."""
    try:
        parse(text)
    except Refused as refused:
        return refused.problems
    return ()


def parse(text: str) -> Policy:
    """Read a file of rules. Raises `Refused`."""
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Refused((mistakes.syntax(text, error),)) from None
    except RecursionError:
        raise Refused((Problem(1, mistakes.NESTED),)) from None
    found = tuple(sorted(mistakes.find(text, given), key=lambda one: one.line))
    if found:
        raise Refused(found)
    return _policy(msgspec.convert(given, mistakes.File))


def _policy(file: mistakes.File) -> Policy:
    agreement = file.agreement
    if agreement is None:
        return Policy(language=file.language)
    return Policy(
        language=file.language,
        mode=agreement.mode,  # type: ignore[arg-type] # one of MODES: `find` saw to it
        document=agreement.document,
        version=agreement.version,
        phrase=agreement.phrase or default_phrase(agreement.mode),
        exempt_users=frozenset(agreement.exempt_users),
        exempt_bots=frozenset(login.strip().lower() for login in agreement.exempt_bots),
        files_below=agreement.exempt_below.files,
        lines_below=agreement.exempt_below.lines,
    )
