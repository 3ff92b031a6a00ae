"""An organisation's members give in its name, within its budget: twenty at once never pass it."""

import re
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from bot import erasing
from bot.app import create_app
from bot.money import budgets
from bot.money.fund_form import Choice
from core.money import Money
from core.web.signin import Person
from donations.budgets import store
from donations.budgets.tables import organisation
from donations.giving.store import Giver, Said
from donations.giving.terms import Terms
from tests.bank import BankHouse
from tests.scenarios.giving.test_fund_page import FUND, count, last
from tests.scenarios.mail.test_trouble import Occasion
from tests.scenarios.pledges.promising import GARDEN, garden
from tests.visitor import Visitor

BASE = "/you/organisations"
MONTHLY = 'monthly = true\ncurrency = "EUR"\n'


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_members_give_within_the_budget_and_what_went_back_does_not_count(
    bank_house: BankHouse,
) -> None:
    issue, people = garden(bank_house), bank_house.garden
    with Visitor(bank_house) as mara, Visitor(bank_house) as ada:
        mara.sign_in(people.mara)
        ada.sign_in(people.ada)
        made = {"name": "", "limit": "1,5,0", "currency": "EUR"}
        refused = mara.submit(BASE, made, "make")
        assert (refused.status_code, refused.text.count('class="error"')) == (422, 2)
        page = mara.submit(BASE, made | {"name": "Acme <b>Gardens", "limit": "500"}, "make")
        assert "Acme &lt;b&gt;Gardens" in page.text
        place = page.url.path
        number = place.rpartition("/")[2]
        address = re.search(r"https?://\S+/join/[0-9a-f]{32}", page.text)
        assert address is not None
        assert ada.get(place).status_code == 404
        stranger = ada.submit(FUND, {"amount": "20.00", "organisation": number}, "give")
        assert stranger.status_code == 422
        assert "You are not in that organisation" in stranger.text
        assert "Join Acme" in ada.get(address[0]).text
        assert "What may be promised" in ada.submit(address[0], form="join").text
        assert "Given in its name" not in ada.get(place).text

        spend(bank_house, mara, ada, place, issue.number)
        assert ada.submit(place, form="out").url.path == BASE
        gone = ada.submit(FUND, {"amount": "own", "own": "10", "organisation": number}, "give")
        assert gone.status_code == 422
        assert ada.get(address[0]).status_code == 404
        assert mara.post(f"{place}/out", {"who": "9" * 30}).status_code == 400
    with bank_house.app.write() as connection:
        who = Person(people.mara.id, people.mara.login)
        erasing.erase(connection, who, Occasion(bank_house.now, "web", "erased"))
        assert store.members(connection, int(number)) == ()
        assert "Acme" not in connection.scalars(select(organisation.c.name)).one()


def spend(house: BankHouse, mara: Visitor, ada: Visitor, place: str, request: int) -> None:
    """Give and promise in its name until nothing is left, and have something back."""
    number = place.rpartition("/")[2]
    own = {"amount": "own", "organisation": number}
    sent = ada.submit(FUND, own | {"own": "300"}, "give", follow=False)
    at = str(house.pay(sent.headers["location"]).headers["location"])
    house.settle()
    promises = f"{GARDEN}/pledge?request={request}"
    refused = mara.submit(promises, own | {"own": "300"}, "promise")
    assert refused.status_code == 422
    assert "may still promise €200.00 this month" in refused.text
    assert count(house) == 1
    kept = mara.submit(promises, own | {"own": "150"}, "promise", follow=False)
    house.pay(kept.headers["location"])
    house.settle()
    assert ada.submit(FUND, own | {"own": "60"}, "give").status_code == 422
    assert ada.submit(
        FUND, own | {"own": "60", "organisation": ""}, "give", follow=False
    ).is_redirect
    shown = mara.get(place).text
    assert "€450.00" in shown
    assert "€50.00" in shown
    # Its manager sees the gift, and nothing of whoever gave it.
    own_page = f"/you/gifts/{at.rpartition('/')[2]}"
    assert own_page.rpartition("/")[2] in shown
    assert "Your name and your data" not in mara.get(at).text
    assert mara.get(f"{own_page}/kept.json").status_code == 404
    assert "bo@example.org" in ada.get(f"{own_page}/kept.json").text
    assert "Your name and your data" in ada.get(at).text
    mara.submit(at, form="back", follow=False)
    house.settle()
    assert "€350.00" in mara.get(place).text


def test_twenty_at_once_never_pass_the_budget(bank_house: BankHouse) -> None:
    with bank_house.app.write() as connection:
        number = store.make(connection, "Acme", 7, Money(50_000, "EUR"), bank_house.now)
    pages = create_app(bank_house.settings, bank_house.app, bank_house.inbox, bank_house.clock)
    together, said = Barrier(20), list[str]()

    def give(place: int) -> None:
        choice = Choice({}, Money(3_000 + place, "EUR"), organisation=number)
        terms = Terms("pledge", (("feature", 1),))
        words = Said(f"{place:032x}", 1, "I_1", "pledge", "once", choice.money, terms)
        together.wait(timeout=30)
        with pages.test_request_context(), bank_house.app.write() as connection:
            budgets.say(connection, words, Giver(github_id=7), choice, bank_house.now)
        said.append(choice.errors.get("organisation", ""))

    threads = [Thread(target=give, args=(place,)) for place in range(20)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(timeout=60)
    with bank_house.app.read() as connection:
        sums, given = store.month(connection, number, bank_house.now)
        left = store.left(connection, number, "EUR", bank_house.now)
    assert len(said) == 20
    assert (len(given), said.count("")) == (16, 16)
    assert left == Money(50_000 - sums["EUR"], "EUR")
    assert sums["EUR"] <= 50_000
    assert last(bank_house).money.currency == "EUR"
