"""`/intend`: a need, when it is done, a budget and a deadline; developers answer with offers."""

from dataclasses import replace
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from bot.commands.intending import (
    act_of,
    is_withdrawal,
    language_of,
    perform,
    ready,
    said_of,
    words,
)
from bot.commands.known import ISSUES, Answer, Call, Part, command
from bot.mistakes import N_
from bot.policy import Roadmap
from bot.roadmap import intake, store, talk
from bot.roadmap.intents import grammar, ledger, standing
from bot.roadmap.intents.grammar import Unread
from bot.roadmap.intents.values import Act
from bot.roadmap.intents.values import Call as Called
from bot.roadmap.store import Request
from core.context import Effect
from core.github import Issue

MESSAGE = "answer_call"


@command(
    "intend",
    "/intend",
    N_("calls for offers; below it, lines such as need:, test:, budget:, until:, choice:"),
    ISSUES,
    takes_lines=True,
)
def intend(call: Call) -> Part:
    """Open a call, change it, or take it back."""
    return partial(_intend, call, call.stage.issue(), language_of(call))


def _intend(call: Call, issue: Issue | None, language: str, connection: Connection) -> Answer:
    made = _made(call, issue, connection)
    here, asked, why_not = ready(call, issue, connection, MESSAGE)
    if asked is None:
        return why_not
    if is_withdrawal(call):
        done = perform(here, asked, connection, act_of(call, asked, "call_off"), MESSAGE, off=True)
        return Answer(done.words, [*made, *done.effects])
    bare = act_of(call, asked, "call")
    before = standing.stands(connection, asked.id).call
    try:
        texts, act = filled(
            connection, asked, bare, grammar.fields(said_of(call).splitlines()), here.roadmap,
            language, before,
        )  # fmt: skip
    except Unread as unread:
        shown = words(here, connection, MESSAGE, unread.why, given=unread.given, off=False)
        return Answer(shown, made)
    done = perform(here, asked, connection, act, MESSAGE, texts, off=False)
    return Answer(done.words, [*made, *done.effects])


def _made(call: Call, issue: Issue | None, connection: Connection) -> list[Effect]:
    """Make an issue a request, for whoever opened it or a maintainer."""
    event = call.event
    if issue is None or issue.state != "open":
        return []
    before = store.by_node(connection, issue.node_id)
    if before is not None and before.state not in intake.GONE_STATES:
        return []
    if event.author.id != issue.author.id and not event.by_maintainer:
        return []
    roadmap = intake.settings(connection, call.repo.id)
    asked = intake.make(connection, call.repo, issue, roadmap, "command")
    return [
        *talk.greeting(call.ctx, call.repo, asked, roadmap, connection),
        *talk.labelled(connection, call.repo, asked, roadmap.label),
    ]


def filled(
    connection: Connection,
    asked: Request,
    bare: Act,
    given: dict[str, str],
    roadmap: Roadmap,
    language: str,
    before: Called | None,
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


def _runs(call: Called, now: datetime) -> bool:
    return bool(call.offers) or now < call.until
