"""What a giver leaves to the project, where the work is refused: all that came of a gift until then."""

from collections import Counter
from datetime import datetime

from sqlalchemy import Connection

from bot.money import pledges_money
from core.money import Money
from donations import store as books
from donations.giving import booking, settlements
from donations.giving.store import Gift
from donations.ledger import Cause, Entry, Transaction
from donations.pledges import store
from donations.pledges.rules import Act, Held


def redirect(connection: Connection, gift: Gift, now: datetime) -> bool:
    """Leave what of a gift lies with a refused request to the project; says whether it did."""
    account = booking.account_of("feature", gift.repo_id, gift.about)
    rated = settlements.of_gift(connection, gift.id)
    left: Counter[str] = Counter()
    covered, found = store.course_of(connection, gift.about).covered, list[Held]()
    minor = 0
    for payment, part in store.held(connection, gift):
        if payment.evidence in covered or pledges_money.return_of(connection, gift, payment):
            continue
        found.append(payment)
        minor += part.minor
        came = settlements.came_to(rated.get(payment.evidence), part)
        left[came.currency] += came.minor
    entries = _moved(connection, gift, account, left)
    if not entries:
        return False
    act = Act("redirected", gift.name, now, minor, gift.money.currency)
    if not store.write(connection, gift.about, act, now):
        return False
    for payment in found:
        store.write(connection, gift.about, Act("covered", payment.evidence, now), now)
    for place in range(0, len(entries), 2):
        code = entries[place].money.currency
        name = f"redirect:{gift.name}" + (f":{code}" if code != gift.money.currency else "")
        pair = tuple(entries[place : place + 2])
        cause = Cause(pledges_money.SOURCE, name[:120], "redirect")
        books.post(
            connection, Transaction(f"project:{gift.repo_id}", cause, now, pair, gift.about), now
        )
    return True


def _moved(connection: Connection, gift: Gift, account: str, left: Counter[str]) -> list[Entry]:
    """Give a pair of entries for each currency of which something is there to be left."""
    entries: list[Entry] = []
    for there in books.balances_in(connection, f"project:{gift.repo_id}", account):
        moved = min(left[there.currency], -there.minor)
        if moved > 0:
            money = Money(moved, there.currency)
            entries += [Entry(account, money), Entry(f"project:{gift.repo_id}", -money)]
    return entries
