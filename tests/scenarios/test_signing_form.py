"""What is filled in on the signing page: fields, for whom, and addresses that resolve commits."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update

from bot.sandbox.records import PullRequest
from licensing import addresses, details
from licensing.chain import verify_export
from licensing.exports import export_chain
from licensing.proof import verify_chain
from tests.house import House
from tests.scenarios.agreement import conclusion, offer, set_rules, signers
from tests.scenarios.page_signing import AGREED, PAGE, records
from tests.visitor import Visitor, chosen, forms

FIELDS = (
    "[[agreement.fields]]",
    'name = "city"',
    'label = "City <b>"',
    "[[agreement.fields]]",
    'name = "born"',
    'label = "Born on"',
    'kind = "date"',
    "required = false",
    "[[agreement.fields]]",
    'name = "years"',
    'label = "Years"',
    'kind = "number"',
    "required = false",
    "[[agreement.fields]]",
    'name = "shirt"',
    'label = "Shirt"',
    'kind = "choice"',
    'choices = ["S", "M"]',
    "required = false",
    "[[agreement.fields]]",
    'name = "adult"',
    'label = "I am of age"',
    'kind = "yes"',
)
FILLED = {"field-city": "Zu\u0308rich", "field-adult": "yes"}
HIDDEN = "There are characters in this that nobody can see"


@pytest.fixture
def visitor(house: House) -> Iterator[Visitor]:
    with Visitor(house) as somebody:
        yield somebody


def told(house: House) -> dict[str, Any]:
    """What stands beside the first signature."""
    with house.app.read() as connection:
        number = connection.scalar(select(details.signer_detail.c.signature_id).limit(1))
        return dict(details.told(connection, number or 0))


def send(visitor: Visitor, page: httpx.Response, **fields: Any) -> httpx.Response:
    given = {name.replace("_", "-"): value for name, value in fields.items()}
    return visitor.fill_in(page, AGREED | given, form="sign")


def test_fields_are_kept_beside_the_chain_and_erasing_them_keeps_the_proof(
    house: House, visitor: Visitor
) -> None:
    set_rules(house, 'version = "1.0"', *FIELDS)
    house.settle()
    page = visitor.sign_in(house.garden.ada, after=PAGE)
    assert "City &lt;b&gt;" in page.text
    send(visitor, page, **FILLED, field_born="2001-02-28", field_years="3,5", field_shirt="M")

    values = {"city": "Zürich", "born": "2001-02-28", "years": "3.5", "shirt": "M", "adult": True}
    assert told(house) == {"details": {"fields": values}}
    table = details.signer_detail
    with house.app.write() as connection:
        assert list(details.problems(connection, 1)) == []
        assert verify_chain(connection) == ()
        connection.execute(update(table).values(details={"fields": {"city": "Bern"}}))
        assert "were changed" in verify_chain(connection)[0]
        connection.execute(table.delete())
        assert verify_chain(connection) == ()
        export = export_chain(connection)
    assert verify_export(export) == ()
    assert "rich" not in str(export)


WRONG = (
    ("field-city", "", "This is empty. Please fill it in."),
    ("field-city", "x" * 501, "This is longer than 500 characters"),
    ("field-city", "Bern\0", HIDDEN),
    ("field-city", "a\u202eb", HIDDEN),
    ("field-city", "two\nlines", HIDDEN),
    ("field-born", "2001-02-29", "This is no date"),
    ("field-born", "20010228", "This is no date"),
    ("field-born", "0001-01-01", "This is no date"),
    ("field-years", "1e9", "This is no number"),
    ("field-years", "٣", "This is no number"),
    ("field-shirt", "XL", "Choose one of the list."),
    ("field-adult", "", "This has to be ticked to sign."),
)


def test_each_wrong_field_gets_one_clear_sentence(house: House, visitor: Visitor) -> None:
    set_rules(house, 'version = "1.0"', *FIELDS)
    house.settle()
    page = visitor.sign_in(house.garden.ada, after=PAGE)
    for name, value, sentence in WRONG:
        answer = visitor.fill_in(page, AGREED | FILLED | {name: value}, form="sign")
        assert answer.status_code == 422
        assert f'<a href="#{name}">{sentence}' in answer.text
        assert f'id="{name}-error"' in answer.text
    assert signers(house) == []


def test_what_was_filled_in_stands_there_again_harmless(house: House, visitor: Visitor) -> None:
    set_rules(house, 'version = "1.0"', *FIELDS)
    house.settle()
    page = visitor.sign_in(house.garden.ada, after=PAGE)
    answer = send(visitor, page, field_city='"><script>alert(1)</script>', field_years="many")

    assert "<script>" not in answer.text
    kept = chosen(forms(answer.text), "sign").fields
    assert kept["field-city"] == '"><script>alert(1)</script>'
    assert "You have signed" in send(visitor, answer, field_years="", **FILLED).text


def test_an_employer_that_is_named_is_a_detail_and_no_more(house: House, visitor: Visitor) -> None:
    house.settle()
    page = visitor.sign_in(house.garden.ada, after=PAGE)
    assert "Your signature binds you alone" in page.text
    assert send(visitor, page, capacity="employer").status_code == 422
    assert send(visitor, page, capacity="employer", employer="x" * 201).status_code == 422
    send(visitor, page, capacity="employer", employer=" Kettle & Sons ")

    assert told(house)["details"] == {"employer": "Kettle & Sons"}
    assert records(house)[0]["capacity"] == "employer"


def by_address(house: House, address: str) -> PullRequest:
    """A pull request of Ada's that names a co-author by nothing but an address."""
    made = {"author": house.garden.ada, "co_authors": (("Somebody", address),)}
    pull = offer(house, house.garden.ada, made)
    house.settle()
    assert conclusion(house, pull) == "action_required"
    return pull


