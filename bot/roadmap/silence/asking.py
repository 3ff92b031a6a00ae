"""Our own upkeep of requests: is what nobody speaks of still wanted? First asked, then declined."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection

from bot import upkeep
from bot.messages import marks, say
from bot.roadmap import intake, voting
from bot.roadmap.board import moving
from bot.roadmap.board import rules as board_rules
from bot.roadmap.board import store as board
from bot.roadmap.board.moving import Cause
from bot.roadmap.silence import rules, store
from bot.roadmap.store import Request
from core.context import Context, Effect, Task
from core.github import Comment, Issue, IssueComment, Repo

TOPIC = "silence"
MOST = 20
"""Questions of one day in one repository: whoever switches this on is not flooded."""


@dataclass(frozen=True)
class Read:
    """A thread as it was just read, with what was written there since the bot asked."""

    issue: Issue
    written: tuple[IssueComment, ...] = ()

    @property
    def is_spoken_for(self) -> bool:
        """Somebody gave a 👍 or wrote something: bots are nobody."""
        return self.issue.thumbs > 0 or any(not one.author.is_bot for one in self.written)


def due(ctx: Context, connection: Connection, repo: Repo) -> list[Effect]:
    """Have looked at what was asked about, and at what is silent for longest."""
    days = voting.rules_of(connection, repo.id).quiet_days
    stages = board.stages_of(connection, repo.id)
    before = ctx.now - timedelta(days=days)
    numbers: Sequence[int] = store.waiting(connection, repo.id)
    if days and board_rules.closing(stages, "not_planned"):
        numbers = [*numbers, *store.quiet(connection, repo.id, stages[0].name, before, MOST)]
    return [
        Task(
            name="look_at_silence",
            key=f"look_at_silence:{number}:{ctx.now.date().isoformat()}",
            due_at=ctx.now,
            entity=f"votes:{repo.id}",
            about={"repo_id": repo.id, "request_id": number},
        )
        for number in numbers
    ]


def judge(
    ctx: Context, connection: Connection, repo: Repo, asked: Request, read: Read
) -> list[Effect]:
    """Ask whether it is still wanted, take the answer, or decline it: whichever is due."""
    asked_at = store.said(connection, asked.id).asked_at
    roadmap = voting.rules_of(connection, repo.id)
    stages = board.stages_of(connection, repo.id)
    end = board_rules.closing(stages, "not_planned")
    is_open = asked.state == "open" and board.stage_of(connection, asked.id) == stages[0].name
    if not roadmap.quiet_days or end is None or not is_open or asked.locked:
        store.note_asked(connection, asked, None)
        return []
    last = store.latest(connection, asked)
    wanted = bool(store.hold(connection, asked)) or read.is_spoken_for
    if asked_at is None:
        if wanted or not rules.is_quiet(last, ctx.now, roadmap.quiet_days):
            return []
        store.note_asked(connection, asked, ctx.now)
        return [_saying(ctx, connection, repo, asked, "asked")]
    if wanted or store.told(connection, asked, asked_at):
        store.note_asked(connection, asked, None)
        return [_saying(ctx, connection, repo, asked, "stays")]
    question = Comment(repo, asked.number, TOPIC, "")
    if not rules.is_over(asked_at, ctx.now) or not upkeep.was_said(connection, question.surface):
        return []
    store.note_asked(connection, asked, None)
    cause = Cause("silent", 0, f"silent:{asked_at.isoformat()}", ctx.now)
    said = _saying(ctx, connection, repo, asked, "ended")
    return [said, *moving.move(connection, asked, end.name, cause, ctx.now)]


def _saying(ctx: Context, connection: Connection, repo: Repo, asked: Request, why: str) -> Comment:
    body = say(
        "silence",
        intake.language(connection, repo.id),
        why=why,
        who=marks.mention(asked.author.login) or "",
        days=voting.rules_of(connection, repo.id).quiet_days,
        until=(ctx.now + rules.NOTICE).date().isoformat(),
    )
    return Comment(repo, asked.number, TOPIC, body)
