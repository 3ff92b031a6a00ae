"""Signatures from other tools: looked through, approved by a maintainer, and given away again."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from bot import importing, importing_export, repositories, tasks
from bot.__main__ import cli
from bot.sandbox.records import Account, Repository
from bot.sign_acts import Occasion
from core.clock import system_clock
from licensing import proof, signing, store
from licensing.imports import reading
from licensing.imports import store as imports
from licensing.imports.assessing import DOUBTS
from licensing.imports.tables import import_batch, import_row
from licensing.imports.values import WRITTEN
from licensing.signing import Act, Withdrawal
from tests.house import House
from tests.scenarios.agreement import conclusion, mine, signers
from tests.scenarios.page_signing import records
from tests.visitor import Visitor, forms

PAGE = "/potluck-sandbox/garden/maintain/import"
Potluck = Callable[..., Result]
YEARS = timedelta(days=900)


@pytest.fixture
def mara(house: House) -> Iterator[Visitor]:
    """The garden's maintainer, signed in."""
    house.settle()
    for account in house.world.accounts.values():
        account.created_at -= 2 * YEARS
    with Visitor(house) as somebody:
        somebody.sign_in(house.garden.mara)
        yield somebody


def signed_at(house: House) -> str:
    return (house.now - YEARS).isoformat()


def lite(house: House, *people: Account, **more: Any) -> bytes:
    """A file of CLA Assistant Lite that these people have signed."""
    rows = [
        {"name": who.login, "id": who.id, "comment_id": n, "created_at": signed_at(house)} | more
        for n, who in enumerate(people, 70)
    ]
    return json.dumps({"signedContributors": rows}).encode()


def plain(house: House, *logins: str) -> bytes:
    """A table that has logins only."""
    lines = ["login,signed_at", *(f"{login},{signed_at(house)}" for login in logins)]
    return "\n".join(lines).encode()


def send(visitor: Visitor, content: bytes, version: str = "1.0", **fields: str) -> httpx.Response:
    """Choose a file on the page and send it; follows to the report once it is looked up."""
    (form,) = [it for it in forms(visitor.get(PAGE).text) if it.id == "upload"]
    data = {"csrf_token": str(form.fields["csrf_token"]), "version": version, **fields}
    answer = visitor.http.post(
        visitor.here(PAGE),
        data=data,
        files={"file": ("signatures", content)},
        headers={"referer": visitor.here(PAGE)},
    )
    if answer.status_code != 303:
        return answer
    visitor.house.settle()
    return visitor.get(answer.headers["location"])


def approve(visitor: Visitor, report: httpx.Response, **fields: Any) -> httpx.Response:
    return visitor.fill_in(report, {"sure": "yes", **fields}, form="approve")


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
    approve(mara, second)
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
    approve(mara, report)
    assert signers(house) == []


def test_organisations_and_bots_do_not_sign(house: House, mara: Visitor) -> None:
    world = house.world
    organisation = world.organization("big-corp")
    robot = world.account("robo[bot]", "Bot")
    report = send(mara, lite(house, organisation, robot))
    refused = mara.get(f"{report.url}?state=refused").text
    assert "this is an organisation" in refused
    assert "this is a bot" in refused
    approve(mara, report)

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
    people = [house.world.account(f"person-{n}") for n in range(importing.AT_ONCE + 5)]
    for one in people:
        one.created_at -= 2 * YEARS
    before = house.now
    report = send(mara, lite(house, *people))

    assert house.now >= before + importing.PACE
    assert len(approve(mara, report).text) > 0
    assert len(signers(house)) == len(people)


@pytest.fixture
def potluck(house: House, tmp_path: Path) -> Potluck:
    """Run a command in this process, on the house's database and its GitHub."""
    github = house.settings.github
    assert github
    surroundings = {
        "DATABASE_URL": house.settings.database_url,
        "INBOX_DATABASE_URL": house.settings.inbox_database_url,
        "POTLUCK_VAR": str(tmp_path),
        "GITHUB_API_URL": github.api_url,
        "GITHUB_APP_ID": str(github.app_id),
        "GITHUB_APP_PRIVATE_KEY": house.sandbox.private_key,
        "GITHUB_WEBHOOK_SECRET": house.sandbox.webhook_secret,
    }
    return lambda *words: CliRunner().invoke(cli, words, env=surroundings)


