"""What we know of a repository, as the judgement needs it: the register, and what stewards state."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from sqlalchemy import Connection, func, select

from bot import people, policies
from bot.audit import agreed, aliases, forgetting, stated
from bot.policy import Policy
from core.digests import canonical, sha256
from licensing import coverage_proof, coverage_search, provenance
from licensing.addresses import proven_address
from licensing.audit import decisions
from licensing.audit.decisions import Inputs
from licensing.audit.holders import Landed, Part
from licensing.audit.people import Known, by_number
from licensing.audit.values import Ledger
from licensing.provenance import Holder, Landing, Work

RELEVANT = (
    *("mode", "document", "version", "scope", "repositories", "paths", "reaches_back"),
    *("outbound", "outbound_licences", "agents", "consent", "confirm"),
    *("exempt_users", "exempt_bots", "exempt_teams", "exempt_paths"),
    *("files_below", "lines_below"),
)
"""What of the rules decides whose a line is, and what they granted."""


def inputs(connection: Connection, repo_id: int) -> Inputs:
    """Join everything that is known of a repository."""
    rules = policies.rules(connection, repo_id).policy
    kept = stated.newest(connection, repo_id)
    base = decisions.read(kept.files, stated.by(kept)) if kept else Inputs()
    merges = sorted(_merges(connection, repo_id), key=lambda it: (it[0].merged_at, it[0].number))
    bots = frozenset(by_number(one) for one in _bots(merges)) | base.ledger.bots
    ledger = replace(_ledger(connection, repo_id, base.ledger, rules), bots=bots)
    origins = replace(
        base.origins,
        register=replace(
            base.origins.register,
            accounts=_accounts(connection),
            aliases={**base.origins.register.aliases, **aliases.accepted(connection, repo_id)},
            numbers=True,
        ),
        landed=landed(merges),
        agents=base.origins.agents | (rules.agents if rules else frozenset()),
        bots=bots,
        history=True,
    )
    gone = forgetting.known(connection, base.ledger.employers)
    origins = replace(
        origins,
        register=replace(origins.register, erased=forgetting.accounts(connection, gone)),
    )
    first = merges[0] if merges else None
    own = {rules.licence.licence} if rules and rules.licence else frozenset[str]()
    found = replace(
        base,
        declared=replace(base.declared, licences=base.declared.licences | own),
        ledger=ledger,
        origins=origins,
        known=(*base.known, *_signers(connection, ledger.grants)),
        sha256=policy_sha256(connection, repo_id),
        ledger_sha256=ledger_sha256(connection, repo_id),
        baseline=base.baseline or (first[0].base_sha if first else ""),
    )
    return forgetting.hidden(found, gone)


def _ledger(connection: Connection, repo_id: int, base: Ledger, rules: Policy | None) -> Ledger:
    """Add what the register has to what stewards state."""
    granted = agreed.agreed(connection, repo_id)
    grants = dict(base.grants)
    for key, found in granted.grants.items():
        grants[key] = (*grants.get(key, ()), *found)
    offered = (rules.licence.licence,) if rules and rules.licence else ()
    return replace(
        base,
        offered=(*base.offered, *offered),
        grants=grants,
        covered=granted.covered,
        waived={**granted.waived, **base.waived},
    )


def policy_sha256(connection: Connection, repo_id: int) -> str:
    """Give the hash of what an audit takes from the rules in force, and of what stewards state.

    Prices, the roadmap and how the bot speaks are no part of it.
    """
    rules = policies.rules(connection, repo_id)
    facts = {
        "rules": _relevant(rules.policy),
        "version": [rules.version.version, rules.version.sha256] if rules.version else [],
        "statements": stated.newest_sha256(connection, repo_id),
    }
    return sha256(canonical(facts).encode())


def _relevant(policy: Policy | None) -> dict[str, object]:
    if policy is None:
        return {}
    found: dict[str, object] = {}
    for name in RELEVANT:
        value = getattr(policy, name)
        found[name] = sorted(value) if isinstance(value, frozenset) else value
    offered = policy.licence
    found["licence"] = [offered.licence, offered.converts_to, offered.months] if offered else []
    return found


def ledger_sha256(connection: Connection, repo_id: int) -> str:
    """Give the hash of what people granted and wrote: both chains' ends, and proven addresses."""
    head = coverage_search.head(connection, repo_id)
    covered = dict(coverage_proof.heads(connection, repo_id)).get(repo_id)
    proven = connection.execute(
        select(func.count(), func.max(proven_address.c.proven_at)).select_from(proven_address)
    ).one()
    facts = {
        "agreement": [head.scope, head.scope_id, head.sequence, head.hash] if head else [],
        "coverage": covered or {},
        "addresses": [proven[0], str(proven[1])],
        "unread": list(provenance.unread(connection, repo_id)),
        "aliases": aliases.newest(connection, repo_id),
    }
    return sha256(canonical(facts).encode())


