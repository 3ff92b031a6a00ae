"""What the API answers, as types: the OpenAPI document is made from these."""

from datetime import datetime
from typing import Any, Literal

import msgspec

from bot.maintaining.signers import Signed
from bot.standing import Waiting
from licensing.bases import Basis
from licensing.companies.values import Company as KnownCompany
from licensing.coverage_words import Told
from licensing.versions import AgreementVersion

Conclusion = Literal["success", "action_required", "failure", "neutral", "none"]


class Agreement(msgspec.Struct, frozen=True):
    """The agreement in force: its exact text is at `text_url`, and has this SHA-256.

    What companies sign, where it is a text of its own, is at `company_text_url`.
    """

    version: str
    mode: str
    language: str
    document: str
    sha256: str
    published_at: datetime
    phrase: str
    scope: str
    outbound: str
    reaches_back: bool
    paths: list[str]
    signers: int
    text_url: str
    company_sha256: str | None = None
    company_text_url: str | None = None


class Signature(msgspec.Struct, frozen=True):
    """A signature. `record` is its place in the chain; `login` is null where it was erased.

    `signed_by` is the number of whoever acted, where that is somebody else: a guardian, or who
    approved an import or received a paper. `withdrawn_at` is null while it stands.
    """

    record: int
    github_id: int
    login: str | None
    version: str
    method: Literal["comment", "web", "import", "paper"]
    capacity: Literal["self", "employer", "guardian"]
    signed_by: int | None
    signed_at: datetime
    recorded_at: datetime
    pull_request: int | None
    withdrawn_at: datetime | None


class Signatures(msgspec.Struct, frozen=True):
    """Some signatures, newest first, and the address of the next ones; null on the last page."""

    items: list[Signature]
    next: str | None


class Standing(msgspec.Struct, frozen=True):
    """Whether a person is covered for the version in force now, and on which basis.

    `rule` is `signature` for their own, `company` for a company that lists them.
    """

    github_id: int
    covered: bool
    in_force: str
    rule: Literal["signature", "company"] | None
    version: str | None
    company: str | None
    record: int | None


class PullRequest(msgspec.Struct, frozen=True):
    """An open pull request and what it waits for; `conclusion` is null until it was looked at.

    `to_sign` are the logins that we know of those who have to sign, `others` counts the rest, and
    `unidentified` counts authors that no account is known for.
    """

    number: int
    opener: str
    opened_at: datetime
    conclusion: Conclusion | None
    to_sign: list[str]
    others: int
    unidentified: int
    url: str | None


class PullRequests(msgspec.Struct, frozen=True):
    """Some open pull requests, newest first, and the address of the next ones; null at the end."""

    items: list[PullRequest]
    next: str | None


class Coverage(msgspec.Struct, frozen=True):
    """A holder's part in a merged commit, and what it rests on.

    `evidence` names the record of the chain; `problem` says why nobody could be found. Of rule
    `company`, `company` is its name, and `record` the place of the acknowledgement in the chain.
    """

    pull_request: int
    commit: str
    landed_as: str
    merge: str
    merged_at: datetime
    holder: int | None
    role: str
    rule: str
    problem: str
    version: str | None
    document_sha256: str | None
    method: str | None
    acted_at: datetime | None
    evidence: str | None
    company: str | None
    record: int | None


class CoveragePage(msgspec.Struct, frozen=True):
    """Some rows of the coverage ledger: page `page` of `last`, of `total` rows in all."""

    items: list[Coverage]
    page: int
    last: int
    total: int


class Company(msgspec.Struct, frozen=True):
    """A company that signed for the people it lists; `majors` are the MAJOR versions it signed."""

    number: int
    name: str
    domain: str
    signed_at: datetime
    majors: list[int]


class Companies(msgspec.Struct, frozen=True):
    """All companies, in the order in which they signed."""

    items: list[Company]


class Problem(msgspec.Struct, frozen=True):
    """Problem details (RFC 9457): `detail` says what is so and what to do."""

    type: str
    title: str
    status: int
    detail: str


TYPES: tuple[Any, ...] = (
    Agreement,
    Signatures,
    Standing,
    PullRequests,
    CoveragePage,
    Companies,
    Problem,
)


def agreement(version: AgreementVersion, signers: int, text_url: str) -> Agreement:
    """Describe a version."""
    return Agreement(
        version=version.version,
        mode=version.mode,
        language=version.language,
        document=version.document,
        sha256=version.sha256,
        published_at=version.published_at,
        phrase=version.phrase,
        scope=version.scope,
        outbound=version.outbound,
        reaches_back=version.reaches_back,
        paths=list(version.paths),
        signers=signers,
        text_url=text_url,
        company_sha256=version.company_sha256 or None,
        company_text_url=f"{text_url.removesuffix('.md')}-companies.md"
        if version.company_document
        else None,
    )


def signature(one: Signed, repo_id: int) -> Signature:
    """Describe a signature; a pull request of another repository is not named."""
    return Signature(
        record=one.sequence,
        github_id=one.github_id,
        login=one.login or None,
        version=one.version,
        method=one.method,  # type: ignore[arg-type] # the database holds no other
        capacity=one.capacity,  # type: ignore[arg-type] # the same
        signed_by=one.signed_by,
        signed_at=one.signed_at,
        recorded_at=one.recorded_at,
        pull_request=one.number if one.repo_id == repo_id else None,
        withdrawn_at=one.withdrawn_at,
    )


def standing(github_id: int, in_force: AgreementVersion, basis: Basis | None) -> Standing:
    """Say on which basis a person is covered."""
    return Standing(
        github_id=github_id,
        covered=basis is not None,
        in_force=in_force.version,
        rule=basis.rule if basis else None,
        version=basis.version if basis else None,
        company=(basis.company or None) if basis else None,
        record=basis.sequence if basis else None,
    )


def pull_request(one: Waiting) -> PullRequest:
    """Describe a pull request."""
    return PullRequest(
        number=one.number,
        opener=one.opener,
        opened_at=one.opened_at,
        conclusion=one.conclusion,  # type: ignore[arg-type] # the database holds no other
        to_sign=list(one.to_sign),
        others=one.others,
        unidentified=one.unknown,
        url=one.url,
    )


def coverage(told: Told) -> Coverage:
    """Describe a row of the ledger."""
    row, word = told.row, told.word
    return Coverage(
        pull_request=row.number,
        commit=row.sha,
        landed_as=row.landed_sha,
        merge=row.merge_sha,
        merged_at=row.merged_at,
        holder=row.holder_id,
        role=row.role,
        rule=row.rule,
        problem=row.problem,
        version=row.version,
        document_sha256=row.document_sha256,
        method=row.method,
        acted_at=row.acted_at,
        evidence=row.evidence,
        company=word.name if word else None,
        record=word.record if word else None,
    )


def company(one: KnownCompany) -> Company:
    """Describe a company."""
    return Company(one.number, one.name, one.domain, one.signed_at, sorted(one.majors))
