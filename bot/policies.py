"""The rules in force for each repository, kept so that GitHub need not be asked each time.

A row keeps the last text that was good; a bad one is remembered with its mistakes beside it
and changes nothing. The same holds for the document: its bytes become a version in
`licensing.store`, or the reason why they do not is kept in `refusal`.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Literal

from sqlalchemy import BigInteger, Column, Connection, String, Table, Text, bindparam, select

from bot import offers, teams
from bot import policy as policies_file
from bot.mistakes import N_, Problem
from bot.policy import LARGEST_FILE, Policy
from core.db import UtcDateTime, metadata, upsert
from core.github import Repo
from core.snapshots import asked_once
from licensing import store
from licensing.versions import REFUSED, AgreementVersion, may_replace

FRESH_FOR = timedelta(hours=24)
GONE = "gone"
"""In place of the file's tag: it was not there when we looked last."""

GONE_FOR = timedelta(seconds=30)

Source = Literal["repository", "organisation", "none"]
Refusal = Literal[
    "missing",
    "too_big",
    "not_text",
    "bytes_changed",
    "mode_changed",
    "terms_changed",
    "lower",
    "owner",
    "rules",
]
"""Why the agreement cannot be taken from where the rules point.

`rules`: the rules are bad. `owner`: they speak for all repositories of an owner, and whose this
one is has to be heard first.
"""

policy = Table(
    "policy",
    metadata,
    Column("repo_id", BigInteger, primary_key=True, autoincrement=False),
    Column("source", String(16), nullable=False),
    Column("source_name", Text, nullable=False),
    Column("text", Text),
    Column("rejected", Text),
    Column("etag", Text),
    Column("document_etag", Text),
    Column("company_etag", Text),
    Column("refusal", String(16)),
    Column("checked_at", UtcDateTime, nullable=False),
)

_RULES = select(policy).where(policy.c.repo_id == bindparam("_repo_id"))

NO_FILE = "\ue000 no file"
"""Stands for what GitHub gives no content of: a file of more than 1 MB, a folder, a submodule."""

_BIG, _BYTES = "\ue000 too big", "\ue000 not text"
"""Stand for a file that cannot be kept as a text; U+E000 begins no TOML."""

_NOT_TEXT = N_("This file is not UTF-8 text. Save it as UTF-8.")
_NO_FILE = N_("This is no file of at most %(most)d bytes. Put a file of rules in its place.")
_TOO_BIG = N_("This file is larger than %(most)d bytes. Make it shorter.")


@dataclass(frozen=True)
class Rules:
    """What holds for a repository now. `text` is in force; `rejected` was found and refused."""

    source: Source = "none"
    source_name: str = ""
    text: str | None = None
    rejected: str | None = None
    etag: str | None = None
    document_etag: str | None = None
    company_etag: str | None = None
    refusal: Refusal | None = None
    checked_at: datetime | None = None
    version: AgreementVersion | None = None

    @property
    def policy(self) -> Policy | None:
        """The rules in force, None where there are none."""
        return None if self.text is None else parsed(self.text)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The mistakes in the text that was refused."""
        if self.rejected is None:
            return ()
        return problems(self.rejected, shared=may_speak_for_all(self.source_name))

    @property
    def asks(self) -> bool:
        """Somebody may have to sign: there are rules, switched on, with a text to sign."""
        found = self.policy
        return found is not None and found.mode != "off" and self.version is not None

    @property
    def name(self) -> str:
        """A digest that changes with everything a verdict depends on, except people and commits."""
        version = self.version.id if self.version else 0
        parts = (self.text or "", str(version), self.refusal or "", self.rejected or "")
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()

    @property
    def is_doubtful(self) -> bool:
        """The file was not there at the last look; one more look decides."""
        return self.etag == GONE

    def is_fresh(self, now: datetime) -> bool:
        """Say whether the rules were read from GitHub within the last day."""
        return self.checked_at is not None and now < self.checked_at + FRESH_FOR


@dataclass(frozen=True)
class Reading:
    """What was found on GitHub: the rules' text (None: nowhere) and the document's bytes.

    `document` is None where it was not looked for, or is as it was (`document_etag` stands);
    `company` is the text for companies, empty where there is none.
    `publisher_id` is who pushed it, where that is known.
    """

    source: Source
    source_name: str
    text: str | None
    etag: str | None
    document: bytes | None = None
    document_etag: str | None = None
    company: bytes = b""
    company_etag: str | None = None
    refusal: Refusal | None = None
    calls: int = 0
    publisher_id: int | None = None


def may_speak_for_all(name: str) -> bool:
    """Say whether rules of the repository "owner/name" may be about all of the owner's."""
    return name.partition("/")[2].lower() == ".github"


