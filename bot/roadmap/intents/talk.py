"""What the bot says of intents: one comment about a call or contest, one about its end, one to a claimer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection

from bot import policies
from bot.messages import marks, say
from bot.roadmap import intake
from bot.roadmap.intents import answering, choosing, claims, hope, ledger, standing, wording
from bot.roadmap.intents.values import Call, Contest, Offer
from bot.roadmap.store import Request
from core.context import Effect
from core.github import Comment, Repo

MOST_OFFERS = 20
"""Rows of the table in a comment; the page shows all."""


class Voice(Protocol):
    """When and from where we speak: a handler's context, or a page."""

    @property
    def now(self) -> datetime:
        """The present instant."""

    @property
    def public_url(self) -> str:
        """Where our pages are."""


@dataclass(frozen=True)
class Speaker:
    """A page that speaks."""

    now: datetime
    public_url: str


def page(voice: Voice, repo: Repo, asked: Request) -> str:
    """Give the address of the page of an intent; empty where not everybody may see it."""
    return "" if repo.private else f"{voice.public_url}/{repo.name}/requests/{asked.number}/intent"


def about(
    voice: Voice, connection: Connection, repo: Repo, asked: Request, *, asks: bool = False
) -> list[Effect]:
    """Say how the call or contest of a request stands, and how it ended where it has.

    `asks`: it was just opened, and members who agreed to it may be mentioned.
    """
    now = standing.stands(connection, asked.id)
    latest = standing.newest(now)
    if asked.locked or latest is None:
        return []
    language = intake.language(connection, repo.id)
    if isinstance(latest, Call):
        body = _call(voice, connection, repo, asked, latest, language)
    else:
        body = _contest(voice, connection, repo, asked, latest, language)
    name = ledger.short(latest.round)
    found: list[Effect] = [Comment(repo, asked.number, f"intent:{name}", body)]
    if ended := _ending(voice, connection, repo, asked, latest, language):
        found.append(Comment(repo, asked.number, f"outcome:{name}", ended))
    if asks and (logins := answering.mentions(connection, asked, voice.now)):
        who = [mention for login in logins if (mention := marks.mention(login))]
        words = say("intent_ask", language, mentions=who)
        found.append(Comment(repo, asked.number, f"ask:{name}", words))
    return found


def _call(
    voice: Voice,
    connection: Connection,
    repo: Repo,
    asked: Request,
    call: Call,
    language: str,
) -> str:
    words = ledger.words_of(connection, asked.id, call.said)
    phase = _phase(connection, asked, call, voice.now)
    return say(
        "intent",
        language,
        phase=phase,
        method=call.method,
        ending=call.ending,
        need=words.get("need") or asked.title,
        test=words.get("test"),
        licence=words.get("licence"),
        budget=wording.budget(call.low, call.high, language),
        until=wording.instant(call.until, language),
        vote_until=wording.instant(call.vote_until, language),
        offers=_offers(connection, asked, call, language, voice.now),
        more=max(0, len(call.offers) - MOST_OFFERS),
        able=answering.able(connection, asked).count if phase == "open" else 0,
        url=page(voice, repo, asked),
        promises=_promises(connection, repo, asked, call),
    )


def _promises(connection: Connection, repo: Repo, asked: Request, call: Call) -> str:
    """Give the currency in which one can promise for an offer of a call; empty where one cannot."""
    rules = policies.rules(connection, repo.id).policy
    if rules is None or not rules.funding.on or repo.private or asked.state != "open":
        return ""
    can_be = any(hope.stands(call, one.bidder) for one in call.offers)
    return rules.funding.currency if can_be else ""


def _phase(connection: Connection, asked: Request, latest: Call | Contest, now: datetime) -> str:
    """Say where it stands as far as its deadlines were seen to: nothing is said before they are."""
    phase = latest.phase(now)
    if phase in {"voting", "choosing"}:
        return standing.seen_phase(connection, asked.id) or phase
    return phase


def _offers(
    connection: Connection, asked: Request, call: Call, language: str, now: datetime
) -> list[dict[str, object]]:
    logins = wording.logins(connection, asked.id, (one.bidder for one in call.offers), now)
    return [
        {
            "login": logins.get(one.bidder, ""),
            "price": wording.amount(one.price, language),
            "days": one.days,
            "words": ledger.words_of(connection, asked.id, one.evidence).get("words"),
            "marks": marks_of(call, one),
        }
        for one in sorted(call.offers, key=lambda it: (it.made_at, it.place))[:MOST_OFFERS]
    ]


