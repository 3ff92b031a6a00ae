"""What becomes of money that lies with a request: it goes back by itself, to those who built, or on."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection

from bot.awards import awarding, clawing
from bot.money import coming_home
from core.money import Money, sendable, to_stripe
from donations import calls
from donations import store as books
from donations.asked import GiveBack
from donations.calls import Kept
from donations.giving import booking
from donations.giving import store as gifts
from donations.giving.store import Gift
from donations.ledger import Cause, Entry, Kind, Transaction, recovered
from donations.pledges import rules, store
from donations.pledges.rules import Act, Course, Facts, Held

SOURCE = "purse"

Lying = tuple[Gift, Held, Money]
"""A gift, a payment of it, and what of that lies with the request, in the gift's currency."""


def follow(
    connection: Connection,
    about: str,
    of: tuple[Gift, ...],
    course: Course,
    facts: Facts,
    now: datetime,
) -> None:
    """Give back what is to go back, and give out what the work has earned."""
    course = replace(course, acceptances=rules.acceptances(course, facts))
    lying, waits = _lying(connection, of, course, now)
    waits = _is_disputed(connection, about, of, now) or waits
    somebody = course.accepted_at is None or awarding.is_known(connection, about, course)
    uses: dict[rules.Use, list[Lying]] = {"wait": [], "award": [], "back": []}
    for one in lying:
        uses[rules.use(one[1], course, facts, now, somebody=somebody)].append(one)
    for gift, payment, part in uses["back"]:
        give_back(connection, gift, payment, part, now)
    # What came back of an earlier award is no loss of those who are paid by a later one.
    if clawing.claw(connection, about, now) or waits or uses["back"]:
        return
    if uses["award"]:
        course = replace(course, accepters=_of_these(uses["award"], course, facts))
        _award(connection, about, of, (course, uses["award"], uses["wait"]), now)
    _level(connection, about, of, now)


def _lying(
    connection: Connection, of: tuple[Gift, ...], course: Course, now: datetime
) -> tuple[list[Lying], bool]:
    """Give the payments that lie with a request, and say whether one of them is on its way back."""
    found: list[Lying] = []
    waits = False
    for gift, payment, part in store.held_of(connection, of):
        if not part or _is_left(gift, payment, course):
            continue
        if (back := return_of(connection, gift, payment)) is not None:
            waits = waits or back == "under_way"
            if back == "over" and (kept := _asked(connection, payment)):
                coming_home.owe(connection, kept, now)
        elif payment.evidence not in course.covered:
            found.append((gift, payment, part))
    return found, waits


def _is_disputed(connection: Connection, about: str, of: tuple[Gift, ...], now: datetime) -> bool:
    """Say whether a payment is disputed now; what waits to be sent is kept here then."""
    if not awarding.is_disputed(connection, of):
        return False
    clawing.hold_back(connection, about, now)
    return True


def own_key(payment: str) -> str:
    """Name what the purse asks for where the giver's own click, `back:PAYMENT`, was refused for good."""
    return f"back:{payment}:own"


def is_asked_back(connection: Connection, payment: str) -> bool:
    """Say whether the bank was asked to give a payment back; what it refused can be asked again."""
    asked = (calls.by_key(connection, key) for key in (f"back:{payment}", own_key(payment)))
    return any(one is not None and one.state != "failed" for one in asked)


def _asked(connection: Connection, payment: Held) -> Kept | None:
    """Give the one return of a payment; None where nobody asked, or a giver's own click was refused."""
    own = calls.by_key(connection, own_key(payment.evidence))
    kept = own or calls.by_key(connection, f"back:{payment.evidence}")
    is_over = kept is not None and kept.state == "failed" and not _is_of_request(kept)
    return None if is_over else kept


def _is_of_request(kept: Kept) -> bool:
    return isinstance(kept.call, GiveBack) and kept.call.of_request


def return_of(
    connection: Connection, gift: Gift, payment: Held
) -> Literal["under_way", "over"] | None:
    """Say whether a payment is on its way back, or that this is over; None where nobody asked."""
    call = _asked(connection, payment)
    if call is None:
        return None
    known = {one.evidence for one in gifts.acts(connection, gift.id) if one.deed == "refunded"}
    return "over" if call.state == "failed" or call.remote_id in known else "under_way"


def lies(connection: Connection, of: tuple[Gift, ...], course: Course) -> bool:
    """Say whether something of these gifts lies with their request, or is on its way back."""
    return any(
        return_of(connection, gift, payment) != "over"
        for gift, payment, part in store.held_of(connection, of)
        if part and not _is_left(gift, payment, course) and payment.evidence not in course.covered
    )


def _is_left(gift: Gift, payment: Held, course: Course) -> bool:
    """Say whether a payment was left to the project: of what comes again, not what came since."""
    is_all = gift.rhythm == "once" or payment.evidence in course.covered
    return is_all and gift.name in course.redirected


def give_back(
    connection: Connection, gift: Gift, payment: Held, part: Money, now: datetime
) -> None:
    """Ask the bank to give back what of a payment was for the request.

    What a card cannot carry (the last digit of three) is left to the project.
    """
    gifts.hold(connection, gift)  # Their own click sees this, or is seen.
    fine, rest = sendable(part)
    if fine:
        call = GiveBack(gift.name, payment.evidence, to_stripe(fine), of_request=True)
        if not calls.put(connection, call, f"back:{payment.evidence}", now):
            calls.put(connection, call, own_key(payment.evidence), now)
    else:
        store.write(connection, gift.about, Act("covered", payment.evidence, now), now)
    account = booking.account_of("feature", gift.repo_id, gift.about)
    lies = books.balances_in(connection, f"project:{gift.repo_id}", account)
    there = sum((-one for one in lies if one.currency == rest.currency), Money(0, rest.currency))
    if (left := min(rest, there)).minor > 0:
        entries = [Entry(account, left), Entry(f"project:{gift.repo_id}", -left)]
        name = f"rest:{payment.evidence}"
        _post(connection, gift.repo_id, gift.about, name, "redirect", entries, now)


