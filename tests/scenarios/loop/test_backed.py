"""Whoever gave under their name for what has shipped is credited, and nobody else is named."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import insert

from bot.credits import store
from bot.roadmap.loop import backing
from core.db import Database
from donations.giving.tables import act, gift, giver, terms

REPO, AT = 7, datetime(2026, 11, 20, tzinfo=UTC)
GIFTS = (
    (1, 1815, True, ("paid",)),
    (2, 1954, False, ("paid",)),
    (3, 1978, True, ("paid", "refunded")),
    (4, None, True, ("paid",)),
    (5, 1815, True, ("paid",)),
    (6, 1901, True, ("opened",)),
)


@pytest.fixture
def app(databases: tuple[str, str]) -> Iterator[Database]:
    database = Database(databases[0])
    yield database
    database.close()


def test_who_gave_under_their_name_is_credited_once(app: Database) -> None:
    with app.write() as connection:
        shown = {"sha256": "0" * 64, "text": "", "first_shown_at": AT}
        connection.execute(insert(terms).values(shown))
        for number, who, public, deeds in GIFTS:
            _give(connection, number, who, deeds, public=public)
        for _again in range(2):
            backing.credit(connection, REPO, {"I_12": "issues/12"}, AT, AT)
            backing.credit(connection, REPO, {"I_13": "issues/13"}, AT, AT)
        found = store.of_repo(connection, REPO)
    assert [(one.github_id, one.kind, one.deed, one.subject) for one in found] == [
        (1815, "financial", "backed", "issues/12")
    ]


def _give(
    connection, number: int, who: int | None, deeds: tuple[str, ...], *, public: bool
) -> None:  # type: ignore[no-untyped-def] # a connection
    said = {"id": number, "key": f"{number:032}", "repo_id": REPO, "about": "I_12"}
    said |= {"product": "donation", "rhythm": "once", "minor": 500, "currency": "EUR"}
    connection.execute(insert(gift).values(said | {"terms_sha256": "0" * 64, "said_at": AT}))
    person = {"gift_id": number, "github_id": who, "name": "A", "email": "", "message": ""}
    person |= {"public": public, "language": "en", "customer_id": "", "method_id": ""}
    connection.execute(insert(giver).values(person | {"subscription_id": ""}))
    for deed in deeds:
        happened = {"gift_id": number, "deed": deed, "evidence": f"{deed}-{number}", "minor": 500}
        at = {"payment": "", "at": AT, "recorded_at": AT}
        connection.execute(insert(act).values(happened | at))
