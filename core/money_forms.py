"""How each language writes each currency, learnt from CLDR once: asking for every amount takes long."""

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.numbers import (
    NumberPattern,
    get_currency_symbol,
    get_decimal_symbol,
    get_group_symbol,
    parse_pattern,
)

from core.currencies import CURRENCIES


@dataclass(frozen=True)
class Written:
    """How amounts of one currency are written: what stands around the figures, and between them."""

    positive: tuple[str, str]
    negative: tuple[str, str]
    group: str
    point: str
    digits: int


@lru_cache(maxsize=512)
def written(currency: str, locale: str) -> Written:
    """Give how amounts of a currency are written in `locale`."""
    pattern = _pattern(currency, locale)

    def around(value: int) -> tuple[str, str]:
        text = str(pattern.apply(Decimal(value), locale, currency=currency, currency_digits=False))
        before, _one, after = text.partition("1")
        return before, after

    digits = pattern.frac_prec[1]
    pattern.frac_prec = (0, 0)
    group, point = get_group_symbol(locale), get_decimal_symbol(locale)
    return Written(around(1), around(-1), group, point, digits)


def _pattern(currency: str, locale: str) -> NumberPattern:
    form = Locale.parse(locale).currency_formats["standard"].pattern
    if get_currency_symbol(currency, locale=locale)[-1].isalpha():
        # A code of letters does not stick to the figures: CLDR's rule “alphaNextToNumber”.
        form = form.replace("¤#", "¤\u00a0#")
    pattern = parse_pattern(form)
    digits = CURRENCIES[currency].digits
    pattern.frac_prec = (digits, digits)
    return pattern