@lru_cache(maxsize=512)
def parsed(text: str) -> Policy | None:
    """Read a text of rules; None if it is refused."""
    try:
        return policies_file.parse(text)
    except policies_file.Refused:
        return None


def problems(text: str, *, shared: bool = True) -> tuple[Problem, ...]:
    """Give the mistakes of a text of rules; one that could not be decoded or held has its own.

    `shared`: it stands where it may be about all of an owner's repositories.
    """
    if text == _BIG:
        return (Problem(1, _TOO_BIG, {"most": LARGEST_FILE}),)
    if text == NO_FILE:
        return (Problem(1, _NO_FILE, {"most": LARGEST_FILE}),)
    if text == _BYTES:
        return (Problem(1, _NOT_TEXT),)
    return policies_file.problems(text, shared=shared)


def decoded(content: bytes) -> str:
    """Give a rules file as text; what cannot be a text becomes a mark that `problems` knows."""
    if len(content) > LARGEST_FILE:
        return _BIG
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _BYTES
    # PostgreSQL keeps no NUL in a text, and TOML allows none.
    return _BYTES if "\0" in text else text


@asked_once
def rules(connection: Connection, repo_id: int) -> Rules:
    """Give what holds for a repository, as last read."""
    row = connection.execute(_RULES, {"_repo_id": repo_id}).one_or_none()
    if row is None:
        return Rules()
    return Rules(
        source=row.source,
        source_name=row.source_name,
        text=row.text,
        rejected=row.rejected,
        etag=row.etag,
        document_etag=row.document_etag,
        company_etag=row.company_etag,
        refusal=row.refusal,
        checked_at=row.checked_at,
        version=store.agreement_in_force(connection, repo_id),
    )


def of_sellers(connection: Connection) -> tuple[int, ...]:
    """Give the repositories whose rules in force sell something."""
    rows = connection.execute(
        select(policy.c.repo_id, policy.c.text)
        .where(policy.c.text.contains("selling"))
        .order_by(policy.c.repo_id)
    )
    found = ((row.repo_id, parsed(row.text)) for row in rows)
    return tuple(repo_id for repo_id, rules in found if rules is not None and rules.selling.on)


def keep(
    connection: Connection,
    repo: Repo,
    reading: Reading,
    now: datetime,
    counts_from: datetime,
) -> Rules:
    """Take over what was read as far as it is good, and give what holds from now on.

    `now` is when it was read; acts before `counts_from` do not count for a new version.
    """
    known = rules(connection, repo.id)
    if known.checked_at is not None and known.checked_at > now:
        # Somebody looked later and got here first: what we read may be older.
        return known
    if reading.text is None and known.text is not None and not _surely_gone(known, now):
        if not known.is_doubtful:
            doubt = policy.update().where(policy.c.repo_id == repo.id)
            connection.execute(doubt.values(etag=GONE, checked_at=now))
        return rules(connection, repo.id)
    bad = problems(reading.text or "", shared=may_speak_for_all(reading.source_name))
    rejected = reading.text if reading.text is not None and bad else None
    text = reading.text if rejected is None else known.text
    refusal = _publish(connection, known, repo, reading, text, now, counts_from)
    values = {
        "source": reading.source,
        "source_name": reading.source_name,
        "text": text,
        "rejected": rejected,
        "etag": reading.etag,
        "document_etag": reading.document_etag,
        "company_etag": reading.company_etag,
        "refusal": "rules" if rejected is not None and text is None else refusal,
        "checked_at": now,
    }
    upsert(connection, policy, {"repo_id": repo.id}, values)
    current = parsed(text) if text is not None else None
    teams.forget(connection, repo, current.exempt_teams if current else ())
    return rules(connection, repo.id)


def _surely_gone(known: Rules, now: datetime) -> bool:
    # One wrong 404 must not switch an agreement off: it takes two, some time apart.
    doubted_at = known.checked_at if known.is_doubtful else None
    return doubted_at is not None and now >= doubted_at + GONE_FOR


def _publish(
    connection: Connection,
    known: Rules,
    repo: Repo,
    reading: Reading,
    text: str | None,
    now: datetime,
    counts_from: datetime,
) -> Refusal | None:
    current = parsed(text) if text is not None else None
    if current is None or current.mode == "off":
        store.retire(connection, repo.id)
        return None
    if reading.document is None:
        return reading.refusal
    texts = (reading.document, reading.company)
    offer = offers.offer(connection, repo, current, reading.source_name, *texts)
    if offer is None:
        return "owner"
    offer = replace(offer, etag=reading.document_etag, publisher_id=reading.publisher_id)
    same_file = known.source_name.lower() == reading.source_name.lower()
    if same_file and known.version is not None and not may_replace(known.version, offer):
        return "terms_changed"
    step = store.publish(connection, repo.id, offer, now, counts_from)
    return step if step in REFUSED else None  # type: ignore[return-value] # REFUSED are Refusals
