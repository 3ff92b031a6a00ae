"""Guardians: only for an account that asked for one, and never over the word of its holder."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from bot.sandbox.records import Account
from bot.signing.tokens import ASKED_LIFE
from licensing import details, signing, store
from licensing.chain import parsed
from licensing.exports import export_chain
from tests.house import House
from tests.scenarios.agreement import conclusion, offer, set_rules
from tests.scenarios.page_signing import AGREED, PAGE, link_of, records
from tests.visitor import Visitor, chosen, forms

GUARDIAN = AGREED | {"guardian": "yes"}
WITHDRAW = "/you/signatures/1/withdraw"
NOT_GOOD = "This link of a minor is not good"


@pytest.fixture
def ada(house: House) -> Iterator[Visitor]:
    with Visitor(house) as somebody:
        yield somebody


@pytest.fixture
def bo(house: House) -> Iterator[Visitor]:
    with Visitor(house) as somebody:
        yield somebody


@pytest.fixture
def visitor(house: House) -> Iterator[Visitor]:
    with Visitor(house) as somebody:
        yield somebody


@pytest.fixture
def tim(house: House) -> Account:
    house.settle()
    return house.world.account("tim")


def every(house: House) -> list[dict[str, Any]]:
    """Every record of the one chain, in order."""
    with house.app.read() as connection:
        (one,) = export_chain(connection)["agreements"]
    return [parsed(item["record"]) for item in one["records"]]


def refused(visitor: Visitor, link: str) -> bool:
    """Say whether a link gets nobody to the form for somebody else."""
    page = visitor.get(link)
    assert (NOT_GOOD in page.text) != ("You sign as guardian" in page.text)
    return NOT_GOOD in page.text


def test_a_guardian_signs_with_their_own_account_for_the_minors_number(
    house: House, visitor: Visitor
) -> None:
    tim = house.world.account("tim", emails=("tim@example.com",))
    pull = offer(house, tim, {"author": tim})
    house.settle()
    page = visitor.sign_in(house.garden.bo, after=link_of(house, tim))
    assert f"account number {tim.id} on GitHub" in page.text
    assert visitor.fill_in(page, AGREED, form="sign").status_code == 422
    done = visitor.fill_in(page, GUARDIAN, form="sign")

    assert "This is signed. Thank you!" in done.text
    (said,) = records(house)
    assert (said["github_id"], said["signed_by"]) == (tim.id, house.garden.bo.id)
    assert said["capacity"] == "guardian"
    with house.app.read() as connection:
        assert details.told(connection, 1)["details"] == {"guardian": "bo"}
    house.settle()
    assert conclusion(house, pull) == "success"
    assert "You have signed" not in visitor.get(PAGE).text


def test_a_guardian_has_the_receipt_and_withdraws_and_so_does_the_minor_alone(
    house: House, ada: Visitor, bo: Visitor
) -> None:
    tim = house.world.account("tim")
    pull = offer(house, tim, {"author": tim})
    house.settle()
    page = ada.sign_in(house.garden.ada, after=link_of(house, tim))
    ada.fill_in(page, GUARDIAN, form="sign")
    house.settle()
    assert conclusion(house, pull) == "success"
    bo.sign_in(house.garden.bo)
    assert bo.get("/you/receipts/1.pdf").status_code == 404
    assert "What you signed as a guardian" in ada.get("/you").text
    assert ada.get("/you/receipts/1.pdf").status_code == 200

    ada.submit(WITHDRAW, form="withdraw")
    house.settle()

    assert conclusion(house, pull) == "action_required"
    said = every(house)[-1]
    assert (said["github_id"], said["actor_id"]) == (tim.id, house.garden.ada.id)
    with Visitor(house) as himself:
        own = himself.sign_in(tim, after="/you")
        assert f"by a guardian, account number {house.garden.ada.id}" in own.text
        assert "You have to sign" in own.text


def test_nobody_signs_for_an_account_that_did_not_ask(
    house: House, visitor: Visitor, tim: Account
) -> None:
    pull = offer(house, tim, {"author": tim})
    house.settle()
    visitor.sign_in(house.garden.bo, after=PAGE)
    mine = link_of(house, house.garden.bo)
    for asked in ("tim", f"@{tim.id}", "tim.x.y", "x" * 2_000):
        assert refused(visitor, f"{PAGE}?minor={asked}"), asked
    assert refused(visitor, mine), "one's own account"
    link = link_of(house, tim)
    assert refused(visitor, link[:-1])
    assert not refused(visitor, link)
    house.advance(ASKED_LIFE + timedelta(seconds=1))
    visitor.sign_in(house.garden.bo, after=PAGE)
    assert refused(visitor, link)
    house.settle()
    assert (records(house), conclusion(house, pull)) == ([], "action_required")


def test_a_link_is_worth_nothing_after_its_maker_withdrew(
    house: House, visitor: Visitor, tim: Account
) -> None:
    visitor.sign_in(house.garden.bo, after=PAGE)
    link = link_of(house, tim)
    with Visitor(house) as himself:
        himself.fill_in(himself.sign_in(tim, after=PAGE), AGREED, form="sign")
        house.advance(timedelta(minutes=1))
        himself.submit(WITHDRAW, form="withdraw")
    assert refused(visitor, link)
    house.advance(timedelta(minutes=1))
    assert not refused(visitor, link_of(house, tim)), "who asks again is heard"


def test_a_guardian_does_not_end_what_the_minor_signed_since(
    house: House, visitor: Visitor, tim: Account
) -> None:
    visitor.sign_in(house.garden.bo, after=PAGE)
    visitor.submit(link_of(house, tim), GUARDIAN, form="sign")
    house.advance(timedelta(minutes=1))
    set_rules(house, 'version = "1.1"', **{"CLA.md": "# Agreement\n\n1. Mended words.\n"})
    house.settle()
    with Visitor(house) as himself:
        himself.fill_in(himself.sign_in(tim, after=PAGE), AGREED, form="sign")
        page = visitor.get(WITHDRAW)
        assert "They have signed by themselves since" in page.text
        assert 'id="withdraw"' in himself.get("/you/signatures/2/withdraw").text
    token = chosen(forms(visitor.get("/you/erase").text), "erase").fields["csrf_token"]
    visitor.post(WITHDRAW, {"csrf_token": token, "reason": "none"})
    assert every(house)[-1]["kind"] == "signature"


def test_from_where_a_guardian_signed_is_not_the_minors_to_see(
    house: House, visitor: Visitor, tim: Account
) -> None:
    set_rules(house, 'version = "1.1"', "keep_address = true")
    house.settle()
    visitor.sign_in(house.garden.bo, after=PAGE)
    visitor.submit(link_of(house, tim), GUARDIAN, form="sign")
    with Visitor(house) as himself:
        himself.sign_in(tim)
        theirs = himself.get("/you/data.json").json()["rows"]
    own = visitor.get("/you/data.json").json()["rows"]

    assert [row["kind"] for row in own["signer_detail"]] == ["details", "origin"]
    assert [row["kind"] for row in theirs["signer_detail"]] == ["details"]
    assert [row["login"] for row in theirs["signer"]] == ["tim"]


def test_whoever_approved_an_import_exports_nothing_of_those_in_it(
    house: House, visitor: Visitor, tim: Account
) -> None:
    with house.app.write() as connection:
        version = store.agreement_in_force(connection, house.garden.repo.id)
        assert version
        act = signing.Act(
            version,
            house.garden.repo.id,
            tim.id,
            "tim",
            house.now,
            method="import",
            signed_by=house.garden.mara.id,
        )
        made = signing.sign(connection, act, house.now)
        told = details.seal("details", {"fields": {"city": "Bern"}})
        details.keep(connection, made.signature_id or 0, told)
    visitor.sign_in(house.garden.mara)

    answer = visitor.get("/you/data.json")

    assert "Bern" not in answer.text
    assert '"tim"' not in answer.text
