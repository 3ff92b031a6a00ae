"""A file of any tool read: which form it has, what it says, and which rows are broken."""

import codecs
import hashlib
import json
import re
from collections.abc import Iterator
from typing import Any

from licensing.imports import instants, table
from licensing.imports.table import Row, Sheet
from licensing.imports.values import (
    LARGEST,
    MOST_ENTRIES,
    Broken,
    Entry,
    Format,
    Parsed,
    Raw,
    Unreadable,
)

LARGEST_ID = 2**53
_LOGIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}(?:\[bot\])?", re.ASCII)
_REFERENCE = re.compile(r"[0-9a-fA-F]{1,64}|[0-9]{1,6}\.[0-9]{1,6}", re.ASCII)
_REPO = re.compile(r"[A-Za-z0-9_.-]{1,100}", re.ASCII)
_VERSION = re.compile(r"[0-9]{1,6}\.[0-9]{1,6}", re.ASCII)
_NO = frozenset({"false", "no", "0"})


def read(content: bytes, given: Format | None = None) -> Parsed:
    """Read a file in the form `given`, or the one that it shows. Raises `Unreadable`."""
    if len(content) > LARGEST:
        raise Unreadable("large")
    text = _decoded(content)
    found = _objects(text, given) if text.lstrip()[:1] in {"[", "{"} else _table(text, given)
    entries: list[Entry] = []
    broken: list[Broken] = []
    form, rows = found
    for row in rows:
        one = row if isinstance(row, Broken) else _entry(row)
        if isinstance(one, Broken):
            broken.append(one)
        else:
            entries.append(one)
        if len(entries) + len(broken) > MOST_ENTRIES:
            raise Unreadable("many")
    if not entries and not broken:
        raise Unreadable("empty")
    return Parsed(form, hashlib.sha256(content).hexdigest(), tuple(entries), tuple(broken))


def _decoded(content: bytes) -> str:
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable("text") from None
    if "\0" in text:
        raise Unreadable("text")
    if not text.strip():
        raise Unreadable("empty")
    return text


Rows = Iterator[Raw | Broken]


def _objects(text: str, given: Format | None) -> tuple[Format, Rows]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise Unreadable("json") from None
    form: Format = "cla-assistant-json"
    if isinstance(data, dict):
        data = data.get("signedContributors")
        form = "lite"
    if not isinstance(data, list) or (given and given != form):
        raise Unreadable("form")
    read_one = _lite if form == "lite" else _assistant
    rows = (
        read_one(line, one) if isinstance(one, dict) else Broken(line, "object")
        for line, one in enumerate(data, 1)
    )
    return form, rows


def _lite(line: int, one: dict[str, Any]) -> Raw:
    """CLA Assistant Lite, `signatures/version1/cla.json`."""
    more = {
        "id": one.get("id"),
        "repo_id": one.get("repoId"),
        "reference": one.get("comment_id"),
        "version": one.get("version"),
    }
    return Raw(line, _words(one.get("name")), one.get("created_at"), more)


def _assistant(line: int, one: dict[str, Any]) -> Raw:
    """CLA Assistant: what its pages download names fields otherwise than its database does."""
    owner = _words(one.get("owner") or one.get("repo_owner"))
    name = _words(one.get("repo") or one.get("repo_name"))
    more = {
        "id": one.get("userId"),
        "repo": f"{owner}/{name}" if owner else "",
        "repo_id": one.get("repoId"),
        "reference": one.get("gist_version"),
        "version": one.get("gist_version"),
        "ended": bool(one.get("revoked_at") or one.get("end_at")),
    }
    login = _words(one.get("user") or one.get("user_name"))
    return Raw(line, login, one.get("created_at") or one.get("signed_at"), more)


def _table(text: str, given: Format | None) -> tuple[Format, Rows]:
    sheet = table.sheet(text)
    form = given or _form_of(sheet)
    readers = {"cla-assistant-csv": _assistant_rows, "easycla": _easycla_rows, "csv": _plain_rows}
    if form not in readers:
        raise Unreadable("form")
    return form, readers[form](sheet)


def _form_of(sheet: Sheet) -> Format:
    names = set(sheet.names)
    if {"user name", "signed at"} <= names:
        return "cla-assistant-csv"
    if "company name" in names and "github username" not in names:
        raise Unreadable("companies")
    if names & {"github username", "lf id"} or {"github id", "date signed"} <= names:
        return "easycla"
    if names & {"login", "id"} and names & {"signed at", "signed on", "date"}:
        return "csv"
    raise Unreadable("form")