def marks_of(call: Call, one: Offer) -> list[str]:
    """Give what readers should know of an offer, in one word each."""
    found = {
        "owner": one.bidder == call.owner,
        "above": not choosing.within(call, one),
        "older": one.version < call.version,
        "chosen": one.bidder == call.chosen,
    }
    return [name for name, holds in found.items() if holds]


def _contest(
    voice: Voice,
    connection: Connection,
    repo: Repo,
    asked: Request,
    contest: Contest,
    language: str,
) -> str:
    logins = wording.logins(
        connection, asked.id, (one.author for one in contest.entries), voice.now
    )
    ordered = sorted(contest.entries, key=lambda it: (it.made_at, it.place))
    return say(
        "contest",
        language,
        phase=_phase(connection, asked, contest, voice.now),
        prize=ledger.words_of(connection, asked.id, contest.said).get("prize"),
        until=wording.instant(contest.until, language),
        vote_until=wording.instant(contest.vote_until, language),
        days=contest.vote_days,
        entries=[
            {
                "login": logins.get(one.author, ""),
                "words": ledger.words_of(connection, asked.id, one.evidence).get("words"),
            }
            for one in ordered[:MOST_OFFERS]
        ],
        more=max(0, len(ordered) - MOST_OFFERS),
        url=page(voice, repo, asked),
    )


def _ending(
    voice: Voice,
    connection: Connection,
    repo: Repo,
    asked: Request,
    latest: Call | Contest,
    language: str,
) -> str:
    """Say once how it ended; a call whose votes chose nobody has not ended."""
    if not latest.ending or latest.ending == "off":
        return ""
    is_call = isinstance(latest, Call)
    who = latest.chosen if isinstance(latest, Call) else latest.winner
    by = _chosen_by(connection, asked, latest)
    logins = wording.logins(connection, asked.id, [who, by], voice.now)
    offer = latest.offer_of(who) if isinstance(latest, Call) else None
    return say(
        "intent_outcome",
        language,
        kind="call" if is_call else "contest",
        method=latest.method if isinstance(latest, Call) else "",
        ending=latest.ending,
        who=marks.mention(logins.get(who)) or "",
        by=logins.get(by, ""),
        own=bool(who) and by == who,
        price=wording.amount(offer.price, language) if offer else "",
        days=offer.days if offer else 0,
        at=wording.instant(latest.decided_at, language),
        tie=_was_tie(connection, asked, latest),
        prize="" if is_call else ledger.words_of(connection, asked.id, latest.said).get("prize"),
        url=page(voice, repo, asked),
    )


def _chosen_by(connection: Connection, asked: Request, latest: Call | Contest) -> int:
    """Give the maintainer who chose, 0 where a deadline did."""
    for act in ledger.acts(connection, asked.id):
        if act.kind == "chosen" and act.acted_at == latest.decided_at:
            return act.github_id
    return 0


def _was_tie(connection: Connection, asked: Request, latest: Call | Contest) -> bool:
    acts = ledger.acts(connection, asked.id)
    return any(
        act.kind == "outcome"
        and act.acted_at == latest.decided_at
        and act.evidence.startswith(f"tie:{ledger.short(latest.round)}")
        for act in acts
    )


def to_claimer(
    voice: Voice, connection: Connection, repo: Repo, asked: Request, who: int, why: str
) -> list[Effect]:
    """Say to somebody that their claim ends, or has ended: in one comment of their own."""
    if asked.locked:
        return []
    held = claims.one(connection, asked.id, who)
    login = wording.logins(connection, asked.id, [who], voice.now).get(who)
    language = intake.language(connection, repo.id)
    body = say(
        "claim",
        language,
        why=why,
        who=marks.mention(login) or "",
        at=wording.instant(held.ends_at, language) if held else "",
    )
    return [Comment(repo, asked.number, f"claim:{who}", body)]


__all__ = ["Speaker", "Voice", "about", "marks_of", "page", "to_claimer"]
