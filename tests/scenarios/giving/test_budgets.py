"""An organisation's members give in its name, within its budget: twenty at once never pass it."""

import re
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import insert, select

from bot import erasing
from bot.app import create_app
from bot.money import budgets
from bot.money.fund_form import Choice
from bot.sandbox import failures
from core.money import Money
from core.web.signin import Person
from donations.budgets import store
from donations.budgets.tables import member, organisation
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
        over = ada.get(address[0])
        assert (over.status_code, "This invitation is over" in over.text) == (404, True)
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
        number = store.make(connection, "Acme", 7, Money(50_000, "EUR"), bank_house.now) or 0
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


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_bank_that_opens_pages_late_lets_nobody_pass_the_budget(bank_house: BankHouse) -> None:
    garden(bank_house)
    day = timedelta(days=1)
    with Visitor(bank_house) as mara:
        mara.sign_in(bank_house.garden.mara)
        made = {"name": "Acme", "limit": "500", "currency": "EUR"}
        place = mara.submit(BASE, made, "make").url.path
        wish = {"amount": "own", "own": "300", "organisation": place.rpartition("/")[2]}
        away = bank_house.bank.fail("POST", "/v1/checkout", failures.status(503), times=1_000)
        late = mara.submit(FUND, wish, "give", follow=False)
        assert "/fund/" in late.headers["location"], "the bank has opened no page yet"
        bank_house.advance(5 * day)
        bank_house.happen()
        mara.sign_in(bank_house.garden.mara)
        assert "may still promise €200.00" in mara.submit(FUND, wish, "give").text
        away.times = 0
        bank_house.tick("settle_calls")
        bank_house.settle()
        (page,) = bank_house.bank.bank.all("checkout.session")
        bank_house.advance(day / 2)
        mara.sign_in(bank_house.garden.mara)
        assert "may still promise €200.00" in mara.submit(FUND, wish, "give").text, "it is open"
        bank_house.pay(page["url"])
        bank_house.settle()
        assert "€200.00" in mara.get(place).text
        small = wish | {"own": "200"}
        assert mara.submit(FUND, small, "give", follow=False).is_redirect
        bank_house.settle()
        bank_house.advance(day)
        bank_house.settle()
        mara.sign_in(bank_house.garden.mara)
        assert "€200.00" in mara.get(place).text, "what nobody paid is free once its page is over"


def test_two_at_once_do_not_pass_how_many_there_may_be(bank_house: BankHouse) -> None:
    limit, now = Money(1, "EUR"), bank_house.now
    with bank_house.app.write() as connection:
        numbers = [store.make(connection, "Acme", 7, limit, now) or 0 for _ in range(19)]
        other = store.make(connection, "Acme", 8, limit, now) or 0
        row = {"organisation_id": numbers[0], "manages": False, "since": now}
        crowd = [row | {"github_id": 100 + place} for place in range(store.MOST_MEMBERS - 2)]
        connection.execute(insert(member), crowd)
    together, came = Barrier(4), list[str]()

    def act(place: int) -> None:
        together.wait(timeout=30)
        with bank_house.app.write() as connection:
            if place == 0:
                came.append("made" if store.make(connection, "Acme", 7, limit, now) else "many")
            elif place == 1:
                came.append(store.join(connection, other, 7, now).replace("joined", "made"))
            else:
                came.append(store.join(connection, numbers[0], 8 + place, now))

    threads = [Thread(target=act, args=(place,)) for place in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(timeout=60)
    assert sorted(came) == ["full", "joined", "made", "many"]
    with bank_house.app.write() as connection:
        assert len(store.members(connection, numbers[0])) == store.MOST_MEMBERS
        assert len(store.of_person(connection, 7)) == store.MOST_OF_ONE
        token = {one.id: one.token for one in store.of_person(connection, 7)}[numbers[0]]
    with Visitor(bank_house) as ada:
        ada.sign_in(bank_house.garden.ada)
        refused = ada.submit(f"{BASE}/join/{token}", form="join")
    assert (refused.status_code, "500 people give in the name" in refused.text) == (409, True)
