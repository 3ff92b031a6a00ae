"""What a withdrawal ends is decided by when people acted, not by when we heard of it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection

from core.db import Database
from licensing import signing, store
from licensing.bases import bases
from licensing.proof import verify_chain
from licensing.signing import Act, Withdrawal
from licensing.versions import AgreementVersion, Offer

REPO, ADA = 7, 1815
T = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


@pytest.fixture
def app(databases: tuple[str, str]) -> Iterator[Database]:
    database = Database(databases[0])
    yield database
    database.close()


def published(connection: Connection) -> AgreementVersion:
    offer = Offer("1.0", "cla", "I hereby sign the CLA", "en", "CLA.md", b"# The agreement\n")
    store.publish(connection, REPO, offer, T, T)
    found = store.agreement_in_force(connection, REPO)
    assert found is not None
    return found


def sign(connection: Connection, version: AgreementVersion, hour: int, comment: int) -> str:
    at = T + timedelta(hours=hour)
    act = Act(version, REPO, ADA, "ada", at, comment_id=comment)
    return signing.sign(connection, act, at).outcome


def withdraw(connection: Connection, version: AgreementVersion, hour: int) -> bool:
    at = T + timedelta(hours=hour)
    said = Withdrawal(ADA, ADA, "", at)
    return signing.withdraw(connection, version.agreement_id, said, at)


def covered(connection: Connection, version: AgreementVersion) -> bool:
    return ADA in bases(connection, version, [ADA], T + timedelta(days=1))


def test_a_comment_that_is_heard_late_brings_back_nothing_that_was_withdrawn(
    app: Database,
) -> None:
    with app.write() as connection:
        version = published(connection)
        sign(connection, version, 1, 100)
        assert covered(connection, version)
        assert withdraw(connection, version, 3)
        sign(connection, version, 2, 101)
        assert not covered(connection, version)
        assert verify_chain(connection) == ()


def test_whoever_signs_again_after_withdrawing_is_covered_again(app: Database) -> None:
    with app.write() as connection:
        version = published(connection)
        sign(connection, version, 1, 100)
        withdraw(connection, version, 2)
        assert not withdraw(connection, version, 3), "there was nothing left to withdraw"
        assert sign(connection, version, 4, 101) == "signed"
        assert covered(connection, version)


def test_what_is_withdrawn_in_the_instant_of_signing_goes_by_the_chain(app: Database) -> None:
    with app.write() as connection:
        version = published(connection)
        sign(connection, version, 1, 100)
        withdraw(connection, version, 1)
        assert not covered(connection, version)
        sign(connection, version, 1, 101)
        assert covered(connection, version)
