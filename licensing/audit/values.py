"""What the judgement is made from and what it says: plain values, keyed by who holds what.

A person is known by keys: `github:583231` (an account's number), `mail:ada@example.org` (only an
address), `commit:<sha>` (nobody can be named). Instants are UTC, spans half-open. What there are
thousands of in one audit is a `msgspec.Struct`: it is made in a tenth of the time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Literal

import msgspec

Basis = Literal["OWNED", "GRANT", "PERMISSIVE_INBOUND", "TRIVIAL"]
Reason = Literal[
    "DATE",
    "PATH",
    "SCOPE",
    "COPYLEFT_INBOUND",
    "EMPLOYER",
    "NO_SIGNATURE",
    "WITHDRAWN",
    "THIRD_PARTY",
    "UNKNOWN",
]
"""Why a line may not be handed out, those first that lack least.

DATE, PATH, SCOPE   there is a grant, but not for then, for there, for this target
COPYLEFT_INBOUND    it came under a licence that does not allow the target, and nothing else
EMPLOYER            it was done at an employer's address, and the employer has granted nothing
NO_SIGNATURE        nothing is known to have been granted
WITHDRAWN           it was done after the person had withdrawn
THIRD_PARTY         the file says that it is somebody else's
UNKNOWN             nobody can say whose it is
"""
BASES: tuple[Basis, ...] = ("OWNED", "GRANT", "PERMISSIVE_INBOUND", "TRIVIAL")
REASONS: tuple[Reason, ...] = (
    "DATE",
    "PATH",
    "SCOPE",
    "COPYLEFT_INBOUND",
    "EMPLOYER",
    "NO_SIGNATURE",
    "WITHDRAWN",
    "THIRD_PARTY",
    "UNKNOWN",
)
Standing = Basis | Reason
SHOWN = 120
ORDER: Mapping[str, int] = {name: place for place, name in enumerate((*BASES, *REASONS))}
"""From the best to the worst: what several holders have together is the worst of it."""


@dataclass(frozen=True)
class Grant:
    """What somebody granted, or that it is the owner's (`owned`).

    `outbound` and `licences` are as in `licensing.terms`; `paths` are the files that it is about,
    all where there are none. It is for work from `from_at` until before `until_at`; work later
    than that is `ends` (DATE, or WITHDRAWN). `source` says for people what it is, `clause` quotes
    it, `evidence` names the record. `promises`: the licence at submission stays on offer.
    """

    source: str
    outbound: str = ""
    licences: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    from_at: datetime | None = None
    until_at: datetime | None = None
    ends: Literal["DATE", "WITHDRAWN"] = "DATE"
    owned: bool = False
    employer: str = ""
    evidence: str = ""
    clause: str = ""

    @property
    def promises(self) -> bool:
        """Whether the project owes the open licence in return."""
        return self.outbound == "any_plus_original" and not self.owned


@dataclass(frozen=True)
class Waiver:
    """A steward, by name and with a reason, takes it that a part is too small to be anybody's.

    A waiver of a person is for what was made and sent before `until_at`.
    """

    steward: str
    reason: str
    until_at: datetime | None = None


@dataclass(frozen=True)
class Inbound:
    """Under which open licence work came, for some files and for a span of time."""

    licence: str
    paths: tuple[str, ...] = ()
    from_at: datetime | None = None
    until_at: datetime | None = None


class Person(msgspec.Struct, frozen=True):
    """Somebody with a part in a commit. The first key is the one by which they are counted.

    `trouble` says why nobody can be held to it, where that is so. `name` and `email` are what
    the commit claims, for people who look; `signed_off`: the commit bears their sign-off.
    `claimed`: it came by no pull request that we know, so that anybody may have written them.
    """

    keys: tuple[str, ...]
    name: str = ""
    email: str = ""
    role: Literal["author", "co-author", "opener", "merger"] = "author"
    trouble: str = ""
    signed_off: bool = False
    claimed: bool = False

    @property
    def key(self) -> str:
        """The key by which they are counted."""
        return self.keys[0]


class Work(msgspec.Struct, frozen=True):
    """A commit as far as the rules need it: who has a part in it, and when it was done and sent."""

    sha: str
    people: tuple[Person, ...]
    authored_at: datetime
    submitted_at: datetime
    message: str = ""
    agent: bool = False
    number: int | None = None

    @property
    def subject(self) -> str:
        """The first line of what the commit says, as far as it is shown."""
        return self.message.strip().partition("\n")[0][:SHOWN]


@dataclass(frozen=True)
class Ledger:
    """Everything that people granted and stewards decided.

    `grants` are by key, `covered` by commit and key: what let that very part in. `waived` is by
    (commit, key), with "" for any commit or any person; the key `commit:<sha>` means those whom
    GitHub could link to nobody. `employers` maps the domain of an address to
    the key of the employer. `offered` are the open licences on offer now.
    """

    grants: Mapping[str, tuple[Grant, ...]] = field(default_factory=dict)
    covered: Mapping[tuple[str, str], Grant] = field(default_factory=dict)
    waived: Mapping[tuple[str, str], Waiver] = field(default_factory=dict)
    inbound: tuple[Inbound, ...] = ()
    employers: Mapping[str, str] = field(default_factory=dict)
    offered: tuple[str, ...] = ()
    bots: frozenset[str] = frozenset()

    @cached_property
    def waived_in(self) -> frozenset[str]:
        """The commits in which anything is waived; "" for people who are waived in all."""
        return frozenset(commit for commit, _ in self.waived)


class Held(msgspec.Struct, frozen=True):
    """One person's part: what it rests on or why it does not, and by which grant or waiver."""

    person: Person
    standing: Standing
    grant: Grant | None = None
    waiver: Waiver | None = None
    why: str = ""


class Judged(msgspec.Struct, frozen=True):
    """A commit's lines of one path: the worst of what its holders have.

    `licences` are those under which it was submitted where the project promised to keep them.
    """

    standing: Standing
    held: tuple[Held, ...]
    licences: frozenset[str] = frozenset()

    @property
    def blocked(self) -> bool:
        """Whether these lines stand in the way."""
        return self.standing in REASONS
