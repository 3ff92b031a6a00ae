"""Imports on the command line, and the way out: what leaves comes in elsewhere as it was."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot import repositories, tasks
from bot.__main__ import cli
from bot.importing import export, steps
from bot.sandbox.records import Repository
from bot.signing.acts import Occasion
from core.clock import system_clock
from licensing import signing, store
from licensing.imports import reading
from licensing.imports.assessing import DOUBTS
from licensing.imports.values import WRITTEN
from licensing.signing import Act, Withdrawal
from tests.house import House
from tests.scenarios.agreement import signers
from tests.scenarios.importing import grow_old, plain
from tests.visitor import Visitor

Potluck = Callable[..., Result]


@pytest.fixture
def mara(house: House) -> Iterator[Visitor]:
    """The garden's maintainer, signed in."""
    house.settle()
    grow_old(house)
    with Visitor(house) as somebody:
        somebody.sign_in(house.garden.mara)
        yield somebody


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
    rows = export.written(house.app, repo.id, "https://potluck.example")
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
        batch_id = steps.begin(connection, repo, parsed, "", mara_id(house), house.now)
        assert batch_id
        tasks.put(connection, steps.looking(repo, batch_id, house.now), house.now)
    house.settle()
    with house.app.write() as connection:
        wish = steps.Wish(mara_id(house), frozenset(DOUBTS))
        assert steps.approve(connection, repo, batch_id, wish, Occasion(house.now)) == 2

    assert standing(house, empty) == before
    assert [who for who, _version, _at in before] == [house.garden.ada.id, house.garden.bo.id]


def mara_id(house: House) -> int:
    return house.garden.mara.id
