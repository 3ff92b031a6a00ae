"""One share after the other: it is sent when its person can be paid, waits, or lapses in the end."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.awards import awarding, clawing
from bot.payouts import telling
from core.context import Context, Effect, Task
from core.money import Money, sendable, split, to_stripe
from donations import calls
from donations.asked import GiveBack
from donations.giving import store as gifts
from donations.ledger import Entry
from donations.payouts import leaving, paying, rules, shares, store
from donations.payouts.rules import Act
from donations.payouts.shares import Reward, Share

AT_LEAST_EVERY = timedelta(days=1)
"""A share is looked at once a day, whatever it waits for: an event may have been missed."""

MOST = 500


def look_again(share_id: int, who: int, evidence: str, now: datetime) -> Task:
    """Ask for a look at a share; shares of one person are looked at one after the other."""
    key = f"settle_share:{share_id}:{evidence}"
    return Task("settle_share", key, now, f"payee:{who}", {"share": share_id})


def look_at_person(connection: Connection, who: int, evidence: str, now: datetime) -> list[Effect]:
    """Ask for a look at everything that is owed to somebody."""
    theirs = shares.of_person(connection, who)
    return [
        look_again(one.id, who, evidence, now)
        for one in theirs
        if one.standing.state in {"owed", "wanted"}
    ]


def settle(ctx: Context, share_id: int, connection: Connection) -> list[Effect]:
    """Do what is to be done about a share now."""
    found = shares.shares(connection, (share_id,))
    if not found:
        return []
    who = store.hold(connection, found[0].github_id)
    (of,) = shares.shares(connection, (share_id,))
    reward = of.reward
    if of.standing.state == "owed":
        # What came back from their account makes good first what was lent for it.
        store.net_own(connection, reward, of.id, ctx.now)
        (of,) = shares.shares(connection, (share_id,))
    do = rules.verdict(
        of.standing,
        reward.made_at,
        reward.owed_days,
        reward.lapse,
        ctx.now,
        payable=bool(who.payable and who.stripe_id),
        held=of.standing.state == "owed" and _is_held(connection, reward, ctx.now),
    )
    effects: list[Effect] = []
    if do == "pay":
        _send(connection, of, ctx.now)
    elif do == "lapse":
        _lapse(connection, of, ctx.now)
    is_refused = of.standing.refused_since is not None and do in {"pay", "refused", "hold"}
    if do == "no_account" or is_refused or (do == "hold" and not who.payable):
        # Its time goes on while it is held: they have to know.
        effects += _remind(ctx, connection, of, payable=bool(who.payable))
    if do in {"nothing", "lapse"} and _was_reminded(connection, of):
        effects += telling.comment(ctx, connection, reward.about)
    waits = None if do in {"nothing", "lapse"} else ctx.now + AT_LEAST_EVERY
    store.wait_for(connection, of.id, waits)
    return effects


def _is_held(connection: Connection, of: Reward, now: datetime) -> bool:
    return awarding.is_held(connection, of, now) or clawing.is_pending(connection, of.about)


def _send(connection: Connection, of: Share, now: datetime) -> None:
    there, others = leaving.balance(connection, of), leaving.of_others(connection, of)
    money = rules.amount_to_send(there, others)
    if money.minor <= 0:
        # Too little for a payout in this currency: it is carried over to the next share.
        return
    paying.want(connection, of, money, _charge_for(connection, of, money), now)


def _charge_for(connection: Connection, of: Share, money: Money) -> str:
    """Give a charge out of which it can be sent before that is available; empty: out of the balance."""
    for _gift, charge, minor, _known in of.reward.payments:
        if paying.sent_of_charge(connection, charge) + money.minor <= minor:
            return charge
    return ""


def _remind(ctx: Context, connection: Connection, of: Share, *, payable: bool) -> list[Effect]:
    """Tell somebody what is owed to them, each time when it is due, once."""
    reward = of.reward
    since = rules.waits_since(of.standing, reward.made_at)
    due = [at for at in rules.reminders(since, reward.owed_days, reward.lapse) if at <= ctx.now]
    if not due:
        return []
    # Several that were missed are one.
    anew = "" if since == reward.made_at else f":{since.isoformat()}"
    act = Act("reminded", f"reminder:{len(due)}{anew}", ctx.now)
    if not shares.note(connection, of.id, act, ctx.now):
        return []
    return telling.owed(ctx, connection, of, "refused" if payable else "owed")


def _was_reminded(connection: Connection, of: Share) -> bool:
    return any(one.deed == "reminded" for one in shares.acts(connection, of.id))


def _lapse(connection: Connection, of: Share, now: datetime) -> None:
    """Let what nobody could be paid go where the terms say."""
    reward = of.reward
    account = store.account_of(of.github_id)
    to_backers = reward.lapse == "backers" and reward.payments
    taker = f"request:{reward.about}" if to_backers else reward.book
    left = leaving.leave(connection, of, "lapsed", f"lapsed:{of.id}", now)
    if not left:
        return
    entries = [Entry(account, left), Entry(taker, -left)]
    store.post(connection, reward, f"lapse:{of.id}", "redirect", entries, now)
    if to_backers:
        _give_back(connection, of, left, now)


def _give_back(connection: Connection, of: Share, left: Money, now: datetime) -> None:
    """Ask the bank to give a share back to those who paid for it, by what each of them paid.

    What a card cannot carry (the last digit of three) is left to the project.
    """
    payments = of.reward.payments
    parts = split(left, [one[2] for one in payments])
    rest = Money(0, left.currency)
    for (gift_id, charge, _minor, _known), part in zip(payments, parts, strict=True):
        fine, odd = sendable(part)
        rest += odd
        gift = gifts.by_name(connection, f"gift:{gift_id}")
        if gift is None or not fine or gift.money.currency != fine.currency:
            continue
        call = GiveBack(gift.name, charge, to_stripe(fine), of_request=True)
        key = f"lapse:{charge}"
        if not calls.put(connection, call, key, now):
            calls.put(connection, call, f"{key}:{of.id}", now)
    if rest:
        entries = [Entry(f"request:{of.reward.about}", rest), Entry(of.reward.book, -rest)]
        store.post(connection, of.reward, f"lapse-rest:{of.id}", "redirect", entries, now)
