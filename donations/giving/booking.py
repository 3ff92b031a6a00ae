"""From a movement of the processor's balance to what the books write: pure, once for each movement.

What a gift brings is shared by the weights of its terms; fees, and what goes back, are shared as
the gift was. A movement's own id is the cause, so that every balance transaction has exactly one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from core.money import Money, from_stripe, split
from donations.ledger import CASH, FEES, Cause, Entry, Kind, Transaction
from donations.told import Movement

SOURCE = "stripe"


@dataclass(frozen=True)
class Gift:
    """What the books need to know of a gift: `shares` are accounts with whole weights."""

    id: int
    book: str
    kind: Kind
    about: str
    shares: tuple[tuple[str, int], ...]


def account_of(share: str, repo_id: int, about: str) -> str:
    """Name the account of a share: what is for a feature lies with its request."""
    if share == "feature" and about:
        return f"request:{about}"
    return f"owed:builders-{repo_id}" if share == "builders" else f"project:{repo_id}"


def paid(gift: Gift, movement: Movement) -> tuple[Transaction, ...]:
    """Write down a payment: what came in, and who bears its fee."""
    gross, fee = _money(movement.amount, movement), _money(movement.fee, movement)
    came = [Entry(CASH, gross - fee), *_some(FEES, fee), *_shared(gift, -gross)]
    return (_posted(gift, movement, gift.kind, came), *_fee(gift, movement, fee))


def refunded(gift: Gift, movement: Movement) -> tuple[Transaction, ...]:
    """Write down what went back: `movement.amount` is negative. Fees stay paid."""
    back = _money(movement.amount, movement)
    return (_posted(gift, movement, "refund", [Entry(CASH, back), *_shared(gift, -back)]),)


def refund_failed(gift: Gift, movement: Movement) -> tuple[Transaction, ...]:
    """Write down what came home: it is still owed to the giver, who has to say where to."""
    home = _money(movement.amount, movement)
    entries = [Entry(CASH, home), Entry(f"refund:gift-{gift.id}", -home)]
    return (_posted(gift, movement, "refund_failed", entries),)


def disputed(gift: Gift, movement: Movement) -> tuple[Transaction, ...]:
    """Write down what a dispute took (`amount` below 0) or gave back, and its fee."""
    moved, fee = _money(movement.amount, movement), _money(movement.fee, movement)
    kind: Kind = "dispute" if movement.amount < 0 else "dispute_won"
    entries = [*_some(CASH, moved - fee), *_some(FEES, fee), *_shared(gift, -moved)]
    return (_posted(gift, movement, kind, entries), *_fee(gift, movement, fee))


def _fee(gift: Gift, movement: Movement, fee: Money) -> tuple[Transaction, ...]:
    if not fee:
        return ()
    return (_posted(gift, movement, "fee", [Entry(FEES, -fee), *_shared(gift, fee)]),)


def _shared(gift: Gift, money: Money) -> Sequence[Entry]:
    """Share an amount among the accounts; what falls to the same one is one entry."""
    sums: dict[str, Money] = {}
    weights = [weight for _, weight in gift.shares]
    for (account, _), part in zip(gift.shares, split(money, weights), strict=True):
        sums[account] = sums[account] + part if account in sums else part
    return [Entry(account, part) for account, part in sums.items() if part]


def _some(account: str, money: Money) -> list[Entry]:
    return [Entry(account, money)] if money else []


def _posted(gift: Gift, movement: Movement, kind: Kind, entries: Sequence[Entry]) -> Transaction:
    return Transaction(
        book=gift.book,
        cause=Cause(SOURCE, movement.id, kind),
        happened_at=movement.created_at,
        entries=tuple(entries),
        about=gift.about,
    )


def moved(movement: Movement) -> Money:
    """Give what a movement moved, before any fee."""
    return _money(movement.amount, movement)


def _money(amount: int, movement: Movement) -> Money:
    return from_stripe(amount, movement.currency)
