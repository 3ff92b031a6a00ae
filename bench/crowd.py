"""A crowd for measurements: many signatures in one chain, and many open pull requests."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Table, insert, text, update

from bot.places import pull_request
from core.db import Database
from licensing import chain, records, store
from licensing.relying import reliance
from licensing.tables import agreement, record, signature, signer, withdrawal
from licensing.versions import AgreementVersion
from licensing.waiting import verdict, waiting

FIRST = 100_000
AT_ONCE = 5_000
LEAVES_EVERY = 500
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
Rows = dict[Table, list[dict[str, Any]]]


def fill(app: Database, repo_id: int, signatures: int, pulls: int, now: datetime) -> None:
    """Write so many signatures behind the last record, and open so many pull requests."""
    with app.write() as connection:
        version = store.agreement_in_force(connection, repo_id)
        assert version is not None
        head = records.hold(connection, version.agreement_id)
        last = head.sequence, head.hash
        for start in range(0, signatures, AT_ONCE):
            numbers = range(start, min(start + AT_ONCE, signatures))
            rows, last = _signed(version, repo_id, numbers, last, head)
            _write(connection, rows)
        connection.execute(
            update(agreement)
            .where(agreement.c.id == version.agreement_id)
            .values(head_sequence=last[0], head_hash=last[1])
        )
        _write(connection, _proposed(version, repo_id, pulls, now))
    with app.engine.connect() as connection, connection.begin():
        connection.execute(text("ANALYZE"))


def _signed(
    version: AgreementVersion,
    repo_id: int,
    numbers: Sequence[int],
    last: tuple[int, str],
    head: records.Head,
) -> tuple[Rows, tuple[int, str]]:
    rows: Rows = {record: [], signature: [], signer: [], withdrawal: []}
    for number in numbers:
        at = BEGAN + timedelta(minutes=number)
        said = {
            "github_id": FIRST + number,
            "capacity": "employer" if number % 10 == 0 else "self",
            "method": ("comment", "comment", "comment", "web")[number % 4],
        }
        facts = records.of_version(version) | said
        facts |= {"repository": repo_id, "signed_at": at.isoformat()}
        last = _linked(rows, version.agreement_id, "signature", facts, last, head, at)
        act = {"agreement_id": version.agreement_id, "acted_at": at, "recorded_at": at}
        written = {"id": FIRST + number, "version_id": version.id, "repo_id": repo_id}
        rows[signature].append(act | said | written | {"sequence": last[0]})
        rows[signer].append({"signature_id": FIRST + number, "login": f"person-{number}"})
        if number % LEAVES_EVERY == 0:
            left = {"github_id": FIRST + number, "actor_id": FIRST + number, "reason": ""}
            facts = left | {"acted_at": at.isoformat()}
            last = _linked(rows, version.agreement_id, "withdrawal", facts, last, head, at)
            rows[withdrawal].append(act | left | {"sequence": last[0]})
    return rows, last


def _linked(
    rows: Rows,
    agreement_id: int,
    kind: str,
    facts: dict[str, Any],
    last: tuple[int, str],
    head: records.Head,
    at: datetime,
) -> tuple[int, str]:
    sequence = last[0] + 1
    whole = {
        **facts,
        "kind": kind,
        "sequence": sequence,
        "scope": head.scope,
        "scope_id": head.scope_id,
        "recorded_at": at.isoformat(),
    }
    link = chain.link(sequence, last[1], whole)
    rows[record].append(
        {
            "agreement_id": agreement_id,
            "sequence": sequence,
            "kind": kind,
            "record": link.record,
            "previous_hash": link.previous,
            "hash": link.hash,
            "recorded_at": at,
        }
    )
    return sequence, link.hash


def _proposed(version: AgreementVersion, repo_id: int, pulls: int, now: datetime) -> Rows:
    """Open pull requests, half of them green, the others waiting for their opener."""
    rows: Rows = {pull_request: [], verdict: [], waiting: [], reliance: []}
    for number in range(FIRST, FIRST + pulls):
        here = {"repo_id": repo_id, "number": number}
        sha, person, green = f"{number:040x}", FIRST + number, number % 2 == 0
        rows[pull_request].append(
            here
            | {"opener_id": person, "opener_login": f"person-{number}", "opener_type": "User"}
            | {"head_sha": sha, "base_ref": "main", "state": "open", "draft": False}
            | {"created_at": now, "updated_at": now}
        )
        judged = {"conclusion": "success" if green else "action_required", "judged_at": now}
        rows[verdict].append(
            here | judged | {"head_sha": sha, "base_ref": "main", "rules": "", "commented": True}
        )
        if green:
            kept = {"github_id": person, "head_sha": sha, "version_id": version.id}
            rows[reliance].append(here | kept)
        else:
            rows[waiting].append(here | {"github_id": person, "reason": "missing"})
    return rows


def _write(connection: Connection, rows: Rows) -> None:
    for table, found in _filled(rows):
        connection.execute(insert(table), found)


def _filled(rows: Rows) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
    return ((table, found) for table, found in rows.items() if found)
