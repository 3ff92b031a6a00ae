"""Deadlines: rows that are swept by state; what they decide is what stood at the deadline itself.

A while after each deadline the thread is read once more, so that nothing which was said in time
and told late is missed; then everything before the deadline counts, and nothing after it.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection, or_, select, update

from bot.roadmap.intents import approving, choosing, ledger, standing
from bot.roadmap.intents.choosing import Chosen
from bot.roadmap.intents.ledger import Words
from bot.roadmap.intents.standing import Done
from bot.roadmap.intents.tables import intent
from bot.roadmap.intents.values import Call, Contest, Ending, Phase
from bot.roadmap.store import Request
from bot.roadmap.tables import request
from core.context import Effect, Task

SETTLING = timedelta(minutes=2)
"""How long after a deadline GitHub may still be telling us of what was said before it."""

AHEAD = timedelta(minutes=6)
JUST_BEFORE = timedelta(minutes=1)
MOST = 200


def due(connection: Connection, now: datetime) -> list[Effect]:
    """Have every deadline decided that is over, and votes read just before those that come."""
    columns = intent.c
    soon = select(columns.request_id, columns.repo_id, columns.due_at, columns.read_for).where(
        columns.due_at <= now + AHEAD
    )
    found: list[Effect] = []
    for row in connection.execute(soon.order_by(columns.due_at).limit(MOST)):
        about: dict[str, int | str] = {"request_id": row.request_id, "repo_id": row.repo_id}
        entity = f"votes:{row.repo_id}"
        stamp = row.due_at.isoformat()
        if row.due_at + SETTLING <= now:
            # A try that failed for hours is dead: the next hour has one of its own.
            key = f"decide_intent:{row.request_id}:{stamp}:{now:%Y%m%d%H}"
            found.append(Task("decide_intent", key, now, entity, about))
        elif row.read_for != row.due_at and row.due_at > now:
            key = f"read_before:{row.request_id}:{stamp}"
            at = max(now, row.due_at - JUST_BEFORE)
            found.append(Task("read_before", key, at, entity, about | {"due_at": stamp}))
    return found


def again(asked: Request, why: str, now: datetime) -> Task:
    """Have the deadlines of a request decided once more: something about it came to light."""
    about: dict[str, int | str] = {"request_id": asked.id, "repo_id": asked.repo_id}
    key = f"decide_intent:{asked.id}:{why}"
    return Task("decide_intent", key, now, f"votes:{asked.repo_id}", about)


def was_read(connection: Connection, request_id: int, due_at: datetime) -> None:
    """Write down that votes were read just before a deadline."""
    here = update(intent).where(intent.c.request_id == request_id)
    connection.execute(
        here.where(or_(intent.c.read_for.is_(None), intent.c.read_for != due_at)).values(
            read_for=due_at
        )
    )


def deadline(connection: Connection, request_id: int) -> datetime | None:
    """Give the deadline of a request that is next to be decided."""
    return connection.scalar(select(intent.c.due_at).where(intent.c.request_id == request_id))


def threads_of(connection: Connection, asked: Request) -> list[int]:
    """Give the numbers of the open requests that are counted together with one."""
    here = (request.c.root_id == asked.root_id) & (request.c.repo_id == asked.repo_id)
    return list(
        connection.scalars(
            select(request.c.number).where(here, request.c.state == "open").order_by(request.c.id)
        )
    )


def decide(connection: Connection, asked: Request, now: datetime) -> list[Done]:
    """Decide every deadline of a request that is over; each is decided once."""
    done: list[Done] = []
    while True:
        due_at = deadline(connection, asked.id)
        if due_at is None or due_at + SETTLING > now:
            return done
        ledger.hold(connection, asked.id)
        at = ledger.replay(connection, asked.id, before=due_at).standing
        latest = standing.newest(at)
        if latest is None or latest.ending:
            standing.set_phase(connection, asked.id, "over", None)
            return done
        if isinstance(latest, Call):
            found = _call(connection, asked, latest, due_at, now)
        else:
            found = _contest(connection, asked, latest, due_at, now)
        done.append(found)


def _call(
    connection: Connection, asked: Request, call: Call, due_at: datetime, now: datetime
) -> Done:
    if asked.state != "open" or not call.offers:
        ending: Ending = "empty" if asked.state == "open" else "off"
        return _decided(connection, asked, call, Chosen(0, ending), due_at, now)
    if call.method == "cheapest":
        return _decided(connection, asked, call, choosing.by_price(call), due_at, now)
    if call.method == "backers" and due_at >= call.vote_until:
        chosen = by_vote(connection, asked, call, due_at)
        return _decided(connection, asked, call, chosen, due_at, now)
    votes = call.method == "backers"
    standing.set_phase(
        connection, asked.id, "voting" if votes else "choosing", call.vote_until if votes else None
    )
    return Done("", standing.stands(connection, asked.id))


def by_vote(connection: Connection, asked: Request, call: Call, at: datetime) -> Chosen:
    """Count the yes of those whose votes for the request stood at an instant."""
    bidders = [one.bidder for one in call.offers]
    said = approving.approvals(connection, asked, call.round, bidders, at)
    everybody = set[int]().union(*said.values())
    return choosing.by_backers(call, said, approving.voted_for(connection, asked, everybody, at))


def _contest(
    connection: Connection, asked: Request, contest: Contest, due_at: datetime, now: datetime
) -> Done:
    if asked.state != "open":
        return _decided(connection, asked, contest, Chosen(0, "off"), due_at, now)
    if contest.entries and due_at < contest.vote_until:
        standing.set_phase(connection, asked.id, "voting", contest.vote_until)
        return Done("", standing.stands(connection, asked.id))
    authors = [one.author for one in contest.entries]
    said = approving.approvals(connection, asked, contest.round, authors, due_at)
    chosen = choosing.by_all(contest, said)
    return _decided(connection, asked, contest, chosen, due_at, now)


def _decided(
    connection: Connection,
    asked: Request,
    latest: Call | Contest,
    chosen: Chosen,
    due_at: datetime,
    now: datetime,
) -> Done:
    """Write the outcome down, as of the deadline; a tie that was broken is in its evidence."""
    prefix = "" if isinstance(latest, Call) else "contest_"
    kind = "tie" if chosen.tie else "due"
    given = standing.outcome(
        kind, latest.round, due_at, whom=chosen.who, method=prefix + chosen.ending
    )
    done = standing.act(connection, asked, given, Words(), now)
    standing.set_phase(connection, asked.id, _phase(latest, chosen), None)
    return done


def _phase(latest: Call | Contest, chosen: Chosen) -> Phase:
    """Give where an outcome leaves it: a call whose votes chose nobody goes to a maintainer."""
    if chosen.who:
        return "chosen"
    if chosen.ending == "off":
        return "off"
    return "choosing" if chosen.ending == "unvoted" and isinstance(latest, Call) else "over"
