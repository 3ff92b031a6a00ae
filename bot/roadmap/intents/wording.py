"""Amounts, deadlines and logins of intents, in the words of a language."""

from collections.abc import Iterable
from datetime import UTC, datetime

from babel.dates import format_datetime
from sqlalchemy import Connection, select

from bot import people
from bot.roadmap.intents.tables import intent_act, intent_words
from core import money
from core.money import Money


def amount(given: Money | None, language: str) -> str:
    """Write an amount; empty where there is none."""
    return money.shown(given, language) if given is not None else ""


def budget(low: Money | None, high: Money | None, language: str) -> str:
    """Write a range of amounts; empty where there is none."""
    if high is None:
        return ""
    return f"{amount(low, language)} – {amount(high, language)}" if low else amount(high, language)


def instant(at: datetime | None, language: str) -> str:
    """Write an instant to the minute, in UTC."""
    if at is None:
        return ""
    return f"{format_datetime(at.astimezone(UTC), 'd MMMM y, HH:mm', locale=language)} UTC"


def logins(
    connection: Connection, request_id: int, numbers: Iterable[int], now: datetime
) -> dict[int, str]:
    """Give the logins of people who acted on a request, as last known; without those erased."""
    wanted = sorted(set(numbers))
    if not wanted:
        return {}
    rows = connection.execute(
        select(intent_words.c.github_id, intent_words.c.login)
        .join(intent_act, intent_act.c.id == intent_words.c.act_id)
        .where(intent_act.c.request_id == request_id, intent_words.c.login != "")
        .where(intent_words.c.github_id.in_(wanted))
        .order_by(intent_act.c.sequence)
    )
    found = {row.github_id: row.login for row in rows}
    seen = people.known(connection, wanted, now)
    return found | {number: who.login for number, who in seen.items() if who is not None}
