"""Licences through the other doors: the page where a file is tried, and the command line."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import insert

from bot.__main__ import cli
from bot.audit import facts
from bot.audit.tables import audit_certificate
from core.clock import system_clock
from core.digests import sha256
from core.web.headers import FIXED
from licensing.sold import keys
from licensing.sold.purposes import Purpose
from tests.economy import PLAIN
from tests.house import House
from tests.visitor import Visitor

GARDEN = "potluck-sandbox/garden"
PAGE = f"/{GARDEN}/licences/verify"
Potluck = Callable[..., Result]


@pytest.fixture
def potluck(house: House, tmp_path: Path) -> Potluck:
    """Run a command in this process, on the house's database."""
    house.settle()
    house.advance(system_clock() - house.now)
    surroundings = {
        "DATABASE_URL": house.settings.database_url,
        "INBOX_DATABASE_URL": house.settings.inbox_database_url,
        "POTLUCK_VAR": str(tmp_path / "elsewhere"),
        "SECRET_KEY": house.settings.secret_key,
    }
    return lambda *words: CliRunner().invoke(cli, ["licence", *map(str, words)], env=surroundings)


def certify(house: House, commit: str) -> None:
    repo_id, secret = house.garden.repo.id, house.settings.secret_key
    with house.app.write() as connection:
        keys.ensure(connection, repo_id, secret, house.now)
        signed = keys.sign(connection, repo_id, Purpose.AUDIT, {"commit": commit}, secret)
        values = {
            "repo_id": repo_id,
            "commit_sha": commit,
            "target": "commercial",
            "policy_sha256": facts.policy_sha256(connection, repo_id),
            "ledger_sha256": facts.ledger_sha256(connection, repo_id),
            "sha256": sha256(signed.token.encode()),
            "kid": signed.kid,
            "token": signed.token,
            "claims": {"commit": commit},
            "issued_at": house.now,
        }
        connection.execute(insert(audit_certificate).values(values))


def fetched(house: House, name: str, folder: Path) -> Path:
    answer = httpx.get(f"{house.url}/{GARDEN}/licences/{name}", verify=PLAIN)
    assert answer.status_code == 200, name
    (folder / name).write_bytes(answer.content)
    return folder / name


def test_a_licence_issued_by_hand_verifies_on_the_page_by_command_and_by_the_pasted_program(
    house: House, potluck: Potluck, tmp_path: Path
) -> None:
    commit = house.garden.repo.branches["main"]
    file, text = tmp_path / "pro.licence", tmp_path / "COMMERCIAL.md"
    text.write_text("The text.\n", encoding="utf-8")
    wanted = ("--repo", GARDEN, "--commit", commit, "--product", "pro", "--licensee", "Acme Ltd")
    wanted += ("--order", "A-1", "--text", text, "--seats", 2, "--output", file)

    refused = potluck("issue", *wanted)
    assert refused.exit_code == 2
    assert "no fresh certificate" in refused.output
    certify(house, commit)
    issued = potluck("issue", *wanted, "--expires", "2099-12-31")
    assert issued.exit_code == 0, issued.output
    first = file.read_text(encoding="utf-8")
    assert potluck("issue", *wanted).exit_code == 0
    assert file.read_text(encoding="utf-8") == first

    pinned = fetched(house, "keys.json", tmp_path)
    offline = ("verify", file, "--product", "pro", "--keys", pinned)
    assert potluck(*offline).output.startswith("VALID: ")
    assert potluck(*offline[:2], "--product", "lawn", "--keys", pinned).exit_code == 1
    program: dict[str, object] = {}
    exec(fetched(house, "verify.py", tmp_path).read_text(encoding="utf-8"), program)
    check = program["check"]
    assert callable(check)
    assert check(first, "pro")[0] == "VALID"
    assert "export function check" in fetched(house, "verify.mjs", tmp_path).read_text()

    _taken_back(house, potluck, tmp_path, issued.output.split()[1], first)
    _tried(house, first)


def _taken_back(house: House, potluck: Potluck, folder: Path, licence: str, first: str) -> None:
    pinned, file = folder / "keys.json", folder / "pro.licence"
    revoked = potluck("revoke", licence, "--repo", GARDEN, "--reason", "leaked")
    assert revoked.exit_code == 0, revoked.output
    listed = fetched(house, "revocations.txt", folder)
    offline = ("verify", file, "--product", "pro", "--keys", pinned)
    assert potluck(*offline, "--list", listed).output.startswith("REVOKED: ")
    assert first == file.read_text(encoding="utf-8")
    assert potluck("reinstate", licence, "--repo", GARDEN).exit_code == 0

    kid = json.loads(pinned.read_text(encoding="utf-8"))["items"][0]["kid"]
    assert "rotate first" in potluck("retire", kid, "--repo", GARDEN, "--reissue").output
    assert potluck("rotate", "--repo", GARDEN).output.split()[:1] == ["verifying"]
    left = potluck("retire", kid, "--repo", GARDEN)
    assert (left.exit_code, left.output.split()) == (1, [licence])
    assert potluck("retire", kid, "--repo", GARDEN, "--reissue").exit_code == 0
    assert "retired" in potluck("keys", "--repo", GARDEN).output


def _tried(house: House, text: str) -> None:
    house.advance(timedelta(seconds=1))
    with Visitor(house) as anybody:
        page = anybody.get(PAGE)
        assert "verify.py" in page.text
        assert page.headers["X-Frame-Options"] == FIXED["X-Frame-Options"]
        good = anybody.submit(PAGE, {"licence": text, "product": "pro"})
        assert "The licence holds." in good.text
        assert "KEY_RETIRED" in good.text
        assert "Acme" not in good.text.replace(text, "")
        bad = anybody.submit(PAGE, {"licence": "<b>no</b>", "product": "pro"})
        assert "This is no licence file" in bad.text
        assert "<b>no</b>" not in bad.text
        none = anybody.submit(PAGE, {"licence": "", "product": "pro"})
        assert "Both fields are needed" in none.text


def test_a_project_that_sold_nothing_shows_no_keys_and_a_private_one_nothing(
    house: House,
) -> None:
    house.settle()
    with Visitor(house) as anybody:
        assert "has sold no licence yet" in anybody.get(PAGE).text
        assert anybody.get(f"/{GARDEN}/licences/verify.py").status_code == 404
        assert anybody.get(f"/{GARDEN}/licences/revocations.txt").status_code == 404
        house.world.set_private(house.garden.repo, private=True)
        house.settle()
        for path in ("licences/verify", "licences/keys.json", "releases", "releases.json"):
            assert anybody.get(f"/{GARDEN}/{path}").status_code == 404
