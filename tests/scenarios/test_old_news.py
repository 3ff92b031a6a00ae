"""Old news: what is told late, twice or in the wrong order undoes nothing that is newer."""

import threading
from collections import deque
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot import outbox, places, repositories, sightings
from core.db import Database
from core.github import Account, PullRequest, Repo
from tests.house import House

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
SECOND = timedelta(seconds=1)
REPO = Repo(7, "acme/garden", 70)
PULL = PullRequest(1, Account(2, "ada"), "a" * 40, "main", "open", NOW, NOW)


def told_late(house: House) -> list[Any]:
    """Take away what GitHub is about to deliver, to be told another time."""
    late = list(house.sandbox.hooks.waiting)
    house.sandbox.hooks._queue.clear()
    return late


def tell(house: House, late: list[Any], guid: str | None = None) -> None:
    for one in late:
        assert house.deliver(one.event.name, one.body, guid=guid or one.guid) == 202
    house.settle()


def known(house: House) -> Any:
    with house.app.read() as connection:
        table = places.repository
        return connection.execute(select(table).where(table.c.id == house.garden.repo.id)).one()


def test_what_was_told_while_public_does_not_uncover_what_is_private(house: House) -> None:
    pull = house.propose(house.garden.bo)
    house.settle()
    house.world.edit_title(pull, house.garden.bo, "another title")
    late = told_late(house)
    house.advance(5 * SECOND)
    house.world.set_private(house.garden.repo, private=True)
    house.settle()
    page = f"/{house.garden.repo.full_name}/cla"
    client = house.pages.test_client()
    assert client.get(page).status_code == 404

    house.advance(300 * SECOND)
    tell(house, late)

    assert client.get(page).status_code == 404
    house.world.set_private(house.garden.repo, private=False)
    house.settle()
    assert client.get(page).status_code == 200


def test_a_late_event_brings_no_former_name_back(house: House) -> None:
    pull = house.propose(house.garden.bo)
    house.settle()
    house.world.edit_title(pull, house.garden.bo, "another title")
    late = told_late(house)
    house.advance(5 * SECOND)
    house.world.rename_repository(house.garden.repo, "orchard")
    house.settle()
    tell(house, late)

    assert known(house).name == "potluck-sandbox/orchard"


def test_a_renaming_that_nobody_told_of_is_read_at_the_next_event(house: House) -> None:
    pull = house.propose(house.garden.bo)
    house.settle()
    house.world.rename_repository(house.garden.repo, "orchard")
    told_late(house)
    house.world.edit_title(pull, house.garden.bo, "another title")
    house.settle()

    assert known(house).name == "potluck-sandbox/orchard"


def test_an_old_addition_told_again_takes_up_nothing_that_was_removed(house: House) -> None:
    garden = house.garden
    house.settle()
    house.world.remove_repositories(garden.installation, garden.repo)
    house.settle()
    house.world.add_repositories(garden.installation, garden.repo)
    added = list(house.sandbox.hooks.waiting)
    house.settle()
    assert known(house).state == "active"
    house.world.remove_repositories(garden.installation, garden.repo)
    removed = list(house.sandbox.hooks.waiting)
    house.settle()

    tell(house, added, guid="told-again")
    assert known(house).state == "removed"
    house.world.add_repositories(garden.installation, garden.repo)
    house.settle()
    tell(house, removed, guid="told-again-too")
    assert known(house).state == "active"


def test_a_repository_that_comes_back_is_watched_from_then_on(house: House) -> None:
    garden = house.garden
    house.settle()
    house.world.remove_repositories(garden.installation, garden.repo)
    house.settle()
    between = house.propose(garden.ada)
    house.advance(timedelta(days=1))
    house.world.add_repositories(garden.installation, garden.repo)
    house.settle()

    assert known(house).installed_at > house.now - timedelta(hours=1)
    assert house.check(between).conclusion == "action_required"
    assert house.comments(between) == []


def test_a_suspension_told_after_its_end_is_found_out(house: House) -> None:
    house.settle()
    house.world.suspend(house.garden.installation)
    house.world.unsuspend(house.garden.installation)
    house.sandbox.hooks._queue = deque(reversed(house.sandbox.hooks._queue))
    house.settle()
    pull = house.propose(house.garden.bo)
    house.settle()
    assert house.checks(pull) == []

    house.advance(timedelta(hours=24))
    house.tick("prune")
    house.settle()

    assert house.check(pull).conclusion == "action_required"


def test_within_one_second_nothing_becomes_public_again(databases: tuple[str, str]) -> None:
    database = Database(databases[0])
    with database.write() as connection:
        assert sightings.note_facts(connection, replace(REPO, private=True), NOW + SECOND)
        assert not sightings.note_facts(connection, REPO, NOW)
        assert not sightings.note_facts(connection, REPO, NOW + SECOND)
        assert sightings.note_facts(connection, REPO, NOW + 2 * SECOND)
    database.close()


def test_the_later_state_of_a_pull_request_stands_whoever_writes_last(
    databases: tuple[str, str],
) -> None:
    database = Database(databases[0])
    newer = replace(PULL, head_sha="b" * 40, updated_at=NOW + SECOND)
    with database.write() as connection:
        assert repositories.note_pull(connection, REPO, PULL)
    written: list[bool] = []
    began = threading.Event()

    def late() -> None:
        began.set()
        with database.write() as connection:
            written.append(repositories.note_pull(connection, REPO, PULL))

    with database.write() as connection:
        assert repositories.note_pull(connection, REPO, newer)
        thread = threading.Thread(target=late)
        thread.start()
        assert began.wait(5)
    thread.join()

    assert written == [False]
    with database.read() as connection:
        assert repositories.pull(connection, REPO.id, 1) == newer
    database.close()


def test_the_later_state_of_an_installation_stands(databases: tuple[str, str]) -> None:
    database, account = Database(databases[0]), Account(2, "acme", "Organization")
    states = [
        ("active", 1, True),
        ("suspended", 0, False),
        ("deleted", 2, True),
        ("active", 3, False),
    ]
    with database.write() as connection:
        for state, seconds, written in states:
            at = NOW + seconds * SECOND
            done = repositories.note_installation(connection, 70, account, state, at)
            assert done is written
    database.close()


@pytest.mark.parametrize("ahead", [timedelta(seconds=60), timedelta(days=400)])
def test_a_clock_that_is_ahead_costs_a_wait_and_no_storm(house: House, ahead: timedelta) -> None:
    pull = house.propose(house.garden.bo)
    house.settle()
    house.advance(60 * SECOND)
    with house.app.write() as connection:
        connection.execute(outbox.surface.update().values(facts_at=house.now + ahead))
    began = house.now
    house.world.push_to(pull, author=house.garden.chen)
    with house.calls() as seen:
        house.settle()

    assert len([one for one in seen if one.method == "GET"]) < 15
    assert house.check(pull).conclusion == "action_required"
    assert house.now - began < timedelta(minutes=3)
