"""An amount with its currency as people write it beside other words: pure, over `core.money`."""

import re

from core import money
from core.currencies import CURRENCIES
from core.money import Money, NotAnAmount

SIGNS = {"€": "EUR", "£": "GBP", "$": "USD", "¥": "JPY"}
"""Signs that stand for a currency without its code; others have to be written as codes."""

_CODE = re.compile(r"(?<![A-Za-z])[A-Za-z]{3}(?![A-Za-z])", re.ASCII)


def read(text: str, language: str) -> Money | None:
    """Read `300 EUR`, `€300` or `1 234,50 €`, in figures of `language`; None where it is none."""
    code = _CODE.search(text)
    currency = code[0].upper() if code else ""
    if not currency:
        currency = next((name for sign, name in SIGNS.items() if sign in text), "")
    if currency not in CURRENCIES:
        return None
    bare = text.replace(code[0], "") if code else text
    for sign, name in SIGNS.items():
        if name == currency:
            bare = bare.replace(sign, "")
    try:
        return money.parse(bare.strip(), currency, language)
    except NotAnAmount:
        return None
