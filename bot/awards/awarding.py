"""What lies with a request whose work is accepted becomes owed to those who built it."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.awards import deciding
from core.money import Money
from donations.giving import settlements
from donations.giving import store as gifts
from donations.giving.store import Gift
from donations.ledger import Mark
from donations.payouts import paying, rules, shares, store
from donations.payouts.rules import PROJECT, WARNED_FOR, Lapse, Split
from donations.payouts.shares import Payment, Reward, Share
from donations.payouts.store import Owing
from donations.pledges import store as purses
from donations.pledges.rules import Course, Held

LONGEST_STAY: Lapse = "stays"

Due = tuple[Gift, Held, Money]
"""A gift, a payment of it, and what of that was for the request, in the gift's currency."""


def is_disputed(connection: Connection, of: Iterable[Gift]) -> bool:
    """Say whether a payment for a request is disputed now: nothing is given out meanwhile."""
    known = {one.id: one for one in of}
    doubtful = purses.with_deeds(connection, known, ("disputed",))
    return any(gifts.standing(connection, known[one]).state == "disputed" for one in doubtful)


def is_held(connection: Connection, of: Reward, now: datetime) -> bool:
    """Say whether what was awarded has to wait: a dispute is open, or a card's network warns of fraud.

    Of the payments that are in it: whoever gives later and disputes that holds back nobody's share.
    """
    # What somebody declined went to others: they wait for the same payments.
    made = shares.rewards_of(connection, of.about) if of.about else (of,)
    payments = [one for each in made for one in each.payments]
    doubtful = purses.with_deeds(connection, (one[0] for one in payments), ("disputed",))
    given = (gifts.by_name(connection, f"gift:{number}") for number in doubtful)
    if is_disputed(connection, (one for one in given if one is not None)):
        return True
    return paying.warned_since(connection, [one[1] for one in payments], now - WARNED_FOR)


def award(
    connection: Connection,
    place: tuple[int, str, Money],
    due: Sequence[Due],
    course: Course,
    number: int,
    now: datetime,
) -> None:
    """Let what lies at `place` (project, account, money) be owed by the split that stands for it.

    `due` are the payments that are in it; of `course`, who accepted them.
    """
    repo_id, account, there = place
    about, of = due[0][0].about, tuple(gift for gift, _payment, _part in due)
    split = deciding.decided(connection, about, course.acceptances).split
    if split is None:
        return
    parts = rules.shared(there, split)
    lapse, owed_days = _end(connection, of)
    wanted = Owing(
        cause=f"award:{about}:{number}"[:120],
        book=f"project:{repo_id}",
        account=account,
        shares=tuple((who, part) for who, part in parts if who != PROJECT),
        rest=tuple((f"project:{repo_id}", part) for who, part in parts if who == PROJECT),
        about=about,
        marks=_marks(connection, of, course, split),
        owed_days=owed_days,
        lapse=lapse,
        payments=_payments(connection, due, there.currency),
        weights=split.shares,
        version=split.version,
    )
    store.owe(connection, wanted, now)


def sum_of(connection: Connection, repo_id: int, of: Iterable[Due], code: str) -> Money:
    """Sum in one currency what parts of payments to one project came to."""
    found = Money(0, code)
    for gift, payment, part in of:
        rated = settlements.of_gift(connection, gift.id).get(payment.evidence)
        came = settlements.came_to(rated, part)
        if gift.repo_id == repo_id and came.currency == code:
            found += came
    return found


def is_known(connection: Connection, about: str, course: Course) -> bool:
    """Say whether there is somebody to give it to."""
    return deciding.decided(connection, about, course.acceptances).split is not None


def _end(connection: Connection, of: tuple[Gift, ...]) -> tuple[Lapse, int]:
    """Say how it ends for whoever cannot be paid: by the terms of those who paid, the mildest first."""
    terms = deciding.terms_of(connection, of)
    days = max((one.owed_days for one in terms), default=180)
    lapses = {one.lapse for one in terms}
    if LONGEST_STAY in lapses:
        return LONGEST_STAY, days
    return ("backers" if "backers" in lapses else "project"), days


def _marks(
    connection: Connection, of: tuple[Gift, ...], course: Course, split: Split
) -> tuple[Mark, ...]:
    """Say what everybody should know: who pays is paid, or who accepted it."""
    found: list[Mark] = []
    givers = {gifts.giver_of(connection, one.id).github_id for one in of}
    if givers.intersection(split.people):
        found.append("self_paid")
    if any(who in split.people for _at, who in course.accepters):
        found.append("self_approved")
    return tuple(found)


def _payments(connection: Connection, due: Sequence[Due], currency: str) -> tuple[Payment, ...]:
    """Give the payments of which a part lies there, in what they came to."""
    found: list[Payment] = []
    for gift, payment, part in due:
        rated = settlements.of_gift(connection, gift.id).get(payment.evidence)
        came = settlements.came_to(rated, part)
        if came and came.currency == currency:
            known = gifts.last_act(connection, gift.id)
            found.append((gift.id, payment.evidence, came.minor, known))
    return tuple(found)


def ends_at(of: Share) -> datetime | None:
    """Say until when a share waits for whoever cannot be paid; None where it stays."""
    reward = of.reward
    if reward.lapse == LONGEST_STAY:
        return None
    return rules.waits_since(of.standing, reward.made_at) + timedelta(days=reward.owed_days)
