"""Money: whole minor units of one currency, shared without loss, read and shown as people write it.

Nothing here asks for a rate: amounts of two currencies never meet. Refusals are `NotAnAmount`
with a msgid, so that pages can say them in the reader's language.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import floor

from babel.numbers import (
    get_currency_name,
    get_currency_symbol,
    get_decimal_symbol,
    get_group_symbol,
)

from core import money_forms as forms
from core.currencies import CURRENCIES, ENDINGS, Currency
from core.errors import UserError

LONGEST_INPUT = 40
_SPACES = " \u00a0\u202f"


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for “translate this later”
    """Mark a sentence for the catalogues; it is translated where it is shown."""
    return message


class NotAnAmount(UserError):
    """What somebody typed is no amount that can be paid; `text` is a msgid, filled with `values`."""

    def __init__(self, text: str, values: Mapping[str, str]) -> None:
        """Keep the msgid apart from what is filled in."""
        super().__init__(text % dict(values))
        self.text = text
        self.values = values


UNREADABLE = N_("This is no amount of money. Write it in figures, as in: %(example)s")
TOO_FINE = N_("That has more decimals than %(currency)s has. Write it as in: %(example)s")
TOO_LITTLE = N_("That is too little for a card to pay. Choose nothing, or at least %(least)s.")
TOO_MUCH = N_("That is more than can be paid at once. Choose at most %(most)s.")


@dataclass(frozen=True, order=False)
class Money:
    """An amount in minor units (cents, yen, fils) of one currency; may be negative."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        """Refuse fractions and currencies that nobody can pay in."""
        if type(self.minor) is not int:
            raise TypeError(f"money is whole minor units, not {self.minor!r}")
        if self.currency not in CURRENCIES:
            raise ValueError(f"{self.currency!r} is no currency that is known here")

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._same(other).minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._same(other).minor, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.minor < self._same(other).minor

    def __le__(self, other: "Money") -> bool:
        return self.minor <= self._same(other).minor

    def __gt__(self, other: "Money") -> bool:
        return self.minor > self._same(other).minor

    def __ge__(self, other: "Money") -> bool:
        return self.minor >= self._same(other).minor

    def __bool__(self) -> bool:
        return self.minor != 0

    def __str__(self) -> str:
        return f"{self.decimal} {self.currency}"

    @property
    def decimal(self) -> Decimal:
        """The amount in major units, exact, with the currency's own decimals."""
        return Decimal(self.minor).scaleb(-CURRENCIES[self.currency].digits)

    def _same(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not mix")
        return other


def currency_of(code: str) -> Currency:
    """Give what is known of a currency, by its code in any case; `NotAnAmount` where there is none."""
    found = CURRENCIES.get(code.upper())
    if found is None:
        raise NotAnAmount(N_("“%(code)s” is no currency that is known here."), {"code": code[:8]})
    return found


def split(money: Money, weights: Sequence[int]) -> tuple[Money, ...]:
    """Share `money` by `weights` (whole, from 0, not all 0); the shares sum to it exactly.

    Largest remainder: everybody gets the whole part, and what is left goes, one minor unit each,
    to the largest remainders; between equal ones to the first in the order given.
    """
    total = sum(weights)
    if total <= 0 or min(weights) < 0:
        raise ValueError("money is shared by weights from 0, of which one is more")
    sign = -1 if money.minor < 0 else 1
    parts = [divmod(abs(money.minor) * weight, total) for weight in weights]
    left = abs(money.minor) - sum(whole for whole, _ in parts)
    first = sorted(range(len(parts)), key=lambda place: (-parts[place][1], place))
    lucky = frozenset(first[:left])
    return tuple(
        Money(sign * (whole + (place in lucky)), money.currency)
        for place, (whole, _) in enumerate(parts)
    )


def split_evenly(money: Money, count: int) -> tuple[Money, ...]:
    """Share `money` among `count`; what does not divide goes to the first."""
    return split(money, (1,) * count)


def succeeded(money: Money) -> Money:
    """Give what an amount of a currency that has ended is in the one after it, half units upwards.

    At the rate that was fixed for good; `ValueError` for a currency that goes on.
    """
    ending = ENDINGS.get(money.currency)
    if ending is None:
        raise ValueError(f"{money.currency} goes on")
    digits = CURRENCIES[ending.into].digits - CURRENCIES[money.currency].digits
    exact = money.minor * ending.rate * Fraction(10) ** digits
    return Money(floor(exact + Fraction(1, 2)), ending.into)


def to_stripe(money: Money) -> int:
    """Give the amount as Stripe wants it; `ValueError` where it takes none so fine (see `sendable`)."""
    known = CURRENCIES[money.currency]
    amount = money.minor * known.factor
    if amount % known.step:
        raise ValueError(f"{money} is not sent: it must divide by {known.step} in Stripe's units")
    return amount


def from_stripe(amount: int, currency: str) -> Money:
    """Read an amount that Stripe told, its currency in any case; `ValueError` if it is not whole."""
    known = CURRENCIES.get(currency.upper())
    if known is None:
        raise ValueError(f"{currency!r} is no currency that is known here")
    minor, rest = divmod(amount, known.factor)
    if rest:
        raise ValueError(f"{amount} of Stripe's units is no whole amount of {known.code}")
    return Money(minor, known.code)


def sendable(money: Money) -> tuple[Money, Money]:
    """Part an amount in what a charge or transfer can carry, and the rest; never more than was said."""
    known = CURRENCIES[money.currency]
    return _parted(money, known.step)


def payable_out(money: Money) -> tuple[Money, Money]:
    """Part an amount in what a payout can carry, and the rest, which is carried over to the next."""
    return _parted(money, CURRENCIES[money.currency].payout_step)


def _parted(money: Money, step: int) -> tuple[Money, Money]:
    in_minor = max(1, step // CURRENCIES[money.currency].factor)
    rest = abs(money.minor) % in_minor * (-1 if money.minor < 0 else 1)
    return Money(money.minor - rest, money.currency), Money(rest, money.currency)


def least(currency: str) -> Money:
    """Give the least that a card can pay."""
    return Money(CURRENCIES[currency].least, currency)


def most(currency: str) -> Money:
    """Give the most that a card can pay at once."""
    return Money(CURRENCIES[currency].most, currency)


def accepted(money: Money, locale: str, at_least: Money | None = None) -> Money:
    """Give `money` if it is nothing, or from the least to the most; `NotAnAmount` otherwise.

    `at_least` is a project's own minimum, which may be above what a card can pay. What a card
    cannot carry (the last digit of three) is left off: nobody pays more than they said.
    """
    if not money:
        return money
    fine, _ = sendable(money)
    floor = max(least(money.currency), at_least) if at_least else least(money.currency)
    if fine < floor:
        raise NotAnAmount(TOO_LITTLE, {"least": shown(floor, locale)})
    if fine > most(money.currency):
        raise NotAnAmount(TOO_MUCH, {"most": shown(most(money.currency), locale)})
    return fine


def parse(text: str, currency: str, locale: str) -> Money:
    """Read an amount as people of `locale` write it: `1,234.50` in English, `1 234,50` in French.

    The currency's own code or sign may stand beside it. All else is `NotAnAmount`: signs, powers,
    separators that are not the locale's or stand elsewhere, more decimals than the currency has.
    """
    known = currency_of(currency)
    digits = _bare(text, known.code, locale)
    found = _grammar(locale).fullmatch(digits)
    example = {"example": _example(known, locale), "currency": known.code}
    if found is None:
        raise NotAnAmount(UNREADABLE, example)
    whole, fraction = re.sub(r"\D", "", found["whole"]), found["fraction"] or ""
    if len(fraction) > known.digits:
        raise NotAnAmount(TOO_FINE, example)
    money = Money(int(whole + fraction.ljust(known.digits, "0")), known.code)
    if money > most(known.code):
        raise NotAnAmount(TOO_MUCH, {"most": shown(most(known.code), locale)})
    return money


def _bare(text: str, code: str, locale: str) -> str:
    bare = text.strip()
    if len(bare) > LONGEST_INPUT:
        return ""
    for mark in (code, code.lower(), get_currency_symbol(code, locale=locale)):
        if bare.startswith(mark):
            return bare.removeprefix(mark).lstrip(_SPACES)
        if bare.endswith(mark):
            return bare.removesuffix(mark).rstrip(_SPACES)
    return bare


@lru_cache(maxsize=32)
def _grammar(locale: str) -> re.Pattern[str]:
    point, group = get_decimal_symbol(locale), get_group_symbol(locale)
    between = f"[{_SPACES}]" if group in _SPACES else re.escape(group)
    return re.compile(
        rf"(?P<whole>[0-9]{{1,13}}|[0-9]{{1,3}}(?:{between}[0-9]{{3}}){{1,4}})"
        rf"(?:{re.escape(point)}(?P<fraction>[0-9]{{1,6}}))?"
    )


def _example(known: Currency, locale: str) -> str:
    return figures(Money(1250 * 10 ** max(0, known.digits - 2), known.code), locale)


def figures(money: Money, locale: str) -> str:
    """Write the bare number as people of `locale` do, for a field whose currency stands beside it."""
    point = get_decimal_symbol(locale)
    return str(money.decimal).replace(".", point)


def shown(money: Money, locale: str) -> str:
    """Write an amount with its currency as people of `locale` do."""
    written = forms.written(money.currency, locale)
    before, after = written.negative if money.minor < 0 else written.positive
    text = str(abs(money.minor)).rjust(written.digits + 1, "0")
    whole, fraction = text[: len(text) - written.digits], text[len(text) - written.digits :]
    grouped = f"{int(whole):,}".replace(",", written.group)
    return f"{before}{grouped}{written.point if fraction else ''}{fraction}{after}"


def name(currency: str, locale: str) -> str:
    """Give a currency's name in `locale`, as in: euro."""
    return get_currency_name(currency, locale=locale)
