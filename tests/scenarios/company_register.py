"""A register with a company in it, and the acts of its people in short words."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event

from core.db import Database
from licensing import signing, store
from licensing.bases import Basis, bases
from licensing.companies import acts
from licensing.companies.values import (
    Acknowledging,
    CompanyAct,
    Contact,
    Ending,
    Found,
    Reason,
    Role,
    Rule,
    Wanted,
)
from licensing.versions import AgreementVersion, Offer

START = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
DAY = timedelta(days=1)
REPO, ORG = 77, 88
MARA, ADA, BO = 1901, 1815, 1954
TEAM = 99


@dataclass
class Register:
    """An agreement, a company that signed it, and a clock to turn."""

    database: Database
    version: AgreementVersion
    number: int = 0
    now: datetime = START

    def publish(self, version: str) -> None:
        offer = Offer(version, "cla", "I sign", "en", "CLA.md", f"Text {version}".encode())
        with self.database.write() as connection:
            store.publish(connection, REPO, offer, self.now, self.now)
            found = store.agreement_in_force(connection, REPO)
        assert found
        self.version = found

    def sign(self, name: str = "Bar", number: int | None = None) -> acts.Done:
        who = Contact(MARA, "mara", "mara@bar.com", "CTO")
        act = CompanyAct(self.version, REPO, name, "bar.com", who, self.now, self.now, number)
        with self.database.write() as connection:
            return acts.sign(connection, act, self.now)

    def add(
        self,
        rule: Rule = "person",
        who: int | None = ADA,
        pattern: str | None = None,
        begins: timedelta = timedelta(0),
        ends: timedelta | None = None,
    ) -> int:
        until = self.now + ends if ends else None
        begin = self.now + begins
        team = TEAM if rule == "team" else None
        wanted = Wanted(self.number, rule, MARA, begin, until, who, pattern, team)
        with self.database.write() as connection:
            return acts.add(connection, self.version.agreement_id, wanted, self.now).sequence

    def end(
        self,
        listing: int,
        person: int | None = None,
        actor: int | None = MARA,
        after: timedelta = timedelta(0),
        reason: Reason = "left",
    ) -> acts.Done:
        ending = Ending(listing, self.now + after, actor, reason, person)
        with self.database.write() as connection:
            return acts.end(connection, self.version.agreement_id, ending, self.now)

    def join(
        self,
        who: int = ADA,
        domains: tuple[str, ...] = (),
        teams: tuple[int, ...] = (),
        role: Role = "person",
    ) -> str:
        found = Found(who, domains, teams)
        contact = Contact(who, "login", "address@bar.com")
        act = Acknowledging(self.version, self.number, contact, found, self.now, self.now, role)
        with self.database.write() as connection:
            return acts.acknowledge(connection, act, self.now).outcome

    def basis(self, who: int = ADA) -> Basis | None:
        with self.database.read() as connection:
            return bases(connection, self.version, {who}, self.now).get(who)

    def covers(self, who: int = ADA) -> bool:
        return self.basis(who) is not None

    def sign_alone(self, who: int = ADA) -> None:
        act = signing.Act(self.version, REPO, who, "ada", self.now)
        with self.database.write() as connection:
            signing.sign(connection, act, self.now)

    @contextmanager
    def queries(self) -> Iterator[list[str]]:
        seen: list[str] = []

        def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
            seen.append(statement)

        event.listen(self.database.engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(self.database.engine, "before_cursor_execute", note)


@pytest.fixture
def register(databases: tuple[str, str]) -> Iterator[Register]:
    database = Database(databases[0])
    found = Register(database, None)  # type: ignore[arg-type] # published in the next line
    found.publish("1.0")
    found.number = found.sign().sequence
    yield found
    database.close()