def _assistant_rows(sheet: Sheet) -> Rows:
    """CLA Assistant, “Complete History as CSV”; our own adds the account's number at the end."""
    sheet.require(("user name",), ("signed at",))
    for row in sheet.rows():
        if isinstance(row, Broken):
            yield row
            continue
        owner, name = row.first("repository owner"), row.first("repository name")
        more = {
            "id": row.first("user id", "github id"),
            "repo": f"{owner}/{name}" if owner else "",
            "reference": row.first("gist version"),
            "version": row.first("gist version"),
            "ended": bool(row.first("revoked at")),
        }
        yield Raw(row.line, row.first("user name"), row.first("signed at"), more)


def _easycla_rows(sheet: Sheet) -> Rows:
    """EasyCLA: individual contributors, or those of a company; what it calls an id is a login."""
    sheet.require(("github username", "github id"), ("signed date", "date signed"))
    for row in sheet.rows():
        if isinstance(row, Broken):
            yield row
            continue
        counts = all(row.first(name).lower() not in _NO for name in ("approved", "signed"))
        more = {
            # Ours say more than theirs, in columns behind them.
            "id": row.first("account number"),
            "version": row.first("version"),
            "ended": not counts,
            "for_company": "github username" not in sheet.names,
        }
        login = row.first("github username", "github id")
        signed_at = row.first("signed at", "signed date", "date signed")
        yield Raw(row.line, login, signed_at, more)


def _plain_rows(sheet: Sheet) -> Rows:
    """Ours: login, id, signed_at, version; what else stands there is not looked at."""
    sheet.require(("login", "id"), ("signed at", "signed on", "date"))
    for row in sheet.rows():
        yield row if isinstance(row, Broken) else _plain(row)


def _plain(row: Row) -> Raw:
    more = {
        "id": row.first("id", "github id"),
        "version": row.first("version"),
        "reference": row.first("reference"),
        "ended": bool(row.first("revoked at", "withdrawn at")),
    }
    return Raw(row.line, row.first("login"), row.first("signed at", "signed on", "date"), more)


def _entry(raw: Raw) -> Entry | Broken:
    """Check what a row says; gives why it cannot be used where it cannot."""
    login, more = raw.login.strip().removeprefix("@"), raw.more
    number = _number(more.get("id"))
    if number is None:
        return Broken(raw.line, "number")
    if not login and not number:
        return Broken(raw.line, "no_one")
    if login and not _LOGIN.fullmatch(login):
        return Broken(raw.line, "login")
    if raw.signed_at in (None, ""):
        return Broken(raw.line, "no_date")
    signed_at = instants.read(raw.signed_at)
    if signed_at is None:
        return Broken(raw.line, "date")
    return Entry(
        line=raw.line,
        login=login,
        signed_at=signed_at,
        github_id=number or None,
        version=_fitting(_VERSION, more.get("version")),
        repo=_repo(more.get("repo")),
        repo_id=_number(more.get("repo_id")) or None,
        reference=_fitting(_REFERENCE, more.get("reference")),
        ended=bool(more.get("ended")),
        for_company=bool(more.get("for_company")),
    )


def _number(value: object) -> int | None:
    """Read the number of something on GitHub; 0 where nothing is said, None where it is no number."""
    if isinstance(value, dict):
        value = value.get("$numberLong", "")
    if value is None or value == "":
        return 0
    text = str(value).strip() if isinstance(value, int | str) and value is not True else ""
    if not (text.isascii() and text.isdigit()) or len(text) > len(str(LARGEST_ID)):
        return None
    found = int(text)
    return found if 0 < found <= LARGEST_ID else None


def _fitting(pattern: re.Pattern[str], value: object) -> str:
    """Give a value as text where it is nothing but hashes or numbers, else nothing."""
    text = _words(value).strip()
    return text if pattern.fullmatch(text) else ""


def _repo(value: object) -> str:
    owner, _, name = _words(value).strip().partition("/")
    if not _REPO.fullmatch(owner):
        return ""
    return f"{owner}/{name}" if _REPO.fullmatch(name) else f"{owner}/"


def _words(value: object) -> str:
    return str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
