"""Signatures written as other tools write them, so that nobody is bound to this one."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime

from licensing.imports.values import Format, Written

ASSISTANT_HEAD = (
    "User Name",
    "Repository Owner",
    "Repository Name",
    "CLA Title",
    "Gist URL",
    "Gist Version",
    "Signed At",
    "Revoked At",
    "Signed for Organization",
    "GitHub ID",
)
"""As CLA Assistant has it; behind it come custom fields, of which the account's number is one."""

EASYCLA_HEAD = (
    "Name",
    "GitHub Username",
    "GitLab Username",
    "LF_ID",
    "Email",
    "Signed Date",
    "Approved",
    "Signed",
    "Account Number",
    "Signed At",
    "Version",
)
"""As EasyCLA has it, behind it what it leaves out: number, instant and version."""

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
PLAIN_HEAD = ("login", "id", "signed_at", "version", "withdrawn_at")
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a spreadsheet takes for the beginning of a formula."""

Writer = Callable[[Iterable[Written]], Iterator[str]]


def instant(at: datetime | None) -> str:
    """Write an instant as ISO 8601 in UTC, nothing where there is none."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else ""


def assistant_csv(rows: Iterable[Written]) -> Iterator[str]:
    """Give CLA Assistant's table, a line at a time."""
    yield _line(ASSISTANT_HEAD, ";")
    for one in rows:
        owner, _, name = one.repo.partition("/")
        cells = (
            one.login,
            owner,
            name,
            one.document,
            one.text_url,
            one.version,
            instant(one.signed_at),
            instant(one.withdrawn_at),
            "",
            str(one.github_id),
        )
        yield _line(cells, ";")


def assistant_json(rows: Iterable[Written]) -> Iterator[str]:
    """Give CLA Assistant's list of objects."""
    yield from _listed(map(_assistant, rows), "[", "]\n")


def lite(rows: Iterable[Written]) -> Iterator[str]:
    """Give what CLA Assistant Lite keeps; it knows no withdrawals, so only what stands."""
    standing = (_lite(one) for one in rows if one.withdrawn_at is None)
    yield from _listed(standing, '{"signedContributors": [', "]}\n")


def easycla(rows: Iterable[Written]) -> Iterator[str]:
    """Give EasyCLA's table of individual contributors; what was withdrawn is not approved."""
    yield _line(EASYCLA_HEAD, ",")
    for one in rows:
        day = one.signed_at.astimezone(UTC)
        cells = (
            "",
            one.login,
            "",
            "",
            "",
            f"{MONTHS[day.month - 1]} {day.day},{day.year}",
            "false" if one.withdrawn_at else "true",
            "true",
            str(one.github_id),
            instant(one.signed_at),
            one.version,
        )
        yield _line(cells, ",")


def plain_csv(rows: Iterable[Written]) -> Iterator[str]:
    """Give a table that any program reads."""
    yield _line(PLAIN_HEAD, ",")
    for one in rows:
        signed, withdrawn = instant(one.signed_at), instant(one.withdrawn_at)
        yield _line((one.login, str(one.github_id), signed, one.version, withdrawn), ",")


WRITERS: dict[Format, Writer] = {
    "cla-assistant-csv": assistant_csv,
    "cla-assistant-json": assistant_json,
    "lite": lite,
    "easycla": easycla,
    "csv": plain_csv,
}


def _assistant(one: Written) -> dict[str, object]:
    owner, _, name = one.repo.partition("/")
    return {
        "user": one.login,
        "userId": str(one.github_id),
        "owner": owner,
        "repo": name,
        "repoId": str(one.repo_id),
        "gist_url": one.text_url,
        "gist_version": one.version,
        "created_at": instant(one.signed_at),
        "updated_at": instant(one.withdrawn_at or one.signed_at),
        "revoked_at": instant(one.withdrawn_at) or None,
        "custom_fields": None,
    }


def _lite(one: Written) -> dict[str, object]:
    return {
        "name": one.login,
        "id": one.github_id,
        "comment_id": one.comment_id,
        "created_at": instant(one.signed_at),
        "repoId": one.repo_id,
        "pullRequestNo": one.number,
        "version": one.version,
    }


def _listed(objects: Iterable[dict[str, object]], begin: str, end: str) -> Iterator[str]:
    yield begin
    separator = "\n"
    for one in objects:
        yield separator + json.dumps(one, ensure_ascii=False)
        separator = ",\n"
    yield "\n" + end


def _line(cells: Iterable[str], separator: str) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerow(map(_cell, cells))
    return out.getvalue()


def _cell(words: str) -> str:
    return f"'{words}" if words.startswith(FORMULA) else words
