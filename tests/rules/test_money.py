"""Money in every currency: read, shown, shared and sent without a cent lost or found."""

import pytest
from babel.numbers import format_currency
from hypothesis import given
from hypothesis import strategies as st

from core import money
from core.currencies import CURRENCIES
from core.money import Money, NotAnAmount

amounts = st.builds(Money, st.integers(-(10**12), 10**12), st.sampled_from(sorted(CURRENCIES)))


@given(amounts, st.lists(st.integers(0, 10**6), min_size=1, max_size=12).filter(any))
def test_shares_sum_to_the_whole_and_differ_from_the_exact_by_less_than_one(
    whole: Money, weights: list[int]
) -> None:
    shares = money.split(whole, weights)
    assert sum(share.minor for share in shares) == whole.minor
    assert shares == money.split(whole, weights)
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share.minor * sum(weights) - whole.minor * weight) < sum(weights)
        assert weight or not share


@pytest.mark.parametrize(
    ("whole", "weights", "shares"),
    [
        (1003, (50, 50), (502, 501)),
        (1001, (50, 50), (501, 500)),
        (1000, (1, 1, 1), (334, 333, 333)),
        (100, (1, 2, 3), (17, 33, 50)),
        (-100, (1, 1, 1), (-34, -33, -33)),
        (1, (0, 1, 1), (0, 1, 0)),
    ],
)
def test_what_does_not_divide_goes_to_the_largest_remainders_then_to_the_first(
    whole: int, weights: tuple[int, ...], shares: tuple[int, ...]
) -> None:
    given_out = money.split(Money(whole, "EUR"), weights)
    assert tuple(share.minor for share in given_out) == shares


@pytest.mark.parametrize("weights", [(), (0, 0), (3, -1)])
def test_nobody_is_given_a_share_by_impossible_weights(weights: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="weights from 0"):
        money.split(Money(100, "EUR"), weights)


def test_currencies_never_mix_and_units_are_whole() -> None:
    with pytest.raises(ValueError, match="EUR and USD do not mix"):
        Money(1, "EUR") + Money(1, "USD")
    with pytest.raises(ValueError, match="no currency"):
        Money(1, "QQQ")
    for half in (0.5, True, "1"):
        with pytest.raises(TypeError, match="whole minor units"):
            Money(half, "EUR")  # type: ignore[arg-type]  # what a careless caller would hand over


@pytest.mark.parametrize("code", sorted(CURRENCIES))
def test_each_currency_is_shown_read_sent_and_told_back_the_same(code: str) -> None:
    """`{0}` and everything from the least to the most can be given, nothing between or beyond."""
    low, high = money.least(code), money.most(code)
    for locale in ("en", "fr"):
        for amount in (low, high, min(high, Money(low.minor * 25, code))):
            assert money.parse(money.shown(amount, locale), code, locale) == amount
            assert money.parse(money.figures(amount, locale), code, locale) == amount
        assert money.accepted(low, locale) == low
        assert money.accepted(high, locale) == high
        assert money.accepted(Money(0, code), locale) == Money(0, code)
        for wrong in (Money(low.minor - 1, code), Money(high.minor + 10, code), -low):
            with pytest.raises(NotAnAmount):
                money.accepted(wrong, locale)
    for amount in (low, high):
        assert money.from_stripe(money.to_stripe(amount), code.lower()) == amount


@pytest.mark.parametrize(
    ("typed", "code", "sent", "text"),
    [
        ("500", "JPY", 500, "¥500"),
        ("5.124", "KWD", 5120, "KWD\u00a05.120"),
        ("200", "ISK", 20000, "ISK\u00a0200"),
        ("5000", "UGX", 500000, "UGX\u00a05,000"),
        ("10.50", "EUR", 1050, "€10.50"),
        ("200.45", "HUF", 20045, "HUF\u00a0200.45"),
        ("20000", "RSD", 2000000, "RSD\u00a020,000.00"),
    ],
)
def test_amounts_reach_stripe_in_its_units(typed: str, code: str, sent: int, text: str) -> None:
    amount = money.accepted(money.parse(typed, code, "en"), "en")
    assert money.to_stripe(amount) == sent
    assert money.shown(amount, "en") == text


