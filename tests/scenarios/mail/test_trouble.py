"""Mail in trouble: servers that say no, forged addresses, a killed postman, and people who want none."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bot import erasing, meters
from bot.app import create_app
from bot.mail import outgoing
from bot.mail.outgoing import ToAddress, ToPerson
from bot.mail.postman import Postman
from bot.mail.smtp import keep
from bot.mail.tables import mail
from bot.running import mail_sender
from core.github import Account
from core.money import Money
from core.web.signin import Person
from licensing import addresses
from tests.post_office import MailHouse
from tests.scenarios.mail.reading import html, plain
from tests.visitor import Visitor

FACTS = {
    "project": "o/n",
    "what": "Sort <b>by</b> season\r\nBcc: all@example.org #12",
    "page": "/o/n/fund/x",
    "amount": Money(1234, "EUR"),
    "rhythm": "once",
    "until": None,
}


@dataclass(frozen=True)
class Occasion:
    """What gives rise to another look."""

    now: datetime
    source: str
    guid: str


def write(house: MailHouse, to: object, letter: str = "thanks", **more: str) -> None:
    """Want a letter sent."""
    facts = {name: one for name, one in FACTS.items() if one is not None}
    facts["until"] = house.now
    with house.app.write() as connection:
        key = f"{letter}:{to}:{house.now.isoformat()}"
        assert outgoing.send(connection, to, letter, facts, key=key, now=house.now, **more)
        assert not outgoing.send(connection, to, letter, facts, key=key, now=house.now, **more)


def states(house: MailHouse) -> list[str]:
    with house.app.read() as connection:
        return list(connection.scalars(select(mail.c.state).order_by(mail.c.id)))


def test_a_server_that_says_no_is_asked_again_until_it_is_over_and_a_bounce_is_remembered(
    mail_house: MailHouse,
) -> None:
    office, bo = mail_house.office, ToAddress("bo@example.org")
    office.answers = {"data": "451 later"}
    write(mail_house, bo)
    mail_house.happen()
    assert states(mail_house) == ["due"]
    office.answers = {}
    mail_house.settle()
    first, second = mail_house.letters()
    assert first["Message-ID"] == second["Message-ID"]
    assert bytes(first) == bytes(second)
    assert second["Bcc"] is None
    assert "Sort <b>by</b> season Bcc: all@example.org #12" in plain(second)
    assert "Sort &lt;b&gt;by&lt;/b&gt; season" in html(second)

    office.answers = {"*": "450 never now"}
    mail_house.advance(timedelta(minutes=1))
    write(mail_house, bo)
    mail_house.settle()
    assert states(mail_house) == ["done", "dead"]
    office.answers = {"bo@example.org": "550 no such person"}
    mail_house.advance(timedelta(minutes=1))
    write(mail_house, bo)
    mail_house.settle()
    office.answers = {}
    mail_house.advance(timedelta(minutes=1))
    write(mail_house, ToAddress("BO@example.org"))
    mail_house.settle()
    assert states(mail_house) == ["done", "dead", "refused", "refused"]
    assert len(mail_house.letters()) == 2
    shown = meters.expose(mail_house.app, mail_house.inbox, mail_house.now).decode()
    assert 'potluck_mail{state="dead"} 1.0' in shown
    assert 'potluck_mail{state="refused"} 2.0' in shown
    with mail_house.app.write() as connection:
        assert outgoing.prune(connection, mail_house.now + timedelta(days=31)) == 4


def test_a_killed_postman_sends_the_same_mail_again_and_others_wait_for_nobody(
    mail_house: MailHouse,
) -> None:
    write(mail_house, ToAddress("bo@example.org"), language="fr")

    class Killed(BaseException):
        pass

    def dies(message: object, address: str) -> None:
        mail_house.postman._carry(message, address)
        raise Killed

    sender = mail_sender(mail_house.settings)
    with pytest.raises(Killed):
        Postman(mail_house.app, dies, sender, mail_house.clock, "dying").step()
    assert states(mail_house) == ["running"]
    mail_house.settle()
    first, second = mail_house.letters()
    assert first["Message-ID"] == second["Message-ID"]
    assert second["Subject"] == "Merci\u00a0: 12,34\u00a0€ pour o/n"
    assert '<html lang="fr">' in html(second)
    assert states(mail_house) == ["done"]

    write(mail_house, ToAddress("cy@example.org"))
    assert Postman(mail_house.app, None, sender, mail_house.clock, "serverless").step()
    assert states(mail_house) == ["done", "unsent"]
    assert mail_house.postman.next_at() is None
    with mail_house.app.write() as connection:
        numbers = [*connection.scalars(select(mail.c.id).order_by(mail.c.id)), 99]
        again = [outgoing.again(connection, number, mail_house.now) for number in numbers]
    assert again == [False, True, False]
    for forged in ("a@b\r\nBcc: x@y", "a b@c", "a@b,c@d", '"a"@b', "<a@b>", "a@b\u2028c", "a", ""):
        with pytest.raises(ValueError, match="no address"):
            write(mail_house, ToAddress(forged))


def test_who_wants_no_reminders_gets_none_and_who_is_erased_leaves_no_address(
    mail_house: MailHouse,
) -> None:
    ada = mail_house.garden.ada
    with mail_house.app.write() as connection:
        addresses.prove(
            connection, Account(ada.id, ada.login), ["ada@example.org"], mail_house.now
        )
    write(mail_house, ToPerson(ada.id), "lapsing")
    write(mail_house, ToPerson(4711), "lapsing")
    mail_house.settle()
    (letter,) = mail_house.letters()
    assert letter["To"] == "ada@example.org"
    assert states(mail_house) == ["done", "unsent"]
    stop = letter["List-Unsubscribe"].strip(" <>")
    with Visitor(mail_house) as reader:
        assert "No more letters of this kind?" in reader.get(stop).text
        # As RFC 8058 has it: by the mail program, without our cookies or our form's token.
        done = reader.post(stop, {"List-Unsubscribe": "One-Click"})
        assert "We write you no more such letters" in done.text
        old = reader.get(f"/mail/stop/{'0' * 32}")
        assert (old.status_code, "This link is over" in old.text) == (404, True)
        assert reader.get(f"{stop[:-1]}x").status_code == 404
    mail_house.advance(timedelta(minutes=1))
    write(mail_house, ToPerson(ada.id), "lapsing")
    write(mail_house, ToPerson(ada.id), "thanks")
    mail_house.settle()
    assert states(mail_house) == ["done", "unsent", "stopped", "done"]
    occasion = Occasion(mail_house.now, "web", "erased")
    with mail_house.app.write() as connection:
        erasing.erase(connection, Person(ada.id, ada.login), occasion)
    assert states(mail_house) == ["unsent"]


def test_in_the_sandbox_nothing_leaves_and_the_mailbox_shows_it(mail_house: MailHouse) -> None:
    write(mail_house, ToAddress("bo@example.org"), "lapsing")
    sandbox = replace(mail_house.settings, sandbox_url="http://127.0.0.1:1/")
    assert Postman(
        mail_house.app, keep, mail_sender(sandbox), mail_house.clock, "sandboxed"
    ).step()
    pages = create_app(sandbox, mail_house.app, mail_house.inbox, mail_house.clock).test_client()
    listed = pages.get("/sandbox/mail").text
    assert "Your promise of €12.34 lapses soon" in listed
    assert "to bo@example.org" in listed
    one = pages.get("/sandbox/mail/1").text
    assert "Sort &lt;b&gt;by&lt;/b&gt; season" in one
    whole = pages.get("/sandbox/mail/1.eml").data
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click" in whole
    assert pages.get("/sandbox/mail/99").status_code == 404
    assert mail_house.letters() == []
    live = create_app(
        mail_house.settings, mail_house.app, mail_house.inbox, mail_house.clock
    ).test_client()
    assert live.get("/sandbox/mail/1.eml").status_code == 404