def _accounts(connection: Connection) -> dict[str, int]:
    """Give the addresses that exactly one account proved."""
    found: dict[str, set[int]] = {}
    for address, github_id in connection.execute(
        select(proven_address.c.address, proven_address.c.github_id)
    ):
        found.setdefault(address, set()).add(github_id)
    return {address: min(owners) for address, owners in found.items() if len(owners) == 1}


def _signers(connection: Connection, grants: Iterable[str]) -> Iterator[Known]:
    """Give whoever granted something, as one who may be meant by an address like theirs."""
    numbers = [int(key[7:]) for key in grants if key.startswith("github:") and key[7:].isdecimal()]
    for number, login in sorted(people.logins(connection, numbers).items()):
        yield Known(by_number(number), f"@{login}", frozenset({login}), handles=frozenset({login}))


def _merges(connection: Connection, repo_id: int) -> Iterable[tuple[Landing, Work | None]]:
    """Give every merged pull request with its commits, None where they were not read."""
    landing, commits = provenance.landing, provenance.landed_commits
    works = {
        row.number: provenance.work_from(row.commits)
        for row in connection.execute(select(commits).where(commits.c.repo_id == repo_id))
    }
    for row in connection.execute(select(landing).where(landing.c.repo_id == repo_id)):
        yield Landing(*row), works.get(row.number)


def _bots(merges: Iterable[tuple[Landing, Work | None]]) -> Iterable[int]:
    for _, work in merges:
        for commit in work.commits if work else ():
            for one in commit.holders:
                if one.reason == "bot" and one.id is not None:
                    yield one.id


def landed(merges: Iterable[tuple[Landing, Work | None]]) -> dict[str, Landed]:
    """Map each commit that a pull request brought to all who have a part in it.

    The first to bring it says whose it is: whoever opens another one with it has no part in it,
    and takes nobody's place.
    """
    found: dict[str, Landed] = {}
    for where, work in merges:
        opener = Part(where.opener_id, "opener")
        if work is None:
            unread = Part(None, "author", "its commits were not read yet")
            one = Landed(where.number, where.merged_at, (unread, opener), squashed=True)
            found.setdefault(where.merge_sha, one)
            continue
        everybody: list[Part] = []
        for commit in work.commits:
            parts = [_part(one) for one in commit.holders] or [Part(None, problem="no_account")]
            everybody += [] if commit.base_merge else parts
            one = Landed(where.number, where.merged_at, (*parts, opener))
            found.setdefault(commit.sha, one)
            if commit.copy:
                found.setdefault(commit.copy, one)
        if where.merge_sha not in found:
            whole = tuple(dict.fromkeys([*everybody, opener]))
            found[where.merge_sha] = Landed(where.number, where.merged_at, whole, squashed=True)
    return found


def _part(holder: Holder) -> Part:
    return Part(
        holder.id,
        holder.role,
        "" if holder.reason == "bot" else holder.problem,
        bot=holder.reason == "bot",
        signed_off=holder.signed_off,
    )
