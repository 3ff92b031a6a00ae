"""What changed in the agreement since the version that each person signed, for whoever is asked anew."""

import difflib
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from licensing import rights, store
from licensing.tables import signature
from licensing.verdict import Asked
from licensing.versions import AgreementVersion

MOST_VERSIONS = 3
"""How many changes are shown in full; more are linked."""

MOST_LINES = 60
MOST_CHARACTERS = 6_000
"""A longer change is linked: nobody reads it in a comment."""


@dataclass(frozen=True)
class Since:
    """People who signed `version`, and the lines that changed from it as a block of Markdown.

    `changes` is empty where they are too long to be shown; `span` names both versions.
    """

    people: tuple[Asked, ...]
    version: str
    span: str
    changes: str


def since(
    connection: Connection, version: AgreementVersion | None, people: Sequence[Asked]
) -> tuple[Since, ...]:
    """Give what changed for those of `people` who signed another version, oldest version first."""
    if version is None or not people:
        return ()
    by_version: defaultdict[int, list[Asked]] = defaultdict(list)
    signed = _signed(connection, version, [person.id for person in people])
    for person in people:
        if person.id in signed:
            by_version[signed[person.id]].append(person)
    found: list[Since] = []
    for version_id in sorted(by_version):
        old = store.version(connection, version_id)
        if old is not None:
            shown = changes(old, version) if len(found) < MOST_VERSIONS else ""
            span = f"{old.version}...{version.version}"
            found.append(Since(tuple(by_version[version_id]), old.version, span, shown))
    return tuple(found)


def changes(old: AgreementVersion, new: AgreementVersion) -> str:
    """Give the changed lines as a block of Markdown; empty if there are too many, or none."""
    lines = [
        line
        for line in difflib.unified_diff(_lines(old), _lines(new), n=1, lineterm="")
        if not line.startswith(("---", "+++"))
    ]
    text = "\n".join(line if not line.startswith("@@") else "@@" for line in lines)
    if len(lines) > MOST_LINES or len(text) > MOST_CHARACTERS or not lines:
        return ""
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}diff\n{text}\n{fence}"


def _signed(
    connection: Connection, version: AgreementVersion, people: Collection[int]
) -> dict[int, int]:
    """Map people to the version that they signed last, where it is another one."""
    rows = connection.execute(
        select(signature.c.github_id, signature.c.version_id)
        .where(signature.c.agreement_id == version.agreement_id)
        .where(signature.c.github_id.in_(people))
        .order_by(signature.c.sequence)
    )
    last = {row.github_id: row.version_id for row in rows}
    return {person: found for person, found in last.items() if found != version.id}


def _lines(version: AgreementVersion) -> list[str]:
    # What cannot be seen could make a line look like another one.
    return [
        "".join(one if one.isprintable() else " " for one in line)
        for line in rights.text_of(version).removeprefix("\ufeff").splitlines()
    ]
