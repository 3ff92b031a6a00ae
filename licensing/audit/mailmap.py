"""What a `.mailmap` claims: which names and addresses are one person's. A hint and nothing more. Pure.

Anybody can send a line of it, so nobody is taken for somebody else because of it: it only tells
whom to ask about. Its form: https://git-scm.com/docs/gitmailmap
"""

import re
from collections import defaultdict
from collections.abc import Iterator

Identity = tuple[str, str]
"""A name, "" for any, and an address in small letters."""

LARGEST = 200_000
MOST_RELATED = 30
_LINE = re.compile(
    r"(?P<name>[^<>]*)<(?P<email>[^<>]*)>(?:(?P<other_name>[^<>]*)<(?P<other>[^<>]*)>)?"
)


class Mailmap:
    """The claims of one file."""

    def __init__(self, text: str) -> None:
        """Read them; a line in no form claims nothing."""
        self._near: dict[str, set[Identity]] = defaultdict(set)
        for line in text[:LARGEST].splitlines():
            match = _LINE.match(line.partition("#")[0].strip())
            if match is not None:
                self._read(match)

    def _read(self, match: re.Match[str]) -> None:
        name, email = match["name"].strip(), match["email"].strip().lower()
        other = (match["other"] or "").strip().lower() or email
        if not email:
            return
        self._near[other].add((name, email))
        self._near[email].add((name, other))

    def related(self, email: str) -> Iterator[Identity]:
        """Give who else somebody is by these claims, however many lines it takes."""
        waiting, seen = [email.strip().lower()], set[Identity]()
        known = set(waiting)
        while waiting:
            for one in sorted(self._near.get(waiting.pop(), ())):
                if one not in seen:
                    if len(seen) >= MOST_RELATED:
                        return
                    seen.add(one)
                    yield one
                if one[1] not in known:
                    known.add(one[1])
                    waiting.append(one[1])