def test_what_stripe_does_not_take_or_tell_is_refused() -> None:
    with pytest.raises(ValueError, match="must divide by 10"):
        money.to_stripe(Money(5124, "KWD"))
    with pytest.raises(ValueError, match="no whole amount of ISK"):
        money.from_stripe(10050, "isk")
    with pytest.raises(ValueError, match="no currency"):
        money.from_stripe(1, "xxx")


@pytest.mark.parametrize(
    ("amount", "paid", "carried"),
    [
        ("HUF", 12300, 45),
        ("TWD", 12300, 45),
        ("KWD", 12340, 5),
        ("ISK", 12345, 0),
        ("EUR", 12345, 0),
    ],
)
def test_a_payout_carries_over_what_it_cannot_pay(amount: str, paid: int, carried: int) -> None:
    whole = Money(12345, amount)
    assert money.payable_out(whole) == (Money(paid, amount), Money(carried, amount))
    assert money.payable_out(-whole) == (Money(-paid, amount), Money(-carried, amount))


@pytest.mark.parametrize(
    ("typed", "code", "locale", "minor"),
    [
        ("1,50", "EUR", "fr", 150),
        ("1.50", "EUR", "en", 150),
        ("1.5", "EUR", "en", 150),
        ("1,234.50", "EUR", "en", 123450),
        ("1 234,50 €", "EUR", "fr", 123450),
        ("1\u202f234\u00a0€", "EUR", "fr", 123400),
        ("€ 20", "EUR", "en", 2000),
        ("20 eur", "EUR", "en", 2000),
        ("1,500", "JPY", "en", 1500),
        ("0", "EUR", "en", 0),
    ],
)
def test_amounts_are_read_as_their_locale_writes_them(
    typed: str, code: str, locale: str, minor: int
) -> None:
    assert money.parse(typed, code, locale) == Money(minor, code)


@pytest.mark.parametrize(
    ("typed", "locale", "sentence"),
    [
        *[
            (typed, "en", "This is no amount of money. Write it in figures, as in: 12.50")
            for typed in (
                *("", "-5", "+5", "1e3", "NaN", "inf", "1,50", "1.234,50", "12,34.50", "1 234"),
                *("0x10", "٣", "1_000", "1.50.0", ".5", "5.", "five", "$5", "1" * 60, "1/2"),
            )
        ],
        ("1.50", "fr", "This is no amount of money. Write it in figures, as in: 12,50"),
        ("1,234.50", "fr", "This is no amount of money. Write it in figures, as in: 12,50"),
        ("1.505", "en", "That has more decimals than EUR has. Write it as in: 12.50"),
        (
            "10000000000",
            "en",
            "That is more than can be paid at once. Choose at most €999,999.99.",
        ),
    ],
)
def test_nonsense_is_refused_with_a_sentence(typed: str, locale: str, sentence: str) -> None:
    with pytest.raises(NotAnAmount) as refused:
        money.parse(typed, "EUR", locale)
    assert str(refused.value) == sentence


def test_a_projects_own_minimum_is_apart_from_what_it_suggests() -> None:
    five = Money(500, "EUR")
    assert money.accepted(five, "en", five) == five
    with pytest.raises(NotAnAmount, match=r"at least €5\.00"):
        money.accepted(Money(499, "EUR"), "en", five)
    with pytest.raises(NotAnAmount, match=r"at least €0\.50"):
        money.accepted(Money(49, "EUR"), "en", Money(10, "EUR"))


@given(amounts, st.sampled_from(["en", "en_GB", "fr"]))
def test_amounts_are_written_as_the_common_locale_data_says(amount: Money, locale: str) -> None:
    decimals = ".000"[: CURRENCIES[amount.currency].digits + 1].rstrip(".")
    form = f"#,##0{decimals} ¤" if locale == "fr" else f"¤#,##0{decimals}"
    code = amount.currency
    wanted = format_currency(amount.decimal, code, form, locale=locale, currency_digits=False)
    # A code of letters stands apart from the figures, which Babel forgets in English.
    assert without_space(money.shown(amount, locale)) == without_space(wanted)


def without_space(text: str) -> str:
    return text.replace("\u00a0", "").replace(" ", "")


@given(st.text(max_size=60), st.sampled_from(["en", "fr"]))
def test_any_text_is_an_amount_or_a_refusal(typed: str, locale: str) -> None:
    try:
        found = money.parse(typed, "EUR", locale)
    except NotAnAmount:
        found = Money(0, "EUR")
    assert Money(0, "EUR") <= found <= money.most("EUR")
