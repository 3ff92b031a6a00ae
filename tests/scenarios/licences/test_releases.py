"""Releases as GitHub tells of them: the terms of each are written once and never move."""

from datetime import UTC, date, datetime, timedelta

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.policy import PATH
from bot.sandbox.records import Account
from bot.sandbox.releases import Release
from licensing.releases import reading
from tests.economy import PLAIN
from tests.house import House

BUSL = '[licence]\noffered = "BUSL-1.1"\nconverts_to = "MPL-2.0"\nafter_months = 36\n'
FSL = '[licence]\noffered = "FSL-1.1-ALv2"\n'
STATES = "Business Source License 1.1\n\nChange Date: 2029-01-01\n"


def put(house: House, files: dict[str, str]) -> None:
    world, garden = house.world, house.garden
    world.commit(garden.repo, "main", message="rules", author=garden.mara, files=files)
    world.push(garden.repo, "main", garden.mara)
    house.settle()


def publish(house: House, tag: str, *, at: datetime | None = None) -> Release:
    mara: Account = house.garden.mara
    made = house.world.publish_release(house.garden.repo, mara, tag, at=at)
    house.settle()
    return made


def known(house: House) -> dict[str, reading.Release]:
    with house.app.read() as connection:
        return {one.tag: one for one in reading.of(connection, house.garden.repo.id)}


def test_each_release_keeps_its_licence_and_its_day(house: House) -> None:
    house.settle()
    put(house, {PATH: BUSL, "LICENSE": STATES})
    first = publish(house, "v1")
    put(house, {PATH: FSL, "LICENSE": "FSL-1.1-ALv2\n"})
    house.advance(timedelta(days=40))
    publish(house, "v2")

    of = known(house)
    assert (of["v1"].licence, of["v1"].converts_on) == ("BUSL-1.1", date(2029, 11, 20))
    assert (of["v1"].warnings, of["v1"].stated) == (("STATED",), "2029-01-01")
    assert (of["v2"].licence, of["v2"].converts_to) == ("FSL-1.1-ALv2", "Apache-2.0")
    assert of["v2"].converts_on == date(2028, 12, 30)
    assert of["v2"].warnings == ()

    # Edits, a moved tag, a deletion: what was promised stands.
    world, garden = house.world, house.garden
    world.tag(garden.repo, "v1")
    world.edit_release(first, garden.mara, body="Better words.")
    house.settle()
    assert known(house)["v1"].commit_sha == of["v1"].commit_sha
    assert "MOVED" in known(house)["v1"].warnings
    world.delete_release(first, garden.mara)
    house.settle()
    again = known(house)["v1"]
    assert "GONE" in again.warnings
    assert (again.converts_on, again.licence) == (of["v1"].converts_on, "BUSL-1.1")
    with pytest.raises(DBAPIError), house.app.write() as connection:
        connection.execute(text("UPDATE release SET converts_on = '2040-01-01'"))

    _shown(house)


def _shown(house: House) -> None:
    page = httpx.get(f"{house.url}/potluck-sandbox/garden/releases", verify=PLAIN)
    assert page.status_code == 200
    for words in (
        "FSL-1.1-ALv2",
        'datetime="2028-12-30"',
        "states another date",
        "Deleted on GitHub",
    ):
        assert words in page.text
    answer = httpx.get(f"{house.url}/potluck-sandbox/garden/releases.json", verify=PLAIN)
    items = {one["tag"]: one for one in answer.json()["items"]}
    assert items["v2"]["converts_on"] == "2028-12-30"
    assert items["v1"]["converted"] is False


def test_what_was_not_heard_of_is_found_and_nothing_is_guessed_for_what_is_long_past(
    house: House,
) -> None:
    house.settle()
    old = datetime(2024, 2, 29, 12, tzinfo=UTC)
    house.sandbox.hooks.lose(3)
    lost = publish(house, "v0", at=old)
    put(house, {PATH: FSL})
    house.sandbox.hooks.lose(3)
    publish(house, "v1")
    assert known(house) == {}

    house.tick("sweep_releases")
    house.settle()
    of = known(house)
    assert (of["v0"].licence, of["v0"].converts_on) == ("", None)
    assert (of["v1"].licence, of["v1"].converts_on) == ("FSL-1.1-ALv2", date(2028, 11, 20))

    house.sandbox.hooks.lose()
    house.world.delete_release(lost, house.garden.mara)
    house.advance(timedelta(days=1))
    house.tick("sweep_releases")
    house.settle()
    assert known(house)["v0"].warnings == ("GONE",)
    assert known(house)["v1"].warnings == ()
