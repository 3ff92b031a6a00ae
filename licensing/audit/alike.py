"""Looking alike: names, handles and addresses of one person in several spellings. Only ever a question."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from licensing.audit.people import Known

SHORTEST_WORD = 3
SHORTEST_HANDLE = 4
SHORTEST_SURNAME = 5
_WORDS = re.compile(r"[a-z0-9]+")
_GENERIC = frozenset(
    """admin build contact developer development github gitlab hello info mail none noreply
    office root support unknown user users""".split()
)
_LETTERS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "æ": "ae"}
)


def words(text: str) -> frozenset[str]:
    """Give the words of a text in plain letters, without accents."""
    return frozenset(_words(text))


def _words(text: str) -> Iterator[str]:
    lower = text.lower()
    for spelling in {lower, lower.translate(_LETTERS)}:
        plain = unicodedata.normalize("NFKD", spelling.translate({0x142: "l", 0xF8: "o"}))
        yield from _WORDS.findall("".join(one for one in plain if not unicodedata.combining(one)))


def handle(said: str) -> str:
    """Give a handle or the local part of an address without what people put between words."""
    local = said.lower().partition("@")[0]
    local = local.rpartition("+")[2] if local[:1].isdigit() else local.partition("+")[0]
    return re.sub(r"[^a-z0-9]", "", "".join(sorted_words(local)))


def sorted_words(text: str) -> list[str]:
    """Give the words of a text in their order, in plain letters."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(_LETTERS))
    return _WORDS.findall("".join(one for one in plain if not unicodedata.combining(one)))


class Alike:
    """Everybody who is known, ready to be compared with."""

    def __init__(self, known: Iterable[Known]) -> None:
        """Read all of them once."""
        self._all = [
            (
                one,
                [words(name) for name in one.names],
                {handle(item) for item in (*one.handles, *one.addresses)} - {""},
                words(one.text),
            )
            for one in known
        ]

    def __call__(self, name: str, email: str) -> Iterator[tuple[Known, str]]:
        """Give who looks like somebody, and why, the most telling reasons first."""
        mine = frozenset(one for one in words(name) if len(one) >= SHORTEST_WORD)
        handles = {handle(email), handle(name)} - _GENERIC
        handles = {one for one in handles if len(one) >= SHORTEST_HANDLE}
        initials = _initialled(name)
        for reason in ("name", "handle", "text", "initials"):
            for one, names, theirs, text in self._all:
                if reason == "name" and len(mine) > 1 and any(mine <= item for item in names):
                    yield one, "the same name"
                elif reason == "handle" and handles & theirs:
                    yield one, "the same handle or beginning of an address"
                elif reason == "text" and len(mine) > 1 and mine <= text:
                    yield one, "the statement has the name"
                elif reason == "initials" and (
                    initials & theirs or any(handles & _of_names(one.names) for _ in (0,))
                ):
                    yield one, "a handle like the name"


def _of_names(names: Iterable[str]) -> set[str]:
    return {form for name in names for form in _initialled(name)}


def _initialled(name: str) -> set[str]:
    """Give the usual handles of a name: ada.lovelace, alovelace, lovelace, lovelaceada, adal."""
    parts = sorted_words(name)
    if len(parts) < 2 or len(parts[-1]) < SHORTEST_SURNAME:  # noqa: PLR2004 - first and last
        return set()
    first, last = parts[0], parts[-1]
    return {first + last, first[0] + last, last, last + first, first + last[0]}
