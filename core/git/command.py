"""How git is started: no shell, an environment of our own, a limit of time, and errors as values.

Nothing that stands in a user's or the system's settings takes part, and no hook can run: only
commands that read are used, and each repository is read through a view (see `core.git.view`).
"""

import contextlib
import resource
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import Timer
from typing import IO, cast

from core.errors import UserError

WITHIN_S = 120.0
OLDEST = (2, 30)
LONGEST_ERROR = 500
MOST_SAID = 256_000_000
MOST_MEMORY = 3_000_000_000
"""What git may say to one question, and take for it: a few bytes of objects can stand for more
than any machine holds."""
PIECE = 1_000_000
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

READING = {**ENVIRONMENT, "GIT_ALLOW_PROTOCOL": "none"}
"""For whatever only reads: before 2.39.4 git would fetch what a clone lacks from wherever the
clone's own settings say, and with whatever command they name."""


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
    with _told(told) as source, tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(  # noqa: S603 - no shell; arguments are ours or follow `--`
            command(git_dir, arguments),
            stdin=source,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=READING,
            cwd=git_dir,
        )
        bounded(process.pid)
        said, late = _heard(process, within)
        if late:
            raise GitFailed(f"git {arguments[0]} took longer than {within:g} seconds")
        if len(said) > MOST_SAID:
            raise GitFailed(f"git {arguments[0]} said more than {MOST_SAID:,} bytes")
        if process.returncode != 0:
            errors.seek(0)
            raise failure(arguments[0], errors.read(10 * LONGEST_ERROR))
    return said


def bounded(process: int) -> None:
    """Let a process of git's take no more memory than it may; packs that it maps do not count."""
    with contextlib.suppress(OSError, AttributeError):  # it may have ended; only Linux can do it
        resource.prlimit(process, resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))


@contextmanager
def _told(words: bytes | None) -> Iterator[int | IO[bytes]]:
    if words is None:
        yield subprocess.DEVNULL
        return
    with tempfile.TemporaryFile() as file:  # so that neither side waits for the other
        file.write(words)
        file.seek(0)
        yield file


def _heard(process: subprocess.Popen[bytes], within: float) -> tuple[bytes, bool]:
    """Give what a process says, up to a byte more than it may, and whether its time ran out."""
    out = cast("IO[bytes]", process.stdout)
    timer = Timer(within, process.kill)
    timer.daemon = True
    timer.start()
    try:
        with out:
            said = b"".join(_pieces(out, process))
        process.wait()
    finally:
        late = not timer.is_alive()
        timer.cancel()
        if process.poll() is None:
            process.kill()
            process.wait()
    return said, late and process.returncode < 0


def _pieces(out: IO[bytes], process: subprocess.Popen[bytes]) -> Iterator[bytes]:
    size = 0
    while piece := out.read(PIECE):
        yield piece
        size += len(piece)
        if size > MOST_SAID:
            process.kill()
            return


def failure(name: str, said: bytes) -> GitFailed:
    """Make an error of what git said."""
    text = "".join(
        one for one in said.decode(errors="replace")[:LONGEST_ERROR] if one.isprintable()
    )
    kind = BadObject if any(word in text for word in LACKS) else GitFailed
    return kind(f"git {name}: {text or 'no reason given'}")
