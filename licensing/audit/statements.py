"""What stewards state about a code base, as a folder has it: `audit.toml` with the files it names.

    steward = "Ada Lovelace"          # who takes it on, for whatever names nobody else
    [[statements]]                    # a folder of grants, one file for each person
    [[list]]                          # lines `- [x] NAME <ADDRESS>` under a heading
    [[grant]] [[owner]] [[waiver]] [[alias]] [[holder]] [[format]]
    [[vendored]] [[generated]] [[licence]] [[employer]]

Nothing of it is taken from the audited tree: the folder is given by whoever runs the audit.
"""

from __future__ import annotations

import msgspec

LARGEST = 5_000_000


class Named(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Every decision has somebody's name and a reason; both may stand once for all above."""

    steward: str = ""
    reason: str = ""


class Reads(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A statement that has these words grants this; the first one that fits counts."""

    words: str
    outbound: str
    licences: tuple[str, ...] = ()


class Statements(Named, frozen=True, kw_only=True):
    """A folder of grants. `match` says what of a statement is believed to name its person."""

    folder: str
    outbound: str = "listed"
    licences: tuple[str, ...] = ()
    reads: tuple[Reads, ...] = ()
    match: tuple[str, ...] = ("address",)
    until: str = ""
    leave_out: tuple[str, ...] = ()


class PeopleList(Named, frozen=True, kw_only=True):
    """Lines of a text file under a heading: of people who granted, or who are waived."""

    file: str
    heading: str
    gives: str
    outbound: str = "listed"
    licences: tuple[str, ...] = ()
    match: tuple[str, ...] = ("address",)
    until: str = ""


class GrantOf(Named, frozen=True, kw_only=True):
    """One person's grant."""

    person: str | int
    outbound: str
    licences: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    start: str = ""
    until: str = ""


class Owner(Named, frozen=True, kw_only=True):
    """The owner, or somebody who works for them, for a span of time."""

    person: str | int
    start: str = ""
    until: str = ""


class WaiverOf(Named, frozen=True, kw_only=True):
    """A part that is too small: of a person until then, of a commit, or of a person in a commit."""

    person: str | int = ""
    commit: str = ""
    until: str = ""


class Alias(Named, frozen=True, kw_only=True):
    """An address or account is the same person as another."""

    person: str | int
    same_as: str | int


class HolderOf(Named, frozen=True, kw_only=True):
    """Who holds an imported commit, as its importer states."""

    commit: str
    people: tuple[str | int, ...]


class Format(Named, frozen=True, kw_only=True):
    """A commit that only changed the form."""

    commit: str


class Vendored(Named, frozen=True, kw_only=True):
    """Files of somebody else's, under a licence."""

    paths: tuple[str, ...]
    licence: str


class Generated(Named, frozen=True, kw_only=True):
    """Files that a program of the owner's makes from others."""

    paths: tuple[str, ...]


class Licence(Named, frozen=True, kw_only=True):
    """The open licence of the project, for some files, for a span of time."""

    id: str
    paths: tuple[str, ...] = ()
    start: str = ""
    until: str = ""


class Employer(Named, frozen=True, kw_only=True):
    """Work from addresses of a domain is the employer's; it needs the grant of that person."""

    domain: str
    person: str | int


class Folder(Named, frozen=True, kw_only=True):
    """The whole of `audit.toml`."""

    baseline: str = ""
    agents: tuple[str, ...] = ()
    bots: tuple[int, ...] = ()
    offered: tuple[str, ...] = ()
    copyright: tuple[str, ...] = ()
    statements: tuple[Statements, ...] = ()
    list: tuple[PeopleList, ...] = ()
    grant: tuple[GrantOf, ...] = ()
    owner: tuple[Owner, ...] = ()
    waiver: tuple[WaiverOf, ...] = ()
    alias: tuple[Alias, ...] = ()
    holder: tuple[HolderOf, ...] = ()
    format: tuple[Format, ...] = ()
    vendored: tuple[Vendored, ...] = ()
    generated: tuple[Generated, ...] = ()
    licence: tuple[Licence, ...] = ()
    employer: tuple[Employer, ...] = ()
