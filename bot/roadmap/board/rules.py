"""Which stage GitHub shows for an issue, which act moves an item, and who steered it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, get_args

from bot.policy.stages import BoardStage, Closes

Kind = Literal[
    "asked",
    "decided",
    "labelled",
    "milestone",
    "closed",
    "reopened",
    "merged",
    "claimed",
    "released",
    "funded",
    "governance",
    "silent",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
"""asked: it became a request. decided: a person moved or closed it. labelled, milestone, reopened:
a person did so on GitHub. closed: a bot did, or whoever asked. merged: a change that closes it
landed. claimed, released: somebody took the work, or gave it back. funded: its goal was reached.
governance: a formal vote. silent: nobody wanted it for long, and nobody did when asked."""

COMMUNITY_KINDS: frozenset[str] = frozenset({"claimed", "funded", "governance"})
LONGEST_WORDS = 500


@dataclass(frozen=True)
class Cause:
    """The act by which an item moves; `actor_id` is 0 where nobody knows whose it was.

    `evidence` begins with its door: `opened:`, `found:` (it stood so before us), `event:` of
    GitHub's timeline, `pull:`, `commit:`, `comment:`, `web:`, `unheard:` (closed, and nobody told
    us by whom) and what others name.
    """

    kind: Kind
    actor_id: int
    evidence: str
    acted_at: datetime
    words: str = ""


@dataclass(frozen=True)
class View:
    """An issue as far as the board is concerned; all names as GitHub gave them.

    `milestone` is a title, and `milestone_number` what outlives it; 0 is none.
    """

    labels: tuple[str, ...] = ()
    state: str = "open"
    reason: str = ""
    milestone: str = ""
    milestone_number: int = 0

    def bears(self, label: str) -> bool:
        """Say whether it has a label; GitHub does not mind capitals."""
        return bool(label) and label.casefold() in {one.casefold() for one in self.labels}

    @property
    def closed_as(self) -> Closes:
        """Say how it is closed; whatever is not completed was not planned."""
        if self.state == "open":
            return "none"
        return "not_planned" if self.reason in {"not_planned", "duplicate"} else "completed"


@dataclass(frozen=True)
class Marks:
    """How an issue has to change on GitHub to show a stage: labels off, a label on, open or closed."""

    off: tuple[str, ...] = ()
    on: str = ""
    closes: Closes | None = None

    def __bool__(self) -> bool:
        """Say whether anything has to change."""
        return bool(self.off or self.on or self.closes)


def named(stages: Sequence[BoardStage], name: str) -> BoardStage | None:
    """Give the stage of that name."""
    return next((one for one in stages if one.name == name), None)


def said(stages: Sequence[BoardStage], view: View) -> str:
    """Give the stage that GitHub shows; empty where it shows none of them.

    How it is closed comes first; of those stages the one whose label it has, the last of them if
    there are several; else the first that needs no label.
    """
    fitting = [one for one in stages if one.closes == view.closed_as]
    labelled = [one for one in fitting if view.bears(one.label)]
    if labelled:
        return labelled[-1].name
    bare = [one for one in fitting if not one.label]
    if bare or view.state == "open":
        return (bare or list(stages))[0].name
    return fitting[0].name if fitting else ""


def is_at_rest(stages: Sequence[BoardStage], stage: str, view: View) -> bool:
    """Say whether GitHub shows what the board says; nothing can be shown of a stage that is no more."""
    shown = said(stages, view)
    if named(stages, stage) is None or shown == stage:
        return True
    # Closed where the board has no stage for what is closed: its labels say where it stands.
    return not shown and said(stages, View(view.labels)) == stage


def marks(stages: Sequence[BoardStage], stage: str, view: View) -> Marks:
    """Give what has to change on an issue for it to show a stage and no other."""
    wanted = named(stages, stage)
    if wanted is None:
        return Marks()
    off = tuple(one.label for one in stages if one is not wanted and view.bears(one.label))
    on = wanted.label if wanted.label and not view.bears(wanted.label) else ""
    closed_as = view.closed_as
    if not any(one.closes == closed_as for one in stages) and wanted.closes == "none":
        # The board has no word for what is closed, so it closes and opens nothing.
        closed_as = "none"
    return Marks(off, on, wanted.closes if wanted.closes != closed_as else None)


def shown(stages: Sequence[BoardStage], stage: str, view: View) -> View:
    """Give how an issue looks once it bears its marks."""
    change = marks(stages, stage, view)
    off = {one.casefold() for one in change.off}
    labels = tuple(one for one in view.labels if one.casefold() not in off)
    if change.on:
        labels = (*labels, change.on)
    if change.closes is None:
        return replace(view, labels=labels)
    state = "open" if change.closes == "none" else "closed"
    reason = "" if change.closes == "none" else change.closes
    return replace(view, labels=labels, state=state, reason=reason)


def closing(stages: Sequence[BoardStage], closes: Closes) -> BoardStage | None:
    """Give the stage to which closing an issue brings it."""
    return next((one for one in stages if one.closes == closes), None)


def is_shipped(stages: Sequence[BoardStage], stage: str) -> bool:
    """Say whether a stage means that it is done: what closes as completed, else the one named so."""
    done = [one.name for one in stages if one.closes == "completed"] or ["shipped"]
    return stage in done


def is_late(acted_at: datetime, last: datetime | None) -> bool:
    """Say whether somebody acted later than this already; GitHub tells whole seconds."""
    return last is not None and acted_at < last.replace(microsecond=0)


def is_steered(*, origin: str, helped: bool) -> bool:
    """Say whether the community had a hand in an item: asked for it, voted for it, or moved it.

    `helped`: somebody voted for it who neither brought it nor ever decided here, or it was moved
    by one of `COMMUNITY_KINDS`.
    """
    return origin != "pushed" or helped
