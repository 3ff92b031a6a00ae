"""Which amounts Stripe takes, https://docs.stripe.com/currencies: the sandbox's own list."""

from bot.sandbox.stripe.bank import Refused

LARGEST = 99_999_999
NO_FRACTION = frozenset({"isk", "ugx"})
"""Shown without fractions, but sent with two digits that must be 00."""

THREE_DIGITS = frozenset({"bhd", "jod", "kwd", "omr", "tnd"})
WHOLE = frozenset("bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf".split())
LEAST = {"eur": 50, "usd": 50, "gbp": 30, "chf": 50, "jpy": 50, "isk": 10_000, "huf": 17_500}
USUAL_LEAST = 50
TWO_DIGITS = frozenset(
    "aed ars aud bam bgn brl cad chf cny cop crc czk dkk dop egp eur gbp gel hkd huf idr ils inr"
    " isk kes kzt mad mdl mkd mxn myr ngn nok nzd pen php pln qar ron rsd sar sek sgd thb try twd"
    " uah ugx usd uyu zar".split()
)


def judged(amount: int, currency: str) -> None:
    """Refuse what Stripe would not charge. Raises `Refused`."""
    if currency not in TWO_DIGITS | THREE_DIGITS | WHOLE:
        raise Refused(f"Invalid currency: {currency}.", param="currency")
    if amount < LEAST.get(currency, USUAL_LEAST):
        raise Refused(
            f"Amount must be at least {LEAST.get(currency, USUAL_LEAST)} {currency}.",
            code="amount_too_small",
            param="amount",
        )
    if amount > LARGEST:
        raise Refused("Amount is too large.", code="amount_too_large", param="amount")
    if currency in NO_FRACTION and amount % 100:
        raise Refused(f"{currency} has no fraction: send 00.", param="amount")
    if currency in THREE_DIGITS and amount % 10:
        raise Refused(f"The last digit of {currency} must be 0.", param="amount")


def fee(amount: int, currency: str) -> int:
    """Give what Stripe keeps of a payment: 1.5 % and 25 of the smallest unit, 0 digits less."""
    fixed = 25 if currency not in WHOLE else 30
    kept = (amount * 15 + 500) // 1000 + fixed
    if currency in NO_FRACTION:
        # What Stripe says of these currencies is without a fraction too.
        kept = -(-kept // 100) * 100
    return min(amount, kept)
