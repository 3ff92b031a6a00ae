"""Periods come to their end: the income of licences is shared, and each statement is published."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from bot.credits import store as credits_store
from bot.sharing.periods import Span, spans
from core.money import Money
from donations.giving import store as gifts
from donations.payouts import store as payouts
from donations.payouts.store import Owing
from donations.sharing import rules, store
from donations.sharing.rules import Choice, Shares, Written
from donations.sharing.store import Sold


@dataclass(frozen=True)
class Ripe:
    """A period that is to be shared now: `sales` are those paid before its end."""

    span: Span
    sales: tuple[Sold, ...]


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
    for span in spans(known, [one.paid_at for one in sales], ended):
        if now < span.end + timedelta(days=span.rule.wait_days):
            return
        within = [one for one in own if span.start <= one.paid_at < span.end]
        if any(now < until for until in refundable_until(within)):
            return
        before = tuple(one for one in own if one.paid_at < span.end)
        if before:
            yield Ripe(span, before)


def _refundable_until(connection: Connection, sale: Sold) -> datetime:
    gift = gifts.by_name(connection, sale.name)
    days = gifts.terms_of(connection, gift).refund_days if gift else 0
    return sale.paid_at + timedelta(days=days)


def _share(connection: Connection, repo_id: int, code: str, ripe: Ripe, now: datetime) -> bool:
    shared = store.shared(connection, repo_id).get(code, 0)
    income = Money(sum(one.net.minor for one in ripe.sales) - shared, code)
    given = _contributions(connection, repo_id, ripe)
    chosen = store.choices(connection, repo_id)
    parts = rules.share(ripe.span.rule, income, rules.points_of(ripe.span.rule, given), chosen)
    said = _record(repo_id, ripe, income, shared, given, chosen, parts)
    if not store.state(connection, repo_id, (ripe.span.name, ripe.span.end), said, now):
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
            cause=f"sharing:{repo_id}:{ripe.span.name}:{parts.project.currency}",
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
    rule = ripe.span.rule
    kinds = {kind for kind, weight in rule.points if weight}
    found = {
        (one.github_id, one.kind, one.subject or one.evidence)
        for one in credits_store.of_repo(connection, repo_id)
        if one.kind in kinds
        and one.by_id != one.github_id
        and one.taken_back_at is None
        and one.declined_at is None
        and one.credited_at < ripe.span.end
        and (rule.counts == "all" or one.credited_at >= ripe.span.start)
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
    people = {who for who, _kind, _thread in given} | set(ripe.span.rule.maintainer_ids)
    return {
        "repository": repo_id,
        "period": ripe.span.name,
        "begins": ripe.span.start.isoformat(),
        "ends": ripe.span.end.isoformat(),
        "currency": income.currency,
        "rule": asdict(ripe.span.rule),
        "rule_number": ripe.span.written.number if ripe.span.written else 0,
        "rule_sha256": ripe.span.rule.sha256,
        "rule_frozen_at": ripe.span.written.frozen_at.isoformat() if ripe.span.written else None,
        "sales": [[one.name, one.paid_at.isoformat(), one.net.minor] for one in ripe.sales],
        "shared_before": shared,
        "income": income.minor,
        "contributions": [list(one) for one in given],
        "choices": [[who, word] for who, word in sorted(chosen.items()) if who in people],
        "shares": [[who, part.minor] for who, part in parts.people],
        "project": parts.project.minor,
        "carried": parts.carried.minor,
    }
