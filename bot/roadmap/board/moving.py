"""The only way to move an item on the board; what it changes on GitHub is returned as effects."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, select, update

from bot import outbox, repositories
from bot.policy.stages import BoardStage
from bot.roadmap.board import rules, store
from bot.roadmap.board.rules import Cause, Kind, View
from bot.roadmap.board.store import Move, Step
from bot.roadmap.store import Request
from core.context import Effect, Task
from core.github import Action, Issue, Label, Repo, SetState

__all__ = ["Cause", "mark", "move", "place", "view_of", "want_anew"]

Stages = tuple[BoardStage, ...]


def move(
    connection: Connection, asked: Request, to: str, cause: Cause, now: datetime
) -> list[Effect]:
    """Move a request to the stage `to` and give what follows: writes to GitHub, tasks of ours.

    Nothing happens where it stands there already, where the evidence was heard before, and where
    somebody acted later than this. Raises `ValueError` where the board has no such stage.
    """
    stages = store.stages_of(connection, asked.repo_id)
    if rules.named(stages, to) is None:
        message = f"the board has no stage {to}"
        raise ValueError(message)
    found = take(connection, asked, to, cause, now)
    if found is None:
        return []
    return [*mark(connection, asked, to, stages), *after(found, stages, now)]


def take(
    connection: Connection, asked: Request, to: str, cause: Cause, now: datetime
) -> Move | None:
    """Write a move down, unless it is none any more; nothing else follows from this."""
    store.hold(connection, asked.repo_id)
    _begin(connection, asked)
    asked = replace(asked, stage=store.stage_of(connection, asked.id))
    if asked.stage == to or store.was_heard(connection, asked.id, cause.evidence):
        return None
    before = store.last(connection, asked.id)
    if rules.is_late(cause.acted_at, before.acted_at if before else None):
        return None
    words = cause.words[: rules.LONGEST_WORDS]
    return store.write(connection, asked, to, replace(cause, words=words), now)


def place(connection: Connection, asked: Request, issue: Issue) -> None:
    """Give a request that has no stage yet the one that its issue shows, in silence.

    One that stands somewhere keeps its place: only what GitHub shows of it is written down.
    """
    view = view_of(issue)
    known = store.seen(connection, asked.id)
    if known is None or known.seen_at <= issue.updated_at:
        store.see(connection, asked.id, view, issue.updated_at)
    if not store.stage_of(connection, asked.id):
        settle(connection, asked, view, issue.closed_at or issue.updated_at, issue.updated_at)


def settle(
    connection: Connection, asked: Request, view: View, since: datetime, read_at: datetime
) -> None:
    """Put a request onto the board where GitHub shows it `since` some instant, as it was read.

    What was done to the issue until then is part of that, and not heard again.
    """
    store.hold(connection, asked.repo_id)
    if not _begin(connection, asked):
        return
    store.hear(connection, asked.id, read_at, (), view.milestone)
    stages = store.stages_of(connection, asked.repo_id)
    steps = first_steps(asked, stages, view, since, read_at)[1:]
    store.write_all(connection, asked.repo_id, steps)


def first_steps(
    asked: Request, stages: Stages, view: View, since: datetime, read_at: datetime
) -> list[Step]:
    """Give the moves that put a request onto the board: asked for, then where GitHub shows it."""
    first = stages[0].name
    cause = Cause("asked", asked.author.id, f"opened:{asked.node_id}", asked.opened_at)
    begun = Step(replace(asked, stage=""), first, cause, asked.updated_at)
    shown = rules.said(stages, view) or rules.said(stages, View(view.labels))
    if shown == first:
        return [begun]
    kind: Kind = "labelled" if view.state == "open" else "closed"
    found = Cause(kind, 0, f"found:{read_at.isoformat()}", max(since, asked.opened_at))
    return [begun, Step(replace(asked, stage=first), shown, found, read_at)]


def _begin(connection: Connection, asked: Request) -> bool:
    """Put a request onto the board, by whoever asked; says whether it was not there yet."""
    if store.stage_of(connection, asked.id):
        return False
    if store.seen(connection, asked.id) is None:
        state = "open" if asked.state == "open" else "closed"
        store.see(connection, asked.id, View(state=state), asked.updated_at)
    stages = store.stages_of(connection, asked.repo_id)
    at = asked.updated_at
    store.write_all(connection, asked.repo_id, first_steps(asked, stages, View(), at, at)[:1])
    return True


def view_of(issue: Issue) -> View:
    """Give an issue as far as the board is concerned."""
    return View(
        issue.labels, issue.state, issue.state_reason, issue.milestone, issue.milestone_number
    )


def mark(
    connection: Connection,
    asked: Request,
    stage: str,
    stages: Stages,
    view: View | None = None,
) -> list[Effect]:
    """Give the writes by which an issue comes to show a stage; none for what it shows already.

    `view` is what it shows now; where it was not just read, what we last knew.
    """
    repo = repositories.repo(connection, asked.repo_id)
    known = store.seen(connection, asked.id)
    if repo is None or known is None:
        return []
    view = view or known.view
    change = rules.marks(stages, stage, view)
    if not change:
        return []
    store.see(connection, asked.id, rules.shown(stages, stage, view), known.seen_at)
    wanted = _actions(repo, asked.number, change)
    for action in wanted:
        want_anew(connection, action)
    return list(wanted)


def _actions(repo: Repo, number: int, change: rules.Marks) -> list[Action]:
    """Put the new label on before the old one goes: nobody sees the item without a stage."""
    found: list[Action] = []
    if change.on:
        found.append(Label(repo, number, change.on))
    found += [Label(repo, number, name, present=False) for name in change.off]
    if change.closes == "none":
        found.append(SetState(repo, number, "open"))
    elif change.closes is not None:
        found.append(SetState(repo, number, "closed", change.closes))
    return found


def want_anew(connection: Connection, action: Action) -> None:
    """Let the same content be written once more: somebody has changed what we wrote since.

    What still waits to be sent is not sent twice.
    """
    rows = outbox.outbox.c
    waits = select(rows.id).where(
        rows.surface == action.surface, rows.state.in_(("due", "running", "held"))
    )
    if connection.scalar(waits.limit(1)) is None:
        ours = update(outbox.surface).where(outbox.surface.c.surface == action.surface)
        connection.execute(ours.values(digest=""))


def after(made: Move, stages: Stages, now: datetime) -> list[Effect]:
    """Give what others do when an item reaches the stage that means shipped."""
    if not rules.is_shipped(stages, made.to_stage) or rules.is_shipped(stages, made.from_stage):
        return []
    about: dict[str, int | str] = {
        "request_id": made.request_id,
        "repo_id": made.repo_id,
        "move": made.sequence,
    }
    key = f"shipped:{made.request_id}:{made.sequence}"
    return [Task("shipped", key, now, f"request:{made.request_id}", about)]
