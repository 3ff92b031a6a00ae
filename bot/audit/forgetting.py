"""A person has their addresses erased from audits: hashes stay, and every verdict with them.

Whatever was kept of a commit is written anew with a hash in the address's place, and what is read
from clones later is hidden in the same way.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, func, select, update

from bot.audit import matter, stated
from bot.audit.matter import Matter
from bot.audit.tables import (
    audit_alias,
    audit_alias_named,
    audit_erased,
    audit_matter,
    audit_notice,
    audit_result,
)
from core.context import Task
from core.db import upsert
from licensing import provenance
from licensing.addresses import proven_address
from licensing.audit import decisions
from licensing.audit.decisions import Inputs
from licensing.audit.erased import BY_DIGEST, MAIL, Erased, digest, digested
from licensing.audit.people import by_number
from licensing.provenance import Holder

KEPT = timedelta(days=365)
"""What audits found, from the last time that it was judged; what is looked at anew is kept on."""


def known(connection: Connection, domains: Iterable[str] = ()) -> Erased:
    """Give whose addresses are erased; one that somebody else proves as well is nobody's."""
    rows = connection.execute(select(audit_erased.c.address_sha256, audit_erased.c.github_id))
    accounts = dict(map(tuple, rows))
    return Erased(accounts, frozenset(domains)) if accounts else Erased()


def accounts(connection: Connection, erased: Erased) -> dict[str, int]:
    """Give the account of each hash, as far as no other account proved the address since."""
    if not erased.accounts:
        return {}
    found = dict(erased.accounts)
    for address, github_id in connection.execute(
        select(proven_address.c.address, proven_address.c.github_id)
    ):
        if found.get(digest(address), github_id) != github_id:
            found.pop(digest(address))
    return found


def hidden(inputs: Inputs, erased: Erased) -> Inputs:
    """Let what was granted, waived or stated under an address hold under its hash as well."""
    register = inputs.origins.register
    hashes = {f"{BY_DIGEST}{one}" for one in erased.accounts}
    hashes |= {one for one in register.aliases.values() if one.startswith(BY_DIGEST)}
    if not hashes:
        return inputs
    ledger, origins = inputs.ledger, inputs.origins
    waived = {(sha, digested(who)): by for (sha, who), by in ledger.waived.items()}
    people = {sha: tuple(map(erased.key, who)) for sha, who in origins.stated.items()}
    aliases = {digested(one): erased.key(other) for one, other in register.aliases.items()}
    return replace(
        inputs,
        erased=erased,
        ledger=replace(
            ledger,
            grants={**_among(ledger.grants, hashes), **ledger.grants},
            waived={**{it: by for it, by in waived.items() if it[1] in hashes}, **ledger.waived},
        ),
        origins=replace(
            origins,
            stated=people,
            register=replace(register, aliases={**register.aliases, **aliases}),
        ),
    )


def _among(found: Mapping[str, Any], hashes: set[str]) -> dict[str, Any]:
    return {name: it for key, it in found.items() if (name := digested(key)) in hashes}


def forget(connection: Connection, github_id: int, proven: Iterable[str], now: datetime) -> Task:
    """Take note that an account’s addresses are erased, and give the task that takes them out.

    That may be of much that is kept, so nobody waits for it with a page.
    """
    addresses = {one.lower() for one in proven} | _aliased(connection, github_id)
    _note(connection, github_id, addresses, now)
    return Task(
        name="forget_in_audits",
        key=f"forget_in_audits:{github_id}:{now.isoformat()}",
        due_at=now,
        entity=f"forget_in_audits:{github_id}",
        about={"github_id": github_id},
    )


def rewrite(connection: Connection, github_id: int, now: datetime) -> int:
    """Write anew what audits keep, without an account's addresses, and say how many rows."""
    for row in _matters(connection):
        _note_written(connection, row.repo_id, {github_id}, matter.unpacked(row.content), now)
    erased = known(connection)
    gone = 0
    for row in _matters(connection):
        domains = _employers(connection, row.repo_id)
        gone += _matter(connection, row, replace(erased, domains=domains))
    gone += _results(connection, {by_number(github_id)}, erased)
    return gone + _named(connection, erased)


def before_kept(connection: Connection, repo_id: int, found: Matter, now: datetime) -> Matter:
    """Hide in what an audit is about to keep whoever had their addresses erased while it looked.

    Whoever erases waits until this transaction ends, and then finds what was kept.
    """
    _alone(connection)
    people = set(known(connection).accounts.values())
    if not people:
        return found
    _note_written(connection, repo_id, people, found, now)
    return _bare(found, known(connection, _employers(connection, repo_id)))


def facts_before_kept(connection: Connection, facts: Any) -> Any:
    """Hide in what an audit came to whoever had their addresses erased while it was judged."""
    erased = known(connection)
    people = {by_number(one) for one in erased.accounts.values()}
    return _facts(facts, people, erased) if people else facts


def _alone(connection: Connection) -> None:
    """Let nobody erase while what an audit found is written down, nor the other way round."""
    if connection.dialect.name == "postgresql":
        # What is not there yet cannot be held by a row; on SQLite there is one writer.
        alone = func.pg_advisory_xact_lock(func.hashtext(audit_erased.name))
        connection.execute(select(alone))


def _note(connection: Connection, github_id: int, addresses: Iterable[str], now: datetime) -> None:
    _alone(connection)
    for one in sorted({digest(address) for address in addresses}):
        values = {"github_id": github_id, "erased_at": now}
        upsert(connection, audit_erased, {"address_sha256": one}, values)


