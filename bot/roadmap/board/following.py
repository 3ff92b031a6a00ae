"""The board follows GitHub, and GitHub the board: always by how both stand when we look.

Nothing is done where they say the same. Else the acts that people did on GitHub since we last
heard are taken as moves, in their order, our own left out; what still differs then is written.
Our writes make GitHub say what the board says, so that looking once more finds nothing to do.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import Connection

from bot import people
from bot.policy.stages import BoardStage
from bot.roadmap.board import hearing, moving, rules, store
from bot.roadmap.board.hearing import Item
from bot.roadmap.board.store import Seen
from bot.roadmap.store import Request
from core.context import Context, Effect, Task
from core.github import Issue, IssueAct, Repo

Kept = Callable[[Connection, Request, Issue, Sequence[IssueAct], IssueAct], list[Effect] | None]
"""Says what follows where an act on an issue does not hold; None where it does."""

QUIET = ("opened:", "found:")
"""Evidence of what stood there before anybody moved it: nothing is written on GitHub of that."""


def look_again(
    ctx: Context, repo: Repo, asked: Request, issue: Issue, connection: Connection
) -> list[Effect]:
    """Have an item and its issue compared act by act, where they differ."""
    if not differs(connection, asked, issue):
        return []
    return [
        Task(
            name="follow_board",
            key=f"follow_board:{repo.id}:{issue.number}:{ctx.source}:{ctx.guid}",
            due_at=ctx.now,
            entity=f"thread:{repo.id}:{issue.number}",
            about={"repo_id": repo.id, "number": issue.number},
        )
    ]


def differs(connection: Connection, asked: Request, issue: Issue) -> bool:
    """Say whether GitHub shows anything else of an item than the board does.

    A discussion shows nothing of a stage: it has no labels of ours, and no milestone.
    """
    if issue.category or asked.state not in {"open", "closed"}:
        return False
    stages = store.stages_of(connection, asked.repo_id)
    stage = store.stage_of(connection, asked.id)
    view = moving.view_of(issue)
    known, last = store.seen(connection, asked.id), store.last(connection, asked.id)
    if not stage or known is None or last is None:
        return False
    milestones = {one.milestone.casefold() for one in stages if one.milestone}
    if view.milestone.casefold() in milestones - {known.milestone.casefold()}:
        return True
    if not rules.is_at_rest(stages, stage, view):
        return True
    return not last.evidence.startswith(QUIET) and bool(rules.marks(stages, stage, view))


def settle(
    connection: Connection,
    asked: Request,
    issue: Issue,
    acts: Sequence[IssueAct],
    now: datetime,
    kept: Kept,
) -> list[Effect]:
    """Take the acts on an issue that were not heard yet as moves; then write what still differs.

    `issue` and `acts` were just read, the issue first. `kept` is asked of each act first.
    """
    store.hold(connection, asked.repo_id)
    stages = store.stages_of(connection, asked.repo_id)
    known = store.seen(connection, asked.id)
    if known is None:
        return []
    effects: list[Effect] = []
    fresh = [act for act in acts if _is_fresh(act, known)]
    for act in hearing.telling([one for one in fresh if not one.by_us], stages):
        instead = kept(connection, asked, issue, acts, act)
        if instead is not None:
            effects += instead
            continue
        said = hearing.heard(stages, _item(connection, asked, issue, stages), act)
        found = said and moving.take(connection, asked, said.to, said.cause, now)
        if found:
            effects += moving.after(found, stages, now)
            if act.actor is not None:
                people.note(connection, act.actor.id, act.actor, now)
    _heard(connection, asked, known, acts, issue)
    stage = store.stage_of(connection, asked.id)
    return [*moving.mark(connection, asked, stage, stages, moving.view_of(issue)), *effects]


def _is_fresh(act: IssueAct, known: Seen) -> bool:
    if known.heard_at is None or act.at > known.heard_at:
        return True
    return act.at == known.heard_at and act.id not in known.heard


def told(
    connection: Connection, asked: Request, thread: Issue, act: IssueAct, now: datetime
) -> list[Effect]:
    """Take one act that an event told of as a move: a discussion has no timeline to read."""
    stages = store.stages_of(connection, asked.repo_id)
    said = hearing.heard(stages, _item(connection, asked, thread, stages), act)
    if said is None:
        return []
    if act.actor is not None:
        people.note(connection, act.actor.id, act.actor, now)
    return moving.move(connection, asked, said.to, said.cause, now)


def _item(
    connection: Connection, asked: Request, issue: Issue, stages: Sequence[BoardStage]
) -> Item:
    opened = {one.name for one in stages if one.closes == "none"}
    moves = store.moves(connection, asked.id)
    stood = [one.to_stage for one in moves if one.to_stage in opened]
    return Item(
        stage=store.stage_of(connection, asked.id),
        view=moving.view_of(issue),
        asker_id=0 if asked.origin == "pushed" else asked.author.id,
        before=stood[-1] if stood else "",
    )


def _heard(
    connection: Connection, asked: Request, known: Seen, acts: Sequence[IssueAct], issue: Issue
) -> None:
    """Note how far we have listened; GitHub tells whole seconds, so that one may hold several acts."""
    until = max((act.at for act in acts), default=known.heard_at)
    if until is None or (known.heard_at is not None and until < known.heard_at):
        return
    ids = {act.id for act in acts if act.at == until}
    if until == known.heard_at:
        ids |= known.heard
    store.hear(connection, asked.id, until, ids, issue.milestone)
