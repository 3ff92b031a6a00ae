"""What the page says: may it be sold now, and if not, because of whom; for everybody's eyes.

Addresses of people are for maintainers. Others see what GitHub shows of a commit anyway: the
account's name, or the name that the commit claims.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection

from bot import people
from bot.audit import aliases, certificates, due, runs
from bot.audit.certificates import Certificate, Result, State
from bot.audit.judging import BY_MAILMAP
from bot.audit.runs import Run
from bot.mistakes import N_
from licensing.audit.erased import digested, without_addresses
from licensing.audit.targets import COMMERCIAL
from licensing.audit.values import BASES, REASONS
from licensing.releases import reading as releases
from licensing.releases.reading import Release

Answer = Literal["yes", "no", "unknown"]
FOLDERS, BLOCKERS, FILES = 12, 50, 8

STANDINGS = {
    "OWNED": N_("The project’s own"),
    "GRANT": N_("Granted by an agreement"),
    "PERMISSIVE_INBOUND": N_("Came under a licence that allows it"),
    "TRIVIAL": N_("Too small to be anybody’s, or waived"),
    "DATE": N_("Granted, but not for then"),
    "PATH": N_("Granted, but not for this file"),
    "SCOPE": N_("Granted, but not for selling it closed"),
    "COPYLEFT_INBOUND": N_("Came under a licence that forbids it"),
    "EMPLOYER": N_("Done for an employer who granted nothing"),
    "NO_SIGNATURE": N_("Nothing was granted"),
    "WITHDRAWN": N_("Done after withdrawing"),
    "THIRD_PARTY": N_("The file says it is somebody else’s"),
    "UNKNOWN": N_("Nobody can say whose it is"),
}
REMEDIES = {
    "confirm": N_("May be somebody who granted: a maintainer says so below, or says no."),
    "ask": N_("Ask them to sign, or for a grant."),
    "find": N_("Find out who this is, then ask."),
    "replace": N_("Write these few lines anew, or ask."),
    "drop": N_("Drop it, or move it to a separate open module."),
    "declare": N_("Say whose file it is and under which licence, or replace it."),
    "fetch": N_("It could not be read: have it looked at again."),
}
BECAUSE = {
    "the same name": N_("the same name"),
    "the statement has the name": N_("the statement has the name"),
    "the same handle or beginning of an address": N_("the same handle or beginning of an address"),
    "a handle like the name": N_("a handle like the name"),
    BY_MAILMAP: N_("the file .mailmap says so"),
}


@dataclass(frozen=True)
class Looked:
    """How it stands with a commit. `tag` is the release's, "" for the default branch."""

    what: str
    tag: str
    commit: str
    state: State
    result: Result | None
    run: Run | None
    certificate: Certificate | None = None

    @property
    def answer(self) -> Answer:
        """May it be sold? What is being judged again is not known just now."""
        if self.state in {"fresh", "blocked"}:
            return "yes" if self.state == "fresh" else "no"
        return "unknown"


@dataclass(frozen=True)
class Folder:
    """A folder with how many of its lines may be sold, and how many may not."""

    name: str
    free: int
    blocked: int

    @property
    def total(self) -> int:
        """All lines."""
        return self.free + self.blocked


@dataclass(frozen=True)
class Maybe:
    """Somebody whom a blocker may be; `key` is for the form."""

    key: str
    label: str
    because: str


@dataclass(frozen=True)
class Holder:
    """Somebody, or something, in the way."""

    key: str
    name: str
    account: int | None
    address: str
    reason: str
    why: str
    lines: int
    files: tuple[tuple[str, int], ...]
    file_count: int
    first: str
    remedy: str
    may_be: tuple[Maybe, ...]


def things(connection: Connection, repo_id: int) -> tuple[Looked, ...]:
    """Give the newest release and the tip of the default branch, as far as they are known."""
    known = {one.what: one for one in runs.all_of(connection, repo_id)}
    tags = {runs.release(one.github_id): one for one in releases.of(connection, repo_id, 5)}
    found: list[Looked] = []
    for what, said in due.things(connection, repo_id):
        run, release = known.get(what), tags.get(what)
        commit = said or _newest(connection, repo_id)
        if release is not None and any(one.tag for one in found):
            continue
        if commit or run is not None:
            found.append(_looked(connection, repo_id, what, release, commit, run))
    return tuple(sorted(found, key=lambda one: not one.tag))


