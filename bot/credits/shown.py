"""What pages show of the register: people with what they did, each kind with its evidence."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.credits import kinds, rules
from bot.credits.store import Credit

MOST_LINKS = 5
ON_ONE_PAGE = 60
MOST_IN_TABLE = 10


@dataclass(frozen=True)
class Done:
    """What somebody did of one kind: how often, and where the latest of it can be seen."""

    kind: str
    number: int
    links: tuple[tuple[str, str], ...]


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


def register(
    found: Sequence[Credit], repo_name: str, web: str | None, kind: str = "", page: int = 1
) -> Register:
    """Make a page of the register of the credits that stand; `kind` leaves only those who did it."""
    people = contributors(found, repo_name, web)
    counts = {
        key: sum(any(one.kind == key for one in who.done) for who in people)
        for key in _in_order({one.kind for one in found})
    }
    fitting = [who for who in people if not kind or any(one.kind == kind for one in who.done)]
    first = (page - 1) * ON_ONE_PAGE
    factor = rules.absence_factor(who.number for who in people)
    most = sorted(people, key=lambda who: (-who.number, who.login.lower(), who.github_id))
    return Register(
        people=tuple(fitting[first : first + ON_ONE_PAGE]),
        total=len(people),
        credits=len(found),
        kinds=tuple(counts.items()),
        factor=factor,
        few=tuple(most[:MOST_IN_TABLE]),
        more=len(fitting) > first + ON_ONE_PAGE,
    )


def contributors(
    found: Sequence[Credit], repo_name: str, web: str | None
) -> tuple[Contributor, ...]:
    """Put credits together by person, in the order of their names: no ranking."""
    by_person: dict[int, list[Credit]] = {}
    for one in found:
        by_person.setdefault(one.github_id, []).append(one)
    people = [
        Contributor(number, theirs[-1].login, _done(theirs, repo_name, web))
        for number, theirs in by_person.items()
    ]
    people.sort(key=lambda who: (not who.login, who.login.lower(), who.github_id))
    return tuple(people)


def _done(theirs: Sequence[Credit], repo_name: str, web: str | None) -> tuple[Done, ...]:
    by_kind: dict[str, list[Credit]] = {}
    for one in theirs:
        by_kind.setdefault(one.kind, []).append(one)
    return tuple(
        Done(kind, len(by_kind[kind]), _links(by_kind[kind], repo_name, web))
        for kind in _in_order(by_kind)
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


def evidence(one: Credit, repo_name: str, web: str | None) -> str:
    """Give the address at which it can be seen what a credit is for; empty where there is none."""
    what, _slash, number = one.subject.partition("/")
    if what == "issues" and one.deed in ("asked", "story", "tested"):
        return f"/{repo_name}/requests/{number}"
    if not web or not number:
        return ""
    address = f"{web}/{repo_name}/{one.subject}"
    comment = one.evidence.removeprefix("comment:")
    return f"{address}#issuecomment-{comment}" if comment != one.evidence else address


def _in_order(keys: Sequence[str] | set[str] | dict[str, list[Credit]]) -> list[str]:
    """Put the kinds of the specification first, in its order, then those of the project."""
    own = sorted(key for key in keys if key not in kinds.BY_KEY)
    return [key for key in kinds.BY_KEY if key in keys] + own
