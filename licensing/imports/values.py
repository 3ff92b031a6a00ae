"""What a file of another tool says: one entry for each signature, and what could not be read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from core.errors import UserError

Format = Literal["cla-assistant-csv", "cla-assistant-json", "lite", "easycla", "csv"]
FORMATS: tuple[Format, ...] = ("cla-assistant-csv", "cla-assistant-json", "lite", "easycla", "csv")
WRITTEN: tuple[Format, ...] = FORMATS
"""The forms in which signatures leave this register again: all in which they come."""

LARGEST = 10 * 1024 * 1024
MOST_ENTRIES = 20_000

Fault = Literal["fields", "quotes", "no_one", "login", "number", "no_date", "date", "object"]
"""Why a row cannot be read.

fields   it has more or fewer fields than the head of the table
quotes   its quotation marks do not fit together
no_one   it names nobody
login    what stands there is no login
number   what stands there is no account number
no_date  it says nothing of when
date     what stands there is no date that can be read in one way only
object   it is no object of JSON
"""

FileFault = Literal[
    "large", "text", "json", "empty", "form", "columns", "twice", "companies", "many"
]
"""Why a file cannot be read at all; `columns` and `twice` name the column."""


@dataclass(frozen=True)
class Entry:
    """One signature as a file tells it; `line` counts from 1, in JSON the objects of the list.

    `github_id` is the account's number where the file has it. `repo` is "owner/name", "owner/"
    for all repositories of an owner, or empty. `reference` is how the other tool calls the
    version or the comment: hashes and numbers only. `ended`: it does not stand any more.
    `for_company`: the person acknowledged that a company's signature covers them.
    """

    line: int
    login: str
    signed_at: datetime
    github_id: int | None = None
    version: str = ""
    repo: str = ""
    repo_id: int | None = None
    reference: str = ""
    ended: bool = False
    for_company: bool = False


@dataclass(frozen=True)
class Broken:
    """A row that is kept out, and why."""

    line: int
    fault: Fault


@dataclass(frozen=True)
class Parsed:
    """What was found in a file."""

    format: Format
    sha256: str
    entries: tuple[Entry, ...]
    broken: tuple[Broken, ...] = ()


@dataclass(frozen=True)
class Written:
    """A signature of ours on its way out; `repo` is "owner/name", `text_url` shows what was signed."""

    github_id: int
    login: str
    version: str
    signed_at: datetime
    withdrawn_at: datetime | None
    repo: str
    repo_id: int
    document: str = ""
    text_url: str = ""
    comment_id: int | None = None
    number: int | None = None


@dataclass(frozen=True)
class Raw:
    """What a row says of a signature, as text: every form brings its rows into this one."""

    line: int
    login: str
    signed_at: object
    more: Mapping[str, object] = field(default_factory=dict)


class Unreadable(UserError):
    """A file is in no form that we know; `fault` says why, `name` is what it is about."""

    def __init__(self, fault: FileFault, name: str = "") -> None:
        """Keep the reason."""
        super().__init__(f"{fault} {name}".strip())
        self.fault = fault
        self.name = name
