"""Those who gave or promised for something are told how the work goes: one letter a day at most.

Each letter, and which updates it tells whom of, are written down in one transaction, and the tasks
about one thing run one after another: killed half-way, nobody gets two.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select

from bot.mail import gifts, outgoing
from bot.mail.facts import Facts
from bot.mail.late import UPDATE
from bot.mail.writing import STOPPED_BY
from bot.outcomes import store as outcomes
from bot.outcomes.store import Outcome
from bot.places import repository
from bot.roadmap.intents import names
from bot.roadmap.updates import rules, saying, store
from bot.roadmap.updates.store import Update
from bot.roadmap.updates.tables import update_told
from core.context import Context, Decide, Effect
from core.db import insert_once
from donations.giving import store as giving
from donations.giving.store import Gift
from donations.giving.tables import gift, giver
from webhooks.router import TaskDue, on_task

AT_ONCE = 200
"""So many people are written to in one transaction; the next one follows at once."""

MOST_QUOTED = 10
"""So many updates stand in one letter, the newest; the others are on the page."""

TOLD_KEPT = timedelta(days=30)
_TABLE = update_told.c


@dataclass(frozen=True)
class Reader:
    """A person with all that they gave or promised for one thing, the newest gift first."""

    gifts: tuple[Gift, ...]
    github_id: int | None


@on_task(saying.TELL)
def tell(task: TaskDue, ctx: Context) -> Decide | None:
    """Write to those who were not told of everything yet."""
    about, now = str(task.about["about"]), ctx.now

    def decide(connection: Connection) -> list[Effect]:
        of = outcomes.find(connection, about)
        said = store.standing(connection, [about])
        news = [one for one in said if rules.is_news(one.said_at, now)]
        name = _public_name(connection, of) if of else ""
        return _tell_all(connection, of, name, news, now) if of and news and name else []

    return decide


def prune(connection: Connection, now: datetime) -> int:
    """Forget who was told a while ago of what is no news any more; says how much."""
    old = delete(update_told).where(_TABLE.at < now - TOLD_KEPT)
    return connection.execute(old).rowcount


def _tell_all(
    connection: Connection, of: Outcome, name: str, news: Sequence[Update], now: datetime
) -> list[Effect]:
    later: list[datetime] = []
    written = 0
    for one in _readers(connection, of):
        due_at, to, fresh = _due(connection, one, news, now)
        if due_at is None or to is None:
            continue
        if due_at > now:
            later.append(due_at)
            continue
        _write(connection, of, name, one, to, fresh, now)
        written += 1
        if written == AT_ONCE:
            return [saying.tell(of.about, f"after {to.id} {now.isoformat()}", now)]
    at = min(later, default=None)
    return [saying.tell(of.about, at.isoformat(), at)] if at else []


def _due(
    connection: Connection, one: Reader, news: Sequence[Update], now: datetime
) -> tuple[datetime | None, Gift | None, list[Update]]:
    """Say from when on somebody may be written to, through which gift, of what; None for nothing."""
    rows = connection.execute(
        select(_TABLE.update_id, _TABLE.at).where(_TABLE.gift_id.in_([it.id for it in one.gifts]))
    ).all()
    told = {row.update_id for row in rows}
    unknown = [it for it in news if it.id not in told and it.github_id != one.github_id]
    gifts_ = _wanting(connection, one) if unknown else []
    since = min((it.said_at for it in gifts_), default=now)
    fresh = [it for it in unknown if it.said_at >= since]
    to = _reachable(connection, gifts_) if fresh else None
    if to is None:
        return None, None, []
    return rules.next_letter((row.at for row in rows), now), to, fresh


def _write(
    connection: Connection,
    of: Outcome,
    name: str,
    one: Reader,
    to: Gift,
    fresh: Sequence[Update],
    now: datetime,
) -> None:
    """Want a letter, and note for all that its reader gave that they were told."""
    for it in fresh:
        for mine in one.gifts:
            values = {"update_id": it.id, "gift_id": mine.id, "at": now}
            insert_once(connection, update_told, values)
    facts: Facts = {
        "project": name,
        "what": f"{of.title} {of.sign}".strip(),
        "page": f"/{name}/{of.page}#updates",
        "repo_id": of.repo_id,
        "updates": " ".join(str(it.id) for it in fresh[:MOST_QUOTED]),
        "more": max(0, len(fresh) - MOST_QUOTED),
    }
    key = f"{UPDATE}:{to.id}:{max(it.id for it in fresh)}"
    gifts.tell(connection, to, UPDATE, facts, key=key, now=now)


def _readers(connection: Connection, of: Outcome) -> Iterable[Reader]:
    """Bring together what each person gave: by their account, or by the address they told the bank."""
    abouts = [of.about]
    if of.asked is not None:
        abouts += names.offer_names(connection, of.asked.id)
    rows = connection.execute(
        select(gift, giver.c.github_id, giver.c.email)
        .join(giver, giver.c.gift_id == gift.c.id)
        .where(gift.c.about.in_(abouts), gift.c.product.in_(("donation", "pledge")))
        .order_by(gift.c.id.desc())
    )
    known: dict[str, list[tuple[Gift, int | None]]] = {}
    for row in rows:
        keys = [f"person:{row.github_id}"] if row.github_id else []
        keys += [f"address:{row.email.strip().lower()}"] if row.email else []
        group = next((known[key] for key in keys if key in known), [])
        group.append((giving.read(row), row.github_id))
        known |= {key: group for key in keys if key not in known}
    for group in {id(group): group for group in known.values()}.values():
        whose = next((github_id for _gift, github_id in group if github_id), None)
        yield Reader(tuple(one for one, _github_id in group), whose)


def _wanting(connection: Connection, one: Reader) -> list[Gift]:
    """Give those of somebody's gifts that neither went back nor are over, the newest first."""
    found = []
    for it in one.gifts:
        stands = giving.standing(connection, it)
        if rules.wants(it.product, stands.state, stands.paid):
            found.append(it)
    return found


def _reachable(connection: Connection, of: Sequence[Gift]) -> Gift | None:
    """Give the gift through which somebody is written to; None where they want no more, or cannot be."""
    for it in of:
        address = outgoing.of_giver(connection, it.id)
        if address and not outgoing.is_silent(connection, address, STOPPED_BY[UPDATE]):
            return it
    return None


def _public_name(connection: Connection, of: Outcome) -> str:
    """Name the project that something belongs to now; empty where not everybody may see it."""
    here = select(repository.c.name).where(
        repository.c.id == of.repo_id, ~repository.c.private, repository.c.state == "active"
    )
    return connection.scalar(here) or ""
