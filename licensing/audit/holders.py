"""Who holds a commit: all who wrote what it landed, and all whom it names itself. Pure.

A committer is no holder. What was kept of a pull request goes before what a merge made of it:
a squash may lose authors and trailers. Of a commit that came by no pull request that we know,
its author is who the address says, and only if it was there before we were.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from msgspec.structs import replace

from core.git.commits import RawCommit
from licensing import signoffs, trailers
from licensing.audit.people import Register
from licensing.audit.values import Person, Work

MERGE = 2
UNPROVEN = (
    "it came by no pull request that we know: nothing shows that the address is its author’s"
)
UNPROVEN_BOT = "nothing shows that it is the bot’s own"
CUT = "the clone does not have what was there before it"
IMPORTED = "it brings somebody’s history in as one commit, and nobody stated whose"
SUBTREE = "\ngit-subtree-split:"
Role = Literal["author", "co-author", "merger"]


@dataclass(frozen=True)
class Part:
    """Somebody's part in a commit of a pull request, as it was kept when that was merged.

    `bot`: shown to be the very bot that the project lists. `problem` is as in `licensing.verdict`.
    """

    github_id: int | None
    role: Literal["author", "co-author", "opener"] = "author"
    problem: str = ""
    bot: bool = False
    signed_off: bool = False


@dataclass(frozen=True)
class Landed:
    """What a commit of the base branch brought in. `squashed`: it stands for several commits."""

    number: int
    merged_at: datetime
    parts: tuple[Part, ...]
    squashed: bool = False


@dataclass(frozen=True)
class Origins:
    """What is known of where commits came from.

    `landed` is by commit of the base branch. `stated` are the keys of those whom a steward named
    as a commit's holders. `strangers` came after we did, by no pull request. `cut` are those
    whose parents the clone lacks. `agents` are the lower-case addresses of AI agents, `bots` the
    keys of bots. With `history`, a bot's address is believed of what is no stranger.
    """

    register: Register = field(default_factory=Register)
    landed: Mapping[str, Landed] = field(default_factory=dict)
    stated: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    strangers: frozenset[str] = frozenset()
    cut: frozenset[str] = frozenset()
    agents: frozenset[str] = frozenset()
    bots: frozenset[str] = frozenset()
    history: bool = False
    _told: dict[tuple[str, str, str, bool, bool], Person] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def claimed(
        self, name: str, email: str, role: Role, *, pushed: bool, signed_off: bool
    ) -> Person:
        """Give whom a commit by no pull request claims; `pushed`: it came after we did."""
        key = (name, email, role, pushed, signed_off)
        known = self._told.get(key)
        if known is None:
            found = _person(name, email, role, self)
            trouble = UNPROVEN if pushed else ""
            believed = self.history and not pushed
            if not believed and any(one in self.bots for one in found.keys):
                trouble = trouble or UNPROVEN_BOT
            known = self._told[key] = replace(
                found,
                trouble=trouble or found.trouble,
                signed_off=signed_off,
                claimed=pushed,
            )
        return known


def work_of(commit: RawCommit, origins: Origins) -> Work:
    """Say who has a part in a commit, and when it was made and sent."""
    landed = origins.landed.get(commit.sha)
    pushed = commit.sha in origins.strangers
    if landed is not None and landed.squashed and len(commit.parents) >= MERGE:
        # The merge of a branch that kept its commits: lines of its own are the merger's, and
        # GitHub's merges have none.
        landed, pushed = None, origins.history
    said = commit.message.lower()  # few have trailers, and reading those takes longest
    named = trailers.co_authors(commit.message) if "co-authored-by" in said else ()
    people = [one for one in named if one.email.lower() not in origins.agents]
    if commit.sha in origins.stated:
        found = [Person((key,)) for key in origins.stated[commit.sha]]
    elif landed is not None:
        found = [*_landed(commit, landed, origins), *_added(people, landed, origins)]
    else:
        signed = signoffs.signed_off(commit.message) if "signed-off-by" in said else ()
        found = _by_itself(commit, people, signed, origins, pushed=pushed)
    trouble = _unknowable(commit, origins)
    if trouble:
        found = [replace(one, trouble=trouble) for one in found]
    return Work(
        sha=commit.sha,
        people=tuple(_each_once(found)),
        authored_at=min(commit.author.at, landed.merged_at) if landed else commit.author.at,
        submitted_at=landed.merged_at if landed else commit.committer.at,
        message=commit.message,
        agent=len(people) < len(named),
        number=landed.number if landed else None,
    )


def _unknowable(commit: RawCommit, origins: Origins) -> str:
    """Say why nobody can tell whose a commit's lines are, whoever sent it."""
    if commit.sha in origins.cut:
        return CUT  # it bears the lines of all that came before
    imported = SUBTREE in commit.message and commit.sha not in origins.stated
    return IMPORTED if imported else ""


