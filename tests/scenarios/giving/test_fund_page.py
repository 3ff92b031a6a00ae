"""People give on the project’s page: what they want, or nothing, and see how it stands."""

import re
from datetime import timedelta

from sqlalchemy import func, select

from donations.giving import store
from donations.giving.store import Gift
from donations.giving.tables import gift as gift_table
from tests.bank import BankHouse
from tests.scenarios.agreement import push_files
from tests.scenarios.roadmap import wish
from tests.visitor import Visitor

RULES = """
language = "en"
[roadmap]
on = true
[funding]
currency = "EUR"
suggested = ["5", "20", "50"]
least = "5"
split = { feature = 60, builders = 30, project = 10 }
"""
FUND = "/potluck-sandbox/garden/fund"


def switch_on(house: BankHouse, rules: str = RULES) -> None:
    push_files(house, {".github/potluck.toml": rules})
    house.settle()


def last(house: BankHouse) -> Gift:
    with house.app.read() as connection:
        key = connection.scalar(select(gift_table.c.key).order_by(gift_table.c.id.desc()).limit(1))
        found = store.by_key(connection, str(key))
    assert found is not None
    return found


def count(house: BankHouse) -> int:
    with house.app.read() as connection:
        return connection.scalar(select(func.count()).select_from(gift_table)) or 0


def test_somebody_gives_for_a_request_and_sees_that_it_arrived(bank_house: BankHouse) -> None:
    switch_on(bank_house)
    wish(bank_house, 12, "Sort by season")
    with Visitor(bank_house) as bo:
        page = bo.get(f"{FUND}?request=12")
        assert "Sort by season" in page.text
        assert 'value="20.00"' in page.text
        fields = {"amount": "own", "own": "12.50", "share-feature": "1", "share-project": "1"}
        sent = bo.fill_in(page, fields | {"share-builders": "0"}, "give", follow=False)
        assert sent.status_code == 303
        url = sent.headers["location"]
        assert url.startswith(bank_house.bank.url)
        back = bank_house.pay(url).headers["location"]
        assert "One moment" in bo.get(back).text
        bank_house.settle()
        assert "Thank you!" in bo.get(back).text
        assert "€12.50" in bo.get(f"{FUND}?request=12").text
        stranger = bo.get(back.replace(back[-32:], "0" * 32))
        assert stranger.status_code == 404
    gift = last(bank_house)
    assert (gift.money.minor, gift.about) == (1250, "I_12")
    with bank_house.app.read() as connection:
        assert store.terms_of(connection, gift).split == (("feature", 1), ("project", 1))


def test_nothing_is_a_price_and_nonsense_is_refused(bank_house: BankHouse) -> None:
    switch_on(bank_house)
    with Visitor(bank_house) as bo:
        page = bo.get(FUND)
        for own in ("4.99", "1e3", "-5", "NaN", "1,50", "10000000000", "", "0.001"):
            refused = bo.fill_in(page, {"amount": "own", "own": own}, "give")
            assert refused.status_code == 422, own
            assert "amount-error" in refused.text
        tampered = bo.fill_in(page, {"amount": "0.49"}, "give")
        assert tampered.status_code == 422
        unnamed = bo.fill_in(page, {"amount": "5", "public": "yes", "name": " "}, "give")
        assert unnamed.status_code == 422
        assert count(bank_house) == 0
        assert bank_house.bank.requests == []
        thanks = bo.fill_in(page, {"amount": "nothing"}, "give")
        assert "keep every right" in thanks.text
        bo.fill_in(page, {"amount": "nothing"}, "give")
        assert count(bank_house) == 1, "a form that is sent twice is one gift"
    bank_house.settle()
    assert bank_house.bank.requests == []
    french = Visitor(bank_house, **{"accept-language": "fr"})
    with french as bo:
        page = bo.get(FUND)
        assert "5,00" in page.text
        sent = bo.fill_in(page, {"amount": "own", "own": "7,50"}, "give", follow=False)
        assert sent.headers["location"].startswith(bank_house.bank.url)
    assert last(bank_house).money.minor == 750


def test_terms_are_those_that_were_shown(bank_house: BankHouse) -> None:
    switch_on(bank_house)
    with Visitor(bank_house) as bo:
        page = bo.get(FUND)
        shown = re.search(r"<code>([0-9a-f]{12})</code>", page.text)
        assert shown
        bo.fill_in(page, {"amount": "5"}, "give", follow=False)
        before = last(bank_house)
        assert before.terms_sha256.startswith(shown[1])
        page = bo.get(FUND)
        switch_on(bank_house, RULES + "refund_days = 3\ndispute_days = 1\n")
        unseen = bo.fill_in(page, {"amount": "20.00"}, "give", follow=False)
        assert (unseen.status_code, "changed since you opened" in unseen.text) == (422, True)
        assert last(bank_house) == before, "nobody agreed to what they were not shown"
        bo.fill_in(unseen, {}, "give", follow=False)
        after = last(bank_house)
    with bank_house.app.read() as connection:
        assert store.terms_of(connection, before).refund_days == 14
        assert store.terms_of(connection, after).refund_days == 3


def test_a_project_without_funding_has_no_such_page(bank_house: BankHouse) -> None:
    with Visitor(bank_house) as bo:
        assert bo.get(FUND).status_code == 404
        switch_on(bank_house)
        assert bo.get(f"{FUND}?request=99").status_code == 404
        assert bo.post(FUND, {"amount": "5"}).status_code == 400


def test_a_giver_takes_back_and_ends_what_is_theirs(bank_house: BankHouse) -> None:
    switch_on(bank_house)
    with Visitor(bank_house) as bo:
        bo.sign_in(bank_house.garden.bo)
        fields = {"amount": "20.00", "rhythm": "month"}
        url = bo.submit(FUND, fields, "give", follow=False).headers["location"]
        page = bank_house.pay(url).headers["location"]
        bank_house.settle()
        assert "€20.00" in bo.get("/you/gifts").text
        assert 'id="end"' in bo.get(page).text
        bo.submit(page, form="end")
        bank_house.settle()
        assert 'id="end"' not in bo.get(page).text
        back = bo.submit(page, form="back")
        assert "on its way back" in back.text
        bank_house.settle()
        assert "It went back" in bo.get(page).text
        assert 'id="back"' not in bo.get(page).text
    refunds = list(bank_house.bank.bank.all("refund"))
    assert [one["amount"] for one in refunds] == [2000]
    assert next(bank_house.bank.bank.all("subscription"))["status"] == "canceled"


def test_after_its_time_or_once_given_out_nothing_is_taken_back(bank_house: BankHouse) -> None:
    switch_on(bank_house)
    with Visitor(bank_house) as bo:
        url = bo.submit(FUND, {"amount": "20.00"}, "give", follow=False).headers["location"]
        page = bank_house.pay(url).headers["location"]
        bank_house.settle()
        form = bo.get(page)
        bank_house.advance(timedelta(days=14))
        assert 'id="back"' not in bo.get(page).text
        assert bo.fill_in(form, form="back").status_code == 409
    bank_house.settle()
    assert list(bank_house.bank.bank.all("refund")) == []
