"""What follows for a request's purse: goals are reached, cards are charged or let go, money goes back.

One function decides, whatever made us look, and holds the purse while it does: looking again,
or twice at once, changes nothing.
"""

from dataclasses import replace
from datetime import datetime
from functools import partial

from sqlalchemy import Connection, select

from bot.mail import gifts as letters
from bot.money import gifts as following
from bot.money import lost, offers, pledges_facts, pledges_money, pledges_told
from bot.money.pledges_facts import Reading
from bot.money.seen import Look
from bot.outcomes import store as outcomes
from bot.outcomes.store import Outcome
from bot.places import repository
from bot.reconcile import known_at
from bot.roadmap.board import funded
from bot.roadmap.intents import names
from bot.roadmap.loop import backing
from core.context import Context, Decide, Effect, Task
from core.money import Money, to_stripe
from donations import calls
from donations.asked import ChargeCard, Forget
from donations.giving import store as gifts
from donations.giving.retiring import is_over
from donations.giving.rules import Act as GiftAct
from donations.giving.rules import Deed as GiftDeed
from donations.giving.store import Gift
from donations.pledges import rules, store
from donations.pledges.rules import Act, Course, Facts, Promise

ENDINGS: dict[rules.Fate, GiftDeed] = {"release": "released", "expire": "expired"}


def look_again(about: str, evidence: str, now: datetime) -> Task:
    """Ask for a look at a request's purse."""
    key = f"settle_purse:{about}:{evidence}"
    return Task("settle_purse", key, now, f"purse:{about}", {"about": about})


def settle(ctx: Context, about: str) -> Decide:
    """Look at what has to be looked at elsewhere, and give what is then decided."""
    with ctx.database.read() as connection:
        course = store.course_of(connection, about)
        of = store.of_request(connection, about)
        waiting = [one for one in of if one.product == "pledge"]
    campaign = course.campaign
    at_the_end = campaign is not None and campaign.outcome is None and ctx.now >= campaign.ends_at
    reading = Reading()
    if waiting and (at_the_end or course.accepted_at is not None):
        cards = pledges_facts.saved_meanwhile(ctx, tuple(waiting))
        reading = Reading(cards=cards)
        if at_the_end and not _is_away(ctx, about):
            reading = replace(pledges_facts.read(ctx, about), cards=cards)
    return partial(decide, ctx, about, reading)


def decide(ctx: Context, about: str, reading: Reading, connection: Connection) -> list[Effect]:
    """Decide about everything that lies in a purse."""
    outcome = outcomes.find(connection, about)
    if not _hold(connection, about, outcome):
        return []
    effects: list[Effect] = []
    for _gift, card in reading.cards:
        effects += following.card_saved(Look(card), ctx, connection)
    facts = pledges_facts.facts(connection, outcome, reading) or Facts("gone", ctx.now)
    facts = replace(facts, known_at=known_at(connection, ctx.now))
    if outcome is not None:
        away = pledges_facts.away_since(connection, outcome, ctx.now)
        _note_reach(connection, about, away, ctx.now)
        offers.carry_over(connection, outcome, ctx.now)
    of = store.of_request(connection, about)
    effects += _judge_campaign(ctx, connection, about, of, facts)
    _judge_promises(connection, outcome, about, of, facts, ctx.now)
    effects += _judge_campaign(ctx, connection, about, of, facts)
    course = offers.course_of(connection, outcome, about)
    _end_what_comes_again(connection, of, course, facts, ctx.now)
    pledges_money.follow(connection, about, of, course, facts, ctx.now)
    taken_at = rules.accepted_at(course, facts)
    if outcome is not None and taken_at is not None:
        # Who is charged by the acceptance was not yet somebody who paid when it shipped.
        backing.credit(connection, outcome.repo_id, _subject(outcome), taken_at, ctx.now)
    _wait(connection, about, of, course, ctx.now)
    return [*effects, *pledges_told.comment(ctx, connection, outcome.asked if outcome else None)]


def _end_what_comes_again(
    connection: Connection, of: tuple[Gift, ...], course: Course, facts: Facts, now: datetime
) -> None:
    """Have nothing more taken each month for what will not be: it would only go back, at a loss."""
    for gift in _going_on(connection, of):
        if rules.lost(facts, course, gifts.terms_of(connection, gift), now):
            number = gifts.giver_of(connection, gift.id).subscription_id
            lost.end(connection, gift, number, now)


def _going_on(connection: Connection, of: tuple[Gift, ...]) -> list[Gift]:
    """Give those of some gifts that come again and again."""
    again = (one for one in of if one.rhythm != "once")
    return [one for one in again if gifts.standing(connection, one).goes_on]


def _subject(of: Outcome) -> dict[str, str]:
    """Say on which thread it can be seen what somebody backed; a milestone is none."""
    return {of.about: f"issues/{of.number}" if of.asked else ""}


def _hold(connection: Connection, about: str, of: Outcome | None) -> bool:
    """Hold a purse; with an offer's, the one of its request, which is always held first.

    Both say in one comment what there is, and the acceptance stands in the request's.
    """
    if of is not None and of.kind == "offer" and of.asked is not None:
        store.hold(connection, of.asked.node_id)
    return store.hold(connection, about)


def _judge_promises(
    connection: Connection,
    outcome: Outcome | None,
    about: str,
    of: tuple[Gift, ...],
    facts: Facts,
    now: datetime,
) -> None:
    course, by_id = offers.course_of(connection, outcome, about), {one.id: one for one in of}
    promises = store.promises(connection, of)
    dearer = offers.dearer(connection, outcome, promises) if outcome else frozenset()
    for promise in promises:
        gift = by_id[promise.id]
        fate = rules.fate(promise, course, facts, now)
        if promise.id in dearer and not promise.charged and promise.state not in rules.ENDED:
            fate = "release"  # It was promised for what was asked then.
        _do(connection, gift, promise, fate, now)
        alone = rules.campaign_of(gift.said_at, gift.money, course) is None
        if alone and fate == "wait" and promise.state == "saved" and not promise.charged:
            letters.warn_of_lapse(connection, gift, now)


