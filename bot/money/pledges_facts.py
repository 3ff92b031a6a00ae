"""How a request stands for those who promised: as GitHub told, and as it says before any charge."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlalchemy import Connection, func, select

from bot import repositories
from bot.milestones.store import Milestone
from bot.outcomes import store as outcomes
from bot.outcomes.store import Outcome
from bot.places import installation, repository
from bot.roadmap import intake
from bot.roadmap.board import moving
from bot.roadmap.board import store as board
from bot.roadmap.intents import hope, ledger
from bot.roadmap.store import Request
from bot.roadmap.tables import joining
from core.context import Context
from core.github import Issue
from core.github import Milestone as Told
from core.snapshots import asked_once
from donations import calls, processor
from donations.giving import store as gifts
from donations.giving.store import Gift
from donations.pledges import store as purses
from donations.pledges.rules import Facts, Thread, acceptances
from donations.processor import Gone
from donations.told import SavedCard, Session

LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Reading:
    """What was read elsewhere before anything is decided: the issue or milestone, and cards just saved."""

    was_read: bool = False
    issue: Issue | None = None
    milestone: Told | None = None
    cards: tuple[tuple[Gift, SavedCard], ...] = ()


def facts(connection: Connection, of: Outcome | None, reading: Reading) -> Facts | None:
    """Say how what was promised for stands; None where it was never anything."""
    if of is None:
        return None
    if of.milestone is not None:
        return _of_milestone(connection, of.milestone, reading)
    if of.asked is None:
        return None
    known = _of_request(connection, of.asked, reading)
    return _of_offer(connection, of, known) if of.bidder else known


def _of_request(connection: Connection, asked: Request, reading: Reading) -> Facts:
    again = [one.acted_at for one in board.moves(connection, asked.id) if one.cause == "reopened"]
    if reverted := _reverted(connection, asked.node_id):
        again.append(reverted)
    known = Facts(
        _thread(connection, asked),
        asked.closed_at or asked.updated_at,
        max(again, default=None),
    )
    if asked.root_id != asked.id and known.thread in {"open", "done"}:
        # It is counted and built with another one: nothing is built under this one.
        return replace(known, thread="refused", since=_joined_at(connection, asked))
    if not reading.was_read or asked.state not in {"open", "closed"}:
        return known
    issue = reading.issue
    if issue is None:
        return replace(known, thread="gone")
    closed_as = moving.view_of(issue).closed_as
    return replace(known, thread=_THREADS[closed_as], since=issue.closed_at or issue.updated_at)


def _of_offer(connection: Connection, of: Outcome, known: Facts) -> Facts:
    """Say how an offer stands: as its request does, until somebody else does it, or nobody can.

    Once it was accepted that stays so: whoever gives it back later has done it.
    """
    if of.asked is None or known.thread in {"refused", "gone"}:
        return known
    acts = ledger.acts(connection, of.asked.id)
    accepted = acceptances(purses.course_of(connection, of.asked.node_id), known)
    if any(hope.was_chosen(acts, of.bidder, at) for at in accepted):
        return known
    since = hope.lost_since(acts, of.bidder)
    if since is None and accepted and not hope.was_chosen(acts, of.bidder, LAST):
        since = accepted[0]  # It was taken without anybody having been chosen.
    return known if since is None else replace(known, thread="refused", since=since)


def _of_milestone(connection: Connection, of: Milestone, reading: Reading) -> Facts:
    thread: Thread = _MILESTONES[of.state]
    if (reading.was_read and reading.milestone is None) or _repo_is(
        connection, of.repo_id, "gone"
    ):
        thread = "gone"
    again = [one for one in (of.reopened_at, _reverted(connection, of.node_id)) if one]
    return Facts(thread, of.closed_at or of.updated_at, max(again, default=None))


def _reverted(connection: Connection, about: str) -> datetime | None:
    """Say when merged work was last taken back out: that asks for another acceptance too."""
    acts = purses.acts(connection, about)
    return max((one.at for one in acts if one.deed == "reverted"), default=None)


def _joined_at(connection: Connection, asked: Request) -> datetime:
    """Say since when a request is the same as another one."""
    last = select(func.max(joining.c.acted_at)).where(joining.c.request_id == asked.id)
    return connection.scalar(last) or asked.updated_at


_THREADS: dict[str, Thread] = {"none": "open", "completed": "done", "not_planned": "refused"}
_MILESTONES: dict[str, Thread] = {"open": "open", "closed": "done", "gone": "gone"}


def _thread(connection: Connection, asked: Request) -> Thread:
    if asked.state == "gone" or _repo_is(connection, asked.repo_id, "gone"):
        return "gone"
    if asked.state == "dropped":
        return "refused"
    if asked.state != "closed":
        return "open"
    seen = board.seen(connection, asked.id)
    return _THREADS[seen.view.closed_as] if seen and seen.view.state == "closed" else "done"


def away_since(connection: Connection, of: Outcome, now: datetime) -> datetime | None:
    """Say since when we cannot see what was promised for; None while we can."""
    if of.asked is not None and of.asked.state == "frozen":
        return min(of.asked.updated_at, now)
    row = connection.execute(
        select(repository.c.state, installation.c.state.label("app"), installation.c.updated_at)
        .join(installation, installation.c.id == repository.c.installation_id, isouter=True)
        .where(repository.c.id == of.repo_id)
    ).one_or_none()
    if row is None or row.state == "removed":
        return now
    return min(row.updated_at, now) if row.app in {"suspended", "deleted"} else None


def read(ctx: Context, about: str) -> Reading:
    """Read what was promised for as GitHub has it now. Raises `GitHubError`."""
    with ctx.database.read() as connection:
        of = outcomes.find(connection, about)
        repo = repositories.repo(connection, of.repo_id) if of else None
    if of is None or repo is None:
        return Reading()
    if of.milestone is not None:
        return Reading(was_read=True, milestone=ctx.github(repo).milestone(repo, of.number))
    return Reading(was_read=True, issue=intake.read(ctx, repo, of.number))


def saved_meanwhile(ctx: Context, of: tuple[Gift, ...]) -> tuple[tuple[Gift, SavedCard], ...]:
    """Ask the bank for cards that were saved and of which we have not heard. Raises `ProcessorError`."""
    bank, found = processor.of(ctx), list[tuple[Gift, SavedCard]]()
    for one in of:
        with ctx.database.read() as connection:
            kept = calls.by_key(connection, one.name)
            is_open = gifts.standing(connection, one).state == "open"
        if bank is None or not is_open or kept is None or not kept.remote_id:
            continue
        try:
            page = bank.look("session", kept.remote_id)
            if isinstance(page, Session) and page.setup_id:
                card = bank.look("setup", page.setup_id)
                if isinstance(card, SavedCard) and card.status == "succeeded":
                    found.append((one, card))
        except Gone:
            continue
    return tuple(found)


@asked_once
def _repo_is(connection: Connection, repo_id: int, state: str) -> bool:
    here = select(repository.c.state).where(repository.c.id == repo_id)
    return connection.scalar(here) == state
