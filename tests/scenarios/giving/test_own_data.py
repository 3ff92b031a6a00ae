"""Whoever gave without an account is nobody anywhere, may be named later, and be erased."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.credits import store as credits_of
from bot.outbox import outbox
from bot.roadmap.loop import backing
from donations.giving import store
from donations.giving.store import Gift
from tests.bank import BankHouse
from tests.scenarios.giving.test_fund_page import FUND, last
from tests.scenarios.pledges.promising import GARDEN, garden
from tests.visitor import Visitor

NAME = "=Zora Unheard"
WORD = "a word for nobody else"


def outputs(house: BankHouse, reader: Visitor, number: int) -> dict[str, str]:
    """Give everything that others can read, and all that we wrote on GitHub."""
    places = [
        GARDEN,
        FUND,
        f"{FUND}?request={number}",
        f"{FUND}/widget",
        f"{GARDEN}/ledger",
        f"{GARDEN}/ledger.csv",
        f"{GARDEN}/ledger.json",
        f"{GARDEN}/requests/{number}",
        f"{GARDEN}/requests/{number}/fund/widget",
        f"{GARDEN}/roadmap",
        f"{GARDEN}/contributors",
        f"/api/v1/repos{GARDEN}/requests/{number}",
    ]
    answers = {one: reader.get(one) for one in places}
    assert {answer.status_code for answer in answers.values()} == {200}
    found = {one: answer.text for one, answer in answers.items()}
    with house.app.read() as connection:
        written = connection.scalars(select(outbox.c.action))
        return found | {"github": "\n".join(map(str, written))}


def is_whole(zora: Visitor, gift: Gift) -> None:
    """Download what is kept: all of it, and no copy stays behind."""
    kept = zora.get(f"/you/gifts/{gift.key}/kept.json")
    assert kept.headers["cache-control"] == "private, no-store"
    told = json.loads(kept.text)
    assert (told["giver"]["email"], told["giver"]["message"]) == ("zora@example.org", WORD)
    assert [one["what"] for one in told["happened"]] == ["paid"]
    assert told["terms_sha256"] == gift.terms_sha256


def for_the_project(house: BankHouse) -> None:
    """Maintainers read the word that was for them, and no name that nobody may know."""
    with Visitor(house) as mara:
        mara.sign_in(house.garden.mara)
        told = mara.get(f"{GARDEN}/maintain/words").text
    assert (WORD in told, "Zora" in told) == (True, False)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_nobody_is_named_who_did_not_say_so_and_who_said_so_can_take_it_back(
    bank_house: BankHouse,
) -> None:
    issue = garden(bank_house)
    body = issue.body
    with Visitor(bank_house) as zora, Visitor(bank_house) as reader:
        fields = {"amount": "20.00", "name": NAME, "message": WORD}
        path = f"{FUND}?request={issue.number}"
        url = zora.submit(path, fields, "give", follow=False).headers["location"]
        page = str(bank_house.pay(url, email="zora@example.org").headers["location"])
        bank_house.settle()
        gift = last(bank_house)
        for secret in ("Zora", WORD, "zora@example.org", gift.key):
            shown = outputs(bank_house, reader, issue.number)
            assert [place for place, text in shown.items() if secret in text] == []
        assert issue.body == body, "what people wrote is theirs"
        for_the_project(bank_house)

        seen = zora.get(page)
        assert "Nobody sees who gave this" in seen.text
        assert zora.fill_in(seen, {"name": " ", "public": "yes"}, "named").status_code == 422
        zora.fill_in(seen, {"name": NAME, "public": "yes"}, "named")
        shown = outputs(bank_house, reader, issue.number)
        assert f"by {NAME}" in shown[f"{GARDEN}/ledger"]
        assert f"'{NAME}" in shown[f"{GARDEN}/ledger.csv"]
        assert NAME in shown[f"{GARDEN}/ledger.json"]
        assert not any(WORD in text for text in shown.values())

        is_whole(zora, gift)

        assert zora.fill_in(zora.get(page), {}, "forget").status_code == 422
        zora.fill_in(zora.get(page), {"sure": "yes"}, "forget")
        shown = outputs(bank_house, reader, issue.number)
        assert [place for place, text in shown.items() if "Zora" in text] == []
        assert "Zora" not in zora.get(f"/you/gifts/{gift.key}/kept.json").text
        assert "€20.00" in shown[f"{FUND}?request={issue.number}"]
    with bank_house.app.read() as connection:
        assert store.giver_of(connection, gift.id).email == ""
        assert store.standing(connection, gift).kept == 2000


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_the_credit_for_what_shipped_goes_with_the_name(bank_house: BankHouse) -> None:
    issue, ada = garden(bank_house), bank_house.garden.ada
    with Visitor(bank_house) as visitor:
        visitor.sign_in(ada)
        fields = {"amount": "20.00", "name": "Ada", "public": "yes"}
        path = f"{FUND}?request={issue.number}"
        url = visitor.submit(path, fields, "give", follow=False).headers["location"]
        page = str(bank_house.pay(url).headers["location"])
        bank_house.settle()
        gift = last(bank_house)
        thread = {gift.about: f"issues/{issue.number}"}
        with bank_house.app.write() as connection:
            backing.credit(connection, gift.repo_id, thread, bank_house.now, bank_house.now)
        assert stands(bank_house, ada.id) == [True]
        bank_house.advance(timedelta(minutes=1))
        # A box that is not ticked is not sent.
        unnamed = {"name": "Ada", "public": ""}
        visitor.fill_in(visitor.get(page), unnamed, "named")
        assert stands(bank_house, ada.id) == [False]
        bank_house.advance(timedelta(minutes=1))
        visitor.fill_in(visitor.get(page), {"name": "Ada", "public": "yes"}, "named")
        assert stands(bank_house, ada.id) == [True]
        with bank_house.app.write() as connection:
            (mine,) = credits_of.of_person(connection, ada.id)
            assert credits_of.act(connection, mine.id, "declined", ada.id, "own", bank_house.now)
        visitor.fill_in(visitor.get(page), {"name": "Ada P.", "public": "yes"}, "named")
        assert stands(bank_house, ada.id) == [False]


def stands(house: BankHouse, github_id: int) -> list[bool]:
    with house.app.read() as connection:
        found = credits_of.of_person(connection, github_id)
    return [one.stands for one in found if one.deed == "backed"]
