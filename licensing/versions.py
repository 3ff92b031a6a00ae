"""Versions of an agreement: exact bytes under a MAJOR.MINOR, and which change may follow which."""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, Protocol

from licensing.chain import sha256

_VERSION = re.compile(r"(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})", re.ASCII)

Step = Literal[
    "first", "same", "minor", "major", "bytes_changed", "mode_changed", "terms_changed", "lower"
]
"""From the version in force to an offered one; the last four are refused."""

REPOSITORY, ORGANISATION = "repository", "organisation"
"""The scopes of an agreement: one repository, or an account's repositories."""

REFUSED: frozenset[Step] = frozenset({"bytes_changed", "mode_changed", "terms_changed", "lower"})


def parts(version: str) -> tuple[int, int] | None:
    """Read MAJOR.MINOR; None for anything else."""
    match = _VERSION.fullmatch(version)
    return (int(match[1]), int(match[2])) if match else None


@dataclass(frozen=True)
class Offer:
    """What the rules on the default branch say the agreement is: a document under a version.

    `scope_id` is the number of the repository or organisation; 0 stands for the repository that
    it is offered for. `outbound` names what the project may do with contributions (see
    `licensing.rights`), empty where it states nothing. `paths` are the files that it is about,
    all where there are none. `publisher_id` is who pushed it, where GitHub said so. Companies sign
    `company_content`, where there is such a text.
    """

    version: str
    mode: str
    phrase: str
    language: str
    document: str
    content: bytes
    etag: str | None = None
    scope: str = REPOSITORY
    scope_id: int = 0
    outbound: str = ""
    outbound_licences: tuple[str, ...] = ()
    reaches_back: bool = False
    paths: tuple[str, ...] = ()
    publisher_id: int | None = None
    company_document: str = ""
    company_content: bytes = b""


@dataclass(frozen=True)
class AgreementVersion:
    """A version as it was published: `content` are the exact bytes that a signature is bound to.

    `published_at` is when we took it over. Acts before `counts_from` do not count for it. For
    the rest see `Offer`.
    """

    id: int
    agreement_id: int
    version: str
    mode: str
    phrase: str
    language: str
    document: str
    content: bytes
    sha256: str
    published_at: datetime
    counts_from: datetime
    scope: str = REPOSITORY
    scope_id: int = 0
    outbound: str = ""
    outbound_licences: tuple[str, ...] = ()
    reaches_back: bool = False
    paths: tuple[str, ...] = ()
    publisher_id: int | None = None
    company_document: str = ""
    company_content: bytes = b""
    company_sha256: str = ""

    @property
    def major(self) -> int:
        """The part that asks everybody again when it rises."""
        return int(self.version.partition(".")[0])

    @property
    def for_companies(self) -> "AgreementVersion":
        """The same version with the text that companies sign, where they have one of their own."""
        if not self.company_document:
            return self
        return replace(
            self,
            document=self.company_document,
            content=self.company_content,
            sha256=self.company_sha256,
        )


def step(in_force: AgreementVersion | None, offer: Offer) -> Step:
    """Say what taking over `offer` would be."""
    offered = parts(offer.version)
    if offered is None:
        message = f"{offer.version!r} is no version"
        raise ValueError(message)
    if in_force is None:
        return "first"
    present = parts(in_force.version) or (0, 0)
    if offered < present:
        return "lower"
    if offered > present:
        return "major" if offered[0] > present[0] else "minor"
    texts = (sha256(offer.content), offer.company_content)
    if texts != (in_force.sha256, in_force.company_content):
        return "bytes_changed"
    if offer.mode != in_force.mode:
        return "mode_changed"
    return "same" if same_terms(offer, in_force) else "terms_changed"


class Terms(Protocol):
    """What people agree to beside the text; see `Offer`."""

    @property
    def scope(self) -> str:
        """For how many repositories."""

    @property
    def outbound(self) -> str:
        """What the project may do with it."""

    @property
    def outbound_licences(self) -> tuple[str, ...]:
        """Under which licences only."""

    @property
    def reaches_back(self) -> bool:
        """Whether it is about earlier work too."""

    @property
    def paths(self) -> tuple[str, ...]:
        """About which files."""


def same_terms(one: Terms, other: Terms) -> bool:
    """Say whether both ask the same of people; in lists, the order says nothing."""
    return _terms(one) == _terms(other)


def _terms(one: Terms) -> tuple[object, ...]:
    licences, paths = frozenset(one.outbound_licences), frozenset(one.paths)
    return one.scope, one.outbound, licences, one.reaches_back, paths


def may_replace(in_force: AgreementVersion, offer: Offer) -> bool:
    """Say whether an offer from the same file may take the place of what is in force, by scope.

    Another scope makes it another agreement. For how many repositories people sign is part of
    what they agreed to: the version has to rise, so that everybody sees that it is not what
    they signed.
    """
    return offer.scope == in_force.scope or (parts(offer.version) or (0, 0)) > (
        parts(in_force.version) or (0, 0)
    )


def next_second(now: datetime) -> datetime:
    """Give the first whole second that is not before `now`: what people write has whole seconds."""
    whole = now.replace(microsecond=0)
    return whole if whole == now else whole + timedelta(seconds=1)
