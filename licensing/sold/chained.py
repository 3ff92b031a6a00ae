"""What the acts of a seller's chain come to: which licences are off, and how often the list changed. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.digests import parsed
from licensing import chain

LIST = "licences"
"""What an export calls the chains of sellers."""

FILING = frozenset({"issued", "renewed", "refiled"})
"""Acts that make a file, and say all that stands in it but the name."""

Cause = tuple[Any, Any]


@dataclass
class Told:
    """What acts tell: reasons by licence, the newest terms by licence, keys, and the list's number."""

    terms: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    reasons: dict[str, set[Cause]] = field(default_factory=dict)
    keys: set[str] = field(default_factory=set)
    number: int = 0

    @property
    def off(self) -> list[str]:
        """The licences that are revoked now, by id."""
        return sorted(one for one, why in self.reasons.items() if why)

    def add(self, said: Mapping[str, Any]) -> Iterator[str]:
        """Take the next act's record; names what it cannot have done."""
        kind, of = said["kind"], said["licence"]
        if kind == "key_made":
            self.keys.add(said["kid"])
        elif kind in FILING:
            if said["kid"] not in self.keys:
                yield f"act {said['sequence']} signs with a key that none made"
            if (kind == "issued") == (of in self.terms):
                yield f"act {said['sequence']} makes a file of a licence that it cannot be of"
            self.terms[of] = said
        elif kind in {"revoked", "reinstated"}:
            self._judge(kind, of, (said["source"], said["external_id"]))

    def _judge(self, kind: str, of: str, cause: Cause) -> None:
        stand = self.reasons.setdefault(of, set())
        before = bool(stand)
        if kind == "revoked":
            stand.add(cause)
        else:
            stand.discard(cause)
        self.number += bool(stand) != before


def export_problems(data: Mapping[str, Any]) -> tuple[str, ...]:
    """Check the licences of an export on their own; a sentence for each thing that does not hold."""
    try:
        return tuple(
            f"licences of repository {part['repository']}: {problem}"
            for part in data.get(LIST, ())
            for problem in _of_part(part)
        )
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        return (f"the licences in the export are damaged: {type(error).__name__} at {error}",)


def exported(data: Mapping[str, Any]) -> tuple[str, ...]:
    """Say of each chain in an export how long it is and where it ends."""
    return tuple(
        said(part["repository"], part["head"]["sequence"], part["head"]["hash"])
        for part in data.get(LIST, ())
    )


def said(repo_id: int, sequence: int, head: str) -> str:
    """Say how long a chain is and where it ends: to be compared with what one kept."""
    return f"licences of repository {repo_id}: {chain.counted(sequence, 'act')}, head {head}"


def _of_part(part: Mapping[str, Any]) -> Iterator[str]:
    links = [
        chain.Link(item["sequence"], item["record"], item["previous"], item["hash"])
        for item in part["acts"]
    ]
    yield from chain.problems_of(links, (part["head"]["sequence"], part["head"]["hash"]))
    told, records = Told(), [parsed(one.record) for one in links]
    yield from problems_of(part["repository"], records, told)
    if (part["revoked"], part["number"]) != (told.off, told.number):
        yield "the list of what was taken back is not what the acts come to"


def problems_of(repo_id: int, records: Iterable[Mapping[str, Any]], told: Told) -> Iterator[str]:
    """Read records in order into `told`; names those that belong elsewhere or cannot be."""
    for place, record in enumerate(records, 1):
        if (record["repository"], record["sequence"]) != (repo_id, place):
            yield f"act {place} was written for another place"
        yield from told.add(record)
