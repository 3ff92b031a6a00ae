"""Certificates: that a commit could be handed out under a target, signed, and while it holds.

A certificate names the commit, the target, the hash of what people granted and of the rules, the
sums and the waivers. It is *fresh* only as long as both hashes are what they are now. When people
sign, the kept matter of the audit is judged again, without a clone and within a moment
(`renew`); when the rules change, a whole audit has to be made.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, select

from bot.audit import facts, forgetting, judging, matter
from bot.audit.judging import Audit
from bot.audit.matter import Matter
from bot.audit.tables import audit_certificate, audit_matter, audit_result
from core.db import insert_once, upsert
from core.digests import sha256
from licensing.audit.decisions import Inputs
from licensing.audit.erased import digested, without_addresses
from licensing.sold import keys
from licensing.sold.purposes import Purpose

SAYS = (
    "Judged by the lines that survive in the text and by who wrote them. Code that was copied,"
    " translated or rewritten by somebody who read it is not seen."
)
State = Literal["fresh", "stale", "blocked", "unknown"]
SHOWN = 200


@dataclass(frozen=True)
class Certificate:
    """A signed statement about one commit; `token` is the PASETO, `sha256` its hash."""

    repo_id: int
    commit_sha: str
    target: str
    policy_sha256: str
    ledger_sha256: str
    sha256: str
    kid: str
    token: str
    claims: Mapping[str, Any]
    issued_at: datetime


@dataclass(frozen=True)
class Result:
    """What the newest audit of a commit came to; `facts` are its sums as JSON."""

    repo_id: int
    commit_sha: str
    target: str
    sellable: bool
    lines: int
    blocked: int
    facts: Mapping[str, Any]
    policy_sha256: str
    ledger_sha256: str
    audited_at: datetime
    judged_at: datetime


def keep(
    connection: Connection, repo_id: int, audit: Audit, found: Matter, now: datetime
) -> Matter:
    """Write down what an audit came to, and what it was made from; gives the latter as it is kept."""
    found = forgetting.before_kept(connection, repo_id, found, now)
    _keep_result(connection, repo_id, audit, now, audited=True)
    place = {"repo_id": repo_id, "commit_sha": audit.commit, "target": audit.target}
    content = {"policy_sha256": audit.policy_sha256, "content": matter.packed(found)}
    upsert(connection, audit_matter, place, content)
    return found


def issue(
    connection: Connection,
    repo_id: int,
    audit: Audit,
    secret_key: str,
    now: datetime,
) -> Certificate | None:
    """Sign a certificate for what an audit just found; None if it found something in the way.

    Nothing is signed either where people signed or rules changed since: judge it again.
    """
    if not audit.sellable or not _still(connection, repo_id, audit):
        return None
    known = fresh(connection, repo_id, audit.commit, audit.target)
    if known is not None:
        return known
    keys.ensure(connection, repo_id, secret_key, now)
    claims = _claims(repo_id, audit, now)
    signed = keys.sign(connection, repo_id, Purpose.AUDIT, claims, secret_key)
    values: dict[str, Any] = {
        "repo_id": repo_id,
        "commit_sha": audit.commit,
        "target": audit.target,
        "policy_sha256": audit.policy_sha256,
        "ledger_sha256": audit.ledger_sha256,
        "sha256": sha256(signed.token.encode()),
        "kid": signed.kid,
        "token": signed.token,
        "claims": claims,
        "issued_at": now,
    }
    insert_once(connection, audit_certificate, values)
    return Certificate(**values)


def fresh(
    connection: Connection, repo_id: int, commit_sha: str, target: str
) -> Certificate | None:
    """Give the certificate of a commit if everything is as it was when it was signed."""
    row = connection.execute(
        select(audit_certificate)
        .where(
            audit_certificate.c.repo_id == repo_id,
            audit_certificate.c.commit_sha == commit_sha,
            audit_certificate.c.target == target,
        )
        .order_by(audit_certificate.c.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None or row.policy_sha256 != facts.policy_sha256(connection, repo_id):
        return None
    if row.ledger_sha256 != facts.ledger_sha256(connection, repo_id):
        return None
    return _certificate(row)


def renew(
    connection: Connection,
    repo_id: int,
    commit_sha: str,
    target: str,
    secret_key: str,
    now: datetime,
) -> Certificate | None:
    """Judge a commit again by what people have granted now, from what is kept of its audit.

    Gives a fresh certificate, or None: something stands in the way, nothing is kept, or the
    rules have changed, so that the clone has to be looked at.
    """
    known = fresh(connection, repo_id, commit_sha, target)
    if known is not None:
        return known
    again = kept(connection, repo_id, commit_sha, target)
    if again is None:
        return None
    return keep_again(connection, repo_id, judging.judged(*again), secret_key, now)


def kept(
    connection: Connection, repo_id: int, commit_sha: str, target: str
) -> tuple[Matter, Inputs] | None:
    """Give what a commit can be judged from anew, None where the clone has to be looked at."""
    row = connection.execute(
        select(audit_matter).where(
            audit_matter.c.repo_id == repo_id,
            audit_matter.c.commit_sha == commit_sha,
            audit_matter.c.target == target,
        )
    ).one_or_none()
    if row is None or row.policy_sha256 != facts.policy_sha256(connection, repo_id):
        return None
    inputs = facts.inputs(connection, repo_id)
    found = matter.unpacked(row.content)
    if not found.baseline and inputs.baseline == commit_sha:
        # The first merge came after what was looked at, and no commit of that came after this one.
        found = replace(found, baseline=commit_sha)
    return (found, inputs) if found.baseline == inputs.baseline else None


def keep_again(
    connection: Connection, repo_id: int, audit: Audit, secret_key: str, now: datetime
) -> Certificate | None:
    """Write down what a commit came to that was judged anew, and sign if nothing is in the way."""
    _keep_result(connection, repo_id, audit, now, audited=False)
    return issue(connection, repo_id, audit, secret_key, now)


def state(connection: Connection, repo_id: int, commit_sha: str, target: str) -> State:
    """Say how it stands with a commit: `stale` has to be judged again, `unknown` was never audited."""
    if fresh(connection, repo_id, commit_sha, target) is not None:
        return "fresh"
    found = result(connection, repo_id, commit_sha, target)
    if found is None:
        return "unknown"
    same = found.policy_sha256 == facts.policy_sha256(connection, repo_id)
    same = same and found.ledger_sha256 == facts.ledger_sha256(connection, repo_id)
    return "blocked" if same and not found.sellable else "stale"


def result(connection: Connection, repo_id: int, commit_sha: str, target: str) -> Result | None:
    """Give what the newest audit of a commit came to."""
    row = connection.execute(
        select(audit_result).where(
            audit_result.c.repo_id == repo_id,
            audit_result.c.commit_sha == commit_sha,
            audit_result.c.target == target,
        )
    ).one_or_none()
    return Result(*row) if row else None


def results(connection: Connection, repo_id: int, most: int = 20) -> tuple[Result, ...]:
    """Give the newest audits of a repository."""
    rows = connection.execute(
        select(audit_result)
        .where(audit_result.c.repo_id == repo_id)
        .order_by(audit_result.c.audited_at.desc(), audit_result.c.commit_sha)
        .limit(most)
    )
    return tuple(Result(*row) for row in rows)


def _still(connection: Connection, repo_id: int, audit: Audit) -> bool:
    return (audit.policy_sha256, audit.ledger_sha256) == (
        facts.policy_sha256(connection, repo_id),
        facts.ledger_sha256(connection, repo_id),
    )


def _keep_result(
    connection: Connection, repo_id: int, audit: Audit, now: datetime, *, audited: bool
) -> None:
    place = {"repo_id": repo_id, "commit_sha": audit.commit, "target": audit.target}
    values: dict[str, object] = {
        "sellable": audit.sellable,
        "lines": audit.tally.lines,
        "blocked": audit.tally.blocked,
        "facts": forgetting.facts_before_kept(connection, judging.plain(audit)),
        "policy_sha256": audit.policy_sha256,
        "ledger_sha256": audit.ledger_sha256,
        "judged_at": now,
    }
    before = result(connection, repo_id, audit.commit, audit.target)
    values["audited_at"] = now if audited or before is None else before.audited_at
    upsert(connection, audit_result, place, values)


def _claims(repo_id: int, audit: Audit, now: datetime) -> dict[str, Any]:
    return {
        "repo": repo_id,
        "commit": audit.commit,
        "target": audit.target,
        "ledger_sha256": audit.ledger_sha256,
        "policy_sha256": audit.policy_sha256,
        "counts": dict(sorted(audit.tally.standings.items())),
        "waivers": [
            {"who": digested(who), **_by(steward, reason), "lines": lines}
            for (who, steward, reason), lines in sorted(audit.tally.waived.items())
        ],
        "declared": [
            {**one, **_by(one["steward"], one["reason"])} for one in judging.declared(audit.tally)
        ],
        "baseline": audit.baseline,
        "aliases": audit.aliases,
        "aside": {kind: len(paths) for kind, paths in sorted(audit.tally.aside.items())},
        "licences": sorted(audit.tally.licences),
        "iat": now.isoformat(),
        "says": SAYS,
    }


def _by(steward: str, reason: str) -> dict[str, str]:
    # Everybody reads a certificate, and nobody can take anything out of it again.
    return {"steward": without_addresses(steward), "reason": without_addresses(reason)}


def _certificate(row: Row[Any]) -> Certificate:
    names = Certificate.__dataclass_fields__
    return Certificate(**{name: getattr(row, name) for name in names})
