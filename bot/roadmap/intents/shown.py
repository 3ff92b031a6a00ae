"""Intents as pages show them: one request's, and the list of a project's calls and contests."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from bot.people import account
from bot.roadmap import rules as votes
from bot.roadmap import voting as clicks
from bot.roadmap.intents import approving, claims, ledger, rules, standing, talk, voting, wording
from bot.roadmap.intents.ledger import Words
from bot.roadmap.intents.tables import intent
from bot.roadmap.intents.values import Act, Call, Contest, Entry, Offer, Standing
from bot.roadmap.store import Request
from bot.roadmap.tables import request
from core.money import Money

ON_ONE_PAGE = 30
MOST_HISTORY = 100
STATES = ("open", "choosing", "decided", "all")
KINDS = ("", "offers", "contest")
_PHASES = {
    "open": ("open",),
    "choosing": ("voting", "choosing"),
    "decided": ("chosen", "over", "off"),
}


@dataclass(frozen=True)
class Candidate:
    """An offer or entry; `yes` is how many said yes, once the vote is over, `own` if its maker did.

    `young` of them were by accounts that were young when the vote began. `advisory` is how many
    more said yes to an offer who had not voted for the request. `login` is empty where it was
    erased; `price` and `days` are of offers alone.
    """

    who: int
    login: str
    words: str
    made_at: datetime
    price: Money | None = None
    days: int = 0
    marks: tuple[str, ...] = ()
    yes: int | None = None
    own: bool = False
    young: int = 0
    advisory: int = 0


@dataclass(frozen=True)
class Worker:
    """Somebody who works on it, and until when without a sign of life."""

    who: int
    login: str
    since: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Happened:
    """A line of the history: what was done, and why it was refused where it was."""

    act: Act
    login: str
    whom: str
    verdict: str
    words: Words


@dataclass(frozen=True)
class Shown:
    """Everything that the page of an intent says, besides the visitor's own."""

    standing: Standing
    latest: Call | Contest | None
    phase: str
    words: Words
    candidates: tuple[Candidate, ...]
    workers: tuple[Worker, ...]
    history: tuple[Happened, ...]

    @property
    def is_call(self) -> bool:
        """It is a call for offers, not a contest."""
        return isinstance(self.latest, Call)


@dataclass(frozen=True)
class Line:
    """A call or contest in the list."""

    number: int
    title: str
    kind: str
    phase: str
    until: datetime
    offers: int
    low: Money | None
    high: Money | None


@dataclass(frozen=True)
class Listed:
    """A page of the list; `more` says that another follows."""

    rows: tuple[Line, ...]
    more: bool


def of_request(connection: Connection, asked: Request, now: datetime) -> Shown:
    """Gather what the page of a request's intent says."""
    lines = ledger.history(connection, asked.id, MOST_HISTORY)
    # Where the history is the whole of it, it need not be read again.
    is_whole = len(lines) < MOST_HISTORY
    acts = [one.act for one in lines] if is_whole else ledger.acts(connection, asked.id)
    played = rules.replay(acts)
    stands = played.standing
    latest = standing.newest(stands)
    people = {one.act.github_id for one in lines} | {one.act.whom for one in lines}
    people |= {one.who for one in stands.claims}
    logins = wording.logins(connection, asked.id, people - {0}, now)
    return Shown(
        standing=stands,
        latest=latest,
        phase=standing.seen_phase(connection, asked.id) if latest else "",
        words=ledger.words_of(connection, asked.id, latest.said) if latest else Words(),
        candidates=_candidates(connection, asked, latest, logins, now),
        workers=tuple(
            Worker(one.github_id, logins.get(one.github_id, ""), one.since, one.ends_at)
            for one in claims.held(connection, asked.id)
        ),
        history=tuple(
            Happened(
                one.act,
                logins.get(one.act.github_id, ""),
                logins.get(one.act.whom, ""),
                played.verdicts[one.act.evidence, one.act.kind],
                one.words,
            )
            for one in lines
        ),
    )


def _candidates(
    connection: Connection,
    asked: Request,
    latest: Call | Contest | None,
    logins: dict[int, str],
    now: datetime,
) -> tuple[Candidate, ...]:
    if latest is None:
        return ()
    everybody = _approvals(connection, asked, latest, now)
    said = _counting(connection, asked, latest, everybody)
    young = _young(connection, asked, latest, set().union(*said.values()))
    made: tuple[Offer | Entry, ...] = latest.offers if isinstance(latest, Call) else latest.entries
    words = ledger.words_by(connection, asked.id, [one.evidence for one in made])
    bare = (
        _offer(latest, one) if isinstance(latest, Call) and isinstance(one, Offer)
        else _entry(latest, one)
        for one in made
    )  # fmt: skip
    found = [
        replace(
            one,
            login=logins.get(one.who, ""),
            words=words.get(it.evidence, Words()).get("words"),
            yes=len(said[one.who]) if one.who in said else None,
            own=one.who in said.get(one.who, ()),
            young=len(young & said.get(one.who, set())),
            advisory=len(everybody.get(one.who, set()) - said.get(one.who, set())),
        )
        for one, it in zip(bare, made, strict=True)
    ]
    return tuple(sorted(found, key=lambda it: (it.made_at, it.who)))


