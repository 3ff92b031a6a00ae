"""What the bot says on an issue about money: one comment with the true totals, edited in place."""

from datetime import datetime

from sqlalchemy import Connection

from bot import repositories
from bot.messages import say
from bot.money import fund_facts, offers, pledges_shown
from bot.money.pledges_shown import Shown
from bot.outcomes import store as outcomes
from bot.roadmap import intake
from bot.roadmap.store import Request
from core.context import Context, Effect
from core.github import Comment
from core.money import Money, shown
from donations.giving.rules import Deed
from donations.pledges import store

TOPIC = "promises"
HEARD: tuple[Deed, ...] = ("paid", "saved")
"""What was to be said at least once of a gift before its request is written about."""


def comment(ctx: Context, connection: Connection, asked: Request | None) -> list[Effect]:
    """Say what is given and promised for a request, once there was anything; nothing in private."""
    repo = repositories.repo(connection, asked.repo_id) if asked else None
    if asked is None or repo is None or repo.private or asked.state in intake.GONE_STATES:
        return []
    promised = pledges_shown.of_outcome(connection, asked.node_id)
    if promised.campaign is None and not _was_anything(connection, asked):
        return []
    language = intake.language(connection, repo.id)
    body = say(
        "promises",
        language,
        given=[
            (shown(one.money, language), one.givers)
            for one in fund_facts.raised_for(connection, asked)
        ],
        promised=_sums(_alone(promised), language),
        people=promised.people,
        offers=_for_offers(connection, asked, language, ctx.now),
        url=f"{ctx.public_url}/{repo.name}/requests/{asked.number}",
        ledger=f"{ctx.public_url}/{repo.name}/ledger",
        **_campaign(connection, asked.node_id, promised, language),
    )
    return [Comment(repo, asked.number, TOPIC, body)]


def _was_anything(connection: Connection, asked: Request) -> bool:
    """Say whether somebody ever paid, or left a card, for a request or an offer to do it."""
    names = outcomes.purses_of(connection, asked)
    given = [one.id for name in names for one in store.of_request(connection, name)]
    return bool(store.with_deeds(connection, given, HEARD))


def _alone(of: Shown) -> tuple[Money, ...]:
    """Give what is promised beside a campaign: while that runs, it says itself what it has."""
    runs = of.campaign is not None and of.campaign.outcome in {None, "met"}
    return () if runs else of.promised


def _for_offers(
    connection: Connection, asked: Request, language: str, now: datetime
) -> list[tuple[str, str, str]]:
    """Give (login, what is promised, price) of each offer for which somebody promised."""
    return [
        (one.login, _sums(one.promised, language), shown(one.price, language))
        for one in offers.promised_for(connection, asked, now)
    ]


def _campaign(connection: Connection, about: str, of: Shown, language: str) -> dict[str, str]:
    """Say how the last campaign stands, in the words of the message: over, with what it ended at."""
    last = of.campaign
    if last is None or of.last_at is None or of.for_campaign is None:
        return {"why": "", "money": "", "goal": "", "until": ""}
    ended = [
        Money(one.minor, one.currency)
        for one in store.acts(connection, about)
        if (one.deed, one.evidence) == (last.outcome, last.number)
    ]
    return {
        "why": last.outcome or ("reached" if last.reached else "running"),
        "money": shown((ended or [of.for_campaign])[0], language),
        "goal": shown(last.goal, language),
        "until": of.last_at.date().isoformat(),
    }


def _sums(of: tuple[Money, ...], language: str) -> str:
    return " + ".join(shown(one, language) for one in of)
