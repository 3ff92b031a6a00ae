"""What comes back after it was awarded: a refund, or a dispute that is lost, in the announced order.

What was not sent yet shrinks. For what was sent the project's own money stands first, then what
the same people earn next in this project; until then the house bears it, under its own name in the
books. Nobody falls below nothing, and an account is only drawn on with its owner's consent.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert

from core.money import Money, sendable, split
from donations import calls
from donations import store as books
from donations.giving import booking, settlements
from donations.giving import rules as giving
from donations.giving import store as gifts
from donations.giving.store import Gift
from donations.ledger import Entry
from donations.payouts import leaving, losses, paying, shares, store
from donations.payouts.losses import Bearer, Borne
from donations.payouts.rules import PROJECT, Act
from donations.payouts.shares import Payment, Reward, Share
from donations.payouts.tables import debt
from donations.pledges import store as purses

FINISHED = frozenset({"done", "failed"})

LOSSES: frozenset[giving.Deed] = frozenset({"dispute_lost", "refunded"})

QUIET = timedelta(days=1)
"""So long nothing is heard of what paid for a reward before a loss is borne: until then its shares wait.
What failed, was mended or is disputed is heard of in any order, and comes to the same in the end."""


@dataclass(frozen=True)
class Loss:
    """Something that came back of a payment: `bearer` is the loss account that stands in."""

    evidence: str
    money: Money
    bearer: str
    at: datetime


def claw(connection: Connection, about: str, now: datetime) -> bool:
    """Let everything be borne that came back since it was awarded, each thing once.

    Says whether something is not borne yet: what was to be sent is kept here meanwhile.
    """
    rewards = shares.rewards_of(connection, about)
    found = {made.id: _told(connection, made) for made in rewards}
    if not any(fresh for _known, fresh in found.values()):
        return False
    if any(fresh and not _is_quiet(connection, rewards, now) for _known, fresh in found.values()):
        hold_back(connection, about, now)
        return True
    # Always in one order, and before a book is held: whoever settles a share does so too.
    people = {one.github_id for made in rewards for one in shares.of_reward(connection, made.id)}
    for who in sorted(people):
        store.hold(connection, who)
    for made in rewards:
        borne, fresh = found[made.id]
        for loss in fresh:
            _bear(connection, made, borne, loss, now)
            borne.append(loss)
    return False


def is_pending(connection: Connection, about: str) -> bool:
    """Say whether something came back that nobody bears yet."""
    made = shares.rewards_of(connection, about) if about else ()
    return any(_told(connection, one)[1] for one in made)


def _is_quiet(connection: Connection, of: Sequence[Reward], now: datetime) -> bool:
    numbers = {one[0] for made in of for one in made.payments}
    heard = purses.last_heard(connection, sorted(numbers))
    return heard is None or now >= heard + QUIET


def _told(connection: Connection, of: Reward) -> tuple[list[Loss], list[Loss]]:
    """Give what came back of a reward's payments: what is borne, as it was, and then what is news."""
    if not shares.of_reward(connection, of.id):
        # All of it was the project's: nobody else bears it.
        return [], []
    fresh: list[Loss] = []
    borne: list[tuple[datetime, datetime, str, Loss]] = []
    lossy = set(purses.with_deeds(connection, (one[0] for one in of.payments), LOSSES))
    marked = shares.marked(connection, of.id) if lossy else {}
    for payment in of.payments:
        for loss in _losses(connection, of, payment) if payment[0] in lossy else ():
            at = store.posted_at(connection, _name(of, loss), "clawback") or marked.get(
                loss.evidence
            )
            if at is None:
                fresh.append(loss)
            else:
                borne.append((at, loss.at, loss.evidence, loss))
    fresh.sort(key=lambda one: (one.at, one.evidence))
    return [one[-1] for one in sorted(borne, key=lambda one: one[:-1])], fresh


def hold_back(connection: Connection, about: str, now: datetime) -> None:
    """Let nothing more be sent for now: what waits to be sent is owed again."""
    made = shares.rewards_of(connection, about)
    found = [one for each in made for one in shares.of_reward(connection, each.id)]
    for one in sorted(found, key=lambda share: share.github_id):
        if one.standing.state != "wanted":
            continue
        store.hold(connection, one.github_id)
        if paying.cancel(connection, one, now):
            store.wait_for(connection, one.id, now)


def _name(of: Reward, loss: Loss) -> str:
    return f"claw:{of.id}:{loss.evidence}"


def _losses(connection: Connection, of: Reward, payment: Payment) -> Iterator[Loss]:
    """Give what of the request's came back of a payment and was not known when it was awarded.

    It may have happened before: what counts is that the award did not reckon with it.
    """
    gift_id, charge, most, known = payment
    gift = gifts.by_name(connection, f"gift:{gift_id}")
    if gift is None or (own := _own_returns(connection, gift, charge)) is None:
        return
    acts = gifts.acts(connection, gift.id, after=known)
    rated = settlements.of_gift(connection, gift.id).get(charge)
    repaid = giving.repaid(gifts.acts(connection, gift.id))
    for act in acts:
        if act.payment != charge or act.deed not in LOSSES:
            continue
        # What a refund gave back in place of one that had failed was lost with that one.
        minor = act.minor - repaid.get(act.evidence, ("", 0))[1]
        said = _for_request(connection, gift, Money(minor, gift.money.currency))
        came = settlements.came_to(rated, said)
        money = Money(min(came.minor, most), of.currency)
        if not money or came.currency != of.currency:
            continue
        most -= money.minor
        if act.deed == "dispute_lost":
            yield Loss(act.evidence, money, "loss:disputes", act.at)
        elif act.evidence not in own:
            # One that fails afterwards is owed to its giver all the same, whenever that is heard.
            yield Loss(act.evidence, money, "loss:refunds", act.at)


