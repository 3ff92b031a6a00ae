"""Signatures from other tools: looked through, approved by a maintainer, and given away again."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from bot.importing import steps
from licensing import proof, signing, store
from licensing.imports import pieces
from licensing.imports import store as imports
from licensing.imports.tables import import_batch, import_row
from licensing.signing import Act, Withdrawal
from tests.house import House
from tests.scenarios.agreement import conclusion, mine, offer, signers
from tests.scenarios.importing import PAGE, YEARS, approve, force, grow_old, lite, plain, send
from tests.scenarios.page_signing import records
from tests.scenarios.test_organisation import shared
from tests.visitor import Visitor


@pytest.fixture
def mara(house: House) -> Iterator[Visitor]:
    """The garden's maintainer, signed in."""
    house.settle()
    grow_old(house)
    with Visitor(house) as somebody:
        somebody.sign_in(house.garden.mara)
        yield somebody


def test_nothing_is_taken_over_until_a_maintainer_approves(house: House, mara: Visitor) -> None:
    pull = mine(house)
    report = send(mara, lite(house, house.garden.ada, house.garden.bo))
    assert "can be taken over" in report.text.lower()
    assert (signers(house), conclusion(house, pull)) == ([], "action_required")

    done = approve(mara, report)
    house.settle()

    assert "2 signatures were taken over" in done.text
    assert signers(house) == [house.garden.ada.id, house.garden.bo.id]
    assert conclusion(house, pull) == "success"
    one = records(house)[0]
    assert (one["method"], one["signed_by"]) == ("import", house.garden.mara.id)
    assert (one["source"], one["source_line"], one["source_reference"]) == ("lite", 1, "70")
    assert one["signed_at"].startswith("2024-06-03T10:00:")
    assert "taken over" in mara.get("/potluck-sandbox/garden/maintain/signers").text
    with house.app.read() as connection:
        assert proof.verify_chain(connection) == ()


def test_approving_twice_and_uploading_again_write_nothing_twice(
    house: House, mara: Visitor
) -> None:
    content = lite(house, house.garden.ada)
    report = send(mara, content)
    approve(mara, report)
    again = approve(mara, report)
    assert "1 signature was taken over" in again.text
    second = send(mara, content)

    assert "has signed this version here already" in second.text.lower()
    force(mara, second)
    assert signers(house) == [house.garden.ada.id]


def test_the_texts_must_have_been_compared(house: House, mara: Visitor) -> None:
    report = send(mara, lite(house, house.garden.ada))
    assert "They agreed to another text" in report.text
    refused = approve(mara, report, sure="")

    assert (refused.status_code, signers(house)) == (422, [])
    assert "Say that you have compared the texts." in refused.text


def test_a_login_alone_is_doubtful_and_can_be_left_out(house: House, mara: Visitor) -> None:
    report = send(mara, plain(house, "ada", "bo", "nobody-here"))
    assert "logins change hands" in report.text
    assert "since" in report.text
    chosen = mara.fill_in(report, {"take": ["2"]}, form="choose")
    assert "1 row is left out by hand." in chosen.text
    approve(mara, chosen)

    assert signers(house) == [house.garden.ada.id]
    assert records(house)[0]["identified_by"] == "login"


def test_a_login_that_another_account_has_taken_is_refused(house: House, mara: Visitor) -> None:
    house.garden.bo.created_at = house.now
    report = send(mara, plain(house, "bo"))
    refused = mara.get(f"{report.url}?state=refused")

    assert "the login has changed hands" in refused.text
    force(mara, report)
    assert signers(house) == []


def test_organisations_and_bots_do_not_sign(house: House, mara: Visitor) -> None:
    world = house.world
    organisation = world.organization("big-corp")
    robot = world.account("robo[bot]", "Bot")
    report = send(mara, lite(house, organisation, robot))
    refused = mara.get(f"{report.url}?state=refused").text
    assert "this is an organisation" in refused
    assert "this is a bot" in refused
    force(mara, report)

    assert signers(house) == []


def test_rows_of_other_repositories_are_taken_only_by_choice(house: House, mara: Visitor) -> None:
    report = send(mara, lite(house, house.garden.ada, repoId=424242))
    approve(mara, report)
    assert signers(house) == []
    report = send(mara, lite(house, house.garden.ada, repoId=424242))
    approve(mara, report, doubts=["elsewhere"])

    assert signers(house) == [house.garden.ada.id]


def test_an_import_does_not_undo_a_withdrawal(house: House, mara: Visitor) -> None:
    ada = house.garden.ada
    report = send(mara, lite(house, ada))
    with house.app.write() as connection:
        version = store.agreement_in_force(connection, house.garden.repo.id)
        assert version
        act = Act(version, house.garden.repo.id, ada.id, "ada", house.now)
        signing.sign(connection, act, house.now)
        left = Withdrawal(ada.id, ada.id, "I leave.", house.now)
        signing.withdraw(connection, version.agreement_id, left, house.now)
    done = approve(mara, report)

    assert "0 signatures were taken over" in done.text
    assert signers(house) == [ada.id]


