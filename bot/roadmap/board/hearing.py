"""What an act on GitHub says to the board. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.policy.stages import BoardStage
from bot.roadmap.board import rules
from bot.roadmap.board.rules import Cause, Kind, View
from core.github.values import IssueAct

Stages = Sequence[BoardStage]


@dataclass(frozen=True)
class Item:
    """An item when an act on it is heard: its stage, what GitHub shows, and who asked for it.

    `asker_id` is 0 where that was a maintainer; `before` is where it last stood while open.
    """

    stage: str
    view: View
    asker_id: int
    before: str


@dataclass(frozen=True)
class Heard:
    """An act that says where an item belongs."""

    to: str
    cause: Cause


def heard(stages: Stages, item: Item, act: IssueAct) -> Heard | None:
    """Give the stage that an act brings an item to; None where it says nothing of that."""
    found = _MEANING[act.kind](stages, item, act)
    if found is None or found[0] == item.stage:
        return None
    to, kind = found
    evidence = f"event:{act.id}"
    if act.pull:
        evidence = f"pull:{act.pull}:{act.id}"
    elif act.commit:
        evidence = f"commit:{act.commit}:{act.id}"
    actor_id = act.actor.id if act.actor else 0
    return Heard(to, Cause(kind, actor_id, evidence, act.at))


def telling(acts: Sequence[IssueAct], stages: Stages) -> list[IssueAct]:
    """Give the acts that count of those heard at once: who exchanges a label does not mean its end.

    A label that is taken off says nothing where something else is said after it.
    """
    known = {one.label.casefold() for one in stages if one.label}
    saying = [
        act
        for act in acts
        if act.kind not in {"labeled", "unlabeled"} or act.name.casefold() in known
    ]
    return [
        act
        for at, act in enumerate(saying)
        if act.kind != "unlabeled" or all(later.kind == "unlabeled" for later in saying[at + 1 :])
    ]


Found = tuple[str, Kind] | None


def _labeled(stages: Stages, item: Item, act: IssueAct) -> Found:
    wanted = next((one for one in stages if _same(one.label, act.name)), None)
    if wanted is None or (wanted.closes == "none" and _is_closed(stages, item)):
        # What is closed is opened by opening it: whoever tidies labels wants nothing else.
        return None
    return wanted.name, "labelled"


def _unlabeled(stages: Stages, item: Item, act: IssueAct) -> Found:
    stage = rules.named(stages, item.stage)
    if stage is None or stage.closes != "none" or not _same(stage.label, act.name):
        return None
    others = [one for one in stages if one.closes == "none" and item.view.bears(one.label)]
    left = [one for one in others if one is not stage]
    return (left[-1] if left else stages[0]).name, "labelled"


def _closed(stages: Stages, item: Item, act: IssueAct) -> Found:
    if act.pull or act.commit:
        done = rules.closing(stages, "completed")
        return (done.name, "merged") if done else None
    by_bot = act.actor is not None and act.actor.is_bot
    by_asker = act.actor is not None and act.actor.id == item.asker_id
    if by_bot or by_asker:
        # Nobody who decides here said that it is done.
        gone = rules.closing(stages, "not_planned")
        return (gone.name, "closed") if gone else None
    closed = View(state="closed", reason=act.reason).closed_as
    wanted = rules.closing(stages, closed)
    stands = rules.named(stages, item.stage)
    if wanted is None or (stands is not None and stands.closes == closed):
        return None
    return wanted.name, "decided"


def _reopened(stages: Stages, item: Item, _act: IssueAct) -> Found:
    if not _is_closed(stages, item):
        return None
    back = rules.named(stages, item.before)
    return (back or stages[0]).name, "reopened"


def _milestoned(stages: Stages, item: Item, act: IssueAct) -> Found:
    wanted = next((one for one in stages if _same(one.milestone, act.name)), None)
    if wanted is None or (wanted.closes == "none" and _is_closed(stages, item)):
        return None
    return wanted.name, "milestone"


def _is_closed(stages: Stages, item: Item) -> bool:
    stage = rules.named(stages, item.stage)
    return stage is not None and stage.closes != "none"


def _same(one: str, other: str) -> bool:
    return bool(one) and one.casefold() == other.strip().casefold()


_MEANING = {
    "labeled": _labeled,
    "unlabeled": _unlabeled,
    "closed": _closed,
    "reopened": _reopened,
    "milestoned": _milestoned,
}
