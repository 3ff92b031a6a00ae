"""Where people can be paid: the countries in which Stripe makes such accounts."""

from babel import Locale

PAID_IN = frozenset(
    "AE AT AU BE BG BR CA CH CY CZ DE DK EE ES FI FR GB GI GR HK HR HU IE IT JP LI LT LU LV MT MX"
    " MY NL NO NZ PL PT RO SE SG SI SK TH US".split()
)
"""https://docs.stripe.com/connect/express-accounts; which of them it pays from here is its word."""


def named(locale: str) -> list[tuple[str, str]]:
    """Give each country as (code, name), in the order of their names."""
    names = Locale.parse(locale).territories
    return sorted(((code, str(names.get(code, code))) for code in PAID_IN), key=lambda it: it[1])
