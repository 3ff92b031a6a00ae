"""Signatures from other tools: looked up on GitHub, and taken over once a maintainer approves."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Connection, select

from bot import people, rechecks, tasks
from bot.hooks_out import telling
from bot.rechecks import Occasion
from core.context import Task
from core.github import Account, GitHub, Repo
from licensing import records, signing, store
from licensing.imports import judging
from licensing.imports import store as imports
from licensing.imports.assessing import BY_DEFAULT, Bearer, Doubt, Judged, Place
from licensing.imports.store import FROM_FILE, Batch
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
    """Take over what a maintainer wants of a file, in this transaction; gives how many signatures.

    Everything is judged anew under the lock of the agreement: meanwhile people may have signed
    here, or withdrawn. A second time writes nothing and gives the same number.
    """
    batch = imports.held(connection, batch_id)
    if batch is None or batch.state == "dropped":
        return "dropped"
    if batch.state == "approved":
        return batch.taken
    if batch.state == "looking":
        return "looking"
    versions = _versions(connection, repo.id)
    if {one.agreement_id for one in versions.values()} != {batch.agreement_id}:
        return "changed"
    records.hold(connection, batch.agreement_id)
    judged = judging.judge(connection, batch, place(repo, versions.values()), occasion.now)
    kept = {row.entry.line: row for row in imports.rows(connection, batch.id)}
    out = {line for line, row in kept.items() if row.left_out}
    wanted = [one for one in judged if _is_wanted(one, wish, out)]
    taken: dict[int, int] = {}
    for one in sorted(wanted, key=lambda it: (it.entry.signed_at, it.entry.line)):
        bearer = kept[one.entry.line].bearer
        login = bearer.login if bearer else one.entry.login
        act = _act(one, versions[one.version], repo, batch, wish, login)
        if signing.sign(connection, act, occasion.now).outcome == "signed":
            taken[one.entry.line] = act.github_id
    judging.close(connection, batch.id, taken, wish.by, occasion.now)
    _look_again(connection, batch.agreement_id, set(taken.values()), occasion)
    return len(taken)


def _is_wanted(one: Judged, wish: Wish, out: Collection[int]) -> bool:
    if one.state not in {"good", "doubtful"} or one.github_id is None:
        return False
    return set(one.doubts) <= wish.doubts and one.entry.line not in out


def _act(
    one: Judged, version: AgreementVersion, repo: Repo, batch: Batch, wish: Wish, login: str
) -> Act:
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
        login=login,
        acted_at=one.entry.signed_at,
        method="import",
        capacity="employer" if one.entry.for_company else "self",
        signed_by=wish.by,
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
