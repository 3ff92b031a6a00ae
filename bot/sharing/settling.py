"""Periods come to their end: the income of licences is shared, and each statement is published.

The rule of a period is the one that stood when it began; where none was written by then, the first
that stood before the first sale in it, and else everything is the project's.
"""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from bot.credits import store as credits_store
from core.money import Money
from donations.giving import store as gifts
from donations.payouts import store as payouts
from donations.payouts.store import Owing
from donations.sharing import rules, store
from donations.sharing.rules import UNWRITTEN, Choice, Rule, Shares
from donations.sharing.store import Sold, Written


@dataclass(frozen=True)
class Ripe:
    """A period that is to be shared now: `sales` are those paid before its end."""

    start: datetime
    end: datetime
    written: Written | None
    sales: tuple[Sold, ...]

    @property
    def rule(self) -> Rule:
        """The rule that holds for it."""
        return self.written.rule if self.written else UNWRITTEN

    @property
    def name(self) -> str:
        """Its name."""
        return rules.name(self.rule.period, self.start)


def settle(connection: Connection, repo_id: int, now: datetime) -> int:
    """Share every period of a project whose time has come; says how many statements were made."""
    made, ended = 0, dict[str, datetime]()
    for one in reversed(store.statements(connection, repo_id)):
        ended[one.currency] = one.ends_at
    sales = store.sales(connection, repo_id)

    def until(some: Iterable[Sold]) -> Iterable[datetime]:
        return (_refundable_until(connection, one) for one in some)

    for code in sorted({one.net.currency for one in sales}):
        own = tuple(one for one in sales if one.net.currency == code)
        written = store.written(connection, repo_id)
        for ripe in _ripe(own, sales, written, ended.get(code), until, now):
            made += _share(connection, repo_id, code, ripe, now)
    return made


def rule_for(
    known: Iterable[Written], start: datetime, first_sale: datetime | None
) -> Written | None:
    """Give the rule that holds for what begins with `start`."""
    found = None
    for one in known:
        if one.frozen_at < start or (
            found is None and first_sale is not None and one.frozen_at <= first_sale
        ):
            found = one
    return found


def _ripe(
    own: tuple[Sold, ...],
    sales: tuple[Sold, ...],
    known: tuple[Written, ...],
    ended: datetime | None,
    refundable_until: Callable[[Iterable[Sold]], Iterable[datetime]],
    now: datetime,
) -> Iterable[Ripe]:
    """Give the periods that can be shared, in order, from the first sale on; each follows the last.

    `own` are those of one currency: its periods and their rules are those of all `sales`. None is
    given while something of it can be had back still: buyers may have longer than the rule waits.
    """
    at = ended or sales[0].paid_at
    while True:
        first = next((one.paid_at for one in sales if one.paid_at >= at), None)
        written = rule_for(known, at, first)
        rule = written.rule if written else UNWRITTEN
        start = at if ended else rules.begins(rule.period, at)
        end = rules.ends(rule.period, rules.begins(rule.period, start))
        if now < rules.ripe_at(rule, rules.begins(rule.period, start)):
            return
        within = [one for one in own if start <= one.paid_at < end]
        if any(now < until for until in refundable_until(within)):
            return
        before = tuple(one for one in own if one.paid_at < end)
        if before:
            yield Ripe(start, end, written, before)
        at, ended = end, end


def _refundable_until(connection: Connection, sale: Sold) -> datetime:
    gift = gifts.by_name(connection, sale.name)
    days = gifts.terms_of(connection, gift).refund_days if gift else 0
    return sale.paid_at + timedelta(days=days)


def _share(connection: Connection, repo_id: int, code: str, ripe: Ripe, now: datetime) -> bool:
    shared = store.shared(connection, repo_id).get(code, 0)
    income = Money(sum(one.net.minor for one in ripe.sales) - shared, code)
    given = _contributions(connection, repo_id, ripe)
    chosen = store.choices(connection, repo_id)
    parts = rules.share(ripe.rule, income, rules.points_of(ripe.rule, given), chosen)
    said = _record(repo_id, ripe, income, shared, given, chosen, parts)
    if not store.state(connection, repo_id, (ripe.name, ripe.end), said, now):
        return False
    _pay(connection, repo_id, ripe, parts, now)
    return True


def _pay(connection: Connection, repo_id: int, ripe: Ripe, parts: Shares, now: datetime) -> None:
    rest = ((f"project:{repo_id}", parts.project),) if parts.project else ()
    if not parts.people and not rest:
        return
    payouts.owe(
        connection,
        Owing(
            cause=f"sharing:{repo_id}:{ripe.name}:{parts.project.currency}",
            book=f"project:{repo_id}",
            account=store.account_of(repo_id),
            shares=parts.people,
            rest=rest,
        ),
        now,
    )


def _contributions(
    connection: Connection, repo_id: int, ripe: Ripe
) -> tuple[tuple[int, str, str], ...]:
    """Give (person, kind, thread) of what others confirmed: what one says of oneself counts nothing."""
    rule = ripe.rule
    kinds = {kind for kind, weight in rule.points if weight}
    found = {
        (one.github_id, one.kind, one.subject or one.evidence)
        for one in credits_store.of_repo(connection, repo_id)
        if one.kind in kinds
        and one.by_id != one.github_id
        and one.taken_back_at is None
        and one.declined_at is None
        and one.credited_at < ripe.end
        and (rule.counts == "all" or one.credited_at >= ripe.start)
    }
    return tuple(sorted(found))


def _record(
    repo_id: int,
    ripe: Ripe,
    income: Money,
    shared: int,
    given: tuple[tuple[int, str, str], ...],
    chosen: dict[int, Choice],
    parts: Shares,
) -> dict[str, Any]:
    people = {who for who, _kind, _thread in given} | set(ripe.rule.maintainer_ids)
    return {
        "repository": repo_id,
        "period": ripe.name,
        "begins": ripe.start.isoformat(),
        "ends": ripe.end.isoformat(),
        "currency": income.currency,
        "rule": asdict(ripe.rule),
        "rule_number": ripe.written.number if ripe.written else 0,
        "rule_sha256": ripe.rule.sha256,
        "rule_frozen_at": ripe.written.frozen_at.isoformat() if ripe.written else None,
        "sales": [[one.name, one.paid_at.isoformat(), one.net.minor] for one in ripe.sales],
        "shared_before": shared,
        "income": income.minor,
        "contributions": [list(one) for one in given],
        "choices": [[who, word] for who, word in sorted(chosen.items()) if who in people],
        "shares": [[who, part.minor] for who, part in parts.people],
        "project": parts.project.minor,
        "carried": parts.carried.minor,
    }
