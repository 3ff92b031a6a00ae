"""Giving again and again in a currency that is given up: told in time, converted by consent, else ended."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.sandbox.stripe.bank import Json
from core.currencies import ENDINGS
from core.money import Money
from donations.budgets import store as budgets
from donations.giving import store
from donations.giving.tables import gift, giver
from tests.post_office import MailHouse
from tests.scenarios.giving.test_fund_page import FUND, RULES, switch_on
from tests.scenarios.mail.reading import plain
from tests.scenarios.roadmap import wish
from tests.visitor import Visitor

DAY = timedelta(days=1)
DOLLARS = RULES.replace('"EUR"', '"USD"')
LEVS = RULES.replace('"EUR"', '"BGN"')


def monthly(house: MailHouse) -> str:
    with Visitor(house) as bo:
        fields = {"amount": "20.00", "rhythm": "month", "name": "Bo", "public": "yes"}
        url = bo.submit(FUND, fields, "give", follow=False).headers["location"]
    page = str(house.pay(url).headers["location"])
    house.settle()
    return page


def subscriptions(house: MailHouse) -> list[tuple[str, str]]:
    found: list[Json] = list(house.bank.bank.all("subscription"))
    return [(one["currency"], one["status"]) for one in reversed(found)]


def night(house: MailHouse, days: int = 1) -> None:
    house.advance(days * DAY)
    house.tick("retire_currencies")
    house.settle()


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
def test_a_project_that_takes_another_currency_asks_and_nobody_gives_twice_or_unasked(
    mail_house: MailHouse,
) -> None:
    switch_on(mail_house)
    page, silent = monthly(mail_house), monthly(mail_house)
    night(mail_house)
    with Visitor(mail_house) as bo:
        assert "given-up" not in bo.get(page).text
        switch_on(mail_house, DOLLARS)
        night(mail_house)
        night(mail_house)
        assert told(mail_house) == 2
        fresh = consent(mail_house, bo, page)
        night(mail_house, 22)
        assert told(mail_house) == 3
        night(mail_house, 7)
        assert subscriptions(mail_house)[1:] == [("eur", "canceled"), ("usd", "active")]
        assert "$22.00 every month, has arrived" in bo.get(fresh).text.replace(", every", " every")
        assert "End it" not in bo.get(silent).text
    with mail_house.app.read() as connection:
        found = [store.read(row) for row in connection.execute(select(gift).order_by(gift.c.id))]
        stands = [store.standing(connection, one) for one in found]
        assert store.giver_of(connection, found[2].id).name == "Bo"
    assert [(one.paid, one.goes_on) for one in stands] == [
        (2000, False),
        (4000, False),
        (2200, True),
    ]


def promise_in_levs(house: MailHouse) -> str:
    """Promise for a request; gives the page of the promise."""
    wish(house, 12, "Sort by season")
    with Visitor(house) as bo:
        path = FUND.replace("/fund", "/pledge?request=12")
        sent = bo.submit(path, {"amount": "20.00"}, "promise", follow=False)
    page = str(house.pay(sent.headers["location"]).headers["location"])
    house.settle()
    return page


def told(house: MailHouse) -> int:
    found = [one for one in house.letters() if "needs a word from you" in one["Subject"]]
    assert all("the project takes USD now" in plain(one) for one in found)
    return len(found)


def consent(house: MailHouse, bo: Visitor, page: str) -> str:
    """Go on in dollars; gives the page of the gift that does."""
    seen = bo.get(page)
    assert "EUR comes to its end here" in seen.text
    assert "Nobody turns your amount into another one for you" in seen.text
    for wrong, why in (
        ("0", "Write an amount"),
        ("1e3", "no amount of money"),
        ("1", "too little"),
    ):
        refused = bo.fill_in(seen, {"own": wrong}, "go-on")
        assert (refused.status_code, why in refused.text) == (422, True), wrong
    sent = bo.fill_in(seen, {"own": "22"}, "go-on", follow=False)
    again = bo.fill_in(seen, {"own": "22"}, "go-on", follow=False)
    assert again.headers["location"] == sent.headers["location"]
    assert bo.fill_in(seen, {"own": "23"}, "go-on").status_code == 422
    assert subscriptions(house) == [("eur", "active"), ("eur", "active")]
    fresh = str(house.pay(sent.headers["location"]).headers["location"])
    house.settle()
    # Begun, and nothing taken yet: the next payment is the one that would have come.
    assert subscriptions(house) == [("eur", "canceled"), ("eur", "active"), ("usd", "trialing")]
    assert len(list(house.bank.bank.all("charge"))) == 2
    assert bo.fill_in(seen, {"own": "22"}, "go-on").status_code == 409
    assert "given-up" not in bo.get(page).text
    return fresh


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_currency_that_ends_is_proposed_at_its_rate_and_nothing_new_is_taken_in_it(
    mail_house: MailHouse,
) -> None:
    mail_house.advance(ENDINGS["BGN"].at - 90 * DAY - mail_house.now)
    switch_on(mail_house, LEVS)
    page, promised = monthly(mail_house), promise_in_levs(mail_house)
    night(mail_house)
    with Visitor(mail_house) as bo:
        assert "given-up" not in bo.get(page).text
        night(mail_house, 30)
        seen = bo.get(page)
        assert "BGN itself ends." in seen.text
        assert 'value="10.23"' in seen.text
        words = [plain(one) for one in mail_house.letters()]
        assert sum("that currency itself ends" in one for one in words) == 1
        number = give_in_name(mail_house, Money(500, "EUR"))
        refused = bo.fill_in(seen, {}, "go-on")
        assert refused.status_code == 422
        assert "Acme may still promise €5.00 this month" in refused.text
        with mail_house.app.write() as connection:
            budgets.allow(connection, number, Money(2000, "EUR"), 7, mail_house.now)
        sent = bo.fill_in(seen, {}, "go-on", follow=False)
        mail_house.pay(sent.headers["location"])
        mail_house.settle()
        assert subscriptions(mail_house) == [("bgn", "canceled"), ("eur", "trialing")]
        assert sum("cannot stay: BGN ends" in one["Subject"] for one in mail_house.letters()) == 1
        night(mail_house, 60)
        mail_house.tick("sweep_pledges")
        mail_house.settle()
        assert "This promise is over" in bo.get(promised).text
        refused = bo.submit(FUND, {"amount": "20.00"}, "give")
        assert refused.status_code == 422
        assert "BGN is no more" in refused.text
    with mail_house.app.read() as connection:
        (last,) = connection.execute(select(gift).order_by(gift.c.id.desc()).limit(1))
        assert store.read(last).money == Money(1023, "EUR")
        assert store.standing(connection, store.read(last)).kept >= 1023
        assert budgets.of_gift(connection, last.id) == number


def give_in_name(house: MailHouse, limit: Money) -> int:
    """Let the first gift that there is be of a member of an organisation, and in its name."""
    with house.app.write() as connection:
        connection.execute(update(giver).values(github_id=7))
        number = budgets.make(connection, "Acme", 7, limit, house.now)
        own = connection.execute(select(gift).order_by(gift.c.id).limit(1)).one()
        budgets.note(connection, store.read(own), number)
    return number
