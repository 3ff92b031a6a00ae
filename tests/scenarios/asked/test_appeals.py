"""Appeals ask for a goal until a day, and never again whom they had; members come again and again."""

from datetime import timedelta

from click.testing import CliRunner
from sqlalchemy import func, select, update

from bot.commandline.proof import check
from bot.sandbox.seed import CONFIGURATION
from donations.asking import members
from donations.asking.tables import appeal_gift
from donations.giving import store
from tests.post_office import MailHouse
from tests.scenarios.agreement import push_files
from tests.scenarios.asking import RULES
from tests.scenarios.intents.calling import DAY
from tests.visitor import Visitor

GARDEN = "/potluck-sandbox/garden"
WINTER = """
[roadmap]
on = true
[funding]
suggested = ["5", "20"]

[[funding.appeals]]
slug = "winter"
title = "Through the <winter>"
says = "Somebody has to answer at night."
ends = 2026-12-20
asks_again_after = 10
costs = [{ name = "Server", amount = "30" }, { name = "Nights", amount = "70" }]

[[funding.memberships]]
slug = "friend"
name = "Friend"
amount = "10"
least = "3"

[[funding.memberships]]
slug = "patron"
name = "Patron"
thanks = "a call every month"
amount = "50"
every = "year"
counterpart = true
"""
ASK = "Through the &lt;winter&gt;</a></h2>"


def switch_on(house: MailHouse) -> None:
    push_files(house, {RULES: CONFIGURATION + WINTER})
    house.settle()


def give(house: MailHouse, who: Visitor, query: str, **fields: str) -> str:
    """Give through the form, pay, and come back; gives the page of the gift."""
    sent = who.submit(f"{GARDEN}/fund{query}", fields, "give", follow=False)
    assert sent.status_code == 303, sent.text
    back = house.pay(sent.headers["location"]).headers["location"]
    house.settle()
    return str(back)


def test_an_appeal_shows_what_it_covers_and_asks_nobody_again_who_gave(
    mail_house: MailHouse,
) -> None:
    switch_on(mail_house)
    with Visitor(mail_house) as bo, Visitor(mail_house) as cy, Visitor(mail_house) as mara:
        assert ASK in bo.get(f"{GARDEN}/").text
        assert ASK in bo.get(f"{GARDEN}/fund").text
        fields = {"amount": "own", "own": "45"}
        page = give(mail_house, bo, "?appeal=winter", **fields)
        assert f"{GARDEN}/appeals/winter" in bo.get(page).text
        assert ASK not in bo.get(f"{GARDEN}/").text
        shown = bo.get(f"{GARDEN}/appeals/winter").text
        assert '<span class="figure">€45.00</span> of €100.00' in shown
        assert "from 1 gift<" in shown
        for line in (
            '€30.00 <progress max="100" value="100"',
            '€15.00 <progress max="100" value="21"',
        ):
            assert line in shown
        assert "potluck-asked" in {one.name for one in bo.http.cookies.jar}

        mara.sign_in(mail_house.garden.mara)
        assert ASK in mara.get(f"{GARDEN}/").text
        page = give(mail_house, mara, "?appeal=winter", **(fields | {"own": "5"}))
        mara.http.cookies.delete("potluck-asked")
        assert ASK not in mara.get(f"{GARDEN}/").text
        # Somebody else at that browser, without an account: nothing is known of them.
        later = cy.submit(f"{GARDEN}/", {}, "later-winter")
        assert ASK not in later.text
        mail_house.advance(9 * DAY)
        assert ASK not in cy.get(f"{GARDEN}/").text
        mail_house.advance(timedelta(days=2))
        assert ASK in cy.get(f"{GARDEN}/").text
        _what_goes_back_counts_no_more(mail_house, bo, cy, page)


