"""GitHub is away for two hours: what came meanwhile is handled after, and nothing was given up."""

from datetime import timedelta

from bot.sandbox import failures
from tests.house import House
from tests.workshop import said, states

SECOND = timedelta(seconds=1)


def live_on(house: House, span: timedelta) -> None:
    """Let things go on for a while, whatever waits beyond it."""
    ends_at = house.now + span
    while house.now < ends_at:
        house.happen()
        next_at = house.next_at()
        house._now[0] = min(ends_at, max(next_at or ends_at, house.now + SECOND))


def test_deliveries_of_an_outage_are_handled_after_it(reporting: House) -> None:
    pulls = [reporting.propose(reporting.garden.ada) for _ in range(4)]
    outage = reporting.sandbox.fail("*", ".", failures.status(503), times=10_000)
    live_on(reporting, timedelta(hours=2))
    assert outage.used < 150
    assert "dead" not in states(reporting)
    reporting.sandbox.failures.clear()
    reporting.settle()

    assert [reporting.comments(pull) for pull in pulls] == [said(pull, "open") for pull in pulls]
    assert set(states(reporting)) <= {"done", "ignored"}


def test_who_asks_nothing_of_github_is_not_kept_by_its_outage(reporting: House) -> None:
    reporting.sandbox.fail("*", ".", failures.status(503), times=10_000)
    for _ in range(8):
        reporting.propose(reporting.garden.ada)
    reporting.happen()
    reporting.deliver("star", {"action": "created"})
    with reporting.calls() as calls:
        reporting.propose(reporting.garden.bo)
        reporting.happen()

    assert sorted(states(reporting)[-2:]) == ["due", "ignored"]
    assert calls == []
