"""What follows for shares from what was seen at the processor: transfers, payees, warnings, refusals.

Whatever is looked at, and however often, the same acts and the same postings come of it.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, select

from bot.money import coming_home
from bot.money.seen import Look, sees, told_of_refusals
from bot.payouts import sending, telling
from core.context import Context, Effect, Task
from core.money import Money, from_stripe
from donations import movements
from donations import store as books
from donations.asked import GiveBack, Send
from donations.calls import Kept
from donations.giving import store as gifts
from donations.giving.booking import SOURCE, account_of
from donations.ledger import Cause, Entry, Kind, Transaction
from donations.payouts import paying, shares, store
from donations.payouts.paying import Payout
from donations.payouts.rules import Act, Deed
from donations.payouts.shares import Share
from donations.payouts.tables import debt
from donations.told import Movement, Payee, Reversal, Transfer, Warned
from webhooks.stripe_told import StripeTold

NOTHING: tuple[Effect, ...] = ()
UNABLE = "insufficient_capabilities_for_transfer"
TOO_LITTLE = "balance_insufficient"


@sees("transfer")
def transfer_seen(look: Look, ctx: Context, connection: Connection) -> Iterable[Effect]:
    """A transfer was made, and may have come back in parts."""
    seen = look.seen
    if not isinstance(seen, Transfer) or seen.movement is None:
        return NOTHING
    sent = paying.by_name(connection, seen.about)
    if sent is None:
        return NOTHING
    of = _share(connection, sent)
    store.hold(connection, of.github_id)
    money = _money(seen.movement, -seen.movement.amount)
    act = Act("sent", seen.id, seen.movement.created_at, money.minor, sent.name)
    if shares.note(connection, of.id, act, ctx.now):
        telling.tell(connection, of, "sent", f"sent:{sent.id}", ctx.now)
    account = store.account_of(of.github_id)
    _post(connection, of, seen.movement, "transfer", movements.sent(money, account), ctx.now)
    effects: list[Effect] = []
    for one in seen.reversals:
        effects += _came_back(ctx, connection, of, sent, one)
    who = paying.of(connection, of.github_id)
    if who is None or who.stripe_id != sent.stripe_id or not who.payable:
        # That the account cannot pay out any more was heard of before what it got.
        bring_home(connection, sent.stripe_id, ctx.now)
    return effects


def _came_back(
    ctx: Context, connection: Connection, of: Share, sent: Payout, seen: Reversal
) -> list[Effect]:
    """A part of a transfer came back: for an earlier loss, or because it could not be paid out."""
    if seen.movement is None:
        return []
    money = _money(seen.movement, seen.movement.amount)
    account = store.account_of(of.github_id)
    entries = movements.received(money, account)
    _post(connection, of, seen.movement, "transfer_returned", entries, ctx.now)
    if seen.about.startswith("debt:"):
        _make_good(connection, of, seen, money, ctx.now)
        return []
    act = Act("returned", seen.id, seen.movement.created_at, money.minor, sent.name)
    if not shares.note(connection, of.id, act, ctx.now):
        return []
    telling.tell(connection, of, "came_back", f"back:{seen.id}", ctx.now)
    store.wait_for(connection, of.id, ctx.now)
    return [sending.look_again(of.id, of.github_id, seen.id, ctx.now)]


def _make_good(
    connection: Connection, of: Share, seen: Reversal, money: Money, now: datetime
) -> None:
    """Let what came back from an account make good what the house had lent."""
    _, _, number = seen.about.partition(":")
    row = connection.execute(select(debt).where(debt.c.id == int(number))).one_or_none()
    if row is None:
        return
    act = Act("taken", seen.id, now, money.minor, seen.about)
    if shares.note(connection, of.id, act, now):
        entries = [Entry(store.account_of(of.github_id), money), Entry(row.bearer, -money)]
        store.post(connection, of.reward, f"taken:{seen.id}", "clawback", entries, now)


@sees("payee")
def payee_seen(look: Look, ctx: Context, connection: Connection) -> Iterable[Effect]:
    """Somebody's account is there, or can be paid now, or not any more."""
    if not isinstance(look.seen, Payee):
        return NOTHING
    who = paying.seen(connection, look.seen, ctx.now)
    if who is None:
        return NOTHING
    if not look.seen.payable:
        bring_home(connection, look.seen.id, ctx.now)
        return NOTHING
    return sending.look_at_person(connection, who, f"{ctx.source}:{ctx.guid}", ctx.now)


