"""A page of the bank that is paid too late, and a promise that is charged and is still no gift."""

import re
from datetime import timedelta

from donations.receipts import store as receipts
from tests.bank import BankHouse
from tests.scenarios.asking import said
from tests.scenarios.giving.test_receipts import BODY, ZOE
from tests.scenarios.intents.calling import DAY
from tests.scenarios.pledges.promising import (
    LATER,
    campaign,
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

MINUTES = timedelta(minutes=1)


def test_a_page_opened_before_and_paid_after_the_promise_was_over_gives_the_money_back(
    bank_house: BankHouse,
) -> None:
    house, bank = bank_house, bank_house.bank.bank
    issue = garden(house)
    campaign(house, issue, "50", 5)
    promise(house, issue, "60")
    late = promise(house, issue, "30", LATER)
    pass_time(house, 5 * DAY)
    pass_time(house, 7 * DAY - 10 * MINUTES)
    # Stripe keeps a page open for half an hour at least, which is longer than the promise.
    url = press(house, late, "pay").headers["location"]
    pass_time(house, 20 * MINUTES)
    assert states(house, issue) == ["paid", "over"]
    assert 'id="pay"' not in page(house, late)
    assert house.pay(url).status_code == 303
    house.bank.hooks.duplicate(3)
    pass_time(house, 5 * MINUTES)
    pass_time(house, DAY)
    assert states(house, issue) == ["paid", "given_back"]
    assert sorted(taken(house)) == [3000, 6000]
    (back,) = bank.all("refund")
    assert (back["amount"], back["metadata"]["potluck"]) == (3000, "gift:2")
    assert "It went back" in page(house, late)
    # The one whose promise held is not touched, and the comment says what stands on the page.
    assert deeds(house, issue)[-1] == "collected"
    assert sum(ledger(house).values()) == 0
    _told_truly(house, said(issue)[-1])


def _told_truly(house: BankHouse, comment: str) -> None:
    """Follow the link of our comment: the page it leads to says the same sums."""
    figures = re.findall(r"€\d+\.\d\d", comment)
    assert figures == ["€60.00", "€60.00", "€50.00"]
    (url,) = re.findall(r"The true figures: (\S+)", comment)
    assert url.startswith(f"{house.settings.public_url}/potluck-sandbox/garden/requests/")
    with Visitor(house) as anybody:
        shown = anybody.get(url.removeprefix(house.settings.public_url)).text
    assert f'<span class="figure">{figures[0]}</span> came of {figures[2]}' in shown


def test_what_was_promised_is_charged_and_gives_no_receipt_for_taxes_whatever_is_sent(
    bank_house: BankHouse,
) -> None:
    house = bank_house
    issue = garden(house)
    campaign(house, issue, "50", 5)
    path = promise(house, issue, "60")
    pass_time(house, 5 * DAY)
    with house.app.write() as connection:
        receipts.record_issuer(connection, house.garden.repo.id, BODY, house.now)
    with Visitor(house) as bo:
        shown = bo.get(path)
        assert "receipt-fr_individual" not in shown.text
        assert "receipt-invoice" in shown.text
        for kind in ("fr_individual", "fr_company", "us_gift", "uk_gift_aid"):
            wanted = ZOE | {"kind": kind}
            assert bo.fill_in(shown, wanted, "receipt-invoice").status_code == 409
        assert bo.fill_in(shown, ZOE, "receipt-invoice").status_code == 200
    with house.app.read() as connection:
        found = receipts.of_gift(connection, 1)
        declared = receipts.totals(connection, "W691234567", house.now.year)
    assert [one.kind for one in found] == ["invoice"]
    assert set(declared) == {("invoice", "EUR")}, "nothing that lessens a tax"
