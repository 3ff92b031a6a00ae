"""Who must sign before a pull request may be merged, and whether they have: pure, with reasons.

Asked are the opener, every commit's author and every co-author that a commit names, each by
number (see `licensing.roll`). Under a certificate of origin the commits themselves carry the
answer instead (see `licensing.signoffs`), and the opener is asked only for their own.
"""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from core.github import Account
from licensing import roll, signoffs
from licensing.sparing import spared
from licensing.verdict import (
    NO_ACCOUNT,
    Acts,
    Agent,
    Asked,
    Declared,
    Exempted,
    Exemptions,
    Facts,
    Holding,
    Role,
    Terms,
    Unresolved,
    Unsigned,
    Verdict,
    Waiver,
)

_ROLES: tuple[Role, ...] = ("opener", "author", "co-author")


def judge(
    facts: Facts,
    signed: AbstractSet[int],
    exemptions: Exemptions,
    terms: Terms | None = None,
    acts: Acts | None = None,
) -> Verdict:
    """Judge a pull request. `signed` are the numbers of those whose signature counts now."""
    terms, acts = terms or Terms(), acts or Acts()
    if not facts.commits:
        return Verdict("neutral", people=frozenset({facts.opener.id}))
    holdings = roll.call(facts, exemptions)
    why = spared(facts, exemptions, terms)
    waived = {waiver.sha for waiver in acts.waivers}
    open_ones = tuple(
        one for one in holdings if one.sha not in waived and not _is_carried(facts, one)
    )
    asked = _by_signoff(facts, open_ones) if terms.signoffs else _Asking(open_ones, signed)
    people = tuple(_people(asked, facts.opener.id, Terms() if why else terms, acts))
    missing = tuple(person for person in people if person.id not in asked.signed)
    unresolved = _unresolved(asked.holdings, facts.opener.id)
    done = tuple(person for person in people if person.id in asked.signed)
    waits = missing or unresolved or asked.unsigned or any(one.declares for one in done)
    return Verdict(
        conclusion="action_required" if waits and not why else "success",
        signed=done,
        missing=() if why else missing,
        unresolved=() if why else unresolved,
        unsigned=() if why else asked.unsigned,
        exempt=_exempt(holdings),
        spared=why,
        people=frozenset(one.id for one in holdings if one.id is not None),
        waived=() if why else _in_use(acts.waivers, holdings),
        agents=_agents(holdings),
        holdings=holdings,
        carried=() if why else _carrying(facts, holdings),
    )


def _is_carried(facts: Facts, one: Holding) -> bool:
    before = facts.carried.get(one.sha)
    return before is not None and before.covers(one.id)


def _carrying(facts: Facts, holdings: Iterable[Holding]) -> tuple[int, ...]:
    """Give the earlier pull requests without which somebody would be asked about a commit."""
    mattering = (one for one in holdings if one.reason is None and _is_carried(facts, one))
    return tuple(sorted({facts.carried[one.sha].number for one in mattering}))


@dataclass(frozen=True)
class _Asking:
    """The parts that somebody has to answer for, and what answers them."""

    holdings: tuple[Holding, ...]
    signed: AbstractSet[int]
    unsigned: tuple[Unsigned, ...] = ()


def _by_signoff(facts: Facts, holdings: tuple[Holding, ...]) -> _Asking:
    """Let the commits answer: whoever lacks a sign-off stands there as a commit, not as a person."""
    inside = tuple(
        one for one in holdings if one.sha and one.sha not in facts.ignorable and not one.reason
    )
    hopeless = tuple(one for one in inside if one.problem and one.problem not in NO_ACCOUNT)
    answering = tuple(one for one in inside if one not in hopeless)
    unsigned = signoffs.unsigned(facts.commits, answering)
    lacking = {(one.sha, one.role, one.name, one.email) for one in unsigned}
    known = {one.id for one in answering if one.id is not None}
    late = {one.id for one in answering if (one.sha, one.role, one.name, one.email) in lacking}
    signed = frozenset(known - late)
    return _Asking((*hopeless, *(one for one in answering if one.id in signed)), signed, unsigned)


def _people(asking: _Asking, opener_id: int, terms: Terms, acts: Acts) -> Iterable[Asked]:
    """Give everybody asked by number, lowest first."""
    parts: dict[int, list[Holding]] = {}
    for one in asking.holdings:
        if one.id is not None:
            parts.setdefault(one.id, []).append(one)
    for number in sorted(parts):
        mine = parts[number]
        roles = tuple(sorted({one.role for one in mine}, key=_ROLES.index))
        login = next((one.login for one in mine if one.login is not None), None)
        shas = frozenset(one.sha for one in mine if one.sha)
        declares: tuple[Declared, ...] = ()
        if terms.consent and number != opener_id and shas - acts.consents.get(number, frozenset()):
            declares += ("consent",)
        if terms.confirm and number not in acts.confirmed:
            declares += ("confirmation",)
        yield Asked(number, login, roles, declares)


def _unresolved(holdings: Iterable[Holding], opener_id: int) -> tuple[Unresolved, ...]:
    """Give everybody who cannot be asked, in a stable order.

    The same person under two addresses is two entries: each commit has to be mended.
    """
    shas: dict[tuple[str, str, str, str], set[str]] = {}
    first: dict[tuple[str, str, str, str], Unresolved] = {}
    for one in holdings:
        if one.problem is None:
            continue
        role, name, email, account = one.role, one.name, one.email, one.account
        if account is not None:
            name, email = str(account.id), ""
            role = "opener" if account.id == opener_id else role
        key = (one.problem, role, name, email)
        shas.setdefault(key, set()).add(one.sha)
        first.setdefault(key, Unresolved(one.problem, role, name, email, (), account))
    return tuple(
        Unresolved(
            it.problem,
            it.role,
            it.name,
            it.email,
            tuple(sorted(filter(None, shas[key]))),
            it.account,
        )
        for key, it in sorted(first.items(), key=lambda pair: pair[0])
    )


def _exempt(holdings: Iterable[Holding]) -> tuple[Exempted, ...]:
    """Give everybody who is not asked, lowest number first."""
    found: dict[int, Exempted] = {}
    for one in holdings:
        if one.reason is not None and one.reason != "agent" and one.account is not None:
            account: Account = one.account
            found[account.id] = Exempted(account.id, account.login, one.reason)
    return tuple(found[number] for number in sorted(found))


def _agents(holdings: Iterable[Holding]) -> tuple[Agent, ...]:
    found: dict[str, list[Holding]] = {}
    for one in holdings:
        if one.reason == "agent":
            found.setdefault(one.email.strip().lower(), []).append(one)
    return tuple(
        Agent(parts[0].name, email, tuple(one.sha for one in parts))
        for email, parts in sorted(found.items())
    )


def _in_use(waivers: Iterable[Waiver], holdings: Iterable[Holding]) -> tuple[Waiver, ...]:
    """Give the waivers of commits that are still there."""
    shas = {one.sha for one in holdings}
    return tuple(waiver for waiver in waivers if waiver.sha in shas)