def _matters(connection: Connection) -> Iterator[Row[Any]]:
    """Give what is kept of audits, one after the other: all of it fits into no memory."""
    here = audit_matter.c
    known = select(here.repo_id, here.commit_sha, here.target)
    for repo_id, commit_sha, target in connection.execute(known).all():
        place = (here.repo_id == repo_id, here.commit_sha == commit_sha, here.target == target)
        yield from connection.execute(select(audit_matter).where(*place))


def _employers(connection: Connection, repo_id: int) -> frozenset[str]:
    """Give the domains on which a grant depends: they say of whom, not who."""
    kept = stated.newest(connection, repo_id)
    if kept is None:
        return frozenset()
    return frozenset(decisions.read(kept.files, stated.by(kept)).ledger.employers)


def _aliased(connection: Connection, github_id: int) -> set[str]:
    """Give the addresses of which a steward said that they are this account's."""
    named = audit_alias_named
    rows = connection.scalars(
        select(named.c.person)
        .join(audit_alias, audit_alias.c.id == named.c.alias_id)
        .where(audit_alias.c.accepted, audit_alias.c.same_as == by_number(github_id))
    )
    return {one[len(MAIL) :] for one in rows if one.startswith(MAIL)}


def _note_written(
    connection: Connection, repo_id: int, people: Collection[int], found: Matter, now: datetime
) -> None:
    """Note the addresses under which GitHub knew accounts when their commits were merged."""
    commits = provenance.landed_commits
    theirs: dict[int, set[str]] = {}
    for row in connection.execute(select(commits.c.commits).where(commits.c.repo_id == repo_id)):
        for one in provenance.work_from(row.commits).commits:
            who = _author(one.holders)
            for sha in {one.sha, one.copy} & found.commits.keys() if who in people else ():
                theirs.setdefault(who, set()).add(found.commits[sha].author.email.lower())
    for who, addresses in sorted(theirs.items()):
        _note(connection, who, {one for one in addresses if "@" in one}, now)


def _author(holders: Iterable[Holder]) -> int:
    """Give the account of a commit's one author; 0 where there is another, or a doubt."""
    authors = [one for one in holders if one.role == "author"]
    return authors[0].id or 0 if len(authors) == 1 and not authors[0].problem else 0


def _bare(found: Matter, erased: Erased) -> Matter:
    """Give what is kept of an audit without these addresses; the same where there are none."""
    commits = {sha: erased.commit(one) for sha, one in found.commits.items()}
    files = tuple(replace(one, why=erased.text(one.why)) for one in found.files)
    hints = erased.text(found.mailmap)
    if (commits, files, hints) == (dict(found.commits), found.files, found.mailmap):
        return found
    return replace(found, commits=commits, files=files, mailmap=hints)


def _matter(connection: Connection, row: Row[Any], erased: Erased) -> int:
    found = matter.unpacked(row.content)
    bare = _bare(found, erased)
    if bare is found:
        return 0
    here = audit_matter.c
    place = (here.repo_id == row.repo_id, here.commit_sha == row.commit_sha)
    wanted = update(audit_matter).where(*place, here.target == row.target)
    gone = connection.execute(wanted.values(content=matter.packed(bare))).rowcount
    # Whom to name is told anew by the next audit; a licence asks for the notice, not for us.
    old = delete(audit_notice).where(
        audit_notice.c.repo_id == row.repo_id, audit_notice.c.commit_sha == row.commit_sha
    )
    return int(gone + connection.execute(old).rowcount)


def _results(connection: Connection, people: Collection[str], erased: Erased) -> int:
    gone = 0
    table = audit_result.c
    for row in connection.execute(select(audit_result)):
        facts = _facts(row.facts, people, erased)
        if facts != row.facts:
            place = (table.repo_id == row.repo_id, table.commit_sha == row.commit_sha)
            wanted = update(audit_result).where(*place, table.target == row.target)
            gone += connection.execute(wanted.values(facts=facts)).rowcount
    return gone


def _facts(facts: Any, people: Collection[str], erased: Erased) -> Any:
    """Give what an audit found without these addresses, and without the names beside them."""
    if isinstance(facts, str):
        return erased.key(facts) if facts.startswith(MAIL) else erased.text(facts)
    if isinstance(facts, list):
        return [_facts(one, people, erased) for one in facts]
    if not isinstance(facts, dict):
        return facts
    found = {
        _facts(name, people, erased): _facts(it, people, erased) for name, it in facts.items()
    }
    who = facts.get("who")
    if who is not None and (who in people or found["who"] != who):
        bare: dict[str, Any] = {"names": [], "addresses": [], "label": ""}
        found |= {name: it for name, it in bare.items() if name in found}
    return found


def _named(connection: Connection, erased: Erased) -> int:
    gone = 0
    for row in connection.execute(select(audit_alias_named)):
        if any(erased.key(one) != one for one in (row.person, row.same_as)):
            here = audit_alias_named.c.alias_id == row.alias_id
            gone += connection.execute(delete(audit_alias_named).where(here)).rowcount
    return gone


def prune(connection: Connection, now: datetime) -> int:
    """Forget what was found about commits that nobody looked at for long, and say how many."""
    old = select(audit_result.c.repo_id, audit_result.c.commit_sha, audit_result.c.target).where(
        audit_result.c.judged_at <= now - KEPT
    )
    gone = 0
    for repo_id, commit_sha, target in connection.execute(old).all():
        for table in (audit_matter, audit_result):
            here = (table.c.repo_id == repo_id, table.c.commit_sha == commit_sha)
            wanted = delete(table).where(*here, table.c.target == target)
            gone += connection.execute(wanted).rowcount
        notices = audit_notice.c
        here = (notices.repo_id == repo_id, notices.commit_sha == commit_sha)
        gone += connection.execute(delete(audit_notice).where(*here)).rowcount
    return gone
