"""An export written piece by piece: whole registers and ledgers, however many records they have.

The form is that of `licensing.chain.verify_export`. Each part's seal is taken while it is
written, so that nothing but one part's texts is ever held in memory.
"""

import base64
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, Row, or_, select, tuple_

from licensing import chain, coverage_proof, version_texts
from licensing.coverage import coverage
from licensing.tables import agreement, agreement_repository, agreement_version, record

AT_ONCE = 1_000
"""Rows that are fetched together."""

Pieces = Iterator[str]
Sealing = Callable[[str], str]


def export_chain(connection: Connection, repo_id: int | None = None) -> dict[str, Any]:
    """Give every register and the coverage ledger as plain JSON; see `pieces`."""
    found: dict[str, Any] = json.loads("".join(pieces(connection, repo_id)))
    return found


def pieces(
    connection: Connection,
    repo_id: int | None = None,
    more: Mapping[str, Iterable[str]] | None = None,
) -> Pieces:
    """Write every register and the coverage ledger as JSON, for `licensing.chain.verify_export`.

    With `repo_id`: those in force for one repository or named by its coverage, and its coverage
    alone. What is personal and can be erased (logins, addresses, what was filled in) is not part
    of it. Lines end between records only; the hashes are of the text without them. `more` are
    further lists, canonical JSON of their items, by a name: it comes before “coverage” or after
    “format”, for the hash is of everything by its name.
    """
    whole = _Seal()
    yield whole('{"agreements":[')
    for place, row in enumerate(_agreements(connection, repo_id)):
        yield from map(whole, _separated(place))
        yield from _register(connection, row, whole)
    lists = sorted((more or {}).items())
    for name, items in lists:
        if name < "coverage":
            yield whole(f"],{json.dumps(name)}:[")
            yield from _each(items, whole)
    yield whole('],"coverage":[')
    for place, (repository, head) in enumerate(coverage_proof.heads(connection, repo_id)):
        yield from map(whole, _separated(place))
        yield whole(f'{{"head":{chain.canonical(head)},"repository":{repository},"rows":[')
        yield from _listed(coverage_proof.linked(connection, repository), whole)
        yield whole("]}")
    yield whole(f'],"format":{json.dumps(chain.FORMAT)}')
    for name, items in lists:
        if name > "format":
            yield whole(f",{json.dumps(name)}:[")
            yield from _each(items, whole)
            yield whole("]")
    yield f',"seal":"{whole.closed()}"}}\n'


class _Seal:
    """Takes the hash of what goes through it."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()

    def __call__(self, text: str) -> str:
        self._hash.update(text.encode())
        return text

    def closed(self, rest: str = "") -> str:
        """Give the hash of it all, with `rest` and the last brace."""
        ended = self._hash.copy()
        ended.update(f"{rest}}}".encode())
        return ended.hexdigest()


def _register(connection: Connection, row: Row[Any], whole: _Seal) -> Pieces:
    own = _Seal()

    def both(text: str) -> str:
        return whole(own(text))

    head = {"sequence": row.head_sequence, "hash": row.head_hash}
    yield both(f'{{"head":{chain.canonical(head)},"records":[')
    yield from _listed(_records(connection, row.id), both)
    scope = f'"scope":{json.dumps(row.scope)},"scope_id":{row.scope_id}'
    yield both(f"],{scope}")
    versions = ",".join(chain.canonical(one) for one in _versions(connection, row.id))
    rest = f',"versions":[{versions}]'
    yield whole(f',"seal":"{own.closed(rest)}"{rest}}}')


def _each(items: Iterable[str], sealing: Sealing) -> Pieces:
    for place, item in enumerate(items):
        yield from map(sealing, _separated(place))
        yield sealing(item)


def _listed(items: Iterable[dict[str, Any]], sealing: Sealing) -> Pieces:
    for place, item in enumerate(items):
        yield from map(sealing, _separated(place))
        yield "\n" + sealing(chain.canonical(item))


def _separated(place: int) -> tuple[str, ...]:
    return (",",) if place else ()


def _agreements(connection: Connection, repo_id: int | None) -> Iterable[Row[Any]]:
    query = select(agreement).order_by(agreement.c.id)
    if repo_id is not None:
        bound = select(agreement_repository.c.agreement_id).where(
            agreement_repository.c.repo_id == repo_id
        )
        # What was merged under an agreement that holds here no more still rests on its records.
        named = select(coverage.c.scope, coverage.c.scope_id).where(
            coverage.c.repo_id == repo_id, coverage.c.scope.is_not(None)
        )
        own = (agreement.c.scope == "repository") & (agreement.c.scope_id == repo_id)
        scopes = tuple_(agreement.c.scope, agreement.c.scope_id)
        query = query.where(or_(own, agreement.c.id.in_(bound), scopes.in_(named)))
    return connection.execute(query).all()


def _versions(connection: Connection, agreement_id: int) -> Iterator[dict[str, Any]]:
    rows = connection.execute(
        select(agreement_version)
        .where(agreement_version.c.agreement_id == agreement_id)
        .order_by(agreement_version.c.major, agreement_version.c.minor)
    )
    for row in rows:
        yield {
            **said(row),
            "version": name(row),
            "sha256": row.sha256,
            "content": base64.b64encode(row.content).decode("ascii"),
            **_company_text(row),
        }


def _company_text(row: Row[Any]) -> dict[str, str]:
    content = row.company_content
    return {"company_content": base64.b64encode(content).decode("ascii")} if content else {}


def _records(connection: Connection, agreement_id: int) -> Iterator[dict[str, Any]]:
    for item in links(connection, agreement_id):
        yield {
            "sequence": item.sequence,
            "record": item.record,
            "previous": item.previous,
            "hash": item.hash,
        }


def links(connection: Connection, agreement_id: int) -> Iterator[chain.Link]:
    """Read an agreement's chain in order, some rows at a time."""
    rows = connection.execute(
        select(record).where(record.c.agreement_id == agreement_id).order_by(record.c.sequence),
        execution_options={"yield_per": AT_ONCE},
    )
    for row in rows:
        yield chain.Link(row.sequence, row.record, row.previous_hash, row.hash)


def name(version: Row[Any]) -> str:
    """Give a version's name, such as `1.0`."""
    return f"{version.major}.{version.minor}"


def said(version: Row[Any]) -> dict[str, Any]:
    """Give what a publication says of a version, by the names of an export, but its hash."""
    names = (*chain.PUBLISHED.values(), *chain.SINCE)
    values = {ours: getattr(version, ours) for ours in names}
    theirs = {name: getattr(version, name) for name in version_texts.FOR_COMPANIES.values()}
    values |= {name: value for name, value in theirs.items() if value is not None}
    values |= {at: values[at].isoformat() for at in ("published_at", "counts_from")}
    del values["sha256"]
    return values
