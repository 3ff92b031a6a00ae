"""Installing, suspending, removing, renaming: states of the App, without noise and without loss."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from bot import outbox, places, repositories
from tests.house import House


def state(house: House, table: Any, column: Any, key: int) -> str:
    with house.app.read() as connection:
        return str(connection.scalar(select(column).where(table.c.id == key)))


def writes(house: House, seen: list[Any]) -> list[Any]:
    del house
    return [
        one for one in seen if one.method in {"POST", "PATCH"} and "/access_tokens" not in one.path
    ]


def test_open_pull_requests_get_their_check_silently_at_installation(house: House) -> None:
    world, garden = house.world, house.garden
    old = world.repository(garden.organization, "pond", files={"README.md": "Pond\n"})
    world.commit(
        old,
        "main",
        message="Rules",
        author=garden.mara,
        files={
            "CLA.md": "You may.\n",
            ".github/potluck.toml": (
                '[agreement]\nmode = "cla"\ndocument = "CLA.md"\nversion = "1.0"\n'
            ),
        },
    )
    pulls = [
        world.propose(old, who, {f"{who.login}.md": "x\n"}) for who in (garden.ada, garden.bo)
    ]
    house.settle()
    assert all(not house.checks(pull) for pull in pulls)
    house.advance(timedelta(days=3))

    world.add_repositories(garden.installation, old)
    house.settle()

    assert [house.check(pull).conclusion for pull in pulls] == ["action_required"] * 2
    assert [house.comments(pull) for pull in pulls] == [[], []]


def test_the_agreement_can_be_read_before_the_first_pull_request(house: House) -> None:
    house.settle()

    page = house.pages.test_client().get("/potluck-sandbox/garden/cla")

    assert page.status_code == 200
    assert "Contributor licence agreement: Garden" in page.text


def test_a_second_look_at_an_installation_writes_nothing(house: House) -> None:
    house.propose(house.garden.ada)
    house.settle()
    attempts = [
        it for it in house.sandbox.hooks.attempts if it.delivery.event.name == "installation"
    ]
    assert attempts

    with house.calls() as seen:
        house.deliver("installation", attempts[0].delivery.event.payload, guid="another-id")
        house.settle()

    assert writes(house, seen) == []


def test_while_suspended_nothing_is_sent_and_afterwards_everything_is(house: House) -> None:
    pull = house.propose(house.garden.ada)
    for _ in range(3):
        house.sandbox.deliver_all()
        house.worker.sort()
        house.worker.work()
    house.world.suspend(house.garden.installation)
    with house.calls() as seen:
        house.settle()
    assert house.checks(pull) == []
    assert len([one for one in seen if one.status == 403]) <= 2

    house.world.unsuspend(house.garden.installation)
    house.settle()

    assert house.check(pull).conclusion == "action_required"
    assert len(house.comments(pull)) == 1


def test_after_removal_nobody_knocks_any_more(house: House) -> None:
    pull = house.propose(house.garden.ada)
    for _ in range(3):
        house.sandbox.deliver_all()
        house.worker.sort()
        house.worker.work()
    house.world.uninstall(house.garden.installation)
    house.settle()

    with house.calls() as seen:
        house.advance(timedelta(hours=8))
        house.settle()

    assert seen == []
    assert house.checks(pull) == []
    number = house.garden.installation.id
    kept = state(house, places.installation, places.installation.c.state, number)
    assert kept == "deleted"


def test_an_old_suspension_replayed_under_another_id_changes_nothing(house: House) -> None:
    house.settle()
    house.world.suspend(house.garden.installation)
    house.settle()
    house.advance(timedelta(minutes=1))
    house.world.unsuspend(house.garden.installation)
    house.settle()
    old = next(
        it.delivery.event.payload
        for it in house.sandbox.hooks.attempts
        if it.delivery.event.payload.get("action") == "suspend"
    )

    assert house.deliver("installation", old, guid="replayed") == 202
    house.settle()

    number = house.garden.installation.id
    kept = state(house, places.installation, places.installation.c.state, number)
    assert kept == "active"
    pull = house.propose(house.garden.ada)
    house.settle()
    assert house.check(pull).conclusion == "action_required"


def test_a_removed_repository_is_left_alone_and_an_added_one_is_taken_up(house: House) -> None:
    garden = house.garden
    house.settle()
    house.world.remove_repositories(garden.installation, garden.repo)
    house.settle()
    pull = house.propose(garden.ada)
    house.settle()
    assert house.checks(pull) == []

    house.world.add_repositories(garden.installation, garden.repo)
    house.settle()

    assert house.check(pull).conclusion == "action_required"


def test_a_signature_outlives_renaming_and_transfer(house: House) -> None:
    garden = house.garden
    first = house.propose(garden.ada)
    house.settle()
    house.world.comment(first, garden.ada, "/sign")
    house.settle()
    assert house.check(first).conclusion == "success"

    house.world.rename_repository(garden.repo, "orchard")
    house.settle()
    second = house.propose(garden.ada, files={"second.md": "x\n"})
    house.settle()

    assert house.check(second).conclusion == "success"
    assert house.comments(second) == []
    with house.app.read() as connection:
        found = repositories.repo_named(connection, "potluck-sandbox/orchard")
    assert found
    assert found.id == garden.repo.id


def test_an_archived_repository_meets_no_storm_of_retries(house: House) -> None:
    garden = house.garden
    pull = house.propose(garden.ada)
    for _ in range(3):
        house.sandbox.deliver_all()
        house.worker.sort()
        house.worker.work()
    house.world.archive(garden.repo)
    with house.calls() as seen:
        house.settle()

    assert len(writes(house, seen)) <= 2
    assert house.checks(pull) == []
    with house.app.read() as connection:
        left = connection.scalars(
            select(outbox.outbox.c.state).where(outbox.outbox.c.state.in_(("due", "running")))
        ).all()
    assert left == []


def test_back_fill_killed_in_the_middle_goes_on_where_it_was(house: House) -> None:
    garden, world = house.garden, house.world
    old = world.repository(garden.organization, "pond", files={"README.md": "Pond\n"})
    rules = '[agreement]\nmode = "cla"\ndocument = "CLA.md"\nversion = "1.0"\n'
    files = {"CLA.md": "You may.\n", ".github/potluck.toml": rules}
    world.commit(old, "main", message="Rules", author=garden.mara, files=files)
    pulls = [world.propose(old, garden.ada, {f"{n}.md": "x\n"}) for n in range(12)]
    house.settle()
    house.advance(timedelta(hours=1))
    world.add_repositories(garden.installation, old)
    house.sandbox.deliver_all()
    house.worker.sort()
    for _ in range(4):
        house.worker.work(most=2)
        house.restart()
        house.advance(timedelta(minutes=2))

    house.settle()

    assert [house.check(pull).conclusion for pull in pulls] == ["action_required"] * 12
    assert all(len(house.checks(pull)) == 1 for pull in pulls)
