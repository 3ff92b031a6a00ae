"""The repository's file of rules, `.github/potluck.toml`: typed, and every mistake told with its line.

What is refused is refused as a whole: unknown keys are mistakes too, because a misspelt rule
that is silently ignored is a rule that does not hold.
"""

import tomllib
from dataclasses import dataclass, field, replace
from typing import Literal

import msgspec

from bot import mistakes
from bot.mistakes import Problem
from bot.policy import appeals, check, inbound, licence, selling, shape, stages
from bot.policy.appeals import Appeal, Membership
from bot.policy.inbound import Inbound
from bot.policy.selling import Selling
from bot.policy.stages import BoardStage
from core import money
from core.money import Money
from core.translations import DEFAULT
from donations.giving.terms import OF_A_REWARD, SHARES
from licensing import spdx
from licensing.releases.rules import Offered

PATH = ".github/potluck.toml"
LARGEST_FILE = 65_536

Mode = Literal["cla", "caa", "dco", "off"]


@dataclass(frozen=True)
class Field:
    """One more thing that is asked of whoever signs on the page; its value is kept apart.

    `kind` is `text`, `number`, `date`, `yes` (a box to tick) or `choice` (one of `choices`).
    """

    name: str
    label: str
    kind: str = "text"
    required: bool = True
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Upkeep:
    """What becomes of pull requests that wait for signatures, in days; 0 and empty are off.

    `remind_after` are days since the bot first asked, `close_after` likewise.
    """

    label: str = ""
    remind_after: tuple[int, ...] = ()
    close_after: int = 0


@dataclass(frozen=True)
class Roadmap:
    """How the community steers: which label makes an issue a request, and how votes are limited.

    `votes_per_person` is on how many open requests one person's votes count at once, 0 for any
    number. Accounts younger than `young_account_days` are shown apart, 0 for none. `stages` are
    those of the board, in order. `reopen_after_no` answers “no”, at least `reopen_share` per cent of
    all, suggest to open it again (0: never); what was learned is shown after `learned_after_days`
    with what is there. Whoever works on a request without a sign of life for
    `claim_days` does so no longer; `claims_at_once` may at once. A vote on offers or on entries
    to a contest lasts `choice_days`. Discussions of the category `discussions` are requests, too.
    What bots mark by `stale_label` and close for silence stays open while people want it (empty:
    bots may); what nobody wanted for `quiet_days` is asked about, then declined (0: never).
    """

    on: bool = False
    label: str = "request"
    votes_per_person: int = 6
    young_account_days: int = 30
    reopen_after_no: int = 3
    reopen_share: int = 50
    learned_after_days: int = 14
    stages: tuple[BoardStage, ...] = stages.USUAL
    claim_days: int = 28
    claims_at_once: int = 1
    choice_days: int = 7
    discussions: str = ""
    stale_label: str = "stale"
    quiet_days: int = 0


@dataclass(frozen=True)
class Funding:
    """How people may give, once `on`: amounts are in `currency`, `split` gives weights.

    `least` is the least that a project wants, where somebody gives anything at all; giving
    nothing is always possible. Lengths are days; see `donations.giving.terms`.
    """

    on: bool = False
    currency: str = "EUR"
    suggested: tuple[Money, ...] = ()
    least: Money = field(default_factory=lambda: Money(0, "EUR"))
    monthly: bool = True
    split: tuple[tuple[str, int], ...] = (("project", 1),)
    hold_days: int = 90
    dispute_days: int = 14
    refund_days: int = 14
    reward: tuple[tuple[str, int], ...] = (("builders", 1), ("project", 0))
    owed_days: int = 180
    lapse: str = "project"
    appeals: tuple[Appeal, ...] = ()
    memberships: tuple[Membership, ...] = ()


@dataclass(frozen=True)
class Policy:
    """The rules of one repository. Logins of bots are lower-case; 0 turns a limit off.

    `repositories` are the lower-case names without owner that an organisation's agreement serves, all where
    there are none. `paths` are the files that it is about, all where there are none;
    `exempt_paths` are those for which nobody is asked. `exempt_teams` are "slug" (of the
    repository's owner) or "org/slug", lower-case. `agents` are the exact lower-case
    addresses of AI agents in trailers. With `consent`, whoever is not the opener agrees to the
    very pull request; with `confirm`, everybody confirms each one. `keep_address` keeps network
    address and browser of signatures on the page.
    """

    language: str = DEFAULT
    mode: Mode = "off"
    document: str = "CLA.md"
    company_document: str = ""
    version: str = "1.0"
    phrase: str = ""
    exempt_users: frozenset[int] = frozenset()
    exempt_bots: frozenset[str] = frozenset()
    files_below: int = 0
    lines_below: int = 0
    scope: str = "repository"
    repositories: frozenset[str] = frozenset()
    outbound: str = ""
    outbound_licences: tuple[str, ...] = ()
    reaches_back: bool = False
    paths: tuple[str, ...] = ()
    exempt_paths: tuple[str, ...] = ()
    exempt_teams: frozenset[str] = frozenset()
    agents: frozenset[str] = frozenset()
    consent: bool = False
    confirm: bool = False
    fields: tuple[Field, ...] = ()
    keep_address: bool = False
    upkeep: Upkeep = field(default_factory=Upkeep)
    roadmap: Roadmap = field(default_factory=Roadmap)
    funding: Funding = field(default_factory=Funding)
    selling: Selling = field(default_factory=Selling)
    licence: Offered | None = None
    audit: bool = False
    inbound: Inbound = field(default_factory=Inbound)


