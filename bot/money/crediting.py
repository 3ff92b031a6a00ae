"""What went back of what was invoiced, on credit notes: once nothing was heard of it for a day.

A refund that failed, and was made again, is one that went back; and that it failed may be heard of
last. A note that was sent and is wrong has to be cancelled by another paper, so none is sent early.
"""

from datetime import datetime

from sqlalchemy import Connection

from bot.awards.clawing import QUIET
from bot.mail import gifts as letters
from core.context import Task
from core.money import Money
from donations.giving import rules, store
from donations.giving.store import Gift
from donations.pledges import store as purses
from donations.receipts import notes
from donations.receipts import store as receipts
from donations.receipts.store import Receipt


def credit(connection: Connection, gift: Gift, now: datetime) -> tuple[Task, ...]:
    """Bring the credit notes of a gift to what went back of it, or ask for that once it is quiet."""
    store.hold(connection, gift)
    acts = store.acts(connection, gift.id)
    invoices = [one for one in receipts.of_gift(connection, gift.id) if one.kind == "invoice"]
    gone = {one.id: rules.went_back(acts, one.payment) for one in invoices}
    if not any(gone.values()):
        return ()
    heard = purses.last_heard(connection, [gift.id])
    if heard is not None and now < heard + QUIET:
        return (_later(gift, heard),)
    for one in invoices:
        _credit(connection, gift, one, gone[one.id], now)
    return ()


def _credit(
    connection: Connection,
    gift: Gift,
    invoice: Receipt,
    gone: tuple[rules.Act, ...],
    now: datetime,
) -> None:
    happened = sorted(gone, key=lambda one: (one.at, one.evidence))
    back = [(one.evidence, Money(one.minor, gift.money.currency)) for one in happened]
    for paper in notes.credit_back(connection, invoice, back, now):
        letters.receipt(connection, gift, paper.name, now)


def _later(gift: Gift, heard: datetime) -> Task:
    key = f"credit_back:{gift.id}:{heard.isoformat()}"
    return Task("credit_back", key, heard + QUIET, gift.name, {"gift": gift.name})
