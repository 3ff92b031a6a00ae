"""Teams of an organisation, by name or by number: a number stays when a team is renamed.

Sources: https://docs.github.com/en/rest/teams/members and, for the way by number,
https://docs.github.com/en/rest/teams/teams#get-a-team-by-name.
"""

import re
from collections.abc import Callable
from typing import Any

from core.github import Incomplete, NotFound
from core.pygithub.client import Answer

PER_PAGE = 100
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
_LAST_PAGE = re.compile(r'[?&]page=(\d+)[^>]*>; rel="last"')


def by_name(owner: str, slug: str) -> str:
    """Give the path of a team by the name that it bears now. Raises `NotFound`."""
    if not _NAME.fullmatch(slug):
        raise NotFound("no team can have this name")
    return f"/orgs/{owner}/teams/{slug}"


def by_number(organisation_id: int, team_id: int) -> str:
    """Give the path of a team whatever its name, and its organisation's, is now."""
    return f"/organizations/{organisation_id}/team/{team_id}"


def members(send: Callable[..., Answer], path: str) -> frozenset[int]:
    """Read the numbers of all members of the team at `path`, or raise `Incomplete`."""
    found: list[int] = []
    number = last = 1
    while number <= last:
        answer = send("GET", f"{path}/members", {"per_page": PER_PAGE, "page": number})
        listed = _numbers(answer.body)
        announced = _LAST_PAGE.search(answer.headers.get("link", ""))
        if (number < last and not announced) or (number > 1 and not listed):
            raise Incomplete("GitHub's list of a team changed while it was read")
        last = int(announced[1]) if announced else last
        found.extend(listed)
        number += 1
    if len(set(found)) != len(found):
        raise Incomplete("GitHub lists a member of a team twice")
    return frozenset(found)


def _numbers(body: Any) -> list[int]:
    try:
        return [int(who["id"]) for who in body]
    except (KeyError, TypeError, ValueError):
        raise Incomplete("GitHub's list of a team cannot be read") from None