def test_the_command_looks_first_and_writes_when_told_by_whom(
    house: House, mara: Visitor, potluck: Potluck, tmp_path: Path
) -> None:
    # The command asks the one clock of this machine.
    house.advance(system_clock() - house.now)
    file = tmp_path / "signatures.csv"
    file.write_bytes(plain(house, "ada", "bo", "nobody-here"))
    here = ("import", "--repo", "potluck-sandbox/garden")
    looked = potluck(*here, "--version", "1.0", str(file))
    assert looked.exit_code == 0, looked.output
    assert "nobody on GitHub bears this login" in looked.output
    assert "Nothing is taken over yet. Approve it: --approve 1 --as LOGIN" in looked.output
    assert potluck(*here, "--approve", "1").exit_code == 2
    assert potluck(*here, "--approve", "1", "--as", "ada").exit_code == 2
    assert signers(house) == []
    done = potluck(*here, "--approve", "1", "--as", "mara", "--leave-out", "3")

    assert (done.exit_code, "Taken over: 1." in done.output) == (0, True), done.output
    assert signers(house) == [house.garden.ada.id]
    other = potluck(*here, "--version", "1.0", "--as", "mara", "--approve", str(file))
    assert "Taken over: 1." in other.output, other.output
    assert signers(house) == [house.garden.ada.id, house.garden.bo.id]


def fill(house: House) -> list[tuple[int, str, datetime]]:
    """Let three people sign in the garden, one of whom withdraws."""
    garden = house.garden
    with house.app.write() as connection:
        version = store.agreement_in_force(connection, garden.repo.id)
        assert version
        for n, who in enumerate((garden.ada, garden.bo, garden.chen)):
            at = house.now + timedelta(seconds=n - 100, microseconds=n)
            act = Act(version, garden.repo.id, who.id, who.login, at, comment_id=n + 1)
            signing.sign(connection, act, at)
        left = Withdrawal(garden.chen.id, garden.chen.id, "", house.now)
        signing.withdraw(connection, version.agreement_id, left, house.now)
    return standing(house, garden.repo)


def standing(house: House, repo: Repository) -> list[tuple[int, str, datetime]]:
    """Who stands in a repository, for which version, since when."""
    rows = importing_export.written(house.app, repo.id, "https://potluck.example")
    return sorted(
        (one.github_id, one.version, one.signed_at) for one in rows if not one.withdrawn_at
    )


@pytest.mark.parametrize("form", WRITTEN)
def test_what_leaves_comes_in_elsewhere_as_it_was(
    house: House, mara: Visitor, potluck: Potluck, form: str
) -> None:
    before = fill(house)
    rules = '[agreement]\nmode = "cla"\n'
    files = {".github/potluck.toml": rules, "CLA.md": "# Another text\n"}
    empty = house.world.repository(house.garden.organization, "shed", files=files)
    house.world.collaborate(empty, house.garden.mara, "admin")
    house.world.add_repositories(house.garden.installation, empty)
    house.settle()
    file = mara.get(f"/potluck-sandbox/garden/maintain/export/{form}")
    said = potluck("signatures", "--repo", "potluck-sandbox/garden", "--format", form)
    # The command line has lines of one kind; what they say is the same.
    assert said.output.replace("\r\n", "\n") == file.text.replace("\r\n", "\n")
    assert file.headers["content-disposition"].startswith("attachment")

    with house.app.write() as connection:
        repo = repositories.repo(connection, empty.id)
        assert repo
        parsed = reading.read(file.content)
        batch_id = importing.begin(connection, repo, parsed, "", mara_id(house), house.now)
        assert batch_id
        tasks.put(connection, importing.looking(repo, batch_id, house.now), house.now)
    house.settle()
    with house.app.write() as connection:
        wish = importing.Wish(mara_id(house), frozenset(DOUBTS))
        assert importing.approve(connection, repo, batch_id, wish, Occasion(house.now)) == 2

    assert standing(house, empty) == before
    assert [who for who, _version, _at in before] == [house.garden.ada.id, house.garden.bo.id]


def mara_id(house: House) -> int:
    return house.garden.mara.id
