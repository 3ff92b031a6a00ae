"""How far money covers what it is asked for, and what a rules file may ask: pure."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.policy import Policy, parse, problems
from core.money import Money
from donations.asking.rules import covered

COSTS = st.lists(st.integers(1, 10_000), max_size=8)


@settings(max_examples=50)
@given(COSTS, st.integers(-500, 50_000))
def test_lines_are_covered_in_order_and_never_beyond_what_is_there(
    costs: list[int], there: int
) -> None:
    lines = covered([("x", Money(cost, "EUR")) for cost in costs], Money(there, "EUR"))

    parts = [one.there.minor for one in lines]
    assert sum(parts) == min(max(0, there), sum(costs))
    for place, one in enumerate(lines):
        assert 0 <= one.there.minor <= one.cost.minor
        if one.there.minor:
            assert parts[:place] == costs[:place]
        assert (one.share == 100) == (one.there == one.cost)


APPEAL = '[funding]\n[[funding.appeals]]\nslug = "winter"\nends = 2027-03-31\n'


def test_an_appeal_without_a_goal_has_the_sum_of_its_costs() -> None:
    text = APPEAL + 'costs = [{ name = "Server", amount = "30" }, { name = "N", amount = "0.50" }]'
    policy = parse(text)
    assert isinstance(policy, Policy)
    (found,) = policy.funding.appeals
    assert (found.goal, found.title) == (Money(3050, "EUR"), "winter")
    assert found.ends_at.isoformat() == "2027-04-01T00:00:00+00:00"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (APPEAL, 2, "An appeal needs a “goal”"),
        (APPEAL + 'goal = "0"', 5, "An appeal needs a “goal”"),
        (APPEAL + 'goal = "5"\ncosts = [{ name = "x" }]', 6, "“costs” says what it is for"),
        (APPEAL + 'goal = "5"\ntitel = "x"', 6, "Did you mean “title”?"),
        (APPEAL + 'goal = "5"\nasks_again_after = 0', 6, "“asks_again_after” must be"),
        (APPEAL.replace("2027-03-31", '"soon"') + 'goal = "5"', 4, "“ends” must be a date"),
        (APPEAL.replace("2027-03-31", "2027-03-31T01:00:00Z") + 'goal = "5"', 4, "“ends” must be"),
        (APPEAL.replace("winter", "Winter!") + 'goal = "5"', 3, "It needs a “slug”"),
        ("[funding]\nappeals = 3", 2, "“appeals” must be sections"),
        ('[funding]\n[[funding.memberships]]\nslug = "a"', 2, "“amount” must be an amount of EUR"),
        (
            '[funding]\n[[funding.memberships]]\nslug = "a"\namount = "5"\nevery = "day"',
            5,
            '“every” must be "month" or "year".',
        ),
        (
            '[funding]\n[[funding.memberships]]\nslug = "a"\namount = "5"\ncounterpart = 1',
            5,
            "“counterpart” must be true or false",
        ),
    ],
)
def test_each_mistake_is_told_with_its_line(text: str, line: int, words: str) -> None:
    (found,) = problems(text)
    assert words in found.sentence
    assert found.line == line
