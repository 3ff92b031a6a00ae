"""What pages show of the register: people with what they did, each kind with its evidence."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from bot.credits import kinds
from bot.credits.store import Credit

MOST_LINKS = 5
ON_ONE_PAGE = 60
MOST_IN_TABLE = 10


class Seen(Protocol):
    """What can be seen somewhere: a credit, or a nomination."""

    @property
    def subject(self) -> str:
        """The thread that it is about."""

    @property
    def deed(self) -> str:
        """What it is for."""

    @property
    def evidence(self) -> str:
        """What it rests on."""


@dataclass(frozen=True)
class Tally:
    """How often somebody did a kind of thing; `login` is empty where it is not known."""

    github_id: int
    login: str
    kind: str
    number: int


@dataclass(frozen=True)
class Done:
    """What somebody did of one kind: how often, and where the latest of it can be seen."""

    kind: str
    number: int
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Contributor:
    """Somebody with everything that they are credited for; `login` is empty where it is not known."""

    github_id: int
    login: str
    done: tuple[Done, ...]

    @property
    def number(self) -> int:
        """How many credits they have."""
        return sum(one.number for one in self.done)


@dataclass(frozen=True)
class Register:
    """The people of a project: `kinds` with how many people, and on how few it rests.

    `few` are the people of the absence factor with their numbers, most first; `more` says that
    another page follows.
    """

    people: tuple[Contributor, ...]
    total: int
    credits: int
    kinds: tuple[tuple[str, int], ...]
    factor: int
    few: tuple[Contributor, ...]
    more: bool


def contributors(tallies: Sequence[Tally]) -> tuple[Contributor, ...]:
    """Put tallies together by person, in the order of their names: no ranking."""
    by_person: dict[int, list[Tally]] = {}
    for one in tallies:
        by_person.setdefault(one.github_id, []).append(one)
    people = [
        Contributor(number, theirs[0].login, _done(theirs)) for number, theirs in by_person.items()
    ]
    people.sort(key=lambda who: (not who.login, who.login.lower(), who.github_id))
    return tuple(people)


def _done(theirs: Sequence[Tally]) -> tuple[Done, ...]:
    numbers = {one.kind: one.number for one in theirs}
    return tuple(Done(kind, numbers[kind]) for kind in in_order(numbers))


def linked(
    people: Sequence[Contributor], found: Sequence[Credit], repo_name: str, web: str | None
) -> tuple[Contributor, ...]:
    """Give people with where it can be seen what they did; `found` are their credits that stand."""
    by_kind: dict[tuple[int, str], list[Credit]] = {}
    for one in found:
        by_kind.setdefault((one.github_id, one.kind), []).append(one)
    return tuple(
        replace(
            who,
            done=tuple(
                replace(
                    one,
                    links=_links(by_kind.get((who.github_id, one.kind), ()), repo_name, web),
                )
                for one in who.done
            ),
        )
        for who in people
    )


def _links(
    theirs: Sequence[Credit], repo_name: str, web: str | None
) -> tuple[tuple[str, str], ...]:
    """Give the latest places where it can be seen, as (words, address), each once."""
    places = (
        (one.subject.rpartition("/")[2], evidence(one, repo_name, web)) for one in reversed(theirs)
    )
    shown = dict.fromkeys((f"#{number}", address) for number, address in places if address)
    return tuple(shown)[:MOST_LINKS]


def evidence(one: Seen, repo_name: str, web: str | None) -> str:
    """Give the address at which it can be seen what a credit is for; empty where there is none."""
    what, _slash, number = one.subject.partition("/")
    if what == "issues" and one.deed in ("asked", "story", "tested"):
        return f"/{repo_name}/requests/{number}"
    if not web or not number:
        return ""
    address = f"{web}/{repo_name}/{one.subject}"
    comment = one.evidence.removeprefix("comment:")
    return f"{address}#issuecomment-{comment}" if comment != one.evidence else address


def in_order(keys: Iterable[str]) -> list[str]:
    """Put the kinds of the specification first, in its order, then those of the project."""
    there = set(keys)
    return [key for key in kinds.BY_KEY if key in there] + sorted(there - kinds.BY_KEY.keys())
