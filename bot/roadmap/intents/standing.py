"""What an act does: written into the ledger, then to the rows that follow from it, and to the board."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select, update

from bot.roadmap.board import moving
from bot.roadmap.board import store as board
from bot.roadmap.intents import ledger, rules
from bot.roadmap.intents.ledger import Words
from bot.roadmap.intents.tables import claim, intent
from bot.roadmap.intents.values import Act, Call, Claim, Contest, Phase, Standing
from bot.roadmap.store import Request
from core.context import Effect
from core.db import insert_once, upsert

IN_PROGRESS, PLANNED = "in_progress", "planned"
FULL = "full"
AT_DEADLINES = frozenset({"voting", "choosing"})


@dataclass(frozen=True)
class Done:
    """What came of an act: its verdict (`rules.DONE`, or why not), what stands, and what follows.

    `fresh` is False where the act was known already.
    """

    verdict: str
    standing: Standing
    effects: tuple[Effect, ...] = ()
    fresh: bool = True

    @property
    def ok(self) -> bool:
        """It was not refused."""
        return self.verdict == rules.DONE


def act(connection: Connection, asked: Request, given: Act, words: Words, now: datetime) -> Done:
    """Take an act on a request. The same evidence is heard once."""
    ledger.hold(connection, asked.id)
    before = ledger.replay(connection, asked.id)
    if given.github_id and ledger.is_full(connection, asked.id, given.github_id):
        return Done(FULL, before.standing)
    fresh = ledger.record(connection, asked.id, given, words, now)
    after = ledger.replay(connection, asked.id) if fresh else before
    verdict = after.verdicts[given.evidence, given.kind]
    effects = settle(connection, asked, before.standing, after.standing, now) if fresh else []
    return Done(verdict, after.standing, tuple(effects), fresh)


def stands(connection: Connection, request_id: int) -> Standing:
    """Give what stands on a request."""
    return ledger.replay(connection, request_id).standing


def settle(
    connection: Connection, asked: Request, before: Standing, after: Standing, now: datetime
) -> list[Effect]:
    """Hold the rows that follow from the ledger against what stands, and move the item."""
    if before == after:
        return []
    latest = newest(after)
    if latest is not None:
        _write_intent(connection, asked, latest, now)
    gone = {one.who for one in before.claims} - {one.who for one in after.claims}
    for who in gone:
        here = (claim.c.request_id == asked.id) & (claim.c.github_id == who)
        connection.execute(delete(claim).where(here))
    for one in after.claims:
        _write_claim(connection, asked, one)
    return _moved(connection, asked, before, after, now)


def newest(standing: Standing) -> Call | Contest | None:
    """Give the call or contest that was opened last."""
    found = [one for one in (standing.call, standing.contest) if one is not None]
    return max(found, key=lambda one: one.opened_at, default=None)


def set_phase(
    connection: Connection, request_id: int, phase: Phase, due_at: datetime | None
) -> None:
    """Write down that a deadline was seen to, and which is next."""
    here = update(intent).where(intent.c.request_id == request_id)
    connection.execute(here.values(phase=phase, due_at=due_at))


def _write_intent(
    connection: Connection, asked: Request, latest: Call | Contest, now: datetime
) -> None:
    is_call = isinstance(latest, Call)
    offers = latest.offers if isinstance(latest, Call) else latest.entries
    phase, due_at = _place(connection, asked.id, latest, now)
    high = latest.high if isinstance(latest, Call) else None
    low = latest.low if isinstance(latest, Call) else None
    values = {
        "repo_id": asked.repo_id,
        "kind": "offers" if is_call else "contest",
        "phase": phase,
        "opened_at": latest.opened_at,
        "until": latest.until,
        "due_at": due_at,
        "offers": len(offers),
        "currency": high.currency if high else "",
        "low": low.minor if low else None,
        "high": high.minor if high else None,
    }
    upsert(connection, intent, {"request_id": asked.id}, values)


def _place(
    connection: Connection, request_id: int, latest: Call | Contest, now: datetime
) -> tuple[Phase, datetime | None]:
    """Say where it stands as far as its deadlines were seen to, which may be later than they were."""
    if latest.ending:
        return latest.phase(now), None
    row = connection.execute(
        select(intent.c.phase, intent.c.due_at, intent.c.opened_at).where(
            intent.c.request_id == request_id
        )
    ).one_or_none()
    if row is not None and row.opened_at == latest.opened_at and row.phase in AT_DEADLINES:
        return row.phase, row.due_at
    return "open", latest.until


def _write_claim(connection: Connection, asked: Request, one: Claim) -> None:
    values = {
        "request_id": asked.id,
        "github_id": one.who,
        "repo_id": asked.repo_id,
        "since": one.since,
        "term": one.term,
        "active_at": one.since,
        "due_at": one.since + timedelta(days=one.term) / 2,
    }
    if insert_once(connection, claim, values):
        return
    again = (claim.c.request_id == asked.id) & (claim.c.github_id == one.who)
    fresh = update(claim).where(again, claim.c.since != one.since)
    connection.execute(
        fresh.values(since=one.since, term=one.term, active_at=one.since, warned_for=None,
                     due_at=values["due_at"])
    )  # fmt: skip


def _moved(
    connection: Connection, asked: Request, before: Standing, after: Standing, now: datetime
) -> list[Effect]:
    """Move the item when somebody begins to work on it, and back when nobody does any more."""
    if bool(before.claims) == bool(after.claims):
        return []
    known = {stage.name for stage in board.stages_of(connection, asked.repo_id)}
    stage = board.stage_of(connection, asked.id)
    if after.claims:
        one = after.claims[0]
        cause = moving.Cause("claimed", one.who, _evidence("claimed", one.evidence), one.since)
        if IN_PROGRESS not in known or _is_past(connection, asked, stage):
            return []
        return moving.move(connection, asked, IN_PROGRESS, cause, now)
    one = before.claims[-1]
    back = _before_claim(connection, asked.id)
    if stage != IN_PROGRESS or back not in known:
        return []
    cause = moving.Cause("released", one.who, _evidence("released", one.evidence), now)
    return moving.move(connection, asked, back, cause, now)


def _is_past(connection: Connection, asked: Request, stage: str) -> bool:
    """Say whether an item stands where no claim brings it back from: what comes after in progress."""
    names = [one.name for one in board.stages_of(connection, asked.repo_id)]
    return stage in names and names.index(stage) > names.index(IN_PROGRESS)


def _before_claim(connection: Connection, request_id: int) -> str:
    """Give the stage from which a claim brought an item; the last move must have been one."""
    last = board.last(connection, request_id)
    return last.from_stage if last is not None and last.cause == "claimed" else ""


def _evidence(kind: str, evidence: str) -> str:
    return f"{kind}:{evidence}"


def outcome(kind: str, round_: str, deadline: datetime, **facts: object) -> Act:
    """Make the act by which a deadline decides: once for each round and deadline."""
    empty = Act("outcome", 0, f"{kind}:{ledger.short(round_)}:{deadline.isoformat()}", deadline)
    return replace(empty, **facts)  # type: ignore[arg-type] # fields of an act


def seen_phase(connection: Connection, request_id: int) -> str:
    """Give where a request's call or contest stands as far as its deadlines were seen to."""
    found = select(intent.c.phase).where(intent.c.request_id == request_id)
    return connection.scalar(found) or ""