def _landed(commit: RawCommit, landed: Landed, origins: Origins) -> Iterable[Person]:
    for part in landed.parts:
        if part.github_id is None or part.problem:
            if landed.squashed or part.role != "author" or part.github_id is not None:
                yield from _unlinked(commit, part, landed, origins)
            else:
                # Whom GitHub could not link then may be known by the same address now.
                who = commit.author
                yield _person(who.name, who.email, "author", origins)
            continue
        keys = origins.register.of_number(part.github_id)
        claims = not part.bot and any(key in origins.bots for key in keys)
        trouble = UNPROVEN_BOT if claims and part.role != "opener" else ""
        yield Person(keys, role=part.role, trouble=trouble, signed_off=part.signed_off)


def _unlinked(commit: RawCommit, part: Part, landed: Landed, origins: Origins) -> Iterable[Person]:
    if part.role == "co-author" and part.github_id is None and not landed.squashed:
        return  # the commit's own trailer says it, and is looked up anew
    known = origins.register.of_number(part.github_id) if part.github_id else None
    trouble = f"GitHub links it to nobody ({part.problem or 'no account'})"
    yield Person(known or (f"commit:{commit.sha}",), role=part.role, trouble=trouble)


def _added(
    people: Iterable[trailers.Trailer], landed: Landed, origins: Origins
) -> Iterable[Person]:
    """Give those whom only the landed commit itself names.

    GitHub names the authors of what it squashes by their addresses, which are not kept: as many
    unknown addresses as there are authors without one say nothing new.
    """
    known = {part.github_id for part in landed.parts if part.role != "opener"}
    found = [_person(one.name, one.email, "co-author", origins) for one in people]
    keys = {key for one in found for key in one.keys}
    unnamed = [part for part in known if part and f"github:{part}" not in keys]
    strange = [one for one in found if one.trouble]
    explained = landed.squashed and len(strange) <= len(unnamed)
    return [one for one in found if not (one.trouble and explained)]


def _by_itself(
    commit: RawCommit,
    people: Iterable[trailers.Trailer],
    signed: Iterable[trailers.Trailer],
    origins: Origins,
    *,
    pushed: bool,
) -> list[Person]:
    role: Role = "merger" if len(commit.parents) >= MERGE else "author"
    named: list[tuple[str, str, Role]] = [(commit.author.name, commit.author.email, role)]
    named += [(one.name, one.email, "co-author") for one in people]
    theirs = {one.email.lower() for one in signed}
    return [
        origins.claimed(name, email, as_, pushed=pushed, signed_off=email.lower() in theirs)
        for name, email, as_ in named
    ]


def _person(name: str, email: str, role: Role, origins: Origins) -> Person:
    keys, trouble = origins.register.keys(email, name)
    return Person(keys, name, email, role, trouble)


def _each_once(people: Iterable[Person]) -> Iterable[Person]:
    """Give each person once; a trouble with any of their parts stays."""
    people = tuple(people)
    if len(people) == 1:
        return people
    found: dict[str, Person] = {}
    for one in people:
        before = found.get(one.key)
        if before is None or (one.trouble and not before.trouble):
            found[one.key] = one
    return found.values()
