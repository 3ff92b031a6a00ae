"""A call as somebody fills it in, by a comment or a form: what is left out stays as it was."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from bot.policy import Roadmap
from bot.roadmap.intents import grammar, ledger
from bot.roadmap.intents.grammar import Unread
from bot.roadmap.intents.values import Act, Call
from bot.roadmap.store import Request


def filled(
    connection: Connection,
    asked: Request,
    bare: Act,
    given: dict[str, str],
    roadmap: Roadmap,
    language: str,
    before: Call | None,
) -> tuple[dict[str, str], Act]:
    """Fill an act with what was written; what is left out stays as it was. Raises `Unread`."""
    runs = (
        before is not None and not before.is_over(bare.acted_at) and _runs(before, bare.acted_at)
    )
    kept = (
        ledger.words_of(connection, asked.id, before.said) if before and runs else ledger.Words()
    )
    texts = {name: given.get(name, kept.get(name)) for name in ("need", "test", "licence")}
    texts["need"] = texts["need"] or asked.title
    if not texts["test"]:
        raise Unread("test")
    act = replace(bare, days=roadmap.choice_days, term=roadmap.claim_days)
    if before is not None and runs:
        act = replace(
            act, until=before.until, method=before.method, low=before.low, high=before.high,
            days=before.vote_days, term=before.term,
        )  # fmt: skip
    if "until" in given:
        act = replace(act, until=grammar.deadline(given["until"], bare.acted_at))
    if act.until is None:
        raise Unread("no_until")
    if "choice" in given or not act.method:
        act = replace(act, method=grammar.method(given.get("choice", "maintainer")))
    if given.get("budget"):
        low, high = grammar.budget(given["budget"], language)
        act = replace(act, low=low, high=high)
    if act.method == "cheapest" and act.high is None:
        raise Unread("no_budget")
    return texts, act


def _runs(call: Call, now: datetime) -> bool:
    return bool(call.offers) or now < call.until
