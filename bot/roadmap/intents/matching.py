"""Who could answer a request: scored by rules that anybody can read, on public facts alone. Pure.

Points: 3 for each label or word of the request that the person chose themselves, 2 for each
word of it in the paths of files that merged pull requests of theirs changed, 1 for having had
one merged, or having reviewed one, here at all. Whoever reaches `ENOUGH` could do it.
"""

import re
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from bot.roadmap.words import stems

ENOUGH = 3
CHOSEN, TOUCHED, MERGED = 3, 2, 1
MOST_TOUCHED = 3
"""Words in paths that count: who changes everything knows not everything."""

_APART = re.compile(r"[/._-]+")
_EVERYWHERE = "src lib main index init readme html css json toml yaml yml txt test tests py js"
_NOISE = frozenset(stems(_EVERYWHERE))
"""Words that stand in the paths of every project tell nothing."""


@dataclass(frozen=True)
class Member:
    """What is known of somebody who agreed to be asked: their topics, and paths they changed."""

    github_id: int
    topics: frozenset[str]
    paths: tuple[str, ...] = ()
    reviewed: bool = False


@dataclass(frozen=True)
class Score:
    """How well somebody fits, and the reasons: topics they chose, paths that they changed."""

    github_id: int
    points: int
    chosen: tuple[str, ...] = ()
    touched: tuple[str, ...] = ()

    @property
    def could(self) -> bool:
        """Enough speaks for it."""
        return self.points >= ENOUGH


def words_of(text: str) -> frozenset[str]:
    """Give what the words of a text are about."""
    return frozenset(stems(text)) - _NOISE


def score(member: Member, title: str, labels: Iterable[str]) -> Score:
    """Score one member for a request of this title and these labels."""
    names = {label.casefold().strip() for label in labels}
    wanted = words_of(title).union(*map(words_of, names))
    chosen = {topic: words_of(topic) & wanted for topic in sorted(member.topics)}
    chosen = {topic: found for topic, found in chosen.items() if found}
    touched: dict[str, str] = {}
    for path in sorted(member.paths):
        for word in _path_words(path) & wanted.difference(*chosen.values()):
            touched.setdefault(word, path)
    paths = tuple(sorted(touched[word] for word in sorted(touched)[:MOST_TOUCHED]))
    points = CHOSEN * len(chosen) + TOUCHED * len(paths)
    points += MERGED if points and (member.paths or member.reviewed) else 0
    return Score(member.github_id, points, tuple(chosen), paths)


def able(
    members: Iterable[Member], title: str, labels: Iterable[str], but: AbstractSet[int]
) -> tuple[Score, ...]:
    """Give those who could do it, best first; `but` are left out: whoever asks, or works on it."""
    names = tuple(labels)
    found = [score(one, title, names) for one in members if one.github_id not in but]
    return tuple(
        sorted((it for it in found if it.could), key=lambda it: (-it.points, it.github_id))
    )


def _path_words(path: str) -> frozenset[str]:
    return words_of(_APART.sub(" ", path))
