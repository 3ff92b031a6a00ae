"""What would happen if a text were published as the next version: nothing is written.

The repository's file decides what is published; here its maintainers see what would come of it.
"""

import re
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Select, select

from bot import people, policies
from bot.maintaining import signers
from bot.places import pull_request
from bot.policies import Rules
from licensing import chain, differences, wording
from licensing.relying import reliance
from licensing.tables import agreement_repository, agreement_version, signature, signer
from licensing.versions import AgreementVersion, parts
from licensing.waiting import waiting
from licensing.wording import Fault

Rise = Literal["major", "minor"]

MOST_SHOWN = 100
_SECTION = re.compile(r"\s*\[\s*([\w.-]+)\s*\]")
_VERSION = re.compile(r"\s*version\s*=")


@dataclass(frozen=True)
class Asked:
    """Somebody who would be asked again, and the open pull requests that rest on their word."""

    github_id: int
    login: str
    numbers: tuple[int, ...]


@dataclass(frozen=True)
class Line:
    """The line of the rules file that publishes: `number` counts from 1, `old` is what stands there.

    Where there is none yet, `number` is 0 and the line goes below `[agreement]`.
    """

    new: str
    old: str = ""
    number: int = 0


@dataclass(frozen=True)
class Preview:
    """What would come of a text. `asked` are the first of `asked_in_all` people.

    `signers` have signed the MAJOR in force; `waiting` is the number of people for whom open
    pull requests wait in any case. `is_same`: the bytes are those in force already.
    """

    version: str
    sha256: str
    is_same: bool
    changes: tuple[differences.Passage, ...]
    faults: tuple[Fault, ...]
    line: Line
    signers: int
    asked: tuple[Asked, ...]
    asked_in_all: int
    waiting: int


def preview(
    connection: Connection, repo_id: int, content: bytes, rise: Rise, now: datetime
) -> Preview | None:
    """Look at a text (UTF-8) as the next version; None where no agreement is in force."""
    rules = policies.rules(connection, repo_id)
    version = rules.version
    if version is None:
        return None
    number = following(version.version, rise)
    text = content.decode("utf-8")
    asked = _asked(connection, version, now) if rise == "major" else ()
    return Preview(
        version=number,
        sha256=chain.sha256(content),
        is_same=chain.sha256(content) == version.sha256,
        changes=differences.differences(version.content.decode("utf-8", "replace"), text),
        faults=wording.faults(text, version.mode, version.language),
        line=line(rules, number),
        signers=signers.signed_under(connection, version.agreement_id, version.major),
        asked=asked[:MOST_SHOWN],
        asked_in_all=len(asked),
        waiting=_waiting(connection, version),
    )


def following(version: str, rise: Rise) -> str:
    """Give the next MAJOR or MINOR after a version."""
    major, minor = parts(version) or (0, 0)
    return f"{major + 1}.0" if rise == "major" else f"{major}.{minor + 1}"


def line(rules: Rules, version: str) -> Line:
    """Give the line of the rules that names the version."""
    new = f'version = "{version}"'
    section = ""
    for number, words in enumerate((rules.text or "").splitlines(), 1):
        head = _SECTION.match(words)
        if head:
            section = head[1]
        elif section == "agreement" and _VERSION.match(words):
            return Line(new, words.strip(), number)
    return Line(new)


def _asked(connection: Connection, version: AgreementVersion, now: datetime) -> tuple[Asked, ...]:
    """Find the people on whose word open pull requests rest, under the MAJOR in force."""
    rows = connection.execute(
        select(reliance.c.github_id, reliance.c.number)
        .join(
            pull_request,
            (pull_request.c.repo_id == reliance.c.repo_id)
            & (pull_request.c.number == reliance.c.number),
        )
        .join(agreement_version, agreement_version.c.id == reliance.c.version_id)
        .where(
            reliance.c.repo_id.in_(_served(version)),
            pull_request.c.state == "open",
            agreement_version.c.agreement_id == version.agreement_id,
            agreement_version.c.major == version.major,
        )
        .order_by(reliance.c.github_id, reliance.c.number)
    )
    found: defaultdict[int, list[int]] = defaultdict(list)
    for row in rows:
        found[row.github_id].append(row.number)
    bare = tuple(Asked(one, "", tuple(numbers)) for one, numbers in found.items())
    names = _logins(connection, version, [one.github_id for one in bare[:MOST_SHOWN]], now)
    return tuple(replace(one, login=names.get(one.github_id, "")) for one in bare)


def _logins(
    connection: Connection, version: AgreementVersion, numbers: Collection[int], now: datetime
) -> dict[int, str]:
    rows = connection.execute(
        select(signature.c.github_id, signer.c.login)
        .join(signer, signer.c.signature_id == signature.c.id)
        .where(
            signature.c.agreement_id == version.agreement_id, signature.c.github_id.in_(numbers)
        )
        .order_by(signature.c.sequence)
    )
    names = {row.github_id: row.login for row in rows}
    met = people.known(connection, numbers, now).items()
    return names | {number: account.login for number, account in met if account}


def _waiting(connection: Connection, version: AgreementVersion) -> int:
    rows = connection.scalars(
        select(waiting.c.github_id)
        .join(
            pull_request,
            (pull_request.c.repo_id == waiting.c.repo_id)
            & (pull_request.c.number == waiting.c.number),
        )
        .where(
            waiting.c.repo_id.in_(_served(version)),
            waiting.c.github_id.is_not(None),
            pull_request.c.state == "open",
        )
        .distinct()
    )
    return len(rows.all())


def _served(version: AgreementVersion) -> Select[Any]:
    return select(agreement_repository.c.repo_id).where(
        agreement_repository.c.agreement_id == version.agreement_id, agreement_repository.c.active
    )
