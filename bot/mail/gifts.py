"""Which letter follows from what happened to a gift or a promise; each is wanted once."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from bot.mail.facts import Fact, Facts
from bot.mail.outgoing import ToGift, send
from bot.outcomes import store as outcomes
from bot.places import repository
from core.money import Money
from donations.giving import store
from donations.giving.heard import hears
from donations.giving.rules import Act
from donations.giving.store import Gift
from donations.giving.tables import gift as gift_table
from donations.pledges import store as purses
from donations.pledges.rules import Campaign, campaign_of

SOON = timedelta(days=14)
"""So long before a promise lapses its giver is told."""


@hears
def write(connection: Connection, gift_id: int, done: Act, now: datetime) -> None:
    """Write the letter that something new asks for, if it asks for one."""
    name = connection.scalar(select(gift_table.c.product).where(gift_table.c.id == gift_id))
    gift = store.by_name(connection, f"gift:{gift_id}")
    if gift is None or name not in {"donation", "pledge"}:
        return
    if name == "donation" and done.deed in {"paid", "failed", "asked"}:
        _tell_what_was_not_taken(connection, gift, now)
    letter = _of_gift(gift, done) if name == "donation" else _of_promise(done)
    if letter == "needs_you":
        ask_for_holder(connection, gift, now)
    elif letter == "released" and _is_of_campaign(connection, gift):
        # What became of the campaign is told to everybody in it.
        return
    elif letter:
        money = Money(done.minor, gift.money.currency) if done.minor else gift.money
        key = f"{letter}:{gift.id}:{done.evidence}"
        tell(connection, gift, letter, {"amount": money}, key=key, now=now)


def _of_gift(gift: Gift, done: Act) -> str:
    if gift.rhythm == "once":
        letters = {"paid": "thanks"}
    else:
        letters = {"paid": "came_again", "began": "began", "ended": "ended"}
    return letters.get(done.deed, _BACK.get(done.deed, ""))


def _tell_what_was_not_taken(connection: Connection, gift: Gift, now: datetime) -> None:
    """Tell of every payment that failed after one had come, in whatever order they are heard of."""
    acts = store.acts(connection, gift.id)
    first = min((one.at for one in acts if one.deed == "paid"), default=None)
    if gift.rhythm == "once" or first is None:
        # On the bank's own page they see it themselves.
        return
    for one in acts:
        if one.deed in {"failed", "asked"} and one.at > first:
            money = Money(one.minor, gift.money.currency) if one.minor else gift.money
            key = f"not_taken:{gift.id}:{one.evidence}"
            tell(connection, gift, "not_taken", {"amount": money}, key=key, now=now)


def _of_promise(done: Act) -> str:
    return _OF_PROMISE.get(done.deed, _BACK.get(done.deed, ""))


_BACK = {"refunded": "refunded", "refund_failed": "came_home"}
_OF_PROMISE = {
    "saved": "promised",
    "paid": "charged",
    "asked": "needs_you",
    "failed": "needs_you",
    "expired": "lapsed",
    "released": "released",
}


def ask_for_holder(connection: Connection, gift: Gift, now: datetime) -> None:
    """Ask for the holder of a card that said no when a promise was charged, with the time they have."""
    acts = store.acts(connection, gift.id)
    if not any(one.deed == "saved" for one in acts):
        # On the bank's own page they see it themselves.
        return
    first = min(one.at for one in acts if one.deed in {"asked", "failed"})
    until = first + timedelta(days=store.terms_of(connection, gift).grace_days)
    facts: Facts = {"amount": gift.money, "until": until}
    tell(connection, gift, "needs_you", facts, key=f"needs_you:{gift.id}", now=now)


def outcome(
    connection: Connection, of: Iterable[Gift], campaign: Campaign, why: str, now: datetime
) -> None:
    """Tell everybody whose promise is in a campaign what became of it; `why`: met, missed, short."""
    gifts = [one for one in of if one.product == "pledge"]
    if not gifts or why not in {"met", "missed", "short"}:
        return
    course = purses.course_of(connection, gifts[0].about)
    wanted = {"paid"} if why == "short" else {"saved"}
    for gift in gifts:
        own = campaign_of(gift.said_at, gift.money, course)
        if own is None or own.number != campaign.number:
            continue
        if store.standing(connection, gift).state in wanted:
            facts = {"amount": gift.money, "goal": campaign.goal}
            key = f"campaign_{why}:{gift.id}"
            tell(connection, gift, f"campaign_{why}", facts, key=key, now=now)


def warn_of_lapse(connection: Connection, gift: Gift, now: datetime) -> None:
    """Tell that a promise, which waits for its card to be charged, will soon be over."""
    ends_at = gift.said_at + timedelta(days=store.terms_of(connection, gift).promise_days)
    if ends_at - SOON <= now < ends_at:
        facts: Facts = {"amount": gift.money, "until": ends_at}
        tell(connection, gift, "lapsing", facts, key=f"lapsing:{gift.id}", now=now)


def receipt(connection: Connection, gift: Gift, name: str, now: datetime) -> None:
    """Tell that a receipt was issued, or cancelled by another one."""
    tell(connection, gift, "receipt", {"name": name}, key=f"receipt:{name}:{gift.id}", now=now)


def tell(
    connection: Connection, gift: Gift, letter: str, facts: Facts, *, key: str, now: datetime
) -> bool:
    """Want a letter about a gift sent to its giver, in the language in which they gave."""
    common = about(connection, gift)
    language = store.giver_of(connection, gift.id).language
    return send(
        connection,
        ToGift(gift.id),
        letter,
        common | dict(facts),
        key=f"gift:{key}",
        now=now,
        language=language,
    )


def about(connection: Connection, gift: Gift) -> dict[str, Fact]:
    """Say what a gift is for and where its page is; without a page where the project is not public."""
    row = connection.execute(
        select(repository.c.name, repository.c.private).where(repository.c.id == gift.repo_id)
    ).one_or_none()
    name = row.name if row and not row.private else ""
    of = outcomes.find(connection, gift.about) if name else None
    return {
        "project": name,
        "what": f"{of.title} {of.sign}".strip() + f", {name}" if of else name,
        "page": f"/{name}/fund/{gift.key}" if name else f"/you/gifts/{gift.key}",
        "rhythm": gift.rhythm,
    }


def _is_of_campaign(connection: Connection, gift: Gift) -> bool:
    if not gift.about:
        return False
    course = purses.course_of(connection, gift.about)
    campaign = campaign_of(gift.said_at, gift.money, course)
    return campaign is not None and campaign.outcome is not None