def _note_reach(connection: Connection, about: str, since: datetime | None, now: datetime) -> None:
    before = store.course_of(connection, about).away_since
    if since is not None and before is None:
        store.write(connection, about, Act("away", since.isoformat(), since), now)
    elif since is None and before is not None:
        store.write(connection, about, Act("back", before.isoformat(), now), now)


def _judge_campaign(
    ctx: Context, connection: Connection, about: str, of: tuple[Gift, ...], facts: Facts
) -> list[Effect]:
    course = store.course_of(connection, about)
    campaign = course.campaign
    if campaign is None:
        return []
    promises = store.promises(connection, of)

    def write(deed: rules.Deed, total: Money) -> None:
        act = Act(deed, campaign.number, ctx.now, total.minor, total.currency)
        if store.write(connection, about, act, ctx.now):
            letters.outcome(connection, of, campaign, deed, ctx.now)

    outcome = rules.decision(campaign, promises, course, facts, ctx.now)
    if rules.reaches(campaign, promises, course):
        write("reached", rules.promised(campaign, promises, course))
    if outcome is not None:
        sums = rules.collected if outcome in {"collected", "short"} else rules.promised
        write(outcome, sums(campaign, promises, course))
    if outcome == "collected":
        of_what = outcomes.find(connection, about)
        asked = of_what.asked if of_what else None
        return list(funded.reached(connection, asked, campaign.number, ctx.now))
    return []


def _do(
    connection: Connection, gift: Gift, promise: Promise, fate: rules.Fate, now: datetime
) -> None:
    giver = gifts.giver_of(connection, gift.id) if fate == "charge" else None
    over = is_over(gift.money.currency, now) and not promise.charged
    if (giver is not None and not giver.method_id) or (fate in {"charge", "wait"} and over):
        # Whoever had their traces erased cannot be charged any more; nor can a currency that ended.
        fate = "release" if promise.state not in rules.ENDED else fate
    if fate == "charge" and giver is not None:
        call = ChargeCard(
            about=gift.name,
            amount=to_stripe(gift.money),
            currency=gift.money.currency,
            customer_id=giver.customer_id,
            method_id=giver.method_id,
            words=_words(connection, gift),
        )
        calls.put(connection, call, store.charge_key(gift.id), now)
    elif fate in ENDINGS:
        let_go(connection, gift, ENDINGS[fate], now)
    elif promise.state in rules.ENDED:
        forget_card(connection, gift, now)


def let_go(connection: Connection, gift: Gift, deed: GiftDeed, now: datetime) -> None:
    """End a promise: nobody will be charged, and the card is forgotten."""
    gifts.note(connection, gift, GiftAct(deed, f"{deed}:{gift.id}", now), now)
    forget_card(connection, gift, now)


def forget_card(connection: Connection, gift: Gift, now: datetime) -> None:
    """Have the bank forget a card that is charged no more, and forget what it is called."""
    giver = gifts.giver_of(connection, gift.id)
    if giver.customer_id:
        call = Forget(gift.name, giver.customer_id)
        calls.put(connection, call, f"forget:{giver.customer_id}", now)
        gifts.know(connection, gift.id, customer_id="", method_id="")


def forget_person(connection: Connection, github_id: int, now: datetime) -> None:
    """Take back what somebody promised and have their cards forgotten: they want no traces here."""
    promised = [one for one in gifts.of_person(connection, github_id) if one.product == "pledge"]
    for about in sorted({one.about for one in promised}, key=_in_turn):
        store.hold(connection, about)
    for gift in promised:
        (promise,) = store.promises(connection, (gift,))
        if not promise.charged and promise.state not in rules.ENDED:
            let_go(connection, gift, "withdrawn", now)
        elif promise.state in rules.ENDED:
            forget_card(connection, gift, now)


def _in_turn(about: str) -> tuple[bool, str]:
    """Sort purses that are held together as everybody holds them: an offer's behind its request's."""
    return names.read(about) is not None, about


def _words(connection: Connection, gift: Gift) -> str:
    here = select(repository.c.name).where(repository.c.id == gift.repo_id)
    of = outcomes.find(connection, gift.about)
    return f"{connection.scalar(here) or ''} {_sign(of)}".strip()


def _sign(of: Outcome | None) -> str:
    """Name what a card is charged for, as short as a bank statement wants it."""
    return (of.sign or of.title) if of is not None else "#0"


def _is_away(ctx: Context, about: str) -> bool:
    with ctx.database.read() as connection:
        of = outcomes.find(connection, about)
        return of is None or pledges_facts.away_since(connection, of, ctx.now) is not None


def _wait(
    connection: Connection, about: str, of: tuple[Gift, ...], course: Course, now: datetime
) -> None:
    """Look again once a day, and when the campaign ends; not at all where nothing is left."""
    campaign = course.campaign
    running = campaign is not None and campaign.outcome in {None, "met"}
    promised = any(one.state not in rules.ENDED for one in store.promises(connection, of))
    lies = pledges_money.lies(connection, of, course)
    uneven = not pledges_money.is_level(connection, about, of)
    if not (running or promised or lies or uneven or _going_on(connection, of)):
        store.wait_for(connection, about, None)
        return
    next_at = now + store.AT_LEAST_EVERY
    if campaign is not None and now < campaign.ends_at < next_at:
        next_at = campaign.ends_at
    store.wait_for(connection, about, next_at)
