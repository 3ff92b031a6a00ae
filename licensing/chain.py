"""The chain of records: each one's hash covers the one before, so that no line can be changed alone.

A record is written as canonical JSON (sorted keys, no spaces, UTF-8); its hash is the SHA-256
of the previous hash, a line feed, and that text. Whoever holds an export can check it without
us: `verify_export` reads nothing else.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from core.digests import START, canonical, digest, parsed, seal, sealed, sha256
from licensing import ledger, version_texts

__all__ = [
    "BOUND",
    "FIRST_FORMAT",
    "FORMAT",
    "KINDS",
    "PUBLISHED",
    "SINCE",
    "START",
    "Extent",
    "Kind",
    "Link",
    "canonical",
    "counted",
    "digest",
    "extents",
    "link",
    "parsed",
    "problems_of",
    "record_problems",
    "seal",
    "sealed",
    "sha256",
    "unbound",
    "verify_export",
]

FORMAT = "potluck-register/2"
FIRST_FORMAT = "potluck-register/1"
"""Exports of it are still read: they hold signatures only, each for one repository."""

Kind = Literal[
    "version",
    "signature",
    "withdrawal",
    "company",
    "listing",
    "listing_end",
    "acknowledgement",
    "retraction",
    "waiver",
    "declaration",
    "paper",
]
KINDS: frozenset[str] = frozenset(get_args(Kind))

BOUND = {
    "document_sha256": "sha256",
    "document": "document",
    "mode": "mode",
    "published_at": "published_at",
}
"""What each record repeats of the version that it signs, and how an export's version calls it."""

PUBLISHED = BOUND | {
    name: name
    for name in (
        "language",
        "outbound",
        "outbound_licences",
        "reaches_back",
        "paths",
        "publisher_id",
    )
}
"""What the record of a publication says of its version, more than that."""

SINCE = frozenset({"phrase", "counts_from"})
"""What such records say since November 2026; older ones bind nothing of it, and stay good."""

ALSO = SINCE | set(version_texts.FOR_COMPANIES.values())


@dataclass(frozen=True)
class Link:
    """One record in its place; `record` is canonical JSON."""

    sequence: int
    record: str
    previous: str
    hash: str


@dataclass(frozen=True)
class Extent:
    """What was looked at in one register: a chain cut short is whole, so its end has to be told.

    `scope` and `scope_id` say whose agreement it is; `versions` are names such as `1.0`;
    `bound` are those that a record binds.
    """

    scope: str
    scope_id: int
    versions: tuple[str, ...]
    bound: frozenset[str]
    records: int
    head: str

    def __str__(self) -> str:
        """Say it in one line."""
        line = (
            f"agreement of {self.scope} {self.scope_id}: {counted(len(self.versions), 'version')},"
            f" {counted(self.records, 'record')}, head {self.head}"
        )
        loose = ", ".join(name for name in self.versions if name not in self.bound)
        return f"{line} (no record binds {loose})" if loose else line


