"""Mail that comes back late: believed of our own mails only; the next ones go where they arrive."""

from base64 import encodebytes
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from bot.__main__ import cli
from bot.mail import bounces
from bot.mail.tables import mail
from core.clock import system_clock
from core.github import Account
from licensing import addresses
from tests.post_office import MailHouse
from tests.scenarios.giving.test_fund_page import FUND, switch_on
from tests.visitor import Visitor

NOTICE = """From: MAILER-DAEMON@mx.example.org
To: potluck@potluck.test
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It was not possible.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; bo@example.org
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 no such person

--b
Content-Type: {returned}

Message-ID: {name}
Subject: Thank you

--b--
"""


def notice(
    name: str, *, action: str = "failed", status: str = "5.1.1", headers: bool = False
) -> bytes:
    returned = "text/rfc822-headers" if headers else "message/rfc822"
    said = NOTICE.format(action=action, status=status, returned=returned, name=name)
    return said.replace("\n", "\r\n").encode()


def test_only_what_never_arrives_is_read_and_nonsense_never_ends_it() -> None:
    name = "<7.0123456789abcdef0123456789abcdef@potluck.test>"
    for headers in (False, True):
        assert bounces.read(notice(name, headers=headers)) == bounces.Bounce(name, "5.1.1")
    assert bounces.read(notice(name, action="delayed", status="4.4.1")) is None
    for other in ("2.0.0", "5.2.2", "5.2.10", "5.3.0", "5.7.1"):
        assert bounces.read(notice(name, status=other)) is None, other
    answer = EmailMessage()
    answer["Subject"] = "I am on holiday"
    answer.set_content(f"Final-Recipient: bo@example.org {name} failed 5.1.1")
    assert bounces.read(bytes(answer)) is None
    whole = notice(name)
    for length in range(0, len(whole), 29):
        bounces.read(whole[:length])
        bounces.read(whole[length:] + bytes(range(256)))
    assert bounces.read(whole + b" " * bounces.LARGEST) is None
    # Whoever sends parts within parts stops nobody's reading.
    within = (
        f'Content-Type: multipart/mixed; boundary="{at}"\r\n\r\n--{at}\r\n' for at in range(2000)
    )
    assert bounces.read("".join(within).encode() + whole) is None
    deep = b"Content-Type: message/rfc822\r\n\r\n" * 2000
    assert bounces.read(deep + whole) is None
    hidden = notice(name, headers=True).partition(b"Content-Type: text/rfc822-headers")[0]
    hidden += b"Content-Type: text/rfc822-headers\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    assert bounces.read(hidden + encodebytes(deep) + b"\r\n--b--\r\n") is None


@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
def test_what_comes_back_is_marked_shown_and_written_elsewhere(
    mail_house: MailHouse, tmp_path: Path
) -> None:
    ada = mail_house.garden.ada
    # The command line has the machine's own clock.
    mail_house.advance(system_clock() - mail_house.now)
    switch_on(mail_house)
    with mail_house.app.write() as connection:
        who = Account(ada.id, ada.login)
        addresses.prove(connection, who, ["ada@proven.example"], mail_house.now)
    with Visitor(mail_house) as visitor:
        visitor.sign_in(ada)
        url = visitor.submit(FUND, {"amount": "20.00"}, "give", follow=False).headers["location"]
        page = str(mail_house.pay(url).headers["location"])
        mail_house.settle()
        (first,) = mail_house.letters()
        assert first["To"] == "bo@example.org"
        assert "we write to the address that you gave the bank" in visitor.get(page).text

        forgeries_stop_nothing(mail_house, str(first["Message-ID"]))
        assert "we write to the address that you gave the bank" in visitor.get(page).text

        taken_from_a_maildir(mail_house, str(first["Message-ID"]), tmp_path / "Maildir")
        mail_house.settle()
        _, second = mail_house.letters()
        assert (second["To"], second["Subject"]) == ("ada@proven.example", first["Subject"])
        assert "we write to the one that GitHub verified for you" in visitor.get(page).text

        assert said(mail_house, notice(str(first["Message-ID"]))).startswith("1 read, 1 of")
        mail_house.settle()
        assert "Our mail does not reach you" in visitor.get(page).text
        assert len(mail_house.letters()) == 2
    with mail_house.app.read() as connection:
        row = connection.execute(select(mail.c.state, mail.c.error)).one()
    assert tuple(row) == ("refused", "came back: 5.1.1")


def forgeries_stop_nothing(house: MailHouse, name: str) -> None:
    """Whoever only knows the address, or guesses the mail's number, is not believed."""
    number, _, host = name[1:-1].partition("@")
    forged = f"<{number.partition('.')[0]}.{'0' * 32}@{host}>"
    assert said(house, notice(forged)) == "1 read, 0 of them mails of ours that came back."


def taken_from_a_maildir(house: MailHouse, name: str, box: Path) -> None:
    """Read a notice and a letter from a Maildir: both are seen afterwards."""
    for one in ("new", "cur", "tmp"):
        (box / one).mkdir(parents=True)
    (box / "new" / "1.potluck").write_bytes(notice(name))
    (box / "new" / "2.potluck").write_bytes(b"Subject: hello\r\n\r\nhello")
    ran = said(house, b"", "--maildir", str(box))
    assert ran == "2 read, 1 of them mails of ours that came back."
    assert [one.name for one in (box / "new").iterdir()] == []
    assert (box / "cur" / "1.potluck:2,S").exists()
    house.advance(timedelta(minutes=5))


def said(house: MailHouse, raw: bytes, *options: str) -> str:
    """Run the command on what came back."""
    given = {"DATABASE_URL": house.app.url, "SECRET_KEY": "x" * 32}
    done = CliRunner().invoke(cli, ["mail", "bounces", *options], input=raw, env=given)
    assert done.exit_code == 0, done.output
    return done.output.strip()
