"""All or nothing: judged at the deadline by when people acted, each card charged once, or none."""

import re
from datetime import timedelta

from tests.bank import BankHouse
from tests.scenarios.asking import said, say
from tests.scenarios.board.table import way
from tests.scenarios.intents.calling import DAY, answer
from tests.scenarios.pledges.promising import (
    ASKS,
    LATER,
    all_gifts,
    campaign,
    course,
    deeds,
    garden,
    ledger,
    page,
    pass_time,
    press,
    promise,
    states,
    taken,
)
from tests.visitor import Visitor


def test_below_the_goal_nobody_is_charged_and_cards_are_forgotten(bank_house: BankHouse) -> None:
    issue = garden(bank_house)
    campaign(bank_house, issue, "100", 10)
    path = promise(bank_house, issue, "90")
    taken_back = promise(bank_house, issue, "20")
    assert deeds(bank_house, issue) == ["campaign", "reached"]
    assert press(bank_house, taken_back, "withdraw").status_code == 303
    assert "Thank you for your promise" in page(bank_house, path)
    pass_time(bank_house, 9 * DAY)
    assert course(bank_house, issue).campaign.outcome is None
    pass_time(bank_house, DAY)
    pass_time(bank_house, DAY)
    assert deeds(bank_house, issue) == ["campaign", "reached", "missed"]
    assert way(bank_house, issue)[-1][0] == "asked"
    assert states(bank_house, issue) == ["over", "over"]
    assert "This promise is over" in page(bank_house, path)
    (told,) = [one for one in said(issue) if "campaign" in one]
    assert "The campaign has ended at €90.00 of €100.00. Nobody was charged" in told
    assert taken(bank_house) == []
    assert list(bank_house.bank.bank.all("customer")) == []


def test_at_the_goal_each_card_is_charged_once_though_the_job_dies_half_way(
    bank_house: BankHouse,
) -> None:
    issue = garden(bank_house)
    campaign(bank_house, issue, "100", 5)
    for amount in ("60", "30", "25"):
        promise(bank_house, issue, amount)
    bank_house.advance(5 * DAY)
    bank_house.tick("sweep_pledges")
    while bank_house.worker.sort() + bank_house.worker.work():
        pass
    assert bank_house.cashier.step()
    bank_house.restart()
    bank_house.tick("sweep_pledges")
    bank_house.bank.hooks.duplicate(3)
    bank_house.settle()
    pass_time(bank_house, timedelta(minutes=5))
    assert sorted(taken(bank_house)) == [2500, 3000, 6000]
    assert deeds(bank_house, issue) == ["campaign", "reached", "met", "collected"]
    assert states(bank_house, issue) == ["paid"] * 3
    # What is paid for is planned, by nobody's decision but everybody's money.
    assert way(bank_house, issue)[-1] == ("planned", "funded", 0)
    assert "planned" in issue.labels
    ledger(bank_house)


def test_cards_that_ask_get_a_page_and_time_and_the_goal_is_what_came(
    bank_house: BankHouse,
) -> None:
    issue = garden(bank_house)
    campaign(bank_house, issue, "100", 5)
    promise(bank_house, issue, "60")
    asked = promise(bank_house, issue, "40", ASKS)
    never = promise(bank_house, issue, "30", LATER)
    pass_time(bank_house, 5 * DAY)
    assert states(bank_house, issue) == ["paid", "asked", "failed"]
    assert "Your card needs you" in page(bank_house, asked)
    assert course(bank_house, issue).campaign.outcome == "met"
    url = press(bank_house, asked, "pay").headers["location"]
    again = press(bank_house, asked, "pay").headers["location"]
    assert url == again
    bank_house.pay(url, ASKS)
    bank_house.settle()
    assert states(bank_house, issue) == ["paid", "paid", "failed"]
    pass_time(bank_house, 7 * DAY)
    assert states(bank_house, issue) == ["paid", "paid", "over"]
    assert deeds(bank_house, issue)[-1] == "collected"
    assert "This promise is over" in page(bank_house, never)
    assert sorted(taken(bank_house)) == [4000, 6000]


def test_the_bot_leads_to_the_page_and_erasing_takes_promises_back(bank_house: BankHouse) -> None:
    issue, chen = garden(bank_house), bank_house.garden.chen
    say(bank_house, issue, chen, "/pledge 12,50 EUR")
    assert "I cannot read that as an amount" in answer(issue, chen)
    say(bank_house, issue, chen, "/pledge 12.50 USD")
    assert "amounts are in EUR here" in answer(issue, chen)
    say(bank_house, issue, chen, "/fund")
    assert f"/fund?request={issue.number}" in answer(issue, chen)
    say(bank_house, issue, chen, "/pledge 12.50 EUR")
    (url,) = re.findall(r"http\S+pledge\?\S+", answer(issue, chen))
    with Visitor(bank_house) as who:
        who.sign_in(chen)
        page_ = who.get(url)
        shown = re.search(r"<code>([0-9a-f]{12})</code>", page_.text)
        assert shown
        nothing = who.fill_in(page_, {"amount": "nothing"}, "promise")
        assert nothing.status_code == 422
        sent = who.fill_in(page_, {}, "promise", follow=False)
        bank_house.pay(sent.headers["location"])
        bank_house.settle()
        (gift,) = all_gifts(bank_house, issue)
        assert (gift.money.minor, gift.terms_sha256[:12]) == (1250, shown[1])
        own = who.get("/you/gifts").text
        assert "Promised" in own
        assert "Water the beds</bdi> #" in own, "and for what"
        who.submit("/you/erase", {"confirm": "chen"}, "erase")
    bank_house.settle()
    assert states(bank_house, issue) == ["over"]
    assert list(bank_house.bank.bank.all("customer")) == []