def counted(count: int, noun: str) -> str:
    """Give `1 record`, `2 records`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def link(sequence: int, previous: str, record: Mapping[str, Any]) -> Link:
    """Put a record behind the one whose hash is `previous`."""
    text = canonical(record)
    return Link(sequence, text, previous, digest(previous, text))


def problems_of(links: Iterable[Link], head: tuple[int, str]) -> Iterator[str]:
    """Name everything that does not hold in a chain, in order; `head` is its (length, hash)."""
    previous, sequence = START, 0
    for item in links:
        sequence += 1
        if item.sequence != sequence:
            yield f"record {item.sequence} stands where record {sequence} belongs"
            sequence = item.sequence
        if item.previous != previous:
            yield f"record {item.sequence} does not follow the one before it"
        if digest(item.previous, item.record) != item.hash:
            yield f"record {item.sequence} was changed: its hash does not fit"
        previous = item.hash
    if (sequence, previous) != head:
        yield f"the chain ends at record {sequence}, but its head names record {head[0]}"


def verify_export(data: object) -> tuple[str, ...]:
    """Check an export of registers; gives a sentence for each thing that does not hold."""
    if not isinstance(data, dict) or data.get("format") not in (FORMAT, FIRST_FORMAT):
        return (f"this is no export in the form {FORMAT}",)
    try:
        return tuple(_export_problems(data))
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        return (f"the export is damaged: {type(error).__name__} at {error}",)


def _export_problems(data: Mapping[str, Any]) -> Iterator[str]:
    is_new = data["format"] != FIRST_FORMAT
    problems = [] if is_new else list(_not_of_first(data))
    known: dict[tuple[Any, Any, str], Mapping[str, Any]] = {}
    problems += _register_problems(data["agreements"], known, is_new=is_new)
    for part in data["coverage"] if is_new else ():
        found = ledger.problems(part, known)
        problems += (f"coverage of repository {part['repository']}: {one}" for one in found)
    if not problems and is_new and data.get("seal") != seal(data):
        problems.append("something in the export was changed: its seal does not fit")
    yield from problems


def _register_problems(
    agreements: Iterable[Mapping[str, Any]],
    known: dict[tuple[Any, Any, str], Mapping[str, Any]],
    *,
    is_new: bool,
) -> Iterator[str]:
    """Name what is wrong in each register, and put its records into `known`."""
    seen: set[tuple[Any, Any]] = set()
    for agreement in agreements:
        scope = _scope(agreement)
        known |= ledger.evidence_of(scope, (item["record"] for item in agreement["records"]))
        problems = list(_agreement_problems(agreement, scope))
        if scope in seen:
            problems.append("it stands there twice")
        seen.add(scope)
        if is_new and not problems and agreement.get("seal") != seal(agreement):
            problems.append("something in it was changed: its seal does not fit")
        yield from (f"agreement of {scope[0]} {scope[1]}: {problem}" for problem in problems)


def _not_of_first(data: Mapping[str, Any]) -> Iterator[str]:
    """Name what the first form had not: a newer export, called one of it, would be held to less."""
    parts = [data, *data["agreements"]]
    for name in sorted({"seal", "coverage", "scope"} & {name for part in parts for name in part}):
        yield f"the export has a {name}, which the form {FIRST_FORMAT} has not"
    kinds = {
        str(parsed(item["record"]).get("kind"))
        for agreement in data["agreements"]
        for item in agreement["records"]
    }
    for kind in sorted(kinds - {"signature"}):
        yield f"the export has a record of a {kind}, which the form {FIRST_FORMAT} has not"


def extents(data: Mapping[str, Any]) -> tuple[Extent, ...]:
    """Say what is in an export in which `verify_export` found nothing wrong."""
    return tuple(
        Extent(
            scope=_scope(agreement)[0],
            scope_id=_scope(agreement)[1],
            versions=tuple(version["version"] for version in agreement["versions"]),
            bound=frozenset(
                str(parsed(item["record"]).get("version")) for item in agreement["records"]
            ),
            records=len(agreement["records"]),
            head=agreement["head"]["hash"],
        )
        for agreement in data["agreements"]
    )


def _scope(values: Mapping[str, Any]) -> tuple[Any, Any]:
    """Give whose agreement it is, of an export's agreement or of a record of either form."""
    return values.get("scope", "repository"), values.get("scope_id", values.get("repository"))


def _agreement_problems(agreement: Mapping[str, Any], scope: tuple[Any, Any]) -> Iterator[str]:
    versions: dict[str, Mapping[str, Any]] = {}
    for version in agreement["versions"]:
        yield from version_texts.problems(version)
        if version["version"] in versions:
            yield f"version {version['version']} stands there twice"
        versions[version["version"]] = {
            name: version[theirs] for name, theirs in PUBLISHED.items() if theirs in version
        } | {name: version[name] for name in ALSO if name in version}
    links = tuple(
        Link(item["sequence"], item["record"], item["previous"], item["hash"])
        for item in agreement["records"]
    )
    head = (agreement["head"]["sequence"], agreement["head"]["hash"])
    yield from problems_of(links, head)
    for item in links:
        yield from record_problems(item, scope, versions)
    yield from unbound(versions, links)


def unbound(versions: Iterable[str], links: Iterable[Link]) -> Iterator[str]:
    """Name each version that no record publishes: all since the first that one does.

    Registers older than such records hold versions without.
    """
    said = (parsed(item.record) for item in links)
    published = {str(one.get("version")) for one in said if one.get("kind") == "version"}
    first = min(map(_order, published), default=None)
    for name in versions:
        if first is not None and name not in published and _order(name) > first:
            yield f"no record publishes version {name}"


def _order(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdecimal())


def record_problems(
    item: Link, scope: tuple[Any, Any], versions: Mapping[str, Mapping[str, Any]]
) -> Iterator[str]:
    """Name what is wrong inside a record; `versions` maps names to what `PUBLISHED` lists of each."""
    record = parsed(item.record)
    kind = record.get("kind")
    if canonical(record) != item.record:
        yield f"record {item.sequence} is not in canonical form"
    if kind not in KINDS:
        yield f"record {item.sequence} is of no kind that there is"
        return
    if record.get("sequence") != item.sequence or _scope(record) != scope:
        yield f"record {item.sequence} belongs elsewhere"
    if "version" not in record and kind not in {"version", "signature", "company"}:
        return
    found = versions.get(str(record.get("version")))
    if found is None:
        yield f"record {item.sequence} names a version that is not in the register"
        return
    version = version_texts.signed(kind, found)
    later = sorted((SINCE & record.keys()) | version_texts.published(found))
    said = {"version": (*PUBLISHED, *later)}.get(kind, tuple(BOUND))
    for name in said:
        if record.get(name) != version.get(name):
            yield f"record {item.sequence} names a {name} that is not the one of its version"
