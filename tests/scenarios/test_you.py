"""A person and what they signed: they see it, take it with them, withdraw, and sign again."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from licensing import store
from licensing.chain import parsed, verify_export
from licensing.companies import acts
from licensing.companies.values import CompanyAct, Contact, Wanted
from licensing.exports import export_chain
from licensing.proof import verify_chain
from tests.house import House
from tests.scenarios.agreement import conclusion, mine, sign
from tests.visitor import Visitor

WITHDRAW = "/you/signatures/1/withdraw"


@pytest.fixture
def ada(house: House) -> Iterator[Visitor]:
    with Visitor(house) as somebody:
        yield somebody


@pytest.fixture
def bo(house: House) -> Iterator[Visitor]:
    with Visitor(house) as somebody:
        yield somebody


def records(house: House) -> list[dict[str, Any]]:
    """Every record of the one chain, in order."""
    with house.app.read() as connection:
        (one,) = export_chain(connection)["agreements"]
    return [parsed(item["record"]) for item in one["records"]]


def problems(house: House) -> tuple[str, ...]:
    """What does not hold in the register or its export."""
    with house.app.read() as connection:
        return verify_chain(connection) + verify_export(export_chain(connection))


def test_somebody_signs_in_first_and_is_told_what_will_stand_here(
    house: House, ada: Visitor
) -> None:
    house.settle()
    for path in ("/you", "/you/receipts/1.pdf", WITHDRAW, "/you/data.json", "/you/erase"):
        assert ada.get(path, follow=False).headers["location"].startswith("/sign-in?"), path

    page = ada.sign_in(house.garden.ada, after="/you")

    assert "You have signed nothing here yet" in page.text
    assert "You have no open pull request" in page.text
    assert page.headers["cache-control"] == "no-store"


def test_the_page_says_what_was_signed_and_what_waits(house: House, ada: Visitor) -> None:
    pull = mine(house)
    before = ada.sign_in(house.garden.ada, after="/you")
    assert "You have to sign" in before.text
    assert f"/potluck-sandbox/garden/cla/sign?pull={pull.number}" in before.text

    house.world.comment(pull, house.garden.ada, "/sign")
    house.settle()
    after = ada.get("/you")

    assert "by a comment on pull request" in after.text
    assert "for yourself" in after.text
    assert "/you/receipts/1.pdf?language=fr" in after.text
    assert "You have to sign" not in after.text
    with house.app.read() as connection:
        head = export_chain(connection)["agreements"][0]["head"]["hash"]
    assert head in after.text


def test_a_withdrawal_lets_open_pull_requests_wait_again_and_signing_again_helps(
    house: House, ada: Visitor
) -> None:
    sign(house, house.garden.ada)
    pull = mine(house)
    assert conclusion(house, pull) == "success"
    asked = ada.sign_in(house.garden.ada, after=WITHDRAW)
    assert "What was merged until now keeps its grant" in asked.text
    assert "1 open pull request rests on your signature" in asked.text

    # Nothing in the chain can be erased, so nothing that somebody wrote comes into it.
    written = ada.fill_in(asked, {"reason": "My boss, Eve"}, form="withdraw")
    assert written.status_code == 400
    done = ada.fill_in(asked, {"reason": "employer"}, form="withdraw")
    assert ada.fill_in(asked, form="withdraw").status_code == 200
    house.settle()

    assert "You have withdrawn" in done.text
    assert "Sign again" in done.text
    assert conclusion(house, pull) == "action_required"
    (said,) = (one for one in records(house) if one["kind"] == "withdrawal")
    assert (said["actor_id"], said["reason"]) == (house.garden.ada.id, "employer")
    assert problems(house) == ()
    assert "This is withdrawn already" in ada.get(WITHDRAW).text

    house.world.comment(pull, house.garden.ada, "/sign")
    house.settle()
    assert conclusion(house, pull) == "success"


def test_nobody_withdraws_what_somebody_else_signed(
    house: House, ada: Visitor, bo: Visitor
) -> None:
    sign(house, house.garden.ada)
    bo.sign_in(house.garden.bo)
    ada.sign_in(house.garden.ada)

    assert bo.get(WITHDRAW).status_code == 404
    form = bo.get("/you/erase")
    token = form.text.partition('name="csrf_token" value="')[2].partition('"')[0]
    referer = {"referer": str(form.url)}
    forged = bo.send("POST", bo.here(WITHDRAW), {"csrf_token": token}, headers=referer)
    assert forged.status_code == 404
    # Another site can make Ada's browser send a form, but not with the token of our page.
    assert ada.post(WITHDRAW).status_code == 400
    assert [said["kind"] for said in records(house)] == ["version", "signature"]


def test_the_export_holds_what_is_kept_about_oneself_and_nobody_else(
    house: House, ada: Visitor
) -> None:
    sign(house, house.garden.ada, house.garden.bo)
    mine(house)
    ada.sign_in(house.garden.ada, addresses=True)

    answer = ada.get("/you/data.json")

    found = json.loads(answer.text)
    assert answer.headers["content-disposition"] == 'attachment; filename="potluck-my-data.json"'
    assert found["account"] == {"id": house.garden.ada.id, "login": "ada"}
    assert [row["github_id"] for row in found["rows"]["signature"]] == [house.garden.ada.id]
    assert [row["login"] for row in found["rows"]["signer"]] == ["ada"]
    assert found["rows"]["sign_in"][0]["addresses"]
    assert {row["opener_login"] for row in found["rows"]["pull_request"]} == {"ada"}
    (record,) = found["records"]
    assert parsed(record["record"])["github_id"] == house.garden.ada.id
    assert str(house.garden.bo.id) not in answer.text
    assert '"bo"' not in answer.text
    assert "key_sha256" not in answer.text
    assert all(one["what"] and one["why"] for one in found["kept"])


def test_companies_that_list_somebody_stand_on_their_page(house: House, ada: Visitor) -> None:
    house.settle()
    with house.app.write() as connection:
        version = store.agreement_in_force(connection, house.garden.repo.id)
        assert version
        who = Contact(house.garden.mara.id, "mara", "mara@bar.example", "CTO")
        made = CompanyAct(
            version, house.garden.repo.id, "Bar <b>", "bar.example", who, house.now, house.now
        )
        company = acts.sign(connection, made, house.now).sequence
        until = house.now + timedelta(days=30)
        wanted = Wanted(company, "person", who.github_id, house.now, until, house.garden.ada.id)
        acts.add(connection, version.agreement_id, wanted, house.now)

    page = ada.sign_in(house.garden.ada, after="/you")

    assert "Companies that list you" in page.text
    assert "Bar &lt;b&gt;" in page.text
    assert "Waits for you" in page.text
    assert "20 December 2026" in page.text
    with Visitor(house) as bo:
        assert "Companies that list you" not in bo.sign_in(house.garden.bo, after="/you").text
    house.advance(timedelta(days=31))
    assert "Ended" in ada.sign_in(house.garden.ada, after="/you").text


def test_a_comment_alone_withdraws_nothing_and_is_told_where_it_is_done(
    house: House, ada: Visitor
) -> None:
    sign(house, house.garden.ada)
    pull = mine(house)

    house.world.comment(pull, house.garden.ada, "/withdraw")
    house.settle()

    assert f"({house.settings.public_url}/you)" in house.comments(pull)[-1]
    assert conclusion(house, pull) == "success"
    assert [said["kind"] for said in records(house)] == ["version", "signature"]


def test_what_became_private_is_called_by_its_number(house: House, ada: Visitor) -> None:
    sign(house, house.garden.ada)
    repo = house.garden.repo
    house.world.set_private(repo, private=True)
    house.world.rename_repository(repo, "secret-orchard", house.garden.mara)
    house.settle()

    page = ada.sign_in(house.garden.ada, after="/you").text
    assert f"#{repo.id}" in page
    assert "secret-orchard" not in page
