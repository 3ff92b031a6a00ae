"""The house beside a bank and a post office: a real SMTP server on this machine, and our postman.

`mail_house.letters()` gives the mails that came there, oldest first; `mail_house.office.answers`
may name an address (or `*`) and what the server says to it instead of taking the mail.
"""

import random
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from bot import running
from bot.mail.postman import Postman
from bot.sandbox.free_port import free_port
from tests.bank import BankHouse
from tests.house import sooner

USER, PASSWORD = "potluck", "a password: with @ signs/"


class Office:
    """What the server does with what comes: it keeps it, or says what it was told to say."""

    def __init__(self) -> None:
        self.came: list[tuple[str, EmailMessage]] = []
        self.answers: dict[str, str] = {}

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        assert session.authenticated
        said = self.answers.get(address) or self.answers.get("*")
        if said:
            return said
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        read = message_from_bytes(envelope.original_content, policy=policy.default)
        assert isinstance(read, EmailMessage)
        assert envelope.mail_from == "potluck@potluck.test"
        self.came += [(address, read) for address in envelope.rcpt_tos]
        return self.answers.get("data", "250 OK")


def _knows(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    known = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=known)


@contextmanager
def open_office() -> Iterator[tuple[Office, int]]:
    """Start the server on a free port."""
    office, port = Office(), free_port()
    server = Controller(
        office,
        hostname="127.0.0.1",
        port=port,
        authenticator=_knows,
        auth_require_tls=False,
    )
    server.start()
    try:
        yield office, port
    finally:
        server.stop()


class MailHouse(BankHouse):
    """A house with a bank and a post office beside it."""

    office: Office
    _next_office: Office

    def restart(self) -> None:
        """Begin a new life of the worker's process, the postman's too."""
        super().restart()
        self.postman = Postman(
            self.app,
            running.carrier(self.settings),
            running.mail_sender(self.settings),
            self.clock,
            f"postman-{self._lives}",
            random.Random(self._lives),
        )

    @classmethod
    def _neighbours(cls, stack: ExitStack, now: list[datetime]) -> dict[str, str]:
        cls._next_office, port = stack.enter_context(open_office())
        return super()._neighbours(stack, now) | {
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(port),
            "SMTP_USER": USER,
            "SMTP_PASSWORD": PASSWORD,
            "SMTP_TLS": "none",
            "MAIL_FROM": "Potluck <potluck@potluck.test>",
        }

    def connect(self) -> None:
        """Let the bank know where to tell, and the test where mail arrives."""
        super().connect()
        self.office = MailHouse._next_office

    def _happen(self) -> None:
        while True:
            super()._happen()
            if not self.rounds.step("postman", self.app.writes, self.postman.step):
                return

    def _next_at(self) -> datetime | None:
        postman = self.rounds.next_at("postman", self.app.writes, self.postman.next_at)
        return sooner(super()._next_at(), postman)

    def letters(self) -> list[EmailMessage]:
        """Give the mails that arrived, oldest first."""
        return [mail for _address, mail in self.office.came]

    def subjects(self) -> list[str]:
        """Give what stands over them."""
        return [str(mail["Subject"]) for mail in self.letters()]


@pytest.fixture
def mail_house(databases: tuple[str, str], tmp_path: Path) -> Iterator[MailHouse]:
    """A house with everything that the product does, a bank and a post office."""
    running.register_handlers()
    with MailHouse.open(databases, tmp_path) as opened:
        opened.connect()
        yield opened
        assert opened.sandbox.violations == []
