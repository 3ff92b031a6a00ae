"""What moves the processor's balance and is nobody's gift or share: its own fees, and our bank. Pure.

    https://docs.stripe.com/reports/balance-transaction-types

Money that is taken to that bank is still owed to whom it was owed: it stands as explained, not as
held, in the proof of reserves.
"""

from collections.abc import Mapping

from core.money import Money, from_stripe
from donations.giving.booking import SOURCE
from donations.ledger import BANK, CASH, HOUSE, Cause, Entry, Kind, Transaction
from donations.told import Movement

_KINDS: Mapping[str, tuple[Kind, str]] = {
    "payout": ("payout", BANK),
    "payout_cancel": ("payout", BANK),
    "payout_failure": ("payout", BANK),
    "topup": ("top_up", BANK),
    "topup_reversal": ("top_up", BANK),
    "stripe_fee": ("fee", "loss:fees"),
    "stripe_fx_fee": ("fee", "loss:fees"),
    "tax_fee": ("fee", "loss:fees"),
}


def written(of: Movement) -> Transaction | None:
    """Give what the house's book says of a movement; None for one that somebody else has to post."""
    if of.kind not in _KINDS:
        return None
    kind, account = _KINDS[of.kind]
    moved, fee = from_stripe(of.amount, of.currency), from_stripe(of.fee, of.currency)
    lines = [(CASH, moved - fee), (account, -moved), ("loss:fees", fee)]
    entries = tuple(Entry(name, money) for name, money in _joined(lines) if money)
    if not entries:
        return None
    return Transaction(HOUSE, Cause(SOURCE, of.id, kind), of.created_at, entries)


def _joined(lines: list[tuple[str, Money]]) -> list[tuple[str, Money]]:
    sums: dict[str, Money] = {}
    for name, money in lines:
        sums[name] = sums[name] + money if name in sums else money
    return list(sums.items())
