"""From a movement of the processor's balance to what the books write: pure, once for each movement.

What a gift brings is shared by the weights of its terms; fees, and what goes back, are shared as
the gift was. A movement's own id is the cause, so that every balance transaction has exactly one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from core.money import Money, from_stripe, split
from donations.giving.rules import Product
from donations.giving.terms import OF_A_SALE
from donations.ledger import CASH, CONVERSION, FEES, Cause, Entry, Kind, Transaction
from donations.told import Movement

SOURCE = "stripe"

KINDS: Mapping[Product, Kind] = {"donation": "gift", "pledge": "pledge", "licence": "licence"}
"""As what the books know a payment for each product."""


@dataclass(frozen=True)
class Gift:
    """What the books need to know of a gift: `shares` are accounts with whole weights.

    Fees are borne as it is shared, or by `bearer` where that is said.
    """

    id: int
    book: str
    kind: Kind
    about: str
    shares: tuple[tuple[str, int], ...]
    bearer: str = ""

    @property
    def unasked(self) -> "Gift":
        """What came for it but was not said: owed back whole, and its fees are a loss."""
        owed = ((f"refund:gift-{self.id}", 1),)
        return replace(self, kind="adjustment", shares=owed, bearer="loss:refunds")


def account_of(share: str, repo_id: int, about: str) -> str:
    """Name the account of a share: what is for a feature lies with its request."""
    if share in OF_A_SALE:
        return f"{share}:{repo_id}"
    if share == "feature" and about:
        return f"request:{about}"
    return f"owed:builders-{repo_id}" if share == "builders" else f"project:{repo_id}"


def paid(gift: Gift, movement: Movement, said: Money) -> tuple[Transaction, ...]:
    """Write down a payment of what was `said`: what came in, and who bears its fee."""
    return _moved(gift, movement, gift.kind, said)


def refunded(gift: Gift, movement: Movement, said: Money) -> tuple[Transaction, ...]:
    """Write down what went back: `movement.amount` is negative. Fees stay paid; some cost one more."""
    return _moved(gift, movement, "refund", -said)


def refund_failed(gift: Gift, movement: Movement, said: Money) -> tuple[Transaction, ...]:
    """Write down what came home: it is still owed to the giver, who has to say where to."""
    owed = replace(gift, shares=((f"refund:gift-{gift.id}", 1),))
    home = _moved(owed, movement, "refund_failed", said, fee=False)
    return home + _fee(gift, movement, _money(movement.fee, movement))


def disputed(gift: Gift, movement: Movement, said: Money) -> tuple[Transaction, ...]:
    """Write down what a dispute took (`amount` below 0) or gave back, and its fee."""
    if movement.amount < 0:
        return _moved(gift, movement, "dispute", -said)
    return _moved(gift, movement, "dispute_won", said)


def _moved(
    gift: Gift, movement: Movement, kind: Kind, said: Money, *, fee: bool = True
) -> tuple[Transaction, ...]:
    """Write a movement down: in the currency in which it was said, and what that settled in.

    Where the processor settles in another currency, what is owed is in that one from then on, at
    the rate of the movement: what was said goes through the conversion account, and stays visible.
    """
    moved, kept = _money(movement.amount, movement), _money(movement.fee, movement)
    cash = [*_some(CASH, moved - kept), *_some(FEES, kept)]
    fees = _fee(gift, movement, kept) if fee else ()
    if said.currency == moved.currency:
        entries = [*cash, *_shared(gift, -moved)]
        return (_posted(gift, movement, kind, entries), *fees)
    into = [*_some(CONVERSION, -moved), Entry(CONVERSION, said)]
    back = [Entry(CONVERSION, -said), *_some(CONVERSION, moved)]
    told = [*cash, *into, *_shared(gift, -said)]
    rated = [*_shared(gift, said), *back, *_shared(gift, -moved)]
    return (
        _posted(gift, movement, kind, told),
        _posted(gift, movement, "conversion", rated),
        *fees,
    )


def _fee(gift: Gift, movement: Movement, fee: Money) -> tuple[Transaction, ...]:
    if not fee:
        return ()
    borne = [Entry(gift.bearer, fee)] if gift.bearer else _shared(gift, fee)
    return (_posted(gift, movement, "fee", [Entry(FEES, -fee), *borne]),)


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


def _money(amount: int, movement: Movement) -> Money:
    return from_stripe(amount, movement.currency)
