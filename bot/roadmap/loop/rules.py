"""Who is told of what has shipped and where, when answers ask for more, when notes are shown. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.roadmap.rules import Door

Answer = Literal["yes", "partly", "no"]
ANSWERS: tuple[Answer, ...] = ("yes", "partly", "no")
Side = Literal["project", "asker"]
SIDES: tuple[Side, ...] = ("project", "asker")
Channel = Literal["github", "page"]

LONGEST_WORDS = 500
LONGEST_LESSON = 2_000
SAID: dict[str, Answer] = {
    **dict.fromkeys(("yes", "oui", "ja", "y", "👍"), "yes"),
    **dict.fromkeys(("partly", "partially", "partiellement", "presque", "almost"), "partly"),
    **dict.fromkeys(("no", "non", "n", "👎"), "no"),
}
"""What people may say for each answer; “en partie” is two words and read by `said`."""


@dataclass(frozen=True)
class Wanting:
    """Somebody who wanted something, by which door, on which thread, and when."""

    github_id: int
    thread_id: int
    door: Door
    at: datetime


@dataclass(frozen=True)
class Telling:
    """Whom to tell, on which thread, and on which of the two channels."""

    github_id: int
    thread_id: int
    channel: Channel


def tellings(
    wanting: Iterable[Wanting], told: Collection[int], unhappy: Collection[int]
) -> tuple[Telling, ...]:
    """Choose one channel for each person: that by which they last said that they want it.

    Whoever was `told` of an earlier shipping is told again only if they are `unhappy` with it.
    """
    last: dict[int, Wanting] = {}
    for one in wanting:
        known = last.get(one.github_id)
        if known is None or (one.at, one.thread_id) > (known.at, known.thread_id):
            last[one.github_id] = one
    return tuple(
        Telling(one.github_id, one.thread_id, "page" if one.door == "web" else "github")
        for one in sorted(last.values(), key=lambda one: (one.thread_id, one.github_id))
        if one.github_id not in told or one.github_id in unhappy
    )


def said(words: tuple[str, ...]) -> tuple[Answer, str] | None:
    """Read “yes it does” as the answer and the words behind it; None where no answer comes first."""
    if not words:
        return None
    if [word.lower().strip(".,:;!") for word in words[:2]] == ["en", "partie"]:
        return "partly", " ".join(words[2:])
    found = SAID.get(words[0].lower().strip(".,:;!"))
    return (found, " ".join(words[1:])) if found else None


def asks_for_more(noes: int, total: int, least: int, share: int) -> bool:
    """Say whether so many of all answers are no that re-opening is to be thought of.

    At least `least` of them (0: never), and at least `share` per cent of all answers.
    """
    return bool(least) and noes >= least and noes * 100 >= share * total


def published_at(
    shipped_at: datetime, project_at: datetime | None, asker_at: datetime | None, days: int
) -> datetime | None:
    """Say when the notes are shown: once both are there, else after some days what is there."""
    if project_at is not None and asker_at is not None:
        return min(
            max(project_at, asker_at),
            max(shipped_at + timedelta(days=days), min(project_at, asker_at)),
        )
    only = project_at or asker_at
    return max(only, shipped_at + timedelta(days=days)) if only else None


def remind_at(shipped_at: datetime, days: int) -> datetime:
    """Say when whoever has not written is reminded: half-way."""
    return shipped_at + timedelta(days=days) / 2
