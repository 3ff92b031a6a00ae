"""Each night: what is owed together beside what the processor holds, published as a proof."""

import logging
from collections import Counter

from sqlalchemy import Connection

from core.context import Context, Decide, Effect
from core.money import from_stripe
from donations import processor, reserves
from donations.processor import Processor
from webhooks.router import TaskDue, on_task

log = logging.getLogger(__name__)


@on_task("prove_reserves")
def prove(task: TaskDue, ctx: Context) -> Decide:
    """Ask the processor, if there is one, and write the proof of the day; the first of a day stands."""
    del task
    bank = processor.of(ctx)
    said = None if bank is None else _held(bank)

    def decide(connection: Connection) -> list[Effect]:
        reserves.add(connection, said, ctx.now)
        return []

    return decide


def _held(bank: Processor) -> dict[str, int]:
    """Give what the processor holds, available or not yet, in our minor units by currency."""
    held: Counter[str] = Counter()
    for one in bank.balances():
        try:
            money = from_stripe(one.available + one.pending, one.currency)
        except ValueError:
            # One amount that we cannot read must not keep all others from being proven.
            log.exception(
                "balance in a currency that is not known", extra={"currency": one.currency}
            )
            continue
        held[money.currency] += money.minor
    return dict(held)
