"""Credit notes: written a day after the last word about what went back of an invoice."""

from functools import partial

from sqlalchemy import Connection

from bot.money import crediting, unheard
from core.context import Context, Decide, Effect
from donations.giving import store as gifts
from donations.giving.store import Gift
from webhooks.router import TaskDue, on_task


@on_task("credit_back")
def credit_back(task: TaskDue, ctx: Context) -> Decide | None:
    """Credit what went back of a gift's invoices, once the bank has nothing more to say of it."""
    with ctx.database.read() as connection:
        gift = gifts.by_name(connection, str(task.about["gift"]))
    if gift is None:
        return None
    # What is found there is news: it asks for this once more, a day later.
    return unheard.of_gifts(ctx, [gift.id]) or partial(_credit, gift, ctx)


def _credit(gift: Gift, ctx: Context, connection: Connection) -> list[Effect]:
    return [*crediting.credit(connection, gift, ctx.now)]
