"""What a receipt says, and when: letters that its fonts have, and the day of its own country."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from donations.receipts import fields
from donations.receipts.render import render
from tests.scenarios.giving.test_receipts import BODY, FACTS, text_of


def test_a_name_that_the_paper_cannot_show_uses_no_number() -> None:
    in_han = replace(FACTS, donor=replace(FACTS.donor, name="山田"))
    assert fields.missing(in_han) == ("donor.name",)
    in_greek = replace(FACTS, donor=replace(FACTS.donor, name="Γιώργος", city="Œuilly-sur-Ỳ"))
    assert not fields.missing(in_greek)
    by_a_garden = replace(FACTS, issuer=replace(BODY, name="Les Jardins 🌻 libres"))
    assert "Les Jardins □ libres" in text_of(render(by_a_garden, "FR-2026-000001", "fr"))


@pytest.mark.parametrize(
    ("country", "at", "day"),
    [
        ("FR", datetime(2026, 12, 31, 23, 30, tzinfo=UTC), date(2027, 1, 1)),
        ("US", datetime(2027, 1, 1, 2, tzinfo=UTC), date(2026, 12, 31)),
        ("GB", datetime(2026, 4, 5, 23, 30, tzinfo=UTC), date(2026, 4, 6)),
        ("DE", datetime(2026, 12, 31, 23, 30, tzinfo=UTC), date(2026, 12, 31)),
    ],
)
def test_the_year_of_a_gift_is_that_of_its_country(country: str, at: datetime, day: date) -> None:
    assert fields.day_of(replace(BODY, country=country), at) == day