def _looked(
    connection: Connection,
    repo_id: int,
    what: str,
    release: Release | None,
    commit: str,
    run: Run | None,
) -> Looked:
    place = (repo_id, commit, COMMERCIAL)
    return Looked(
        what,
        release.tag if release else "",
        commit,
        certificates.state(connection, *place),
        certificates.result(connection, *place),
        run,
        certificates.fresh(connection, *place),
    )


def _newest(connection: Connection, repo_id: int) -> str:
    """Give the commit that somebody last looked at by hand."""
    found = certificates.results(connection, repo_id, 1)
    return found[0].commit_sha if found and found[0].target == COMMERCIAL else ""


def folders(result: Result) -> tuple[Folder, ...]:
    """Give the folders, those with the most in the way first; beyond a few, the rest as one."""
    every = [
        Folder(name, sum(counts.get(one, 0) for one in BASES), _blocked(counts))
        for name, counts in result.facts["folders"].items()
    ]
    every.sort(key=lambda one: (-one.blocked, -one.total, one.name))
    rest = every[FOLDERS:]
    if len(rest) > 1:
        free, blocked = sum(one.free for one in rest), sum(one.blocked for one in rest)
        every = [*every[:FOLDERS], Folder("…", free, blocked)]
    return tuple(every)


def _blocked(counts: Mapping[str, int]) -> int:
    return sum(counts.get(one, 0) for one in REASONS)


def holders(
    connection: Connection, repo_id: int, result: Result, *, maintains: bool
) -> tuple[Holder, ...]:
    """Give who stands in the way; addresses, and whom they may be, to maintainers alone."""
    decided = aliases.standing(connection, repo_id)
    listed = result.facts["blockers"][:BLOCKERS]
    numbers = [number for one in listed if (number := account(one["who"])) is not None]
    logins = people.logins(connection, numbers)
    found = []
    for one in listed:
        may_be = tuple(
            Maybe(item["who"], item["label"], BECAUSE.get(item["because"], item["because"]))
            for item in one["may_be"]
            if (digested(one["who"]), digested(item["who"])) not in decided
        )
        number = account(one["who"])
        found.append(
            Holder(
                key=one["who"],
                name=named(one["who"], one["names"], logins),
                account=number,
                address=", ".join(one["addresses"][:2]) if maintains else "",
                reason=one["reason"],
                why=one["why"] if "@" not in one["why"] or maintains else "",
                lines=one["lines"],
                files=tuple((path, lines) for path, lines in one["files"][:FILES]),
                file_count=one["file_count"],
                first=one["first"][1] if one["first"] else "",
                remedy=one["remedy"],
                may_be=may_be if maintains else (),
            )
        )
    return tuple(found)


def named(key: str, names: list[str], logins: Mapping[int, str]) -> str:
    """Give the name under which somebody is shown: never an address."""
    number = account(key)
    if number is not None and number in logins:
        return f"@{logins[number]}"
    kind, _, rest = key.partition(":")
    if kind in {"file", "licence", "notice"}:
        return rest
    return next((name for name in names if name and "@" not in name), "")


def account(key: str) -> int | None:
    """Give the number in a key, where it has one."""
    kind, _, rest = key.partition(":")
    return int(rest) if kind == "github" and rest.isdecimal() else None


def waived(result: Result, *, maintains: bool) -> list[dict[str, Any]]:
    """Give what stewards waived; addresses in their words are for maintainers."""
    found = [dict(one) for one in result.facts["waived"]]
    if not maintains:
        for one in found:
            one["steward"], one["reason"] = map(without_addresses, (one["steward"], one["reason"]))
    return found


def asked_about(result: Result | None, person: str, same_as: str) -> bool:
    """Say whether this pair is one that an audit asks about."""
    if result is None:
        return False
    return any(
        one["who"] == person and any(item["who"] == same_as for item in one["may_be"])
        for one in result.facts["blockers"]
    )


def masked(line: dict[str, Any], logins: Mapping[int, str], *, maintains: bool) -> dict[str, Any]:
    """Give the explanation of a line as it may be shown."""
    for origin in line["origins"]:
        for held in origin["holders"]:
            number = account(held["who"])
            held["account"] = number
            held["name"] = named(held["who"], [held["name"]], logins)
            if not maintains:
                held["address"] = ""
                held["who"] = held["who"] if number is not None else ""
                held["why"] = without_addresses(held["why"])
                for name in ("rests_on", "waived_by", "reason"):
                    if name in held:
                        held[name] = without_addresses(held[name])
    return line
