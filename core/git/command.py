"""How git is started: no shell, an environment of our own, a limit of time, and errors as values.

Nothing that stands in a user's or the system's settings takes part, and no hook can run: only
commands that read are used, and each repository is read through a view (see `core.git.view`).
"""

import shutil
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from core.errors import UserError

WITHIN_S = 120.0
OLDEST = (2, 30)
LONGEST_ERROR = 500
NOWHERE = "/nonexistent"

ENVIRONMENT = {
    "LC_ALL": "C",
    "HOME": NOWHERE,
    "XDG_CONFIG_HOME": NOWHERE,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_SYSTEM": "/dev/null",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_PAGER": "cat",
    "GIT_ADVICE": "0",
}
"""All that git is told by its environment. `GIT_CONFIG_GLOBAL` is known from 2.32 on; before, an
empty home does the same."""


LACKS = (
    "bad object",
    "unable to read",
    "missing blob",
    "missing tree",
    "missing object",
    "could not fetch",
    "not a valid object",
    "corrupt",
    "Failed to traverse",
    "promisor",
)
"""How git says that the repository lacks something that it names."""


class GitFailed(Exception):
    """Git could not do what it was asked; the message is its own, shortened."""


class BadObject(GitFailed):
    """Something that the history names is not there, or is damaged: a partial clone, for one."""


@cache
def program() -> str:
    """Find git, once. Raises `UserError` where there is none, or one that is too old."""
    found = shutil.which("git")
    if found is None:
        raise UserError("The command git is not installed: install git 2.30 or newer.")
    said = subprocess.run(  # noqa: S603 - a path that we looked up, and no shell
        [found, "version"], capture_output=True, check=False, env=ENVIRONMENT, timeout=WITHIN_S
    ).stdout.decode(errors="replace")
    numbers = said.removeprefix("git version ").split(".")
    present = tuple(int(one) for one in numbers[:2] if one.isascii() and one.isdecimal())
    if present < OLDEST:
        raise UserError(f"Git is too old here ({said.strip()}): install git 2.30 or newer.")
    return found


def command(git_dir: Path, arguments: Sequence[str]) -> list[str]:
    """Give the command line of one act on a git directory."""
    return [program(), f"--git-dir={git_dir}", "-c", "core.quotePath=false", *arguments]


def run(
    git_dir: Path, *arguments: str, told: bytes | None = None, within: float = WITHIN_S
) -> bytes:
    """Run one git command to its end and give what it said.

    Raises `GitFailed`, or `BadObject` where the repository lacks something that it names.
    """
    try:
        done = subprocess.run(  # noqa: S603 - no shell; arguments are ours or follow `--`
            command(git_dir, arguments),
            input=told,
            stdin=subprocess.DEVNULL if told is None else None,
            capture_output=True,
            check=False,
            env=ENVIRONMENT,
            cwd=git_dir,
            timeout=within,
        )
    except subprocess.TimeoutExpired:
        raise GitFailed(f"git {arguments[0]} took longer than {within:g} seconds") from None
    if done.returncode != 0:
        raise failure(arguments[0], done.stderr)
    return done.stdout


def failure(name: str, said: bytes) -> GitFailed:
    """Make an error of what git said."""
    text = "".join(
        one for one in said.decode(errors="replace")[:LONGEST_ERROR] if one.isprintable()
    )
    kind = BadObject if any(word in text for word in LACKS) else GitFailed
    return kind(f"git {name}: {text or 'no reason given'}")
