"""What stands on a credit note: the part of an invoice that went back, with the tax in it. Pure.

An invoice is never changed or withdrawn: what changes it is another document that names it and
says what an invoice says (CGI art. 289 I 5; Directive 2006/112/EC, art. 219).
"""

from dataclasses import replace
from datetime import date

from core.money import Money, split
from donations.receipts.fields import Facts


def note(invoice: Facts, name: str, credited: Money, money: Money, on: date) -> Facts | None:
    """Give the credit note for `money` that went back of an invoice `name`; None where nothing is left.

    What was `credited` before counts: all notes together come to the invoice at most, and once
    they do, so does their tax, to the cent.
    """
    part = min(money, invoice.money - credited)
    if part.minor <= 0:
        return None
    item = invoice.item
    if item is not None:
        tax = _tax_in(invoice, credited + part) - _tax_in(invoice, credited)
        item = replace(item, tax=tax.minor)
    return replace(invoice, kind="credit_note", money=part, paid_on=on, cancels=name, item=item)


def _tax_in(invoice: Facts, part: Money) -> Money:
    """Give the tax in so much of an invoice, counted from its first cent."""
    tax = invoice.item.tax if invoice.item else 0
    return split(part, (invoice.money.minor - tax, tax))[1]