def test_a_proven_address_resolves_what_github_could_not_link(
    house: House, visitor: Visitor
) -> None:
    house.world.add_email(house.garden.bo, "bo@old.example")
    house.world.add_email(house.garden.bo, "bo@evil.example", verified=False)
    pull, other = by_address(house, "Bo@Example.com"), by_address(house, "bo@evil.example")
    with Visitor(house) as ada:
        send(ada, ada.sign_in(house.garden.ada, after=PAGE))
    house.settle()
    assert "Let this site see them" in visitor.sign_in(house.garden.bo, after=PAGE).text
    page = visitor.sign_in(house.garden.bo, addresses=True, after=PAGE)

    shown = chosen(forms(page.text), "sign").fields
    assert shown["address"] == "bo@example.com", "only what a commit waits for is ticked"
    assert "bo@old.example" in page.text
    assert "bo@evil.example" not in page.text
    forged = send(visitor, page, address=["bo@example.com", "bo@evil.example"])
    assert forged.status_code == 422
    send(visitor, page)
    house.settle()

    assert told(house)["details"] == {"addresses": ["bo@example.com"]}
    assert conclusion(house, pull) == "success"
    assert conclusion(house, other) == "action_required"
    everything = [*house.comments(pull), *house.comments(other), house.check(pull).summary or ""]
    with house.app.read() as connection:
        everything.append(str(export_chain(connection)))
    assert not any("bo@example.com" in text.lower() for text in everything)


def test_an_address_that_two_accounts_prove_is_nobodys(house: House, visitor: Visitor) -> None:
    garden = house.garden
    pull = by_address(house, "bo@example.com")
    for who in (garden.ada, garden.bo):
        with Visitor(house) as browser:
            send(browser, browser.sign_in(who, addresses=True, after=PAGE))
    house.settle()
    assert conclusion(house, pull) == "success"

    garden.bo.emails.discard("bo@example.com")
    house.world.add_email(garden.chen, "bo@example.com")
    page = visitor.sign_in(garden.chen, addresses=True, after=PAGE)
    send(visitor, page, address="bo@example.com")
    house.settle()

    assert conclusion(house, pull) == "action_required"
    with house.app.write() as connection:
        assert addresses.proven(connection, ["bo@example.com"]) == {}
        assert addresses.forget(connection, garden.chen.id) == 1
        owners = addresses.proven(connection, ["BO@example.com"])
    assert owners["bo@example.com"].id == garden.bo.id


def test_addresses_can_be_relied_on_after_signing(house: House, visitor: Visitor) -> None:
    with Visitor(house) as ada:
        house.settle()
        send(ada, ada.sign_in(house.garden.ada, after=PAGE))
    send(visitor, visitor.sign_in(house.garden.bo, after=PAGE))
    pull = by_address(house, "bo@example.com")
    page = visitor.sign_in(house.garden.bo, addresses=True, after=PAGE)

    done = visitor.fill_in(page, {"address": ["bo@example.com", "ada@example.com"]}, "addresses")
    house.settle()

    assert "You rely on:" in done.text
    assert "ada@example.com" not in done.text
    assert conclusion(house, pull) == "success"


def test_network_address_and_browser_are_kept_only_where_asked_for_and_for_two_years(
    house: House, visitor: Visitor
) -> None:
    house.settle()
    send(visitor, visitor.sign_in(house.garden.ada, after=PAGE))
    assert told(house) == {}
    set_rules(house, 'version = "2.0"', "keep_address = true")
    house.settle()
    page = visitor.get(PAGE)
    assert "keeps your network address" in page.text
    send(visitor, page)

    assert told(house)["origin"]["network_address"] == "127.0.0.1"
    assert "origin_sha256" in records(house)[1]
    with house.app.write() as connection:
        assert details.prune(connection, house.now + timedelta(days=729)) == 0
        assert details.prune(connection, house.now + timedelta(days=730)) == 1
        assert verify_chain(connection) == ()