def test_strangers_and_forged_forms_get_nowhere(house: House, mara: Visitor) -> None:
    report = send(mara, lite(house, house.garden.ada))
    path = report.url.path
    with Visitor(house) as stranger:
        for address in (PAGE, path, "/potluck-sandbox/garden/maintain/export/lite"):
            assert stranger.get(address, follow=False).status_code == 303
        stranger.sign_in(house.garden.chen)
        for address in (PAGE, path, "/potluck-sandbox/garden/maintain/export/lite"):
            assert stranger.get(address).status_code == 404
        for address in (PAGE, f"{path}/approve", f"{path}/rows", f"{path}/drop"):
            assert stranger.post(address, {"sure": "yes"}).status_code in {400, 404}
        large = stranger.http.post(stranger.here(PAGE), files={"file": ("f", b"x" * 400_000)})
        assert large.status_code == 413
    for address in (PAGE, f"{path}/approve", f"{path}/rows", f"{path}/drop"):
        assert mara.post(address, {"sure": "yes"}).status_code == 400
    assert mara.get(f"{PAGE}/9999").status_code == 404
    assert signers(house) == []


def test_a_large_file_is_read_and_a_too_large_one_refused(house: House, mara: Visitor) -> None:
    rows = [b"login,signed_at", *(b"," + b"x" * 500 for _ in range(2_000)), b"ada,2024-01-01"]
    report = send(mara, b"\n".join(rows))
    assert "2000 rows cannot be read" in report.text.replace(",", "")
    refused = send(mara, b"x" * (10 * 1024 * 1024 + 1))

    assert (refused.status_code, "larger than 10 MB" in refused.text) == (422, True)
    assert send(mara, b"x" * (11 * 1024 * 1024)).status_code == 413
    elsewhere = mara.http.post(mara.here("/sign-out"), content=b"x" * 2_000_000)
    assert elsewhere.status_code == 413
    assert send(mara, b"").status_code == 422
    assert send(mara, b"what,ever\n1,2\n").status_code == 422
    assert send(mara, lite(house, house.garden.ada), version="7.0").status_code == 422


def test_a_file_can_be_set_aside_and_rows_are_forgotten_in_time(
    house: House, mara: Visitor
) -> None:
    report = send(mara, lite(house, house.garden.ada))
    mara.fill_in(report, form="drop")
    assert "Set aside" in mara.get(PAGE).text
    approve(mara, send(mara, lite(house, house.garden.bo)))
    house.advance(imports.KEPT)
    house.tick("prune")
    house.settle()
    with house.app.read() as connection:
        assert connection.execute(select(import_row)).all() == []
        states = connection.scalars(select(import_batch.c.state).order_by(import_batch.c.id))
        assert list(states) == ["dropped", "approved"]


def test_many_accounts_are_looked_up_at_a_pace(house: House, mara: Visitor) -> None:
    people = [house.world.account(f"person-{n}") for n in range(steps.AT_ONCE + 5)]
    for one in people:
        one.created_at -= 2 * YEARS
    before = house.now
    report = send(mara, lite(house, *people))

    assert house.now >= before + steps.PACE
    assert len(approve(mara, report).text) > 0
    assert len(signers(house)) == len(people)


def test_a_large_file_is_taken_over_in_pieces_that_each_count(
    house: House, mara: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pieces, "AT_ONCE", 2)  # several pieces of a small file
    garden = house.garden
    dora = house.world.account("dora")
    dora.created_at -= 2 * YEARS
    pull = offer(house, garden.chen, {"author": garden.chen})
    house.settle()
    report = send(mara, lite(house, garden.ada, garden.bo, dora, garden.mara, garden.chen))

    done = approve(mara, report)
    assert "2 are written and count already. 3 rows are still to come." in done.text
    assert signers(house) == [garden.ada.id, garden.bo.id]
    house.world.comment(pull, garden.chen, "/sign")
    house.happen()
    house.settle()

    assert "4 signatures were taken over" in mara.get(report.url.path).text
    assert sorted(signers(house)) == sorted(
        one.id for one in (garden.ada, garden.bo, dora, garden.mara, garden.chen)
    )
    assert {one.get("signed_by") for one in records(house)} == {garden.mara.id, None}
    with house.app.read() as connection:
        assert proof.verify_chain(connection) == ()


def test_who_maintains_one_repository_writes_nothing_for_all_of_them(
    house: House, mara: Visitor
) -> None:
    shared(house)
    house.world.commit(
        house.garden.repo,
        "main",
        message="Take the rules of all",
        author=house.garden.mara,
        files={".github/potluck.toml": None},
    )
    house.world.push(house.garden.repo, "main", house.garden.mara)
    house.settle()

    refused = send(mara, lite(house, house.garden.ada))
    assert "This agreement serves all repositories of its owner." in refused.text
    assert (refused.status_code, signers(house)) == (403, [])
