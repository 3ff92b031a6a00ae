"""Forms sent twice, changed or made up: one clear answer, and nothing is taken that was not meant."""

import pytest
from sqlalchemy import update

from bot.places import repository
from core.money import NotAnAmount, parse
from tests.bank import BankHouse
from tests.scenarios.giving.test_fund_page import FUND, count, last, switch_on
from tests.visitor import Visitor


def test_who_changes_their_mind_is_not_sent_to_pay_the_first_choice(
    bank_house: BankHouse,
) -> None:
    switch_on(bank_house)
    with Visitor(bank_house) as bo:
        page = bo.get(FUND)
        first = bo.fill_in(page, {"amount": "5"}, "give", follow=False)
        again = bo.fill_in(page, {"amount": "5"}, "give", follow=False)
        assert again.headers["location"] == first.headers["location"]
        other = bo.fill_in(page, {"amount": "20.00"}, "give", follow=False)
        assert other.status_code == 409
        assert "another choice (€5.00)" in other.text
        assert count(bank_house) == 1
        meant = bo.fill_in(other, {}, "give", follow=False)
        assert meant.headers["location"] not in {"", first.headers["location"]}
    sessions = bank_house.bank.bank.all("checkout.session")
    assert [one["amount_total"] for one in sessions] == [2000, 500]


def test_made_up_numbers_are_refused_and_never_a_fault(bank_house: BankHouse) -> None:
    switch_on(bank_house)
    with Visitor(bank_house) as bo:
        page = bo.get(FUND)
        for weight in ("000000" + "9" * 5_000, "0000009999999", "٣", "-1", "1001", "1e3"):
            sent = bo.fill_in(page, {"amount": "5", "share-project": weight}, "give")
            assert sent.status_code == 422, weight[:20]
        for number in ("9" * 5_000, "9" * 30, "99999999999", "-5", "٣"):
            assert bo.get(f"{FUND}?request={number}").status_code in {200, 404}
            assert bo.get(f"/potluck-sandbox/garden/pledge?request={number}").status_code == 404
    assert count(bank_house) == 0


@pytest.mark.parametrize("text", ["EUR" + " " * 33 + "12345678", "1" + " " * 50 + "5", "٣"])
def test_an_amount_is_read_whole_or_not_at_all(text: str) -> None:
    with pytest.raises(NotAnAmount):
        parse(text, "EUR", "en")


def test_the_address_of_a_gift_is_kept_to_those_who_have_it(bank_house: BankHouse) -> None:
    switch_on(bank_house)
    with Visitor(bank_house) as bo, Visitor(bank_house) as mara:
        bo.sign_in(bank_house.garden.bo)
        fields = {"amount": "20.00", "rhythm": "month"}
        url = bo.submit(FUND, fields, "give", follow=False).headers["location"]
        page = str(bank_house.pay(url).headers["location"])
        bank_house.settle()
        for seen in (bo.get(page), bo.get("/you/gifts")):
            assert seen.headers["cache-control"] == "private, no-store"
            assert "noindex" in seen.headers["x-robots-tag"]
            assert seen.headers["referrer-policy"] == "same-origin"
        path = page.partition("8000")[2]
        assert bo.post(f"{path}/back").status_code == 400, "a form of another site"
        assert bo.post(f"{path}/end").status_code == 400
        with bank_house.app.write() as connection:
            connection.execute(update(repository).values(private=True))
        mara.sign_in(bank_house.garden.mara)
        key = last(bank_house).key
        assert key not in mara.get("/you/gifts").text
        assert mara.get(f"/you/gifts/{key[::-1]}").status_code == 404
        own = bo.get(page)
        assert "not public any more" in own.text
        assert "garden" not in own.text
        assert own.headers["cache-control"] == "private, no-store"
        assert key in bo.get("/you/gifts").text
        bo.fill_in(own, {}, "end")
        bank_house.settle()
        assert "End it" not in bo.get(page).text
    assert next(bank_house.bank.bank.all("subscription"))["status"] == "canceled"
