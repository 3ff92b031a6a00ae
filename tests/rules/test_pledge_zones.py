"""A deadline is one instant, whatever zone somebody or a server counts in, over the change of clocks too."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.money import Money
from donations.giving.terms import Terms
from donations.pledges.rules import Act, Facts, Promise, course, decision

PARIS = ZoneInfo("Europe/Paris")
TERMS = Terms("pledge", (("feature", 1),))
GOAL = Money(5_000, "EUR")
SAID = datetime(2026, 10, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize("zone", [UTC, PARIS, ZoneInfo("Pacific/Auckland")])
def test_a_deadline_over_the_change_of_clocks_is_one_instant_everywhere(zone: ZoneInfo) -> None:
    # 02:30 comes twice in Paris on 25 October 2026: this is the second one.
    ends_at = datetime(2026, 10, 25, 2, 30, tzinfo=PARIS, fold=1)
    assert ends_at.astimezone(UTC) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    of = course([Act("campaign", "1", SAID, GOAL.minor, GOAL.currency, ends_at.astimezone(UTC))])
    promises = [Promise(1, GOAL, SAID, "saved", TERMS)]
    facts = Facts("open", SAID)
    assert of.campaign is not None
    end = ends_at.astimezone(zone)
    before = (end.astimezone(UTC) - timedelta(seconds=1)).astimezone(zone)
    assert decision(of.campaign, promises, of, facts, before) is None
    assert decision(of.campaign, promises, of, facts, end) == "met"
