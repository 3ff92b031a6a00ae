"""What remains of a payment of which a part went back, and the receipts that stand for it. Pure.

A receipt is never changed: when a part goes back it is cancelled, and another one of the same
kind can be issued for what is left.
"""

from collections.abc import Iterable

from donations.giving.rules import Act, went_back


def left(acts: Iterable[Act], payment: Act) -> int:
    """Give what is left of a payment, in minor units of the gift's currency."""
    gone = sum(one.minor for one in went_back(acts, payment.evidence))
    return max(0, payment.minor - gone)


def name(payment: str, before: int) -> str:
    """Name what a receipt is about: a payment, `before` receipts of whose kind were cancelled."""
    return f"{payment}:{before + 1}" if before else payment


def is_about(told: str, payment: str) -> bool:
    """Say whether a receipt that is about `told` stands, or stood, for a payment."""
    return told == payment or told.startswith(f"{payment}:")


def sentence(replaced: str, *, is_french: bool) -> str:
    """Say on a receipt in whose place it is, and for what."""
    if is_french:
        return (
            f"Ce reçu remplace le reçu {replaced}, qui est annulé : une partie du versement a été"
            " remboursée, et le montant ci-dessus est ce qu’il en reste."
        )
    return (
        f"This receipt takes the place of {replaced}, which is cancelled: a part of the payment"
        " went back, and the amount above is what is left of it."
    )
