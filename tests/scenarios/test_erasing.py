"""What is personal goes when its owner wants it to, or in time; the proof of what was signed stays."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from bot import personal_data, retention
from bot.migrate import TABLES
from core.db import metadata
from core.translations import catalogue
from licensing.addresses import proven_address
from licensing.details import ORIGIN_KEPT, signer_detail
from licensing.erasure import ADDRESSES_KEPT
from licensing.exports import export_chain
from licensing.proof import verify_chain
from licensing.tables import signer
from tests.house import House
from tests.scenarios.agreement import conclusion, mine, offer, set_rules
from tests.scenarios.page_signing import AGREED, PAGE
from tests.scenarios.test_you import problems, records
from tests.visitor import Visitor

NAME = "Augusta Zephyrine Park"
ADDRESS = "ada@example.com"
RULES = (
    'version = "1.0"',
    "keep_address = true",
    "[[agreement.fields]]",
    'name = "full_name"',
    'label = "Your full name"',
    'kind = "text"',
)


@pytest.fixture
def ada(house: House) -> Iterator[Visitor]:
    """Ada's browser, after she signed on the page and told all that can be told."""
    set_rules(house, *RULES)
    pull = mine(house)
    with Visitor(house, **{"user-agent": "Zephyr browser"}) as somebody:
        page = somebody.sign_in(house.garden.ada, addresses=True, after=PAGE)
        told = AGREED | {"field-full_name": NAME, "address": ADDRESS}
        assert somebody.fill_in(page, told, form="sign").status_code == 200
        house.settle()
        assert conclusion(house, pull) == "success"
        yield somebody


def written_down(house: House, folder: Path) -> bytes:
    """Every byte of the databases: the files on SQLite, all rows of all tables on PostgreSQL."""
    if house.app.engine.dialect.name == "sqlite":
        files = [path for path in sorted(folder.rglob("*.db*")) if path.is_file()]
        assert {"potluck.db", "inbox.db"} <= {path.name for path in files}
        return b"\n".join(path.read_bytes() for path in files)
    with house.app.read() as connection:
        rows = [
            row
            for table in metadata.sorted_tables
            for row in connection.execute(text(f'SELECT "{table.name}"::text FROM "{table.name}"'))
        ]
    return "\n".join(row[0] for row in rows).encode()


def test_erasing_leaves_no_trace_of_names_and_the_proof_whole(
    house: House, ada: Visitor, tmp_path: Path
) -> None:
    before = written_down(house, tmp_path)
    for trace in (NAME, ADDRESS, "Zephyr browser", "network_address"):
        assert trace.encode() in before, trace
    said = records(house)

    asked = ada.get("/you/erase")
    assert "GDPR art. 17(3)(e)" in asked.text
    done = ada.fill_in(asked, {"confirm": "@Ada"}, form="erase")

    assert "Your contact data is erased" in done.text
    assert "21 December 2026" in done.text
    after = written_down(house, tmp_path)
    for trace in (NAME, ADDRESS, "Zephyr browser", "network_address", "@ada"):
        assert trace.encode() not in after, trace
    with house.app.read() as connection:
        exported = str(export_chain(connection))
        assert verify_chain(connection) == ()
        assert connection.execute(select(signer)).all() == []
    assert NAME not in exported
    assert records(house) == said
    assert problems(house) == ()
    assert said[-1]["details_sha256"]


def test_afterwards_the_account_is_signed_out_and_named_by_number_only(
    house: House, ada: Visitor
) -> None:
    pull = mine(house)
    assert "by <bdi>ada</bdi>" in ada.get("/potluck-sandbox/garden/").text

    forged = ada.post("/you/erase", {"confirm": "ada"})
    refused = ada.submit("/you/erase", {"confirm": "yes"}, form="erase")
    assert (forged.status_code, refused.status_code) == (400, 422)
    assert "Type your login, ada." in refused.text
    assert ada.get("/you").status_code == 200

    ada.submit("/you/erase", {"confirm": "ada"}, form="erase")

    public = ada.get("/potluck-sandbox/garden/").text
    assert "by <bdi>a contributor</bdi>" in public
    assert "ada" not in re.findall(r"<bdi>(.*?)</bdi>", public)
    assert ada.get("/you", follow=False).status_code == 303
    page = ada.sign_in(house.garden.ada, after="/you")
    assert "on the page, signed in" in page.text
    assert ada.get("/you/receipts/1.pdf").status_code == 200
    house.settle()
    assert conclusion(house, pull) == "success"


