"""A project's money over some months, of most kinds and in three currencies; and a site to see it on."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import Connection

from bot import people, repositories
from bot.app import create_app
from bot.roadmap import store as requests
from core.config import load
from core.db import Database
from core.github import Account, Repo
from core.money import Money, split
from donations import movements, reserves, store
from donations.ledger import Cause, Entry, Kind, Mark, Transaction

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
START = datetime(2026, 6, 3, 8, 15, tzinfo=UTC)
KETTLE = Repo(101, "acme/kettle", 7)
HIDDEN = Repo(103, "acme/hidden", 7, private=True)
ADA = Account(1815, "ada")
NODE = "I_61"
WISHED_FOR = f"request:{NODE}"
PROJECT = f"project:{KETTLE.id}"
FORMULA = '=HYPERLINK("https://evil.example","Ada")'
HOME = "/acme/kettle/ledger"


def euros(minor: int) -> Money:
    return Money(minor, "EUR")


class Months:
    """Posts to one book, a movement every few days."""

    def __init__(self, connection: Connection, repo: Repo = KETTLE) -> None:
        self.connection = connection
        self.book = f"project:{repo.id}"
        self.at = START
        self.number = 0

    def post(self, kind: Kind, entries: tuple[Entry, ...], about: str = "", *marks: Mark) -> Cause:
        self.number += 1
        self.at += timedelta(days=5, hours=3)
        cause = Cause("stripe", f"{self.book}-txn_{self.number}", kind)
        wanted = Transaction(self.book, cause, self.at, entries, about, marks)
        posted = store.post(self.connection, wanted, self.at + timedelta(minutes=1))
        assert posted.outcome == "posted"
        return cause

    def give(self, money: Money, fee: int, to: str, kind: Kind = "gift", about: str = "") -> Cause:
        given = movements.received(money, to)
        cause = self.post(kind, given, about)
        self.post("fee", movements.charged(Money(fee, money.currency), to), about)
        return cause


def tell(connection: Connection) -> None:
    """Gifts and pledges, work that was paid, a refund, a dispute, a conversion, a reversal."""
    months = Months(connection)
    first = months.give(euros(2500), 63, PROJECT)
    store.name_giver(connection, first, ADA.id, "ada", public=True)
    second = months.give(euros(1000), 40, PROJECT)
    store.name_giver(connection, second, 1954, "bo-who-is-anonymous", public=False)
    odd = months.give(euros(500), 33, PROJECT)
    store.name_giver(connection, odd, None, FORMULA, public=True)
    months.give(euros(12000), 310, WISHED_FOR, "pledge", NODE)
    months.give(Money(5000, "JPY"), 180, PROJECT)
    months.give(Money(4000, "USD"), 146, PROJECT)
    months.post("conversion", movements.converted(Money(2000, "USD"), euros(1840), PROJECT))
    ada, bo = split(euros(11690), (60, 40))
    shares = movements.moved(ada, WISHED_FOR, f"payee:{ADA.id}")
    shares += movements.moved(bo, WISHED_FOR, "owed:1954")
    months.post("award", shares, NODE, "self_approved")
    months.post("transfer", movements.sent(ada, f"payee:{ADA.id}"), NODE)
    months.post("refund", movements.sent(euros(1000), PROJECT))
    wrong = months.post("adjustment", movements.moved(euros(77), PROJECT, "refund:p_1"))
    undone = store.reverse(connection, wrong, "potluck", "oops-1", months.at, NOW)
    assert undone.outcome == "posted"
    lost = movements.sent(euros(500), PROJECT) + movements.charged(euros(2000), "loss:disputes")
    months.post("dispute", lost)


def fill(app: Database) -> None:
    """Put two projects with money on the table, one of them private, and the proofs of two nights."""
    with app.write() as connection:
        for repo in (KETTLE, HIDDEN, Repo(102, "acme/bare", 7)):
            repositories.note_repo(connection, repo, START)
        people.note(connection, ADA.id, ADA, NOW)
        asked = requests.Told(
            NODE, KETTLE.id, 61, "Exchange seeds", ADA, "open", False, START, None, START
        )
        requests.note(connection, asked, "label", "asked")
        tell(connection)
        Months(connection, HIDDEN).give(euros(99900), 900, f"project:{HIDDEN.id}")
        reserves.add(connection, None, NOW - timedelta(days=1))
        held = {code: sums["held"] for code, sums in reserves.sums_of(connection).items()}
        reserves.add(connection, held | {"EUR": held["EUR"] + 5}, NOW)


@contextmanager
def site(urls: tuple[str, str], folder: Path) -> Iterator[Flask]:
    """Open the pages on filled databases."""
    given = {"SECRET_KEY": "0123456789abcdef" * 4, "POTLUCK_VAR": str(folder)}
    settings = load(given | {"DATABASE_URL": urls[0], "INBOX_DATABASE_URL": urls[1]})
    app, inbox = Database(urls[0]), Database(urls[1])
    fill(app)
    yield create_app(settings, app, inbox, lambda: NOW)
    app.close()
    inbox.close()
