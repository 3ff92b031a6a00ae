"""The shape of the file of rules: its sections and keys, with what holds where one is left out."""

from datetime import date

import msgspec

from core.translations import DEFAULT

MODES = ("cla", "caa", "dco", "off")
SCOPES = ("repository", "organisation")
OUTBOUND = ("same_licence", "listed", "osi", "any_plus_original", "no_commitment")
"""What a project may do with contributions; by name, since the known texts number them differently."""

KINDS = ("text", "number", "date", "yes", "choice")


class Limits(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Both must lie above a change for it to be small."""

    files: int = 0
    lines: int = 0


class Field(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """One section `[[agreement.fields]]`."""

    name: str
    label: str
    kind: str = "text"
    required: bool = True
    choices: tuple[str, ...] = ()


class Upkeep(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The section `[agreement.upkeep]`; days."""

    label: str = ""
    remind_after: tuple[int, ...] = ()
    close_after: int = 0


class Agreement(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The section `[agreement]`."""

    mode: str = "cla"
    document: str = "CLA.md"
    company_document: str = ""
    version: str = "1.0"
    phrase: str | None = None
    scope: str = SCOPES[0]
    repositories: tuple[str, ...] = ()
    outbound: str = ""
    outbound_licences: tuple[str, ...] = ()
    reaches_back: bool = False
    paths: tuple[str, ...] = ()
    exempt_users: tuple[int, ...] = ()
    exempt_bots: tuple[str, ...] = ()
    exempt_teams: tuple[str, ...] = ()
    exempt_paths: tuple[str, ...] = ()
    exempt_below: Limits = Limits()
    agents: tuple[str, ...] = ()
    consent: bool = False
    confirm: bool = False
    keep_address: bool = False
    fields: tuple[Field, ...] = ()
    upkeep: Upkeep = Upkeep()


class Stage(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """One section `[[roadmap.stages]]`."""

    name: str
    label: str = ""
    title: str = ""
    closes: str = "none"
    milestone: str = ""


class Roadmap(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The section `[roadmap]`: writing it is what switches the roadmap on."""

    on: bool = True
    label: str = "request"
    votes_per_person: int = 6
    young_account_days: int = 30
    discussions: str = ""
    reopen_after_no: int = 3
    reopen_share: int = 50
    learned_after_days: int = 14
    stages: tuple[Stage, ...] = ()
    claim_days: int = 28
    claims_at_once: int = 1
    choice_days: int = 7
    stale_label: str = "stale"
    quiet_days: int = 0


class Cost(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """One line of an appeal's `costs`."""

    name: str
    amount: str


class Appeal(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """One section `[[funding.appeals]]`. Amounts are texts."""

    slug: str
    ends: date
    title: str = ""
    says: str = ""
    goal: str = ""
    asks_again_after: int = 30
    costs: tuple[Cost, ...] = ()


class Membership(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """One section `[[funding.memberships]]`. Amounts are texts."""

    slug: str
    amount: str
    name: str = ""
    thanks: str = ""
    least: str = ""
    every: str = "month"
    counterpart: bool = False


class Funding(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The section `[funding]`: writing it is what lets people give. Amounts are texts."""

    on: bool = True
    currency: str = "EUR"
    suggested: tuple[str, ...] = ("5", "20", "50")
    least: str = "0"
    monthly: bool = True
    split: dict[str, int] = msgspec.field(default_factory=lambda: {"project": 1})
    hold_days: int = 90
    dispute_days: int = 14
    refund_days: int = 14
    reward: dict[str, int] = msgspec.field(default_factory=lambda: {"builders": 1})
    owed_days: int = 180
    lapse: str = "project"
    appeals: tuple[Appeal, ...] = ()
    memberships: tuple[Membership, ...] = ()


class Product(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """One section `[[selling.products]]`. Amounts are texts."""

    id: str
    name: str = ""
    says: str = ""
    entitlements: tuple[str, ...] = ()
    price: str = ""
    least: str = ""
    suggested: tuple[str, ...] = ()
    seats: int = 1
    most_seats: int = 1
    term: str = "year"
    updates_days: int = 365
    trial_days: int = 0
    locked_until: date | None = None


class Sharing(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The section `[selling.sharing]`: who shares in what is sold. `least` is a text."""

    contributors: int = 60
    maintainers: int = 0
    project: int = 40
    points: dict[str, int] = msgspec.field(
        default_factory=lambda: {
            "code": 5,
            "design": 5,
            "doc": 3,
            "ideas": 1,
            "review": 2,
            "test": 3,
        }
    )
    maintainer_ids: tuple[int, ...] = ()
    period: str = "quarter"
    counts: str = "all"
    cap_percent: int = 50
    least: str = "1"
    wait_days: int = 30


class Selling(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The section `[selling]`: what is sold under another licence."""

    on: bool = True
    seller: str = ""
    document: str = "COMMERCIAL.md"
    currency: str = "EUR"
    tax_percent: str = "0"
    refund_days: int = 14
    partial_refund: str = "keep"
    sharing: Sharing | None = None
    products: tuple[Product, ...] = ()


class Licence(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The section `[licence]`: what releases come out under; `after_months` 0 is not given."""

    offered: str = ""
    converts_to: str = ""
    after_months: int = 0


class Audit(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The section `[audit]`: writing it has every line looked at by itself."""

    on: bool = True


class Inbound(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The section `[inbound]`: writing it has pull requests looked at."""

    on: bool = True
    own: tuple[str, ...] = ()
    reuse: bool = False
    dependencies: dict[str, str] = msgspec.field(default_factory=dict)


class File(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The whole file."""

    language: str = DEFAULT
    agreement: Agreement | None = None
    roadmap: Roadmap | None = None
    funding: Funding | None = None
    selling: Selling | None = None
    licence: Licence | None = None
    audit: Audit | None = None
    inbound: Inbound | None = None