@sees("warning")
def warning_seen(look: Look, ctx: Context, connection: Connection) -> Iterable[Effect]:
    """What a doubtful charge paid for waits."""
    if isinstance(look.seen, Warned) and look.seen.charge_id:
        paying.warn(connection, look.seen.charge_id, "network", ctx.now)
    return NOTHING


@told_of_refusals
def refused(kept: Kept, ctx: Context, connection: Connection) -> Iterable[Effect]:
    """A transfer was refused: its share is owed as before, and tried again under another key."""
    if isinstance(kept.call, GiveBack) and kept.effect_key.startswith("lapse:"):
        _leave_to_project(connection, kept, ctx.now)
    coming_home.owe(connection, kept, ctx.now)
    sent = paying.by_name(connection, kept.call.about)
    if sent is None or not isinstance(kept.call, Send):
        return NOTHING
    evidence = f"call:{kept.id}:{kept.refusals}"
    # That we had too little at the bank is no fault of their account: their time does not run.
    deed: Deed = "unfunded" if kept.code == TOO_LITTLE else "refused"
    act = Act(deed, evidence, ctx.now, concerns=sent.name)
    if not shares.note(connection, sent.share_id, act, ctx.now):
        return NOTHING
    store.wait_for(connection, sent.share_id, ctx.now + sending.AT_LEAST_EVERY)
    if kept.code != UNABLE:
        return NOTHING
    about = {"kind": "payee", "id": sent.stripe_id}
    key = f"look_at_stripe:{evidence}"
    return [Task("look_at_stripe", key, ctx.now, f"stripe:{sent.stripe_id}", about)]


def _leave_to_project(connection: Connection, kept: Kept, now: datetime) -> None:
    """Leave to the project what lapsed and could not be given back: it would rest there for ever."""
    gift = gifts.by_name(connection, kept.call.about)
    if gift is None or not isinstance(kept.call, GiveBack):
        return
    money = from_stripe(kept.call.amount, gift.money.currency)
    book = account_of("project", gift.repo_id, "")
    lies = account_of("feature", gift.repo_id, gift.about)
    there = store.owed_in(connection, book, lies, money.currency)
    if (left := min(money, there)).minor > 0:
        cause = Cause(store.SOURCE, f"lapse-refused:{kept.id}", "redirect")
        entries = (Entry(lies, left), Entry(book, -left))
        books.post(connection, Transaction(book, cause, now, entries, gift.about), now)


def bring_home(connection: Connection, stripe_id: str, now: datetime) -> None:
    """Ask for what an account got and never paid out, once the account cannot pay out any more."""
    for sent in paying.to_account(connection, stripe_id):
        of = _share(connection, sent)
        if of.standing.state == "sent" and of.standing.live == sent.name and of.standing.sent > 0:
            money = Money(of.standing.sent, of.money.currency)
            # A part of it may be taken for a loss meanwhile: what is asked then is another call.
            why = f"home:{sent.id}:{money.minor}"
            paying.take_back(connection, sent, why, money, now)


def paid_out(connection: Connection, deed: Deed, told: StripeTold, now: datetime) -> None:
    """Write down that a payout to somebody's bank set out (`settled`), or came back (`bounced`).

    It takes days to arrive: what was sent since it set out is not in it. Of what is sent just now
    nobody knows when, until its transfer was looked at; how it stands follows from both.
    """
    for sent in paying.to_account(connection, told.account):
        of = _share(connection, sent)
        if of.standing.live == sent.name:
            act = Act(deed, told.object_id, told.object_created_at, concerns=sent.name)
            shares.note(connection, of.id, act, now)


def _share(connection: Connection, sent: Payout) -> Share:
    (of,) = shares.shares(connection, (sent.share_id,))
    return of


def _post(
    connection: Connection,
    of: Share,
    movement: Movement,
    kind: Kind,
    entries: tuple[Entry, ...],
    now: datetime,
) -> None:
    cause = Cause(SOURCE, movement.id, kind)
    made = Transaction(of.reward.book, cause, movement.created_at, entries, of.reward.about)
    books.post(connection, made, now)


def _money(movement: Movement, amount: int) -> Money:
    return from_stripe(amount, movement.currency)
