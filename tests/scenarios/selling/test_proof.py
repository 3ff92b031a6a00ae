"""What was sold and shared is proven here and on another machine: one altered row is found."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from sqlalchemy import Connection, text

from bot.__main__ import cli
from bot.sandbox import shop
from core.db import BEGIN
from core.digests import canonical, sealed, sha256
from donations.payouts import proof as payouts
from donations.sharing import proof as shares
from licensing.sold import proof as licences
from tests.bank import BankHouse
from tests.scenarios.selling import RULES, buy, open_shop
from tests.scenarios.selling.test_sharing import contribute, share
from tests.visitor import Visitor

ALTERED = (
    ("licence", "UPDATE licence SET seats = 100"),
    ("licence", "UPDATE licence SET revoked_at = issued_at"),
    ("licence_act", "UPDATE licence_act SET record = replace(record, 'pro', 'own')"),
    ("licence_act", "DELETE FROM licence_act WHERE sequence = 4"),
    ("licence_book", "UPDATE licence_book SET revocations = revocations + 1"),
    ("sharing_rule", "UPDATE sharing_rule SET frozen_at = '2026-12-30 00:00:00+00:00'"),
    ("sharing_choice", "UPDATE sharing_choice SET choice = 'take'"),
    ("sharing_statement", "DELETE FROM sharing_statement"),
    ("reward_share", "UPDATE reward_share SET minor = minor + 1"),
)


def problems(connection: Connection) -> list[str]:
    return [
        *licences.problems(connection),
        *payouts.problems(connection),
        *shares.problems(connection),
    ]


@contextmanager
def undone(house: BankHouse) -> Iterator[Connection]:
    """Write in a transaction that is taken back."""
    with house.app.engine.connect() as connection:
        connection.info[BEGIN] = "IMMEDIATE"
        connection.begin()
        yield connection
        connection.rollback()


def unguarded(connection: Connection, table: str) -> None:
    """Take the table's triggers away, as whoever owns the database can."""
    if connection.dialect.name == "sqlite":
        for act in ("update", "delete"):
            connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_{act}"))
    else:
        connection.execute(text("SET LOCAL session_replication_role = replica"))


def sold_and_shared(house: BankHouse) -> None:
    """Sell a licence in the shop of the sandbox, let time pass, and share what it brought."""
    agreement = RULES.partition("[selling]")[0]
    open_shop(house, agreement + shop.rules(house.garden.mara))
    contribute(house)
    with Visitor(house) as visitor:
        buy(house, visitor)
        visitor.sign_in(house.garden.bo)
        visitor.submit("/potluck-sandbox/garden/sharing", {"choice": "give"}, "choice")
    assert len(share(house, 75)) == 1
    house.advance(timedelta(seconds=1))


def potluck(house: BankHouse, *words: str) -> tuple[int, str]:
    surroundings = {
        "DATABASE_URL": house.settings.database_url,
        "INBOX_DATABASE_URL": house.settings.inbox_database_url,
    }
    ran = CliRunner().invoke(cli, [*words], env=surroundings)
    return ran.exit_code, ran.output


def test_sales_and_shares_are_proven_and_what_is_altered_is_found(
    bank_house: BankHouse, tmp_path: Path
) -> None:
    sold_and_shared(bank_house)
    code, said = potluck(bank_house, "check")
    assert code == 0, said
    file = tmp_path / "proof.json"
    assert potluck(bank_house, "export", "--output", str(file))[0] == 0
    code, told = potluck(bank_house, "verify", str(file))
    assert code == 0, told
    for line in said.splitlines():
        if line.startswith(("licences of", "sharing of")):
            assert line in told
    assert told.count("licences of") == told.count("sharing of") == 1
    whole = json.loads(file.read_text())
    assert "Acme" not in file.read_text()
    for wrong, why in forged(whole):
        file.write_text(json.dumps(sealed(wrong)))
        code, found = potluck(bank_house, "verify", str(file))
        assert (code, why in found) == (1, True), (why, found)
    for table, change in ALTERED:
        with undone(bank_house) as connection:
            unguarded(connection, table)
            connection.execute(text(change))
            assert problems(connection), change
    with bank_house.app.read() as connection:
        assert problems(connection) == []


def forged(whole: dict[str, Any]) -> list[tuple[dict[str, Any], str]]:
    """Alter an export in one place each, as somebody who can seal it again, with what is to be said."""
    (sold,), (shared,) = whole["licences"], whole["sharing"]
    issued = next(one for one in sold["acts"] if json.loads(one["record"])["kind"] == "issued")
    more = issued | {"record": issued["record"].replace('"seats":1', '"seats":9')}
    assert more != issued
    acts = [more if one is issued else one for one in sold["acts"]]
    (statement,) = shared["statements"]
    record = json.loads(statement["text"])
    (first, minor), *rest = record["shares"]
    greedy = rewritten(statement, record | {"shares": [[first, minor + 1], *rest]})
    unearned = [one for one in record["contributions"] if one[0] != first]
    poorer = rewritten(statement, record | {"contributions": unearned})
    rule = shared["rules"][0]
    later = rule | {"frozen_at": "2026-12-30T00:00:00+00:00"}
    return [
        (whole | {"licences": [sold | {"acts": acts}]}, "was changed"),
        (whole | {"licences": [sold | {"number": 9}]}, "not what the acts come to"),
        (whole | {"sharing": [shared | {"statements": [greedy]}]}, "comes to something else"),
        (whole | {"sharing": [shared | {"statements": [poorer]}]}, "comes to something else"),
        (whole | {"sharing": [shared | {"statements": []}]}, "no statement of it"),
        (whole | {"sharing": [shared | {"rules": [later]}]}, "not among those of the project"),
    ]


def rewritten(statement: dict[str, Any], record: dict[str, Any]) -> dict[str, Any]:
    """Write another statement, with a hash that fits."""
    said = canonical(record)
    return statement | {"text": said, "sha256": sha256(said.encode())}
