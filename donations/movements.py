"""The shapes in which money moves, as entries: taken in, given out, moved on, converted. Pure.

Whoever posts puts them together into one transaction; each of them sums to zero by itself.
Amounts are positive. Accounts are named in `donations.ledger`.
"""

from core.money import Money
from donations.ledger import CASH, CONVERSION, FEES, Entry, Unsound


def received(money: Money, account: str) -> tuple[Entry, ...]:
    """The processor took money in, and we owe it to `account`."""
    return _moved(money, debit=CASH, credit=account)


def sent(money: Money, account: str) -> tuple[Entry, ...]:
    """The processor gave money out, which we no longer owe to `account`."""
    return _moved(money, debit=account, credit=CASH)


def moved(money: Money, giver: str, taker: str) -> tuple[Entry, ...]:
    """What was owed to `giver` is owed to `taker`; the processor knows nothing of it."""
    return _moved(money, debit=giver, credit=taker)


def charged(fee: Money, bearer: str) -> tuple[Entry, ...]:
    """The processor kept a fee, and `bearer` (an account that is owed, or a loss) bears it."""
    return _moved(fee, debit=FEES, credit=CASH) + _moved(fee, debit=bearer, credit=FEES)


def converted(out: Money, into: Money, account: str) -> tuple[Entry, ...]:
    """The processor changed `out` into `into`, and what we owe to `account` changes with it.

    At the rate at which it was done, once: nothing is ever rated again.
    """
    if out.currency == into.currency:
        raise Unsound("money is converted into another currency")
    return (
        *_moved(out, debit=CONVERSION, credit=CASH),
        *_moved(out, debit=account, credit=CONVERSION),
        *_moved(into, debit=CASH, credit=CONVERSION),
        *_moved(into, debit=CONVERSION, credit=account),
    )


def _moved(money: Money, *, debit: str, credit: str) -> tuple[Entry, ...]:
    if money.minor <= 0:
        raise Unsound("what moves is more than nothing")
    return (Entry(debit, money), Entry(credit, -money))
