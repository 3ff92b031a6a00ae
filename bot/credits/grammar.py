"""What `/credit` says: who is credited for what, several people and kinds in one line. Pure.

    /credit @ada for docs, test and @bob for design
    /credit @ada and @bob for code, review
    /credit for @ada and @bob add docs and user testing

People come first, what they are credited for comes behind them, up to the next person.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.credits import kinds

MOST_PEOPLE = 10
_LOGIN = re.compile(r"@([A-Za-z0-9](?:[A-Za-z0-9-]{0,98}[A-Za-z0-9])?(?:\[bot\])?)", re.ASCII)
_SILENT = frozenset(
    "for and add please the a also as well with thank thanks to credit give"
    " pour et ajoute ajouter merci à de la le les aussi & +".split()
)
_ENDS = re.compile(r"[.!…]+$")


@dataclass(frozen=True)
class Line:
    """What a line says: (login, keys of kinds) in order, each person once, and what is wrong with it.

    `unknown` are words that name no kind; `bare` are people without a kind; `nobody` says that it
    names nobody, `many` that it names too many.
    """

    people: tuple[tuple[str, tuple[str, ...]], ...] = ()
    unknown: tuple[str, ...] = ()
    bare: tuple[str, ...] = ()
    nobody: bool = False
    many: bool = False

    @property
    def is_sound(self) -> bool:
        """It can be done as it stands."""
        return not (self.unknown or self.bare or self.nobody or self.many)


def read(words: Sequence[str]) -> Line:
    """Read the words behind `/credit`."""
    found: dict[str, dict[str, None]] = {}
    shown: dict[str, str] = {}
    group: list[str] = []
    unknown: dict[str, None] = {}
    named = orphan = False
    tokens = _tokens(words)
    at = 0
    while at < len(tokens):
        token = tokens[at]
        person = _LOGIN.fullmatch(token)
        if person is not None:
            if named:
                group, named = [], False
            group.append(person[1].lower())
            shown.setdefault(person[1].lower(), person[1])
            found.setdefault(person[1].lower(), {})
            at += 1
            continue
        key, taken = _kind(tokens[at : at + kinds.MOST_WORDS])
        if key is None:
            if token.lower() not in _SILENT:
                unknown[token] = None
        else:
            orphan = orphan or not group
            named = True
            for login in group:
                found[login][key] = None
        at += taken
    return Line(
        people=tuple((shown[login], tuple(keys)) for login, keys in found.items()),
        unknown=tuple(unknown),
        bare=tuple(shown[login] for login, keys in found.items() if not keys),
        nobody=orphan or not found,
        many=len(found) > MOST_PEOPLE,
    )


def _tokens(words: Sequence[str]) -> list[str]:
    """Take the words apart; commas, colons and the like only separate."""
    text = re.sub(r"[,;:()/]", " ", " ".join(words))
    return [token for word in text.split() if (token := _ENDS.sub("", word))]


def _kind(ahead: Sequence[str]) -> tuple[str | None, int]:
    """Give the kind that the next words name, the longest first, and how many words it took."""
    for length in range(len(ahead), 0, -1):
        if any(word.startswith("@") for word in ahead[:length]):
            continue
        key = kinds.named(" ".join(ahead[:length]))
        if key is not None:
            return key, length
    return None, 1
