"""What the API answers about a roadmap, as types: nothing that the pages do not show."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import msgspec

from bot.policy.stages import BoardStage
from bot.roadmap.facts import Joined
from bot.roadmap.outlets.acts import Moved
from bot.roadmap.outlets.changelog import Shipped as KnownShipped
from bot.roadmap.outlets.changelog import Somebody
from bot.roadmap.outlets.outcomes import Outcome
from bot.roadmap.queries import Line
from bot.roadmap.store import Request as KnownRequest

Origin = Literal["asked", "pushed", "co_created"]


class Person(msgspec.Struct, frozen=True):
    """A person by GitHub's number; `login` is null where we do not know it, or it was erased."""

    github_id: int
    login: str | None


class Request(msgspec.Struct, frozen=True):
    """A request. `votes` are the people who want it, or anything that was joined with it.

    `stage` is null until the board knows it. `counted_on` is the number of the request that it
    was joined onto, null where it stands alone or others were joined onto it: those are in
    `joined`, in lists the first three.
    """

    number: int
    title: str
    url: str
    author: Person
    origin: Origin
    state: str
    stage: str | None
    votes: int
    opened_at: datetime
    counted_on: int | None
    joined: list[int]


class Requests(msgspec.Struct, frozen=True):
    """Some requests, and the address of the next ones; null on the last page."""

    items: list[Request]
    next: str | None


class Move(msgspec.Struct, frozen=True):
    """A move on the board; `sequence` is its place in the chain of the repository.

    `from_stage` is null for the first move of a request, `actor` where nobody knows who it was.
    """

    sequence: int
    request: int
    from_stage: str | None
    to_stage: str
    cause: str
    actor: Person | None
    acted_at: datetime
    recorded_at: datetime
    words: str


class Moves(msgspec.Struct, frozen=True):
    """Some moves, the last one first, and the address of earlier ones; null at the first."""

    items: list[Move]
    next: str | None


class Stage(msgspec.Struct, frozen=True):
    """A stage of the board, in order; `title` is the project's own word or null.

    `requests` stand there; counting stops at 1,001. `label` marks it on GitHub (null: none), and
    `closes` says how its issues are closed there.
    """

    name: str
    title: str | None
    label: str | None
    closes: Literal["completed", "not_planned", "none"]
    shipped: bool
    requests: int


class Stages(msgspec.Struct, frozen=True):
    """All stages, in the order of the board."""

    items: list[Stage]


class Works(msgspec.Struct, frozen=True):
    """How many people gave each answer to “does it do your job?”."""

    yes: int
    partly: int
    no: int


class Shipped(msgspec.Struct, frozen=True):
    """An item that shipped; `builders` took it up or opened the change that closed it."""

    number: int
    title: str
    url: str
    author: Person
    origin: Origin
    stage: str
    votes: int
    shipped_at: datetime
    builders: list[Person]
    works: Works


class Changelog(msgspec.Struct, frozen=True):
    """Some of what shipped, newest first, and the address of the next ones; null on the last page."""

    items: list[Shipped]
    next: str | None


TYPES = (Requests, Moves, Stages, Changelog)


def line(one: Line, url: str, root: int | None) -> Request:
    """Describe a request of a list; `root` is the number of the one that it is counted on."""
    return Request(
        number=one.number,
        title=one.title,
        url=url,
        author=Person(one.author_id, one.author_login or None),
        origin=one.origin,  # type: ignore[arg-type] # the database holds no other
        state=one.state,
        stage=one.stage or None,
        votes=one.supporters,
        opened_at=one.opened_at,
        counted_on=root,
        joined=[number for number, _title in one.joined],
    )


def request(one: KnownRequest, root: KnownRequest, joined: Sequence[Joined], url: str) -> Request:
    """Describe one request; the votes are those of the whole group."""
    return Request(
        number=one.number,
        title=one.title,
        url=url,
        author=Person(one.author.id, one.author.login or None),
        origin=one.origin,  # type: ignore[arg-type] # the database holds no other
        state=one.state,
        stage=root.stage or None,
        votes=root.supporters,
        opened_at=one.opened_at,
        counted_on=root.number if root.id != one.id else None,
        joined=[it.number for it in joined] if root.id == one.id else [],
    )


def move(one: Moved) -> Move:
    """Describe a move."""
    return Move(
        sequence=one.sequence,
        request=one.number,
        from_stage=one.from_stage or None,
        to_stage=one.to_stage,
        cause=one.cause,
        actor=Person(one.actor_id, one.login or None) if one.actor_id else None,
        acted_at=one.acted_at,
        recorded_at=one.recorded_at,
        words=one.words,
    )


def stage(one: BoardStage, requests: int, *, shipped: bool) -> Stage:
    """Describe a stage."""
    return Stage(
        name=one.name,
        title=one.title or None,
        label=one.label or None,
        closes=one.closes,
        shipped=shipped,
        requests=requests,
    )


def shipped(one: KnownShipped, outcome: Outcome, url: str) -> Shipped:
    """Describe what shipped."""
    return Shipped(
        number=one.number,
        title=one.title,
        url=url,
        author=_person(one.author),
        origin=one.origin,  # type: ignore[arg-type] # the database holds no other
        stage=one.stage,
        votes=one.supporters,
        shipped_at=one.shipped_at,
        builders=[_person(it) for it in one.builders],
        works=Works(**{"yes": 0, "partly": 0, "no": 0} | dict(outcome.works)),
    )


def _person(one: Somebody) -> Person:
    return Person(one.id, one.login or None)
