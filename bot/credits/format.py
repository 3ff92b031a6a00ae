"""Files of all-contributors, `.all-contributorsrc`: read whole, and written so that nothing is lost. Pure.

https://allcontributors.org/docs/en/cli/configuration: a JSON object with `contributors`, each with
`login`, `name`, `avatar_url`, `profile` and `contributions` (keys of kinds, or objects with `type`).
Keys that we do not know are kept where they are, and so is the order of all of them.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.credits.kinds import LONGEST_KEY
from core.errors import UserError

LARGEST = 2_000_000
MOST = 5_000
LONGEST_LOGIN = 100
PEOPLE = "contributors"
_PICTURE = re.compile(
    r"https://avatars\d*\.githubusercontent\.com/u/(\d{1,15})(?:[?/]|$)", re.ASCII
)


@dataclass(frozen=True)
class Entry:
    """A contributor of a file: `number` is that of the account whose picture it shows, if it does."""

    login: str
    kinds: tuple[str, ...]
    number: int | None
    whole: str


@dataclass(frozen=True)
class Parsed:
    """A file; `head` is all of it with its contributors taken out of their place."""

    head: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Person:
    """Somebody as the register knows them now: `kinds` of the credits that stand, in order."""

    github_id: int
    login: str
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class Kept:
    """An entry that was imported; `github_id` is None where nobody could say whose login it is."""

    whole: str
    github_id: int | None


def read(content: bytes) -> Parsed:
    """Read a file. Raises `UserError` with one sentence where it is none."""
    if len(content) > LARGEST:
        raise UserError(f"The file is larger than {LARGEST:,} bytes.")
    try:
        given = json.loads(content.decode("utf-8-sig"), parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise UserError("This is no file of all-contributors: it is not JSON in UTF-8.") from None
    if not isinstance(given, dict) or not isinstance(given.get(PEOPLE, []), list):
        raise UserError("This is no file of all-contributors: it has no list of contributors.")
    people = given.get(PEOPLE, [])
    if len(people) > MOST:
        raise UserError(f"The file has more than {MOST:,} contributors.")
    if not all(isinstance(one, dict) for one in people):
        raise UserError("This is no file of all-contributors: a contributor is no object.")
    return Parsed(plain(given | {PEOPLE: []}), tuple(_entry(one) for one in people))


def _no_number(name: str) -> None:
    raise ValueError(name)


def _entry(given: dict[str, Any]) -> Entry:
    login = given.get("login")
    picture = _PICTURE.match(str(given.get("avatar_url", "")))
    listed = given.get("contributions")
    items = listed if isinstance(listed, list) else []
    keys = dict.fromkeys(key for item in items if (key := kind_of(item)))
    return Entry(
        login=login.strip()[:LONGEST_LOGIN] if isinstance(login, str) else "",
        kinds=tuple(keys),
        number=int(picture[1]) if picture else None,
        whole=plain(given),
    )


def kind_of(item: object) -> str:
    """Give the kind that an item of `contributions` names; empty where it names none."""
    key = item.get("type") if isinstance(item, dict) else item
    return key if isinstance(key, str) and 0 < len(key) <= LONGEST_KEY else ""


def kinds_in(whole: str) -> tuple[str, ...]:
    """Give the kinds of a kept entry."""
    return _entry(json.loads(whole)).kinds


def plain(value: object) -> str:
    """Write a value on one line, its keys in their order."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def write(head: str, kept: Iterable[Kept], people: Sequence[Person]) -> str:
    """Write a file: what was kept in its order, brought up to date, and whoever came since.

    Nobody is in it who stands for nothing any more; whoever could not be told is as they came.
    """
    known = {one.github_id: one for one in people}
    whole = json.loads(head)
    listed: list[dict[str, Any]] = []
    seen: set[int] = set()
    for one in kept:
        entry = json.loads(one.whole)
        if one.github_id is None:
            listed.append(entry)
        elif one.github_id in known and one.github_id not in seen:
            seen.add(one.github_id)
            listed.append(_renewed(entry, known[one.github_id]))
    listed += [_fresh(one) for one in people if one.github_id not in seen and one.login]
    return json.dumps(whole | {PEOPLE: listed}, ensure_ascii=False, indent=2) + "\n"


def _renewed(entry: dict[str, Any], now: Person) -> dict[str, Any]:
    listed = entry.get("contributions")
    items = listed if isinstance(listed, list) else []
    before = [item for item in items if kind_of(item) in {"", *now.kinds}]
    there = {kind_of(item) for item in before}
    fresh = [key for key in now.kinds if key not in there]
    renewed = entry | {"contributions": before + fresh}
    if now.login and str(entry.get("login", "")).lower() != now.login.lower():
        renewed["login"] = now.login
    return renewed


def _fresh(one: Person) -> dict[str, Any]:
    return {
        "login": one.login,
        "name": one.login,
        "avatar_url": f"https://avatars.githubusercontent.com/u/{one.github_id}?v=4",
        "profile": f"https://github.com/{one.login}",
        "contributions": list(one.kinds),
    }


def head_of(name: str) -> str:
    """Give the head of a file for a repository "owner/name" that never had one."""
    owner, _slash, project = name.partition("/")
    return plain(
        {
            "projectName": project,
            "projectOwner": owner,
            "repoType": "github",
            "repoHost": "https://github.com",
            "files": ["README.md"],
            "imageSize": 100,
            "commit": False,
            PEOPLE: [],
        }
    )
