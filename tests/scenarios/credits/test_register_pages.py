"""The register for everybody, for whoever is in it and for maintainers; files in, and out again whole."""

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from bot.__main__ import cli
from bot.credits import store
from bot.sandbox.records import Account, Issue
from core.clock import system_clock
from tests.house import House
from tests.scenarios.asking import ask, say, steer
from tests.visitor import Visitor

HOME = "/potluck-sandbox/garden"


def entry(who: Account, *kinds: Any, **more: Any) -> dict[str, Any]:
    """A contributor as the tool of all-contributors writes them."""
    return {
        "login": who.login,
        "name": f"{who.login} of the garden",
        "avatar_url": f"https://avatars.githubusercontent.com/u/{who.id}?v=4",
        "profile": f"https://{who.login}.example",
        "contributions": list(kinds),
    } | more


def file_of(house: House) -> dict[str, Any]:
    garden = house.garden
    return {
        "projectName": "garden",
        "types": {"cake": {"symbol": "🎂", "description": "Cake"}},
        "x-ours": [None, {"b": 1, "a": 2}],
        "contributors": [
            entry(garden.ada, "code", {"type": "blog", "url": "https://ada.example"}, "cake"),
            entry(garden.bo, "doc", login="gone-since"),
            entry(garden.chen, "design", avatar_url="https://avatars0.githubusercontent.com/u/1"),
            entry(garden.bo, "test", login=garden.bo.login.upper()),
            {"login": "dependabot[bot]", "contributions": ["maintenance"], "note": "a bot"},
            {"name": "Without a login", "contributions": []},
        ],
        "contributorsPerLine": 7,
    }


def potluck(house: House, folder: Path, *words: str) -> Result:
    github = house.settings.github
    assert github
    surroundings = {
        "DATABASE_URL": house.settings.database_url,
        "INBOX_DATABASE_URL": house.settings.inbox_database_url,
        "POTLUCK_VAR": str(folder),
        "GITHUB_API_URL": github.api_url,
        "GITHUB_APP_ID": str(github.app_id),
        "GITHUB_APP_PRIVATE_KEY": house.sandbox.private_key,
        "GITHUB_WEBHOOK_SECRET": house.sandbox.webhook_secret,
    }
    return CliRunner().invoke(cli, words, env=surroundings)


def takes_a_file_in_and_out(house: House, mara: Visitor, bo: Visitor) -> dict[str, Any]:
    """A file comes in on the page, and goes out again with nothing lost."""
    assert bo.get(f"{HOME}/maintain/credits").status_code == 404
    whole = file_of(house)
    page = mara.get(f"{HOME}/maintain/credits")
    token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    for content, status in ((b"no file", 422), (json.dumps(whole).encode(), 303)):
        sent = mara.http.post(
            mara.here(f"{HOME}/maintain/credits/import"),
            data={"csrf_token": token},
            files={"file": (".all-contributorsrc", content)},
            headers={"referer": str(page.url)},
        )
        assert sent.status_code == status
    house.settle()
    said = mara.get(f"{HOME}/maintain/credits").text
    assert "2 contributors are known on GitHub" in said
    for why in ("nobody bears this login now", "of another account", "no person", "without a"):
        assert why in said
    out = mara.get(f"{HOME}/maintain/credits/all-contributorsrc")
    assert out.json() == whole
    assert list(out.json()) == list(whole)
    with Visitor(house) as workflow:  # a project’s own, which commits all of a day at once
        assert workflow.get(f"{HOME}/contributors/all-contributorsrc").text == out.text
    return whole


def shows_everybody(house: House, anybody: Visitor, issue: Issue) -> None:
    """Beside those who code stand those who asked and told; bots are not counted."""
    garden = house.garden
    say(house, issue, garden.mara, "/credit @Chen for design, ideas and @bo for mentoring")
    seen = anybody.get(f"{HOME}/contributors").text
    names = [part.split("<")[0] for part in seen.split('role="rowheader"')[1].split("<bdi>")]
    assert "ada" in names[1]
    assert "Mentoring" in seen
    assert f"issues/{issue.number}#issuecomment-" in seen
    assert "On how few it rests" in seen
    only = anybody.get(f"{HOME}/contributors?kind=mentoring").text
    assert "<bdi>bo</bdi>" in only
    assert "<bdi>ada</bdi></a></span>" not in only.split("On how few")[0]
    assert "cake" in anybody.get(f"{HOME}/contributors?kind=cake").text
    assert anybody.get(f"{HOME}/contributors?kind=%00").status_code == 200


