"""What stands on a credit note: the part of an invoice that went back, with the tax in it. Pure.

An invoice is never changed or withdrawn: what changes it is another document that names it and
says what an invoice says (CGI art. 289 I 5; Directive 2006/112/EC, art. 219).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from core.money import Money, split
from donations.receipts.fields import Facts


@dataclass(frozen=True)
class Standing:
    """All credit notes on an invoice that stand: what they come to, and the tax in that, in minor units."""

    money: Money
    tax: int = 0


def parts(invoice: Money, gone: Iterable[tuple[str, Money]]) -> Mapping[str, Money]:
    """Say what of an invoice is credited for each thing that went back, by its evidence.

    `gone` is in the order in which it happened: all together is the invoice at most.
    """
    left, found = invoice, dict[str, Money]()
    for evidence, money in gone:
        part = min(money, left)
        if part.minor > 0:
            found[evidence] = part
            left -= part
    return found


def note(invoice: Facts, name: str, before: Standing, money: Money, on: date) -> Facts:
    """Give the credit note for `money` that went back of an invoice `name`.

    The notes that stood `before` count: whatever their number, all together bear the tax of what
    they come to, to the cent.
    """
    item = invoice.item
    if item is not None:
        tax = _tax_in(invoice, before.money + money) - before.tax
        item = replace(item, tax=max(0, min(tax, money.minor)))
    return replace(invoice, kind="credit_note", money=money, paid_on=on, cancels=name, item=item)


def _tax_in(invoice: Facts, part: Money) -> int:
    """Give the tax in so much of an invoice, counted from its first cent."""
    tax = invoice.item.tax if invoice.item else 0
    return split(part, (invoice.money.minor - tax, tax))[1].minor
