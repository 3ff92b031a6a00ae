"""Bringing a repository here over HTTPS: bare, within bounds, and with a token that leaves no trace.

The token stands in the environment of one process alone: on no command line, in no file. Git
hands it only to the server whose address we gave, and only when that server asks for it.
Sources: https://git-scm.com/docs/gitcredentials, https://git-scm.com/docs/git-fetch
"""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from core.git.command import ENVIRONMENT, GitFailed, command, failure

TOKEN = "POTLUCK_GIT_TOKEN"  # noqa: S105 - the name of a variable
USER = "x-access-token"
HERE = frozenset({"127.0.0.1", "localhost", "::1"})
LOOKS_EVERY_S = 0.5
PASSES = (
    "could not resolve host",
    "failed to connect",
    "couldn't connect",
    "connection",
    "timed out",
    "rpc failed",
    "early eof",
    "returned error: 5",
    "returned error: 429",
    "unexpected disconnect",
)
"""How git says, in small letters, what is likely to pass by itself."""

_HELPER = (
    f'!f() {{ test "$1" = get && printf \'username={USER}\\npassword=%s\\n\' "${TOKEN}"; }}; f'
)
_QUIET = (
    "credential.helper=",
    "core.hooksPath=/dev/null",
    "gc.auto=0",
    "maintenance.auto=false",
    "fetch.recurseSubmodules=false",
    "fetch.unpackLimit=1",
    "protocol.allow=never",
    "http.lowSpeedLimit=1000",
    "http.lowSpeedTime=60",
)


@dataclass(frozen=True)
class Source:
    """Where a repository is fetched from: an address of HTTP(S), and the token that opens it."""

    url: str
    token: str = field(default="", repr=False)


@dataclass(frozen=True)
class Bounds:
    """How large a copy may become on the disk, and how long one fetch may take."""

    most_bytes: int
    within_s: float


class TooLarge(GitFailed):
    """The copy would have become larger than it may be; it was thrown away."""


class TooSlow(GitFailed):
    """It took longer than it may; what came is kept, and the next fetch goes on."""


class Unreached(GitFailed):
    """The server could not be reached, or broke off: it may be there again soon."""


def fetch(
    clone: Path,
    source: Source,
    refs: Sequence[str],
    bounds: Bounds,
    surroundings: Mapping[str, str] | None = None,
) -> None:
    """Bring `refs` (such as `+refs/heads/main:refs/potluck/tip`) into a bare clone, made if missing.

    `surroundings` is what the environment says of proxies and certificates. Raises `GitFailed`.
    """
    address = urlsplit(source.url)
    scheme, host = address.scheme, address.netloc
    if scheme not in {"https", "http"}:
        raise GitFailed(f"{source.url} is no address of HTTPS")
    _make(clone)
    settings = [*_QUIET, f"protocol.{scheme}.allow=always"]
    settings.append(f"credential.{scheme}://{host}.helper={_HELPER}")
    given = [word for one in settings for word in ("-c", one)]
    arguments = ["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--force"]
    # What is on this machine is not behind a proxy.
    told = {} if address.hostname in HERE else dict(surroundings or {})
    environment = {**told, **ENVIRONMENT, TOKEN: source.token}
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(  # noqa: S603 - no shell; the address and refs are ours
            command(clone, [*given, *arguments, source.url, *refs]),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=said,
            env=environment,
            cwd=clone,
            start_new_session=True,
        )
        with _ended(process):
            _watch(process, clone, bounds)
        if process.returncode != 0:
            said.seek(0)
            raise _failure(said.read())


def size(folder: Path) -> int:
    """Give how many bytes the files of a folder have; what vanishes meanwhile counts nothing."""
    total = 0
    for place, _folders, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                total += (Path(place) / name).lstat().st_size
    return total


def _make(clone: Path) -> None:
    """Make an empty bare repository, without asking git: there is little in one."""
    for name in ("objects/info", "objects/pack", "refs"):
        (clone / name).mkdir(parents=True, exist_ok=True)
    for name, text in (
        ("config", "[core]\n\trepositoryformatversion = 0\n\tbare = true\n"),
        ("HEAD", "ref: refs/potluck/tip\n"),
    ):
        if not (clone / name).exists():
            (clone / name).write_text(text, encoding="ascii")


def _watch(process: "subprocess.Popen[bytes]", clone: Path, bounds: Bounds) -> None:
    ends_at = time.monotonic() + bounds.within_s
    over = False
    while True:
        try:
            process.wait(LOOKS_EVERY_S)
        except subprocess.TimeoutExpired:
            if time.monotonic() > ends_at:
                raise TooSlow(f"fetching took longer than {bounds.within_s:g} seconds") from None
        over = size(clone) > bounds.most_bytes
        if over or process.returncode is not None:
            break
    if over:
        _end(process)
        shutil.rmtree(clone, ignore_errors=True)
        raise TooLarge(f"the repository is larger than {bounds.most_bytes // 1_000_000} MB")


@contextlib.contextmanager
def _ended(process: "subprocess.Popen[bytes]") -> Iterator[None]:
    try:
        yield
    finally:
        _end(process)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End git and what it has started."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _failure(said: bytes) -> GitFailed:
    found = failure("fetch", said)
    if any(word in str(found).lower() for word in PASSES):
        return Unreached(str(found))
    return found
