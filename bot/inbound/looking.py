"""Reading what a pull request brings: fetched with git, so that no file is cut and none left out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from bot import policies
from bot.audit import stated
from bot.audit.clones import Clones
from bot.inbound import reuse
from bot.policy.inbound import Inbound
from core.errors import UserError
from core.git import BadObject, Objects, opened
from core.git.changes import Change, changed, merge_base
from core.git.fetching import Source
from core.git.objects import reading
from core.git.trees import LINK, SUBMODULE
from core.github import Repo
from licensing.audit import decisions
from licensing.audit.decisions import Inputs
from licensing.audit.files import Declared
from licensing.inbound.rules import Changed, Finding, Known, findings

MOST_FILES = 3_000
MOST_BYTES = 200_000_000


class TooMuch(UserError):
    """More was changed than is looked at: nothing is said of it."""


@dataclass(frozen=True)
class Asked:
    """What is to be looked at: what `head` has that the branch `base_ref` has not."""

    repo: Repo
    number: int
    head: str
    base_ref: str


@dataclass(frozen=True)
class Rules:
    """What the project says: its rules about what comes in, and what is declared of files."""

    inbound: Inbound
    own: frozenset[str]
    declared: Declared


@dataclass(frozen=True)
class Seen:
    """What was found, in how many files; `reuse_said` is what REUSE came to, None if not asked."""

    findings: tuple[Finding, ...]
    files: int
    reuse_said: reuse.Said | None = None


def rules(connection: Connection, repo_id: int) -> Rules | None:
    """Give what holds; None where nothing is asked of what comes in."""
    policy = policies.rules(connection, repo_id).policy
    if policy is None or not policy.inbound.on:
        return None
    kept = stated.newest(connection, repo_id)
    declared = (decisions.read(kept.files, stated.by(kept)) if kept else Inputs()).declared
    offered = {policy.licence.licence} if policy.licence else set()
    own = frozenset({*policy.inbound.own, *declared.licences, *offered})
    return Rules(policy.inbound, own, declared)


def look(clones: Clones, source: Source, asked: Asked, held: Rules, now: datetime) -> Seen:
    """Fetch what is to be looked at, and look at it.

    Raises `GitFailed` or `UserError` where it could not be seen whole.
    """
    where = f"refs/potluck/pull/{asked.number}"
    refs = [f"+refs/heads/{asked.base_ref}:{where}/base", f"+{asked.head}:{where}/head"]
    clone = clones.fetch(asked.repo.id, source, refs, now)
    base = (clone / where / "base").read_text(encoding="ascii").strip()
    with opened(clone) as view, reading(view) as objects:
        found = changed(view, merge_base(view, base, asked.head), asked.head)
        if len(found) > MOST_FILES:
            raise TooMuch(f"{len(found)} files are changed, more than {MOST_FILES}.")
        files = tuple(_read(objects, found))
        declared = _declared(files, held.declared)
        known = Known(held.own, dict(held.inbound.dependencies), declared)
        said = reuse.lint(view, objects, asked.head) if held.inbound.reuse else None
        return Seen(findings(files, known), len(files), said)


def _read(objects: Objects, found: Iterable[Change]) -> Iterator[Changed]:
    total = 0
    for one in found:
        if one.mode in {LINK, SUBMODULE} or not one.after:
            after = None if one.mode != SUBMODULE else b""
            before = b"" if one.before else None
            yield Changed(_shown(one.path), after, before, one.mode)
            continue
        try:
            content = objects.blob(one.after)
            before = objects.blob(one.before) if one.before else None
        except BadObject:
            yield Changed(_shown(one.path), None, mode=one.mode, unreadable=True)
            continue
        total += len(content)
        if total > MOST_BYTES:
            raise TooMuch(f"More than {MOST_BYTES // 1_000_000} MB are changed.")
        yield Changed(_shown(one.path), content, before, one.mode)


def _declared(files: Iterable[Changed], declared: Declared) -> dict[str, str]:
    """Give the licence of each changed file that a steward declared to be somebody else's."""
    found = ((file.path, declared.foreign(file.path)) for file in files)
    return {path: one.licence for path, one in found if one is not None}


def _shown(path: str) -> str:
    # What is not UTF-8 in a name cannot be told to GitHub.
    return path.encode("utf-8", "replace").decode()
