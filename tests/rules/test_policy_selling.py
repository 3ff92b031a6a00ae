"""The section `[selling]` of the rules file: what it may say, and mistakes told by their line."""

from datetime import date
from decimal import Decimal

import pytest

from bot.policy import parse, problems
from bot.policy.selling import Selling
from core.money import Money

PRO = '[[selling.products]]\nid = "pro"\n'
OTHER = '[[selling.products]]\nid = "any"\n'
PRICE = 'price = "49.90"\n'


def test_nothing_is_sold_until_a_product_is_there() -> None:
    assert parse("").selling == Selling()
    assert parse("[selling]\n").selling.on is False
    assert parse(f"[selling]\non = false\n{PRO}{PRICE}").selling.on is False
    assert parse(PRO + PRICE).selling.on is True


def test_a_product_is_read_with_what_holds_where_nothing_is_said() -> None:
    selling = parse(
        f'[selling]\ncurrency = "JPY"\ntax_percent = "8.5"\n{PRO}price = "500"\n'
        f'locked_until = 2028-12-31\n{OTHER}least = "0"\nsuggested = ["9"]\n'
    ).selling
    pro, other = selling.products

    assert (selling.tax_percent, pro.price) == (Decimal("8.5"), Money(500, "JPY"))
    assert (pro.name, pro.term, pro.seats, pro.most_seats) == ("pro", "year", 1, 1)
    assert pro.locked_until == date(2028, 12, 31)
    assert (other.price, other.least, other.suggested) == (
        None,
        Money(0, "JPY"),
        (Money(9, "JPY"),),
    )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('currency = "ZZZ"', "code of a currency"),
        ('tax_percent = "51"', "from 0 to 50"),
        ('tax_percent = "much"', "from 0 to 50"),
        ("refund_days = 0", "whole number from 1"),
        ('partial_refund = "shrug"', "does not exist here"),
        ('document = "../LICENCE"', "must be a path"),
        ('seller = ""', "one line"),
        ('sellr = "A"', "Did you mean “seller”?"),
    ],
)
def test_a_mistake_in_the_section_is_told_with_its_line(line: str, said: str) -> None:
    (found,) = problems(f"[selling]\n{line}\n{PRO}{PRICE}")

    assert found.line == 2
    assert said in found.sentence


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("", "either a “price”, or a “least”"),
        (PRICE + 'least = "5"\n', "either a “price”, or a “least”"),
        ('price = "4,990.5x"\n', "no amount of EUR"),
        ('price = "0.10"\n', "at least 0.50 EUR"),
        (PRICE + 'suggested = ["-5"]\n', "no amount of EUR"),
        (PRICE + "seats = 0\n", "whole number from 1"),
        (PRICE + 'term = "decade"\n', "does not exist here"),
        (PRICE + 'entitlements = ["Ü"]\n', "list of at most"),
        (PRICE + 'locked_until = "2028-12-31"\n', "date without quotes"),
        (PRICE + "locked_until = 2028-12-31T10:00:00Z\n", "date without quotes"),
        (PRICE + PRO + PRICE, "two products with the id"),
        (PRICE + "colour = 3\n", "no setting that exists"),
    ],
)
def test_a_mistake_in_a_product_is_told(lines: str, said: str) -> None:
    (found,) = problems(f"[selling]\n{PRO}{lines}")

    assert said in found.sentence


def test_an_id_is_needed_and_is_plain() -> None:
    for bad in ("", 'id = "Pro Max"\n', "id = 3\n"):
        (found,) = problems(f"[[selling.products]]\n{bad}{PRICE}")
        assert "needs an “id”" in found.sentence