def _what_goes_back_counts_no_more(
    mail_house: MailHouse, bo: Visitor, cy: Visitor, page: str
) -> None:
    assert "€50.00</span> of €100.00" in cy.get(f"{GARDEN}/appeals/winter").text
    bo.submit(page, {}, f"{page.removeprefix(mail_house.settings.public_url)}/back")
    mail_house.settle()
    assert "€45.00</span> of €100.00" in cy.get(f"{GARDEN}/appeals/winter").text
    cy.http.cookies.set("potluck-asked", "x" * 3_000 + "~1.winter:;DROP")
    assert cy.get(f"{GARDEN}/").status_code == 200
    assert cy.get(f"{GARDEN}/fund?appeal=summer").status_code == 404
    mail_house.advance(30 * DAY)
    assert ASK not in cy.get(f"{GARDEN}/").text
    assert "It ended on" in cy.get(f"{GARDEN}/appeals/winter").text
    assert cy.get(f"{GARDEN}/fund?appeal=winter").status_code == 404
    _an_altered_count_is_found(mail_house)


def _an_altered_count_is_found(house: MailHouse) -> None:
    """Let `potluck check` reckon what each gift counts for its appeal, as it is and one cent off."""
    given = {"DATABASE_URL": house.app.url, "INBOX_DATABASE_URL": house.inbox.url}
    assert CliRunner().invoke(check, env=given).exit_code == 0
    first = appeal_gift.c.gift_id == select(func.min(appeal_gift.c.gift_id)).scalar_subquery()
    for off, status in ((1, 1), (-1, 0)):
        with house.app.write() as connection:
            altered = update(appeal_gift).where(first).values(kept=appeal_gift.c.kept + off)
            assert connection.execute(altered).rowcount == 1
        done = CliRunner().invoke(check, env=given)
        assert (done.exit_code, "for the appeal “winter”" in done.stderr) == (status, status == 1)


def test_a_member_is_named_who_wants_it_until_one_click_ends_it(mail_house: MailHouse) -> None:
    switch_on(mail_house)
    with Visitor(mail_house) as bo:
        for refused in ({"own": "2"}, {"own": "10", "rhythm": "once"}, {"amount": "nothing"}):
            fields = {"amount": "own", **refused}
            answer = bo.submit(f"{GARDEN}/fund?membership=friend", fields, "give")
            assert answer.status_code == 422, refused
        fields = {"amount": "own", "own": "4", "name": "Bo <b>", "public": "yes"}
        page = give(mail_house, bo, "?membership=friend", **fields)
        _what_was_said_before_becomes_no_membership(mail_house, bo)
        fields = {"amount": "50.00", "name": "Cy"}
        patron = give(mail_house, bo, "?membership=patron", **fields)
        assert "a call every month" in bo.get(patron).text
        shown = bo.get(f"{GARDEN}/members").text
        assert "<bdi>Bo &lt;b&gt;</bdi>" in shown
        assert "Cy" not in shown
        assert shown.count("1 member<") == 2
        assert "no receipt for taxes" in shown
        with mail_house.app.read() as connection:
            rhythms = {store.by_key(connection, one[-32:]).rhythm for one in (page, patron)}
        assert rhythms == {"month", "year"}
        bo.submit(page, {}, "end")
        mail_house.settle()
        shown = bo.get(f"{GARDEN}/members").text
        assert "Bo &lt;b&gt;" not in shown
        assert shown.count("1 member<") == 1
    assert sorted(mail_house.subjects()) == [
        "Thank you: €4.00 for potluck-sandbox/garden this month",
        "Thank you: €50.00 for potluck-sandbox/garden this year",
        "Your gift to potluck-sandbox/garden has ended",
        "Your monthly gift to potluck-sandbox/garden has begun",
        "Your yearly gift to potluck-sandbox/garden has begun",
    ]


def _what_was_said_before_becomes_no_membership(mail_house: MailHouse, bo: Visitor) -> None:
    """A small gift is sent again with its key, as if it was a dear membership."""
    small = {"key": "5a" * 16, "amount": "own", "own": "1"}
    bo.submit(f"{GARDEN}/fund", small, "give", follow=False)
    dear = small | {"own": "50"}
    answer = bo.submit(f"{GARDEN}/fund?membership=patron", dear, "give")
    assert answer.status_code == 409
    with mail_house.app.read() as connection:
        said = store.by_key(connection, small["key"])
        assert said is not None
        assert members.joined(connection, said.id) is None