def declines_and_takes_back(
    house: House, mara: Visitor, bo: Visitor, whole: dict[str, Any]
) -> None:
    """Whoever bears a credit may decline it; a maintainer may take it back; nothing is lost."""
    garden = house.garden
    with house.app.read() as connection:
        mine = store.of_person(connection, garden.bo.id)
    mentoring = next(one for one in mine if one.kind == "mentoring")
    assert bo.post("/you/credits", {"credit": "1", "deed": "declined"}).status_code == 400
    bo.submit("/you", form=f"credit-{mentoring.id}")
    assert "Mentoring" not in mara.get(f"{HOME}/contributors").text
    ada = next(one for one in _credits(house) if one.github_id == garden.ada.id)
    forged = bo.submit("/you", {"credit": str(ada.id)}, form=f"credit-{mentoring.id}")
    assert forged.status_code == 404
    mara.submit(f"{HOME}/maintain/credits", form=f"credit-{ada.id}")
    bo.submit("/you", form=f"credit-{mentoring.id}")
    assert "Mentoring" in mara.get(f"{HOME}/contributors").text
    after = mara.get(f"{HOME}/maintain/credits/all-contributorsrc").json()["contributors"]
    assert after[0]["contributions"] == [
        {"type": "blog", "url": "https://ada.example"},
        "cake",
    ]
    assert after[3]["contributions"] == ["test", "mentoring"]
    assert after[4:6] == whole["contributors"][4:6]
    assert (after[6]["login"], after[6]["contributions"]) == ("chen", ["design", "ideas"])


def does_the_same_by_commands(house: House, tmp_path: Path) -> None:
    """The same by commands: what was exported is imported without a change."""
    house.advance(system_clock() - house.now)  # commands ask the one clock of this machine
    name, file = "potluck-sandbox/garden", tmp_path / "rc.json"
    done = potluck(house, tmp_path, "credits", "export", str(file), "--repo", name)
    assert done.exit_code == 0, done.output
    again = potluck(
        house, tmp_path, "credits", "import", str(file), "--repo", name, "--as", "mara"
    )
    assert "not credited: gone-since: nobody on GitHub bears" in again.output
    assert again.output.endswith("Credited 3 of 7 contributors of potluck-sandbox/garden.\n")
    refused = ("credits", "import", str(file), "--repo", name, "--as", "bo")
    assert "bo does not maintain" in potluck(house, tmp_path, *refused).output
    potluck(house, tmp_path, "credits", "export", str(tmp_path / "again"), "--repo", name)
    assert (tmp_path / "again").read_text() == file.read_text()


def shows_nowhere_who_does_not_want_it(mara: Visitor, bo: Visitor, anybody: Visitor) -> None:
    """Who wants to be nowhere is nowhere; who erases what is personal neither."""
    bo.submit("/you", form="credits-hide")
    assert "bo" not in potluck_logins(mara)
    bo.submit("/you", form="credits-hide")
    assert "BO" in potluck_logins(mara)
    bo.submit("/you/erase", {"confirm": "bo"}, form="erase")
    assert not {"bo", "BO"} & potluck_logins(mara)
    assert "<bdi>bo</bdi>" not in anybody.get(f"{HOME}/contributors").text


def test_the_register_on_pages_and_in_files(house: House, tmp_path: Path) -> None:
    steer(house)
    garden, issue = house.garden, ask(house, house.garden.ada)
    with Visitor(house) as mara, Visitor(house) as bo, Visitor(house) as anybody:
        assert "Nobody is written down yet" in anybody.get(f"{HOME}/contributors").text
        mara.sign_in(garden.mara)
        bo.sign_in(garden.bo)
        whole = takes_a_file_in_and_out(house, mara, bo)
        shows_everybody(house, anybody, issue)
        declines_and_takes_back(house, mara, bo, whole)
        does_the_same_by_commands(house, tmp_path)
        mara.sign_in(garden.mara)
        bo.sign_in(garden.bo)
        shows_nowhere_who_does_not_want_it(mara, bo, anybody)


def potluck_logins(mara: Visitor) -> set[str]:
    found = mara.get(f"{HOME}/maintain/credits/all-contributorsrc").json()["contributors"]
    return {one.get("login", "") for one in found}


def _credits(house: House) -> tuple[store.Credit, ...]:
    with house.app.read() as connection:
        return store.of_repo(connection, house.garden.repo.id)
