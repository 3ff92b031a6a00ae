"""From a folder of statements to what the judgement needs. Pure: the folder comes as bytes by name."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import msgspec

from core.digests import canonical, sha256
from core.errors import UserError
from licensing.audit import grant_texts, statements
from licensing.audit.erased import Erased
from licensing.audit.files import Declared, Foreign
from licensing.audit.holders import Origins
from licensing.audit.people import Known, Register, by_address, by_number
from licensing.audit.statements import Folder, Named, PeopleList, Statements
from licensing.audit.values import Grant, Inbound, Ledger, Waiver

MAIN = "audit.toml"


@dataclass(frozen=True)
class Inputs:
    """All that a judgement is made from, beside the clone and the target.

    `sha256` is of the policy, `ledger_sha256` of the agreements; `formats` are approved commits.
    `known` are those who can be looked for when somebody is not found. `erased` is what may not
    be kept of commits.
    """

    ledger: Ledger = field(default_factory=Ledger)
    origins: Origins = field(default_factory=Origins)
    declared: Declared = field(default_factory=Declared)
    formats: Mapping[str, Waiver] = field(default_factory=dict)
    known: tuple[Known, ...] = ()
    sha256: str = ""
    ledger_sha256: str = ""
    baseline: str = ""
    erased: Erased = field(default_factory=Erased)


def read(files: Mapping[str, bytes], by: Waiver | None = None) -> Inputs:
    """Read a folder; without `audit.toml`, it states nothing.

    `by` is who recorded it, why and when: they answer for whatever names nobody else.
    Raises `UserError` with what is wrong.
    """
    try:
        folder = msgspec.toml.decode(files.get(MAIN, b""), type=statements.Folder)
        reader = _Reader(folder, files, by)
        return reader.inputs()
    except (msgspec.DecodeError, ValueError) as error:
        raise UserError(f"{MAIN}: {error}") from None


def key_of(person: str | int) -> str:
    """Give the key of whom a file names: a number is an account's, a text an address."""
    if isinstance(person, int):
        return by_number(person)
    if "@" not in person and ":" not in person:
        raise ValueError(f"“{person}” is neither an account’s number nor an address")
    return person if ":" in person and "@" not in person else by_address(person)


def instant(said: str) -> datetime | None:
    """Read a day or an instant, UTC where nothing else is said; a day begins at midnight."""
    if not said:
        return None
    found = datetime.fromisoformat(said)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


