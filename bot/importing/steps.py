"""Signatures from other tools: looked up on GitHub, and taken over once a maintainer approves."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Connection, select

from bot import people, rechecks, tasks
from bot.hooks_out import telling
from bot.rechecks import Occasion
from core.context import Task
from core.github import Account, GitHub, Repo
from licensing import records, signing, store
from licensing.imports import judging, pieces
from licensing.imports import store as imports
from licensing.imports.assessing import BY_DEFAULT, Bearer, Doubt, Judged, Place
from licensing.imports.store import FROM_FILE, Batch, Kept
from licensing.imports.values import Parsed
from licensing.signing import Act
from licensing.versions import ORGANISATION, AgreementVersion
from licensing.waiting import waiting

AT_ONCE = 30
"""Accounts that one task looks up."""

PACE = timedelta(minutes=1)
"""Between two such tasks: the rest of what GitHub allows in an hour is for pull requests."""

Refusal = Literal["looking", "dropped", "changed"]
"""Why a file cannot be approved: it is not looked up yet, was set aside, or is for an agreement
that does not hold here any more."""


@dataclass(frozen=True)
class Wish:
    """What a maintainer wants of a file: the doubts in spite of which a row counts, and who they are."""

    by: int
    doubts: frozenset[Doubt] = BY_DEFAULT


def begin(
    connection: Connection, repo: Repo, parsed: Parsed, version: str, by: int, now: datetime
) -> int | None:
    """Keep a file to be looked up; None where there is no agreement to import into.

    `version` is one that was published, or `FROM_FILE`.
    """
    known = _versions(connection, repo.id)
    if not known or (version != FROM_FILE and version not in known):
        return None
    agreement_id = next(iter(known.values())).agreement_id
    here = place(repo, known.values())
    return imports.keep(connection, here, agreement_id, parsed, version, by, now)


def place(repo: Repo, versions: Iterable[AgreementVersion]) -> Place:
    """Give what rows have to be about to be about this repository."""
    shared = any(one.scope == ORGANISATION for one in versions)
    return Place(repo.id, repo.name, shared)


def looking(repo: Repo, batch_id: int, at: datetime, turn: int = 0) -> Task:
    """Ask for the next accounts of a file to be looked up."""
    return Task(
        name="look_up_import",
        key=f"look_up_import:{batch_id}:{turn}",
        due_at=at,
        entity=f"import:{batch_id}",
        about={"repo_id": repo.id, "batch_id": batch_id, "turn": turn},
    )


def look_up(
    github: GitHub, keys: Iterable[str], known: dict[int, Account | None]
) -> dict[str, Bearer | None]:
    """Ask GitHub who bears these numbers and logins. Raises `GitHubError`."""
    found: dict[str, Bearer | None] = {}
    for key in keys:
        kind, _, name = key.partition(":")
        if kind == "login":
            account = github.account_named(name)
        else:
            account = known.get(int(name)) or github.account(int(name))
        found[key] = _bearer(account)
    return found


def _bearer(account: Account | None) -> Bearer | None:
    if account is None:
        return None
    return Bearer(account.id, account.login, account.type, account.created_at)


def recalled(
    connection: Connection, keys: Iterable[str], now: datetime
) -> dict[int, Account | None]:
    """Give those of the accounts that were looked up lately for other reasons."""
    numbers = [int(key.partition(":")[2]) for key in keys if key.startswith("id:")]
    return people.known(connection, numbers, now)


def noted(
    connection: Connection,
    repo: Repo,
    batch_id: int,
    found: dict[str, Bearer | None],
    now: datetime,
) -> bool:
    """Write down who was found; when it was the last, judge the file. Says whether it is ready."""
    batch = imports.held(connection, batch_id)
    if batch is None or batch.state != "looking":
        return True
    imports.note(connection, batch_id, found)
    if imports.to_look_up(connection, batch_id, 1):
        return False
    judging.judge(connection, batch, _place(connection, repo), now)
    return True


def approve(
    connection: Connection, repo: Repo, batch_id: int, wish: Wish, occasion: Occasion
) -> Refusal | int:
    """Take over what a maintainer wants of a file; gives how many signatures are written so far.

    The first rows are taken here, the rest of a large file by tasks, a piece at a time. A second
    time goes on with what is left, and writes nothing twice.
    """
    batch = imports.held(connection, batch_id)
    if batch is None or batch.state == "dropped":
        return "dropped"
    if batch.state == "approved":
        return batch.taken
    if batch.state == "looking":
        return "looking"
    if _agreement(connection, repo) != batch.agreement_id:
        return "changed"
    if batch.state == "ready":
        pieces.begin(connection, batch.id, wish.doubts, wish.by, occasion.now)
    if take(connection, repo, batch.id, occasion):
        tasks.put(connection, taking(repo, batch.id, occasion.now), occasion.now)
    done = imports.held(connection, batch_id)
    return done.taken if done else 0


def taking(repo: Repo, batch_id: int, at: datetime, turn: int = 0) -> Task:
    """Ask for the next piece of a file that was approved to be taken over."""
    return Task(
        name="take_import",
        key=f"take_import:{batch_id}:{turn}",
        due_at=at,
        entity=f"import:{batch_id}",
        about={"repo_id": repo.id, "batch_id": batch_id, "turn": turn},
    )


def take(connection: Connection, repo: Repo, batch_id: int, occasion: Occasion) -> bool:
    """Take over the next rows of an approved file, in this transaction; says whether more are left.

    Each is held against the register anew, under the lock of the agreement: meanwhile people may
    have signed here, or withdrawn.
    """
    batch = imports.held(connection, batch_id)
    if batch is None or batch.state != "taking":
        return False
    if _agreement(connection, repo) != batch.agreement_id:
        # The rest was approved for an agreement that holds here no longer.
        pieces.finish(connection, batch.id)
        return False
    records.hold(connection, batch.agreement_id)
    versions = _versions(connection, repo.id)
    signed: list[int] = []
    for kept, judged in pieces.following(connection, batch):
        if judged.state not in {"good", "doubtful"}:
            pieces.passed(connection, batch.id, judged)
            continue
        act = _act(judged, versions[judged.version], repo, batch, kept)
        if signing.sign(connection, act, occasion.now).outcome == "signed":
            signed.append(act.github_id)
            pieces.took(connection, batch.id, kept.entry.line)
        else:
            pieces.passed(connection, batch.id, replace(judged, state="known"))
    _look_again(connection, batch.agreement_id, signed, occasion)
    if pieces.are_left(connection, batch.id):
        return True
    pieces.finish(connection, batch.id)
    return False


def _agreement(connection: Connection, repo: Repo) -> int | None:
    found = {one.agreement_id for one in _versions(connection, repo.id).values()}
    return next(iter(found)) if len(found) == 1 else None


def _act(one: Judged, version: AgreementVersion, repo: Repo, batch: Batch, kept: Kept) -> Act:
    evidence: dict[str, str | int] = {
        "import": batch.id,
        "source": batch.format,
        "source_sha256": batch.sha256,
        "source_line": one.entry.line,
        "identified_by": "login" if one.entry.github_id is None else "number",
    }
    if one.entry.reference:
        evidence["source_reference"] = one.entry.reference
    return Act(
        version=version,
        repo_id=repo.id,
        github_id=one.github_id or 0,
        login=kept.bearer.login if kept.bearer else one.entry.login,
        acted_at=one.entry.signed_at,
        method="import",
        capacity="employer" if one.entry.for_company else "self",
        signed_by=batch.approved_by,
        evidence=evidence,
    )


def _look_again(
    connection: Connection, agreement_id: int, signed: Collection[int], occasion: Occasion
) -> None:
    """Look at what waits for those who count as signed now; most wait nowhere."""
    if not signed:
        return
    waits = set(connection.scalars(select(waiting.c.github_id).distinct())) & set(signed)
    for person in sorted(waits):
        for task in rechecks.after_act(occasion, connection, agreement_id, person):
            tasks.put(connection, task, occasion.now)
    for told in telling.after_act(occasion, connection, agreement_id):
        tasks.put(connection, told, occasion.now)


def _versions(connection: Connection, repo_id: int) -> dict[str, AgreementVersion]:
    return {one.version: one for one in store.versions(connection, repo_id)}


def _place(connection: Connection, repo: Repo) -> Place:
    return place(repo, _versions(connection, repo.id).values())