class Refused(ValueError):
    """The text is no set of rules; `problems` says why."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        """Keep the problems, by line."""
        super().__init__("; ".join(f"line {one.line}: {one.sentence}" for one in problems))
        self.problems = problems


def default_phrase(mode: str) -> str:
    """Give the phrase that signs where the file names none."""
    name = mode.upper()
    return f"I have read the {name} Document and I hereby sign the {name}"


def problems(text: str, *, shared: bool = True) -> tuple[Problem, ...]:
    """Give every mistake in a file of rules, by line; none means that it can be used."""
    try:
        parse(text, shared=shared)
    except Refused as refused:
        return refused.problems
    return ()


def parse(text: str, *, shared: bool = True) -> Policy:
    """Read a file of rules. Raises `Refused`.

    `shared` says that the file may stand in an owner's `.github` repository, the only place
    where it may speak for the whole organisation.
    """
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Refused((mistakes.syntax(text, error),)) from None
    except RecursionError:
        raise Refused((Problem(1, mistakes.NESTED),)) from None
    found = tuple(sorted(check.find(text, given, shared=shared), key=lambda one: one.line))
    if found:
        raise Refused(found)
    return _policy(msgspec.convert(given, shape.File))


def _funding(given: shape.Funding | None) -> Funding:
    if given is None:
        return Funding()
    code = given.currency
    return Funding(
        on=given.on,
        currency=code,
        suggested=tuple(money.parse(one, code, "en") for one in given.suggested),
        least=money.parse(given.least, code, "en"),
        monthly=given.monthly,
        split=tuple((name, given.split.get(name, 0)) for name in SHARES),
        hold_days=given.hold_days,
        dispute_days=given.dispute_days,
        refund_days=given.refund_days,
        reward=tuple((name, given.reward.get(name, 0)) for name in OF_A_REWARD),
        owed_days=given.owed_days,
        lapse=given.lapse,
        appeals=tuple(appeals.read_appeal(one, code) for one in given.appeals),
        memberships=tuple(appeals.read_membership(one, code) for one in given.memberships),
    )


def _policy(file: shape.File) -> Policy:
    agreement, roadmap = file.agreement, _roadmap(file.roadmap)
    funding, sold = _funding(file.funding), selling.read(file.selling)
    around = Policy(
        language=file.language,
        roadmap=roadmap,
        funding=funding,
        selling=sold,
        licence=licence.read(file.licence),
        audit=file.audit is not None and file.audit.on,
        inbound=inbound.read(file.inbound),
    )
    if agreement is None:
        return around
    return replace(
        around,
        mode=agreement.mode,  # type: ignore[arg-type] # one of MODES: `find` saw to it
        document=agreement.document,
        company_document=agreement.company_document,
        version=agreement.version,
        phrase=agreement.phrase or default_phrase(agreement.mode),
        exempt_users=frozenset(agreement.exempt_users),
        exempt_bots=_lower(agreement.exempt_bots),
        files_below=agreement.exempt_below.files,
        lines_below=agreement.exempt_below.lines,
        scope=agreement.scope,
        repositories=_lower(agreement.repositories),
        outbound=agreement.outbound,
        outbound_licences=_identifiers(agreement.outbound_licences),
        reaches_back=agreement.reaches_back,
        paths=tuple(dict.fromkeys(agreement.paths)),
        exempt_paths=tuple(dict.fromkeys(agreement.exempt_paths)),
        exempt_teams=_lower(agreement.exempt_teams),
        agents=_lower(agreement.agents),
        consent=agreement.consent,
        confirm=agreement.confirm,
        fields=tuple(_field(one) for one in agreement.fields),
        keep_address=agreement.keep_address,
        upkeep=_upkeep(agreement.upkeep),
    )


def _lower(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(name.strip().lower() for name in names)


def _identifiers(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(spdx.identifier(name) or name for name in names))


def _field(one: shape.Field) -> Field:
    choices = tuple(choice.strip() for choice in one.choices)
    return Field(one.name, one.label.strip(), one.kind, one.required, choices)


def _upkeep(found: shape.Upkeep) -> Upkeep:
    return Upkeep(found.label.strip(), found.remind_after, found.close_after)


def _roadmap(found: shape.Roadmap | None) -> Roadmap:
    if found is None:
        return Roadmap()
    return Roadmap(
        found.on,
        found.label.strip(),
        found.votes_per_person,
        found.young_account_days,
        found.reopen_after_no,
        found.reopen_share,
        found.learned_after_days,
        stages.read(found.stages),
        found.claim_days,
        found.claims_at_once,
        found.choice_days,
        found.discussions.strip(),
        found.stale_label.strip(),
        found.quiet_days,
    )