class _Reader:
    """One folder on its way; the last decision about the same thing counts."""

    def __init__(self, folder: Folder, files: Mapping[str, bytes], by: Waiver | None) -> None:
        self.folder = folder
        self.by = by or Waiver(folder.steward, folder.reason)
        self.files = files
        self.grants: dict[str, list[Grant]] = {}
        self.waived: dict[tuple[str, str], Waiver] = {}
        self.known: list[Known] = []

    def inputs(self) -> Inputs:
        """Read all of it."""
        self._each_signed()
        for group in self.folder.statements:
            self._statements(group)
        for people in self.folder.list:
            self._people(people)
        self._single()
        folder = self.folder
        return Inputs(
            Ledger(
                {key: tuple(found) for key, found in self.grants.items()},
                waived=self.waived,
                inbound=tuple(
                    Inbound(one.id, one.paths, instant(one.start), instant(one.until))
                    for one in folder.licence
                ),
                employers={one.domain.lower(): key_of(one.person) for one in folder.employer},
                offered=folder.offered,
                bots=frozenset(map(by_number, folder.bots)),
            ),
            self._origins(),
            self._declared(),
            {one.commit: self._by(one) for one in folder.format},
            tuple(self.known),
            sha256(canonical({name: sha256(text) for name, text in self.files.items()}).encode()),
            baseline=folder.baseline,
        )

    def _origins(self) -> Origins:
        folder = self.folder
        aliases = {key_of(one.person): key_of(one.same_as) for one in folder.alias}
        return Origins(
            Register(aliases=aliases),
            stated={one.commit: tuple(map(key_of, one.people)) for one in folder.holder},
            agents=frozenset(one.lower() for one in folder.agents),
            bots=frozenset(map(by_number, folder.bots)),
            history=bool(folder.baseline),
        )

    def _each_signed(self) -> None:
        """See that somebody answers for each decision."""
        folder = self.folder
        groups: tuple[tuple[Named, ...], ...] = (
            *(folder.statements, folder.list, folder.grant, folder.owner, folder.waiver),
            *(folder.alias, folder.holder, folder.format, folder.vendored, folder.generated),
            *(folder.licence, folder.employer),
        )
        for one in (one for group in groups for one in group):
            self._by(one)

    def _by(self, one: Named, until: str = "") -> Waiver:
        steward = one.steward or self.folder.steward or self.by.steward
        reason = one.reason or self.folder.reason or self.by.reason
        if not steward.strip() or not reason.strip():
            raise ValueError("each decision needs “steward” and “reason”, there or above all")
        return Waiver(steward, reason, instant(until) or self.by.until_at)

    def _declared(self) -> Declared:
        folder = self.folder
        return Declared(
            vendored=tuple(
                Foreign(one.paths, one.licence, self._by(one)) for one in folder.vendored
            ),
            generated=tuple(Foreign(one.paths, by=self._by(one)) for one in folder.generated),
            licences=frozenset([*(one.id for one in folder.licence), *folder.offered]),
            copyright=folder.copyright,
        )

    def _statements(self, group: Statements) -> None:
        prefix = group.folder.strip("/") + "/"
        for name in sorted(self.files):
            inside = name.startswith(prefix) or group.folder in {"", "."}
            if name == MAIN or not inside or name.removeprefix(prefix) in group.leave_out:
                continue
            found = grant_texts.read(group, name, self.files[name])
            if found is None:
                continue
            grant = Grant(
                found.source, found.outbound, found.licences, until_at=instant(group.until)
            )
            self.known.append(found.known)
            for key in _keys(found, group.match):
                self.grants.setdefault(key, []).append(grant)

    def _people(self, group: PeopleList) -> None:
        text = self.files.get(group.file)
        if text is None:
            raise ValueError(f"there is no file {group.file} beside it")
        by = self._by(group, group.until)
        lines = text.decode("utf-8", "replace").splitlines()
        for name, address, remark in grant_texts.ticked(lines, group.heading):
            key = by_address(address)
            label = f"{group.file}: {name}" + (f" ({remark})" if remark else "")
            self.known.append(Known(key, label, frozenset({name}), frozenset({address})))
            keys = [key, f"name:{' '.join(name.split()).casefold()}"]
            grant = Grant(label, group.outbound, group.licences, until_at=instant(group.until))
            for one in keys if "name" in group.match else keys[:1]:
                if group.gives == "waiver":
                    self.waived["", one] = by
                else:
                    self.grants.setdefault(one, []).append(grant)

    def _single(self) -> None:
        for one in self.folder.grant:
            span = (instant(one.start), instant(one.until))
            grant = Grant(f"{MAIN}: {one.person}", one.outbound, one.licences, one.paths, *span)
            self.grants.setdefault(key_of(one.person), []).append(grant)
        for owner in self.folder.owner:
            span = (instant(owner.start), instant(owner.until))
            grant = Grant(f"{MAIN}: owner", from_at=span[0], until_at=span[1], owned=True)
            self.grants.setdefault(key_of(owner.person), []).append(grant)
        for waiver in self.folder.waiver:
            if not waiver.commit and not waiver.person:
                raise ValueError("a waiver names a person, a commit, or both")
            who = key_of(waiver.person) if waiver.person else ""
            self.waived[waiver.commit, who] = self._by(waiver, waiver.until)


def _keys(found: grant_texts.Statement, match: tuple[str, ...]) -> Iterator[str]:
    if "address" in match:
        yield from map(by_address, sorted(found.addresses))
    if "handle" in match:
        yield from (f"handle:{one}" for one in sorted(found.handles))
    if "name" in match:
        yield from (f"name:{one.casefold()}" for one in sorted(found.names))
