"""From which day a release is open: counted from its own day, never moved by what comes later."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from bot.policy import parse, problems
from licensing.releases.rules import Conversion, Offered, conversion, stated

FSL = Offered("FSL-1.1-ALv2", "Apache-2.0", 24)
BUSL = Offered("BUSL-1.1", "GPL-2.0-or-later", 48)


@pytest.mark.parametrize(
    ("offered", "published", "day"),
    [
        (FSL, datetime(2025, 2, 28, 12, tzinfo=UTC), date(2027, 2, 28)),
        (FSL, datetime(2024, 2, 29, 12, tzinfo=UTC), date(2026, 2, 28)),
        (BUSL, datetime(2024, 2, 29, 12, tzinfo=UTC), date(2028, 2, 29)),
        (BUSL, datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC), date(2030, 12, 31)),
        # The day is that in UTC, wherever somebody pressed the button.
        (FSL, datetime(2025, 3, 1, 1, tzinfo=timezone(timedelta(hours=9))), date(2027, 2, 28)),
    ],
)
def test_the_day_is_counted_from_the_release(
    offered: Offered, published: datetime, day: date
) -> None:
    assert conversion(offered, published) == Conversion(day, offered.converts_to)


def test_a_licence_that_does_not_convert_has_no_day() -> None:
    assert conversion(Offered("MIT"), datetime(2025, 1, 1, tzinfo=UTC)) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Change Date:          2028-01-31\n", date(2028, 1, 31)),
        ("Change Date: January 31, 2028\nChange License: MIT", date(2028, 1, 31)),
        ("  change date:  31 Jan 2028", date(2028, 1, 31)),
        ("Change Date: Four years from the date the Licensed Work is published.", None),
        ("Change Date: 2028-02-31", None),
        ("Change Date: 99 Nonember 2028", None),
        ("The Change Date is near.", None),
        ("", None),
    ],
)
def test_a_change_date_is_read_where_the_file_names_a_day(text: str, day: date | None) -> None:
    assert stated(text) == day


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('offered = "FSL-1.1-MIT"', Offered("FSL-1.1-MIT", "MIT", 24)),
        ('offered = "busl-1.1"\nconverts_to = "MPL-2.0"', Offered("BUSL-1.1", "MPL-2.0", 48)),
        ('offered = "AGPL-3.0-only"', Offered("AGPL-3.0-only")),
        ('offered = "BUSL-1.1"', "Change Licence"),
        ('offered = "busl-1.1"\nconverts_to = "MIT"\nafter_months = 49', "1 to 48"),
        ('offered = "FSL-1.1-MIT"\nafter_months = 12', "two years"),
        ('offered = "AGPL-3.0-only"\nconverts_to = "MIT"', "each other"),
        ('offered = "AGPL-3.0"', "Did you mean"),
        ("", "must be an SPDX identifier"),
    ],
)
def test_the_section_says_what_releases_come_out_under(text: str, found: Offered | str) -> None:
    whole = f"[licence]\n{text}\n"

    if isinstance(found, Offered):
        assert parse(whole).licence == found
    else:
        assert [found in one.sentence for one in problems(whole)] == [True]
