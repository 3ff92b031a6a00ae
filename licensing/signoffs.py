"""Sign-offs under the Developer Certificate of Origin, read from commit messages: pure.

A sign-off is a trailer `Signed-off-by: NAME <ADDRESS>`, as `git commit -s` writes it, of the
commit's author: name and address, case aside, are the author's own. Trailers stand in the last
paragraphs of a message, never in its title or in what it quotes. An author can also add a
sign-off later, by a commit whose message says `I, NAME <ADDRESS>, hereby add my Signed-off-by
to this commit: SHA`; nobody can do so for somebody else.

https://developercertificate.org/
https://git-scm.com/docs/git-interpret-trailers
https://github.com/dcoapp/app (remediation commits)
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.github import Commit
from licensing.trailers import Trailer
from licensing.verdict import Holding, Unsigned

SHORTEST_SHA = 7
_TRAILER = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*[^\S\n]*:(?!//).*|\(cherry picked from commit .*")
_GIT_WRITES = re.compile(r"signed-off-by[^\S\n]*:.*|\(cherry picked from commit .*", re.IGNORECASE)
_SIGN_OFF = re.compile(
    r"signed-off-by[^\S\n]*:[^\S\n]*(?P<name>[^<>]*)<(?P<email>[^<>]*)>\s*", re.IGNORECASE
)
_ADDS = re.compile(
    r"^I, (?P<name>[^<>\n]*)<(?P<email>[^<>\n]*)>, hereby add my Signed-off-by to this commit:"
    r"[^\S\n]*(?P<sha>[0-9a-f]{7,64})\.?[^\S\n]*$",
    re.IGNORECASE | re.MULTILINE | re.ASCII,
)
_OTHERS_FOR_EACH = 3
"""How many other lines of a paragraph git bears for each trailer in it."""


@dataclass(frozen=True)
class _Who:
    """Name and address in the form in which they are compared."""

    name: str
    email: str


def signed_off(message: str) -> tuple[Trailer, ...]:
    """Give the sign-offs in a message's trailers, in order, each once."""
    lines = (_SIGN_OFF.fullmatch(line) for line in _trailer_lines(_plain(message)))
    found = (Trailer(line["name"].strip(), line["email"].strip()) for line in lines if line)
    return tuple(dict.fromkeys(found))


def unsigned(commits: Iterable[Commit], holdings: Iterable[Holding]) -> tuple[Unsigned, ...]:
    """Give every holding of these commits that no sign-off stands for, in order, each once."""
    listed = tuple(commits)
    said = {commit.sha: {_who(one) for one in signed_off(commit.message)} for commit in listed}
    for sha, added in _added(listed, said).items():
        said[sha] |= added
    found = (
        Unsigned(one.sha, one.role, one.name, one.email, found=bool(said[one.sha]))
        for one in holdings
        if one.sha in said and not _stands(one, said[one.sha])
    )
    return tuple(dict.fromkeys(found))


def _stands(holding: Holding, said: set[_Who]) -> bool:
    """Say whether a sign-off is this holder's; a co-author's name is whatever the author wrote."""
    who = _who(Trailer(holding.name, holding.email))
    if "@" not in who.email:
        return False
    if holding.role == "co-author":
        return any(one.email == who.email for one in said)
    return who in said


def _added(commits: tuple[Commit, ...], said: Mapping[str, set[_Who]]) -> dict[str, set[_Who]]:
    """Give what later commits, signed off themselves, add to earlier ones by their own authors."""
    found: dict[str, set[_Who]] = {}
    for index, commit in enumerate(commits):
        author = _who(Trailer(commit.author.name, commit.author.email))
        if author not in said[commit.sha]:
            continue
        for line in _ADDS.finditer(_plain(commit.message)):
            named = _who(Trailer(line["name"], line["email"]))
            sha = whole_sha(line["sha"], (one.sha for one in commits[:index]))
            if named == author and sha is not None:
                found.setdefault(sha, set()).add(author)
    return found


def whole_sha(given: str, shas: Iterable[str]) -> str | None:
    """Find the one commit that a whole SHA or the first digits of one mean; None if in doubt."""
    if len(given) < SHORTEST_SHA:
        return None
    found = {sha for sha in shas if sha.startswith(given.lower())}
    return found.pop() if len(found) == 1 else None


def _who(trailer: Trailer) -> _Who:
    name = " ".join(unicodedata.normalize("NFC", trailer.name).casefold().split())
    return _Who(name, trailer.email.strip().casefold())


def _plain(message: str) -> str:
    return message.replace("\r\n", "\n").replace("\r", "\n")


def _trailer_lines(message: str) -> Iterable[str]:
    """Give the lines of the last paragraphs that consist of trailers; the title is never one."""
    paragraphs = [part.split("\n") for part in re.split(r"\n(?:[^\S\n]*\n)+", message.strip())]
    for index, lines in enumerate(reversed(paragraphs[1:])):
        if not _is_block(lines, last=index == 0):
            return
        yield from reversed(lines)


def _is_block(lines: list[str], *, last: bool) -> bool:
    """Say whether a paragraph is trailers, as git sees it: all of it, or in the last one a part."""
    trailers = sum(_TRAILER.fullmatch(line) is not None for line in lines)
    others = sum(_TRAILER.fullmatch(line) is None and not line[:1].isspace() for line in lines)
    if others == 0:
        return trailers > 0
    by_git = any(_GIT_WRITES.fullmatch(line) for line in lines)
    return last and by_git and trailers * _OTHERS_FOR_EACH >= others
