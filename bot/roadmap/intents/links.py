"""Which requests the words of a pull request name: pure.

Any `#12`, `owner/name#12` or address of the issue counts for whoever claimed it, be the pull
request a draft or not; which of them a merge closes is for the board to say.
"""

import re

from licensing import prose

LONGEST = 65_536
MOST = 20

_REFERENCE = re.compile(
    r"(?:(?P<repo>[A-Za-z0-9-]{1,39}/[\w.-]{1,100})|(?<![\w&/]))#(?P<number>[1-9]\d{0,8})\b"
    r"|https?://[^\s/]+/(?P<home>[A-Za-z0-9-]{1,39}/[\w.-]{1,100})/issues/(?P<issue>[1-9]\d{0,8})\b",
    re.ASCII,
)


def named(title: str, body: str, repo: str) -> tuple[int, ...]:
    """Give the numbers of this repository that the words name, in order; not in code or quotes."""
    found: dict[int, None] = {}
    for line in (title, *prose.split(body[:LONGEST]).said):
        for match in _REFERENCE.finditer(line):
            elsewhere = match["repo"] or match["home"]
            if elsewhere is None or elsewhere.lower() == repo.lower():
                found[int(match["number"] or match["issue"])] = None
    return tuple(found)[:MOST]
