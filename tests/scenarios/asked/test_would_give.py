"""Without a bank people say what they would give: never as money, and asked once when there is one."""

from dataclasses import replace

from flask import Flask

from bot.app import create_app
from core.github import Account
from donations import store as books
from donations.giving import store as gifts
from licensing import addresses
from tests.post_office import MailHouse
from tests.scenarios.pledges.promising import GARDEN, garden
from tests.visitor import Visitor


def close_bank(house: MailHouse) -> Flask:
    """Let the pages have no bank; gives those that have one."""
    pages = house.pages
    without = replace(house.settings, stripe=None)
    house.pages = create_app(without, house.app, house.inbox, house.clock)
    assert isinstance(pages, Flask)
    return pages


def test_what_people_would_give_is_no_money_until_they_leave_a_card(mail_house: MailHouse) -> None:
    issue, ada = garden(mail_house), mail_house.garden.ada
    pages = close_bank(mail_house)
    form = f"{GARDEN}/pledge?request={issue.number}"
    request = f"{GARDEN}/requests/{issue.number}"
    with Visitor(mail_house) as me, Visitor(mail_house) as stranger:
        shown = stranger.get(form).text
        assert "Sign in to say what you would give" in shown
        assert (
            stranger.post(f"{GARDEN}/would-give?request=1", {"amount": "20.00"}).status_code != 200
        )
        me.sign_in(ada)
        with mail_house.app.write() as connection:
            known = Account(ada.id, ada.login)
            addresses.prove(connection, known, ["ada@example.org"], mail_house.now)
        me.submit(form, {"amount": "20.00"}, "would")
        answer = me.submit(form, {"amount": "own", "own": "30"}, "would")
        assert "€30.00</span> would be given by 1 person" in answer.text
        assert "No card stands behind it: it counts as no money." in stranger.get(request).text
        assert "You would give" not in stranger.get(request).text
        assert me.submit(form, {"amount": "own", "own": "x"}, "would").status_code == 422
        mail_house.tick("invite_promisers")
        with mail_house.app.read() as connection:
            assert gifts.raised(connection, mail_house.garden.repo.id) == {}
            assert books.in_book(connection, f"project:{mail_house.garden.repo.id}") == {}

        mail_house.pages = pages
        for _ in range(2):
            mail_house.tick("invite_promisers")
            mail_house.settle()
        assert mail_house.subjects() == ["potluck-sandbox/garden can take money now"]
        assert mail_house.letters()[0]["List-Unsubscribe"] is not None
        assert "Can be made real now" in me.get("/you/gifts").text
        page = me.get(f"{form}&amount=own&own=30.00")
        sent = me.fill_in(page, {}, "promise", follow=False)
        mail_house.pay(sent.headers["location"])
        mail_house.settle()
        assert "would be given" not in me.get(request).text
        assert "What you would give" not in me.get("/you/gifts").text
    assert mail_house.subjects()[1:] == ["Your promise of €30.00 stands"]
