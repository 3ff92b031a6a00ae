"""The ledger of intents: every act on a request, written once and chained, refused ones too."""

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from bot.roadmap.intents import rules
from bot.roadmap.intents.rules import Replayed
from bot.roadmap.intents.tables import intent_act, intent_words
from bot.roadmap.intents.values import Act, Place
from bot.roadmap.tables import request
from core.money import Money
from core.snapshots import asked_once
from licensing import chain

MOST_ACTS = 200
"""Acts of one person on one request that are written down."""


@dataclass(frozen=True)
class Words:
    """What somebody wrote with an act: texts by name; `login` is empty once it was erased."""

    login: str = ""
    texts: Mapping[str, str] | None = None

    def get(self, name: str) -> str:
        """Give one text, empty where there is none."""
        return (self.texts or {}).get(name, "")


@dataclass(frozen=True)
class Written:
    """A line of the ledger, with its words beside it."""

    sequence: int
    act: Act
    words: Words


def hold(connection: Connection, request_id: int) -> None:
    """Let nobody else act on a request until the transaction ends: look only after this."""
    row = select(request.c.id).where(request.c.id == request_id).with_for_update()
    connection.execute(row).one()


def record(
    connection: Connection, request_id: int, act: Act, words: Words, recorded_at: datetime
) -> bool:
    """Write an act behind the last one of its request; False where it stands there already."""
    hold(connection, request_id)
    last = connection.execute(
        select(intent_act.c.sequence, intent_act.c.hash)
        .where(intent_act.c.request_id == request_id)
        .order_by(intent_act.c.sequence.desc())
        .limit(1)
    ).one_or_none()
    if _is_known(connection, request_id, act):
        return False
    sequence, previous = (last.sequence + 1, last.hash) if last else (1, chain.START)
    facts = _facts(act)
    if words.texts is not None:
        # Short words could be guessed from their digest, which stays when they are erased.
        words = replace(words, texts={**words.texts, "salt": secrets.token_hex(8)})
    link = chain.link(sequence, previous, _record(request_id, sequence, act, facts, words))
    made = connection.execute(
        insert(intent_act)
        .values(
            request_id=request_id,
            sequence=sequence,
            kind=act.kind,
            github_id=act.github_id,
            evidence=act.evidence,
            acted_at=act.acted_at,
            facts=facts,
            record=link.record,
            previous_hash=link.previous,
            hash=link.hash,
            recorded_at=recorded_at,
        )
        .returning(intent_act.c.id)
    ).scalar_one()
    if words.texts is not None:
        values = {"github_id": act.github_id, "login": words.login, "words": dict(words.texts)}
        connection.execute(insert(intent_words).values(act_id=made, **values))
    return True


@asked_once
def acts(
    connection: Connection, request_id: int, before: datetime | None = None
) -> tuple[Act, ...]:
    """Give the acts on a request, those before an instant where one is given."""
    wanted = select(intent_act).where(intent_act.c.request_id == request_id)
    if before is not None:
        wanted = wanted.where(intent_act.c.acted_at < before)
    return tuple(_act(row) for row in connection.execute(wanted))


def replay(connection: Connection, request_id: int, before: datetime | None = None) -> Replayed:
    """Play the acts on a request."""
    return rules.replay(acts(connection, request_id, before))


def history(connection: Connection, request_id: int, most: int = 500) -> list[Written]:
    """Give the lines about a request, newest first, with their words."""
    rows = connection.execute(
        select(intent_act, intent_words.c.login, intent_words.c.words)
        .outerjoin(intent_words, intent_words.c.act_id == intent_act.c.id)
        .where(intent_act.c.request_id == request_id)
        .order_by(intent_act.c.acted_at.desc(), intent_act.c.sequence.desc())
        .limit(most)
    )
    return [Written(row.sequence, _act(row), Words(row.login or "", row.words)) for row in rows]


def words_of(connection: Connection, request_id: int, evidence: str) -> Words:
    """Give what was written with an act."""
    row = connection.execute(
        select(intent_words.c.login, intent_words.c.words)
        .join(intent_act, intent_act.c.id == intent_words.c.act_id)
        .where(intent_act.c.request_id == request_id, intent_act.c.evidence == evidence)
    ).first()
    return Words(row.login, row.words) if row else Words()


def words_by(
    connection: Connection, request_id: int, evidence: Collection[str]
) -> dict[str, Words]:
    """Give what was written with several acts, by their evidence."""
    rows = connection.execute(
        select(intent_act.c.evidence, intent_words.c.login, intent_words.c.words)
        .join(intent_words, intent_words.c.act_id == intent_act.c.id)
        .where(intent_act.c.request_id == request_id, intent_act.c.evidence.in_(evidence))
    )
    return {row.evidence: Words(row.login, row.words) for row in rows}


def is_full(connection: Connection, request_id: int, github_id: int) -> bool:
    """Say whether somebody has acted on a request more often than anybody needs to."""
    mine = select(intent_act.c.id).where(
        intent_act.c.request_id == request_id, intent_act.c.github_id == github_id
    )
    return len(connection.scalars(mine.limit(MOST_ACTS)).all()) >= MOST_ACTS


def _is_known(connection: Connection, request_id: int, act: Act) -> bool:
    same = select(intent_act.c.id).where(
        intent_act.c.request_id == request_id,
        intent_act.c.evidence == act.evidence,
        intent_act.c.kind == act.kind,
    )
    return connection.scalar(same) is not None


def _record(
    request_id: int, sequence: int, act: Act, facts: Mapping[str, Any], words: Words
) -> dict[str, Any]:
    written = {
        "kind": f"intent_{act.kind}",
        "request_id": request_id,
        "sequence": sequence,
        "github_id": act.github_id,
        "evidence": act.evidence,
        "acted_at": act.acted_at.isoformat(),
        **facts,
    }
    if words.texts is not None:
        written["words_sha256"] = chain.sha256(chain.canonical(words.texts).encode())
    return written


def _facts(act: Act) -> dict[str, Any]:
    """Give what an act says beyond who, when and what; what it leaves open is left out."""
    found: dict[str, Any] = {
        "by_maintainer": act.by_maintainer,
        "by_asker": act.by_asker,
        "days": act.days,
        "until": act.until.isoformat() if act.until else None,
        "method": act.method,
        "whom": act.whom,
        "term": act.term,
        "limit": act.limit,
        "place": list(act.place) if any(act.place) else None,
    }
    for name in ("price", "low", "high"):
        amount: Money | None = getattr(act, name)
        found[name] = [amount.minor, amount.currency] if amount is not None else None
    return {name: value for name, value in found.items() if value}


def _act(row: Row[Any]) -> Act:
    facts = dict(row.facts)
    until = facts.get("until")
    amounts = {
        name: Money(*facts[name]) if facts.get(name) else None for name in ("price", "low", "high")
    }
    return Act(
        kind=row.kind,
        github_id=row.github_id,
        evidence=row.evidence,
        acted_at=row.acted_at,
        place=Place(*facts.get("place", (0, 0))),
        by_maintainer=facts.get("by_maintainer", False),
        by_asker=facts.get("by_asker", False),
        days=facts.get("days", 0),
        until=datetime.fromisoformat(until) if until else None,
        method=facts.get("method", ""),
        whom=facts.get("whom", 0),
        term=facts.get("term", 0),
        limit=facts.get("limit", 0),
        **amounts,
    )


def short(evidence: str) -> str:
    """Give a short name of a round, for keys."""
    return chain.sha256(evidence.encode())[:12]
