"""A payment that is looked into, and a debit that its holder takes back: nothing more is sent, or taken."""

from collections.abc import Iterable

from sqlalchemy import Connection, select

from bot.money import pledges
from bot.money.seen import Look, sees
from core.context import Context, Effect
from donations.giving import store as gifts
from donations.giving.tables import giver
from donations.payouts import paying
from donations.pledges import rules, store
from donations.told import Mandate, Review


@sees("review")
def hold_while_it_is_looked_into(
    look: Look, ctx: Context, connection: Connection
) -> Iterable[Effect]:
    """Let what a payment paid for wait while somebody looks into it, and no longer once it is good."""
    seen = look.seen
    if isinstance(seen, Review) and seen.charge_id:
        if seen.open:
            paying.warn(connection, seen.charge_id, "review", ctx.now)
        elif seen.approved:
            paying.trust(connection, seen.charge_id, "review")
    return ()


@sees("mandate")
def let_go_what_may_not_be_taken(
    look: Look, ctx: Context, connection: Connection
) -> Iterable[Effect]:
    """Take a promise back whose giver told their bank so."""
    seen = look.seen
    if not isinstance(seen, Mandate) or not seen.ends or not seen.method_id:
        return
    mine = select(giver.c.gift_id).where(giver.c.method_id == seen.method_id)
    for number in connection.scalars(mine).all():
        gift = gifts.by_name(connection, f"gift:{number}")
        if gift is None or gift.product != "pledge":
            continue
        store.hold(connection, gift.about)
        (promise,) = store.promises(connection, (gift,))
        if not promise.charged and promise.state not in rules.ENDED:
            pledges.let_go(connection, gift, "withdrawn", ctx.now)
            yield pledges.look_again(gift.about, f"mandate:{seen.id}:{gift.id}", ctx.now)
