"""Two who promise at the same moment: the goal is reached once, and both count."""

from threading import Barrier, Thread

from bot.money import pledges
from bot.money.pledges_facts import Reading
from core.context import Context
from donations.giving import store as gifts
from donations.giving.rules import Act
from tests.bank import BankHouse
from tests.scenarios.pledges.promising import (
    GARDEN,
    all_gifts,
    campaign,
    course,
    deeds,
    garden,
    node,
    promise,
)
from tests.visitor import Visitor


def test_two_promises_that_race_over_the_goal_reach_it_once_and_both_count(
    bank_house: BankHouse,
) -> None:
    issue = garden(bank_house)
    campaign(bank_house, issue, "125", 5)
    promise(bank_house, issue, "90")
    for _ in range(2):
        promise(bank_house, issue, "20", settle=False)
    about, (_first, *racing) = node(bank_house, issue), all_gifts(bank_house, issue)
    # SQLite lets only one write at all; PostgreSQL lets both come as far as the purse.
    both = Barrier(2 if "postgresql" in bank_house.app.url else 1)
    ctx = context(bank_house)

    def save(number: int) -> None:
        with bank_house.app.write() as connection:
            act = Act("saved", f"seti_{number}", bank_house.now)
            gifts.note(connection, racing[number], act, bank_house.now)
            both.wait(timeout=20)
            pledges.decide(ctx, about, Reading(), connection)

    threads = [Thread(target=save, args=(number,)) for number in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(timeout=30)
    assert deeds(bank_house, issue) == ["campaign", "reached"]
    found = course(bank_house, issue).campaign
    assert found is not None
    assert found.reached


def context(house: BankHouse) -> Context:
    """Give what a handler would be given now."""
    world = house.worker.world
    return Context(
        now=house.now,
        source="test",
        guid="race",
        received_at=house.now,
        database=house.app,
        github=world.github,
        github_app=world.github_app,
        public_url=world.public_url,
    )


def test_a_form_sent_again_with_another_amount_leads_to_no_card_for_the_first(
    bank_house: BankHouse,
) -> None:
    issue = garden(bank_house)
    with Visitor(bank_house) as bo:
        form = bo.get(f"{GARDEN}/pledge?request={issue.number}")
        first = bo.fill_in(form, {"amount": "own", "own": "20"}, "promise", follow=False)
        assert first.status_code == 303
        again = bo.fill_in(form, {"amount": "own", "own": "200"}, "promise", follow=False)
        assert again.status_code == 409
        assert "€20.00" in again.text
        same = bo.fill_in(form, {"amount": "own", "own": "20"}, "promise", follow=False)
        assert same.headers["location"] == first.headers["location"]
        before = bo.get(f"{GARDEN}/pledge?request={issue.number}")
        campaign(bank_house, issue, "10", 5)
        unseen = bo.fill_in(before, {"amount": "20.00"}, "promise")
        assert (unseen.status_code, "changed since you opened" in unseen.text) == (422, True)
        assert "All or nothing" in unseen.text
        assert len(all_gifts(bank_house, issue)) == 1