def _own_returns(connection: Connection, gift: Gift, charge: str) -> set[str] | None:
    """Give what we gave back of a share that lapsed; None while one is on its way."""
    found = calls.asked_about(connection, gift.name, f"lapse:{charge}")
    if any(one.state not in FINISHED for one in found):
        return None
    return {one.remote_id for one in found if one.remote_id}


def _for_request(connection: Connection, gift: Gift, money: Money) -> Money:
    booked = gifts.booked(connection, gift)
    own = booking.account_of("feature", gift.repo_id, gift.about)
    parts = split(money, [weight for _account, weight in booked.shares])
    mine = (
        part.minor
        for (account, _), part in zip(booked.shares, parts, strict=True)
        if account == own
    )
    return Money(sum(mine), money.currency)


def _bear(
    connection: Connection, of: Reward, borne: list[Loss], loss: Loss, now: datetime
) -> None:
    people = _of_people(connection, of, [*borne, loss])
    for one in _bearers(connection, of):
        paying.cancel(connection, one, now)
    theirs = _bearers(connection, of)
    # Nobody else gives out the project's own money before this is written.
    books.hold(connection, of.book)
    reserve = store.owed_in(connection, of.book, of.book, of.currency)
    how = losses.borne(people, [_bearer(connection, one) for one in theirs], reserve)
    by_id = {one.id: one for one in theirs}
    entries = _entries(of, loss, how, by_id)
    if not entries:
        # Nobody bears it now, and so nobody shall who comes to money later.
        shares.mark(connection, of.id, loss.evidence, now)
    elif store.post(connection, of, _name(of, loss), "clawback", entries, now):
        for number, part in how.shrunk:
            shares.note(connection, number, Act("shrunk", loss.evidence, now, part), now)
        for number, part in how.debts:
            _remember(connection, by_id[number], loss, part, now)


def _of_people(connection: Connection, of: Reward, told: list[Loss]) -> list[Money]:
    """Give what of each loss is the people's.

    Of what went back before the award they bear what they would not have got, had it been known;
    of what went back later what they got of it, for fees were never theirs.
    """
    minor = sum(one.money.minor for one in shares.of_reward(connection, of.id))
    own = sum(weight for who, weight in of.weights if who == PROJECT)
    theirs = sum(weight for who, weight in of.weights if who != PROJECT)
    late = (minor, max(0, sum(one[2] for one in of.payments) - minor))
    kinds = {True: (theirs, own) if theirs else late, False: late}
    found: list[Money] = []
    before: dict[bool, list[Money]] = {True: [], False: []}
    for loss in told:
        early = loss.at <= of.made_at
        before[early].append(loss.money)
        part = losses.fallen(before[early], kinds[early])[0]
        found.append(Money(part, loss.money.currency))
    return found


def _bearers(connection: Connection, of: Reward) -> tuple[Share, ...]:
    """Give the shares of a reward; in place of one that was declined, those of whoever got it then."""
    found: list[Share] = []
    for one in shares.of_reward(connection, of.id):
        again = shares.reward_because(connection, f"declined:{one.id}")
        found += _bearers(connection, again) if again else (one,)
    return tuple(found)


def _bearer(connection: Connection, of: Share) -> Bearer:
    left = leaving.spare(connection, of).minor if of.standing.state == "owed" else 0
    return Bearer(of.id, of.money.minor, left, of.money.minor - of.standing.elsewhere - left)


def _entries(of: Reward, loss: Loss, how: Borne, by_id: dict[int, Share]) -> list[Entry]:
    """Say from where it comes back to the request."""
    code = of.currency
    theirs: Counter[str] = Counter()
    for number, part in how.shrunk:
        theirs[store.account_of(by_id[number].github_id)] += part
    found = [Entry(account, Money(part, code)) for account, part in theirs.items()]
    if how.reserve:
        found.append(Entry(of.book, Money(how.reserve, code)))
    if lent := sum(part for _number, part in how.debts):
        found.append(Entry(loss.bearer, Money(lent, code)))
    total = sum((one.money for one in found), Money(0, code))
    return [*found, Entry(f"request:{of.about}", -total)] if total else []


def _remember(connection: Connection, of: Share, loss: Loss, part: int, now: datetime) -> None:
    """Let later shares of theirs make it good, or their account, where they consented to that."""
    values = {
        "share_id": of.id,
        "evidence": loss.evidence,
        "github_id": of.github_id,
        "book": of.reward.book,
        "currency": of.money.currency,
        "minor": part,
        "bearer": loss.bearer,
        "at": now,
    }
    made = connection.execute(insert(debt).values(**values)).inserted_primary_key
    who, sent = paying.of(connection, of.github_id), paying.by_name(connection, of.standing.live)
    if made is None or who is None or sent is None or not who.consents:
        return
    # What cannot be sent so fine is made good by what they earn next.
    money = sendable(Money(min(part, of.standing.sent), of.money.currency))[0]
    if money:
        paying.take_back(connection, sent, f"debt:{made[0]}", money, now)
