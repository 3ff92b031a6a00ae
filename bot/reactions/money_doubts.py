"""A payment that is looked into, and a debit that its holder takes back: nothing more is sent, or taken."""

from collections.abc import Iterable

from sqlalchemy import Connection, select

from bot.money import pledges
from bot.money.seen import Look, sees
from core.context import Context, Effect, Task
from donations.giving import store as gifts
from donations.giving.tables import giver
from donations.payouts import paying
from donations.pledges import rules, store
from donations.told import Mandate, Review, SavedCard


@sees("review")
def hold_while_it_is_looked_into(
    look: Look, ctx: Context, connection: Connection
) -> Iterable[Effect]:
    """Let what a payment paid for wait while somebody looks into it, and no longer once it is good."""
    seen = look.seen
    if isinstance(seen, Review) and seen.charge_id:
        if seen.approved:
            paying.trust(connection, seen.charge_id, "review")
        else:
            # Nor is it good where the look ended otherwise, heard of while it went on or not.
            paying.warn(connection, seen.charge_id, "review", ctx.now)
    return ()


@sees("setup")
def look_whether_it_may_be_taken(
    look: Look, ctx: Context, connection: Connection
) -> Iterable[Effect]:
    """Look at a saved account's mandate: that it ended may have been heard before it was saved."""
    del connection
    seen = look.seen
    if isinstance(seen, SavedCard) and seen.mandate_id:
        about = {"kind": "mandate", "id": seen.mandate_id}
        key = f"look_at_stripe:{seen.id}:{seen.mandate_id}"
        yield Task("look_at_stripe", key, ctx.now, f"stripe:{seen.mandate_id}", about)


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