def test_what_was_to_be_kept_for_a_time_goes_by_itself(house: House, ada: Visitor) -> None:
    def kinds() -> tuple[list[str], list[str]]:
        with house.app.read() as connection:
            return (
                list(connection.scalars(select(signer_detail.c.kind))),
                list(connection.scalars(select(proven_address.c.address))),
            )

    assert sorted(kinds()[0]) == ["details", "origin"]
    house.advance(ORIGIN_KEPT - timedelta(days=1))
    house.tick("prune")
    house.settle()
    assert sorted(kinds()[0]) == ["details", "origin"]
    house.advance(timedelta(days=2))
    house.tick("prune")
    house.settle()
    assert kinds() == (["details"], [ADDRESS])
    house.advance(ADDRESSES_KEPT - ORIGIN_KEPT)
    house.tick("prune")
    house.settle()
    assert kinds() == (["details"], [])


def test_nothing_that_names_people_is_left_out_of_the_export() -> None:
    assert TABLES
    known = {
        (table.name, column) for table, columns in personal_data.BY_NUMBER for column in columns
    }
    numbers = re.compile(
        r"(github|account|actor|manager|holder|opener|owner|publisher|person|author)_id|\w+_by"
    )
    found = {
        (table.name, column.name)
        for table in metadata.sorted_tables
        for column in table.c
        if numbers.fullmatch(column.name)
    }
    by_signature = {table.name for table in personal_data.BY_SIGNATURE}
    personal = {
        table.name
        for table in metadata.sorted_tables
        for column in table.c
        if re.search(r"login|address|email|details|title", column.name)
    }

    assert found <= known
    # The hash of an address that is nobody's yet; where a project wants to hear from us; where a
    # letter goes that is about no account; the hashes of addresses that take no mail; and what
    # a milestone is called.
    nobodys = {"unlinked_address", "hook", "mail_address", "mail_silence", "milestone"}
    assert personal - {name for name, _ in known} - by_signature == nobodys


def test_the_page_and_the_document_say_how_long_everything_is_kept(
    house: House, ada: Visitor
) -> None:
    document = (Path(__file__).parents[2] / "docs/privacy.md").read_text(encoding="utf-8")
    page = ada.get("/privacy")

    assert 'href="/privacy"' in ada.get("/").text
    rows = [line for line in document.splitlines() if line.startswith("| ")]
    for one in retention.table(catalogue("en").gettext):
        assert one.what in page.text
        (row,) = (line for line in rows if line.startswith(f"| {one.what} |"))
        days = f"{one.span.days} days" if one.span and one.span.days else "12 hours"
        assert (one.until or days) in row
        assert row.endswith("| yes |" if one.erasable else "| no |")


def test_an_address_that_somebody_else_proved_too_is_theirs_again(house: House) -> None:
    garden = house.garden
    made = {"author": garden.ada, "co_authors": (("Somebody", "bo@example.com"),)}
    pull = offer(house, garden.ada, made)
    with Visitor(house) as bo, Visitor(house) as chen, Visitor(house) as ada:
        house.settle()
        ada.fill_in(ada.sign_in(garden.ada, after=PAGE), AGREED, form="sign")
        told = AGREED | {"address": "bo@example.com"}
        bo.fill_in(bo.sign_in(garden.bo, addresses=True, after=PAGE), told, form="sign")
        garden.bo.emails.discard("bo@example.com")
        house.world.add_email(garden.chen, "bo@example.com")
        chen.fill_in(chen.sign_in(garden.chen, addresses=True, after=PAGE), told, form="sign")
        house.settle()
        assert conclusion(house, pull) == "action_required"

        chen.submit("/you/erase", {"confirm": "chen"}, form="erase")
        house.settle()

    assert conclusion(house, pull) == "success"