def bearing(
    connection: Connection, gift: Gift, charge_id: str, booked: booking.Gift
) -> booking.Gift:
    """Say who bears what went back of a charge by our own call: a request alone, or all shares."""
    keys = (own_key(charge_id), f"back:{charge_id}", f"lapse:{charge_id}")
    asked = (calls.by_key(connection, key) for key in keys)
    kept = next((one for one in asked if one is not None), None)
    if kept is None or not _is_of_request(kept):
        return booked
    own = booking.account_of("feature", gift.repo_id, gift.about)
    return replace(booked, shares=((own, 1),))


def _of_these(
    due: Iterable[Lying], course: Course, facts: Facts
) -> tuple[tuple[datetime, int], ...]:
    """Keep of who accepted the work those by whose word these payments are given out."""
    at = {rules.accepted_for(payment, course, facts) for _gift, payment, _part in due}
    return tuple(one for one in course.accepters if one[0] in at)


def _award(
    connection: Connection,
    about: str,
    of: tuple[Gift, ...],
    what: tuple[Course, list[Lying], list[Lying]],
    now: datetime,
) -> None:
    """Owe to those who build here what lies with a request whose work is accepted.

    All but the payments that still wait: for their own days for objections, or another acceptance.
    """
    course, due, waiting = what
    for gift in of:
        # What is noted of a gift from here on was not known when this was awarded.
        gifts.hold(connection, gift)
    for repo_id, account, there in _balances(connection, about, of):
        left = there - awarding.sum_of(connection, repo_id, waiting, there.currency)
        if left.minor <= 0:
            continue
        number = len([one for one in store.acts(connection, about) if one.deed == "awarded"])
        evidence = f"{course.accepted_by}:{number}"[:120]
        act = Act("awarded", evidence, now, left.minor, left.currency)
        store.write(connection, about, act, now)
        awarding.award(connection, (repo_id, account, left), due, course, number, now)
    for _gift, payment, _part in due:
        store.write(connection, about, Act("covered", payment.evidence, now), now)


def _level(connection: Connection, about: str, of: tuple[Gift, ...], now: datetime) -> None:
    """Let the fees of what went back be borne: by the project's own money, then by the house.

    What a better rate left over of what went back is the project's. Only once nothing was heard
    for a day: what a dispute takes, and gives back, is heard of in any order.
    """
    if not is_quiet(connection, of, now):
        return
    coming_home.settle(connection, now, of)
    said = {one.money.currency for one in of}
    course = store.course_of(connection, about)
    lies = any(
        part
        for gift, payment, part in store.held_of(connection, of)
        if not _is_left(gift, payment, course)
    )
    for repo_id, account, there in _balances(connection, about, of):
        left_over = there.minor > 0 and there.currency not in said and not lies
        if there.minor == 0 or (there.minor > 0 and not left_over):
            continue
        number = len([one for one in store.acts(connection, about) if one.deed == "levelled"])
        evidence = f"{account}:{there.currency}:{number}"
        act = Act("levelled", evidence, now, -there.minor, there.currency)
        store.write(connection, about, act, now)
        project = f"project:{repo_id}"
        books.hold(connection, project)  # Nobody else gives out its own money meanwhile.
        own = books.owed(connection, project, there.currency)
        borne = (
            ((project, -there),) if left_over else recovered(-there, [(project, own)], "loss:fees")
        )
        _post(
            connection,
            repo_id,
            about,
            f"level:{about}:{number}",
            "adjustment",
            [*(Entry(name, money) for name, money in borne), Entry(account, there)],
            now,
        )


def is_quiet(connection: Connection, of: tuple[Gift, ...], now: datetime) -> bool:
    """Say whether nothing was heard of these gifts for a day."""
    heard = store.last_heard(connection, [one.id for one in of])
    return heard is None or now >= heard + clawing.QUIET


def is_level(connection: Connection, about: str, of: tuple[Gift, ...]) -> bool:
    """Say whether nothing lies with a request that somebody still has to bear, or to have."""
    if clawing.is_pending(connection, about):
        return False
    said = {one.money.currency for one in of}
    return all(
        there.minor > 0 and there.currency in said
        for _repo, _account, there in _balances(connection, about, of)
    )


def _balances(
    connection: Connection, about: str, of: tuple[Gift, ...]
) -> list[tuple[int, str, Money]]:
    """Give (project, account, what is owed there) of a request, by the book of each project."""
    return [
        (repo_id, account, -there)
        for repo_id in sorted({one.repo_id for one in of})
        for account in (booking.account_of("feature", repo_id, about),)
        for there in books.balances_in(connection, f"project:{repo_id}", account)
    ]


def _post(
    connection: Connection,
    repo_id: int,
    about: str,
    name: str,
    kind: Kind,
    entries: list[Entry],
    now: datetime,
) -> None:
    cause = Cause(SOURCE, name[:120], kind)
    posted = Transaction(f"project:{repo_id}", cause, now, tuple(entries), about)
    books.post(connection, posted, now)
