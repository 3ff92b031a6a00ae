"""Looking alike: names, handles and addresses of one person in several spellings. Only ever a question."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from licensing.audit.people import GENERIC, Known

SHORTEST_WORD = 3
SHORTEST_HANDLE = 4
SHORTEST_SURNAME = 5
_WORDS = re.compile(r"[a-z0-9]+")
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


@dataclass(frozen=True)
class _Face:
    """Somebody known, ready to be compared with."""

    known: Known
    names: tuple[frozenset[str], ...]
    handles: frozenset[str]
    of_names: frozenset[str]
    text: frozenset[str]


@lru_cache(maxsize=4096)
def _face(one: Known) -> _Face:
    handles = {handle(item) for item in (*one.handles, *one.addresses)}
    handles |= {word for item in one.handles for word in sorted_words(item)}
    return _Face(
        one,
        tuple(words(name) for name in one.names),
        frozenset(handles - {""}),
        frozenset(form for name in one.names for form in _initialled(name)),
        words(one.text),
    )


class Alike:
    """Everybody who is known: called with a name and an address, it gives who looks like them."""

    def __init__(self, known: Iterable[Known]) -> None:
        """Read all of them once."""
        self._faces = [_face(one) for one in known]
        self._by_word: dict[str, set[int]] = defaultdict(set)
        self._by_handle: dict[str, set[int]] = defaultdict(set)
        for place, one in enumerate(self._faces):
            for word in one.text.union(*one.names):
                self._by_word[word].add(place)
            for item in one.handles | one.of_names:
                self._by_handle[item].add(place)

    def __call__(self, name: str, email: str) -> Iterator[tuple[Known, str]]:
        """Give who looks like somebody, and why, the most telling reasons first."""
        mine = frozenset(one for one in words(name) if len(one) >= SHORTEST_WORD)
        handles = {handle(email), handle(name)} - GENERIC
        handles = {one for one in handles if len(one) >= SHORTEST_HANDLE}
        initials = _initialled(name)
        found: dict[str, list[tuple[Known, str]]] = {}
        for one in self._near(mine, handles | initials):
            because = _because(one, mine, handles, initials, name)
            if because:
                found.setdefault(because, []).append((one.known, because))
        for because in _REASONS:
            yield from found.get(because, ())

    def _near(self, mine: frozenset[str], handles: set[str]) -> Iterator[_Face]:
        """Give whoever shares a word or a handle, in their order; all if there is no word to share."""
        places = set(range(len(self._faces))) if not mine else set[int]()
        places = places.union(*(self._by_word.get(one, ()) for one in mine))
        places = places.union(*(self._by_handle.get(one, ()) for one in handles))
        return (self._faces[place] for place in sorted(places))


_REASONS = (
    "the same name",
    "the statement has the name",
    "the same handle or beginning of an address",
    "a handle like the name",
)
TELLING = frozenset(_REASONS[:2])
"""Those that name all of somebody, not a part."""


def _because(
    one: _Face, mine: frozenset[str], handles: set[str], initials: set[str], name: str
) -> str:
    if len(mine) > 1 and any(mine <= item for item in one.names):
        return _REASONS[0]
    if mine <= one.text and (len(mine) > 1 or _stands_alone(name, one.known.text)):
        return _REASONS[1]
    if handles & one.handles:
        return _REASONS[2]
    return _REASONS[3] if initials & one.handles or handles & one.of_names else ""


def _stands_alone(name: str, text: str) -> bool:
    """Say whether a single word is in a text by itself, not as a part of somebody's longer name."""
    word = name.strip()
    if len(word) < SHORTEST_HANDLE or not word.isalnum():
        return False
    found = re.search(rf"(?<![\w-])(?<![A-Z]\w\w ){re.escape(word)}(?![\w-])(?! *\(?[A-Z])", text)
    return found is not None


def _initialled(name: str) -> set[str]:
    """Give the usual handles of a name: ada.lovelace, alovelace, lovelace, lovelaceada, adal."""
    parts = sorted_words(name)
    if len(parts) < 2 or len(parts[-1]) < SHORTEST_SURNAME:  # noqa: PLR2004 - first and last
        return set()
    first, last = parts[0], parts[-1]
    return {first + last, first[0] + last, last, last + first, first + last[0]}