def _offer(call: Call, one: Offer) -> Candidate:
    marks = tuple(talk.marks_of(call, one))
    return Candidate(one.bidder, "", "", one.made_at, one.price, one.days, marks)


def _entry(latest: Call | Contest, one: Offer | Entry) -> Candidate:
    who = one.author if isinstance(one, Entry) else one.bidder
    won = isinstance(latest, Contest) and who == latest.winner
    return Candidate(who, "", "", one.made_at, marks=("chosen",) if won else ())


def _approvals(
    connection: Connection, asked: Request, latest: Call | Contest, now: datetime
) -> dict[int, set[int]]:
    """Give who said yes to whom: to nobody before the vote has ended and is decided."""
    is_decided = latest.decided_at is not None and latest.ending != "off"
    by_vote = isinstance(latest, Contest) or latest.method == "backers"
    if not (is_decided and by_vote and now >= latest.vote_until):
        return {}
    among = voting.among(latest)
    return approving.approvals(connection, asked, latest.round, among, latest.vote_until)


def _counting(
    connection: Connection, asked: Request, latest: Call | Contest, said: dict[int, set[int]]
) -> dict[int, set[int]]:
    """Leave those who count: on offers, whoever had voted for the request when the vote ended."""
    if isinstance(latest, Contest):
        return said
    everybody = set[int]().union(*said.values())
    voters = approving.voted_for(connection, asked, everybody, latest.vote_until)
    return {who: people & voters for who, people in said.items()}


def _young(
    connection: Connection, asked: Request, latest: Call | Contest, people: set[int]
) -> set[int]:
    """Give those of some people whose accounts were young when the vote began."""
    days = clicks.rules_of(connection, asked.repo_id).young_account_days
    rows = connection.execute(
        select(account.c.id, account.c.made_at).where(account.c.id.in_(people))
    )
    return {row.id for row in rows if votes.is_young(row.made_at, latest.until, days)}


def listed(
    connection: Connection, repo_id: int, state: str, kind: str, words: str, page: int
) -> Listed:
    """Give a page of a project's calls and contests: open ones by their deadline, others latest first."""
    columns = intent.c
    wanted = (
        select(intent, request.c.number, request.c.title)
        .join(request, request.c.id == columns.request_id)
        .where(request.c.repo_id == repo_id, request.c.state.in_(("open", "closed")))
    )
    if state in _PHASES:
        wanted = wanted.where(columns.phase.in_(_PHASES[state]))
    if kind:
        wanted = wanted.where(columns.kind == kind)
    for word in words.lower().split():
        wanted = wanted.where(func.lower(request.c.title).contains(word, autoescape=True))
    order = columns.until.asc() if state == "open" else columns.until.desc()
    rows = connection.execute(
        wanted.order_by(order, columns.request_id)
        .offset(page * ON_ONE_PAGE)
        .limit(ON_ONE_PAGE + 1)
    ).all()
    return Listed(tuple(_line(row) for row in rows[:ON_ONE_PAGE]), len(rows) > ON_ONE_PAGE)


def counted(connection: Connection, repo_id: int) -> dict[str, int]:
    """Count a project's calls and contests by state."""
    rows = connection.execute(
        select(intent.c.phase, func.count())
        .join(request, request.c.id == intent.c.request_id)
        .where(request.c.repo_id == repo_id, request.c.state.in_(("open", "closed")))
        .group_by(intent.c.phase)
    )
    found = {row.phase: int(row[1]) for row in rows}
    counts = {
        state: sum(found.get(phase, 0) for phase in phases) for state, phases in _PHASES.items()
    }
    return counts | {"all": sum(found.values())}


def deadlines(
    connection: Connection, repo_id: int, since: datetime
) -> list[tuple[Line, datetime]]:
    """Give the deadlines of a project that are not before an instant, with what they are of."""
    rows = connection.execute(
        select(intent, request.c.number, request.c.title)
        .join(request, request.c.id == intent.c.request_id)
        .where(request.c.repo_id == repo_id, intent.c.phase != "off")
        .where(request.c.state == "open")
        .where((intent.c.until >= since) | (intent.c.due_at >= since))
        .order_by(intent.c.until, intent.c.request_id)
        .limit(ON_ONE_PAGE * 10)
    )
    found: list[tuple[Line, datetime]] = []
    for row in rows:
        found.append((_line(row), row.until))
        if row.due_at is not None and row.due_at > row.until:
            found.append((_line(row), row.due_at))
    return found


def _line(row: Row[Any]) -> Line:
    def amount(minor: int | None) -> Money | None:
        return Money(minor, row.currency) if minor is not None and row.currency else None

    return Line(
        row.number, row.title, row.kind, row.phase, row.until, row.offers,
        amount(row.low), amount(row.high),
    )  # fmt: skip
