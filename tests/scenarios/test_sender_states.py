"""What cannot be written to: held, refused or gone, and in no case a storm of attempts."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot import outbox, prune, repositories
from bot.sandbox import failures
from bot.sender import LOOKED_FOR
from core.github import Comment
from tests.house import House
from tests.workshop import bodies, garden, reached, rows, thread, want

COMMENTS = r"/comments"


def test_a_suspended_installation_holds_its_writes_without_asking_again(workshop: House) -> None:
    issue = thread(workshop)
    workshop.world.suspend(workshop.garden.installation)
    actions = [Comment(garden(workshop), issue.number, f"t{n}", "hello") for n in range(5)]
    want(workshop, *actions)
    with workshop.calls() as calls:
        workshop.settle()

    assert len(calls) <= 2
    assert {state for state, _note in rows(workshop).values()} == {"held"}
    workshop.world.unsuspend(workshop.garden.installation)
    with workshop.app.write() as connection:
        outbox.release(connection, workshop.garden.installation.id, workshop.now)
    workshop.settle()
    assert bodies(issue) == ["hello"] * 5


def test_an_installation_that_is_gone_holds_its_writes(workshop: House) -> None:
    issue = thread(workshop)
    workshop.world.uninstall(workshop.garden.installation)
    want(workshop, Comment(garden(workshop), issue.number, "t", "hello"))
    with workshop.calls() as calls:
        workshop.settle()

    assert len(calls) == 1
    assert rows(workshop)[f"{issue.number}:t#1"][0] == "held"


def test_a_permission_that_is_lacking_holds_the_writes_until_tomorrow_at_most(
    workshop: House,
) -> None:
    issue = thread(workshop)
    installation = workshop.garden.installation
    granted = dict(installation.permissions)
    workshop.world.accept_permissions(installation, granted | {"issues": "read"})
    want(workshop, Comment(garden(workshop), issue.number, "t", "hello"))
    workshop.settle()
    state, note = rows(workshop)[f"{issue.number}:t#1"]
    assert (state, note) == (
        "held",
        "Inaccessible: the repository or a permission is not given to us",
    )

    workshop.world.accept_permissions(installation, granted)
    workshop.advance(timedelta(days=1))
    with workshop.app.write() as connection:
        prune.release_suspects(connection, workshop.now)
    workshop.settle()
    assert bodies(issue) == ["hello"]


@pytest.mark.parametrize("state", ["archived", "removed", "gone"])
def test_a_repository_out_of_reach_keeps_its_writes_until_it_is_back(
    workshop: House, state: str
) -> None:
    issue, repo = thread(workshop), garden(workshop)
    with workshop.app.write() as connection:
        repositories.note_repo(connection, repo, workshop.now)
        repositories.set_state(connection, repo.id, state)
    want(workshop, Comment(repo, issue.number, "t", "hello"))
    with workshop.calls() as calls:
        workshop.settle()
    assert calls == []
    assert rows(workshop)[f"{issue.number}:t#1"] == ("held", f"repository {state}")

    with workshop.app.write() as connection:
        repositories.set_state(connection, repo.id, "active")
        assert outbox.release_repo(connection, repo, workshop.now) == 1
    workshop.settle()
    assert bodies(issue) == ["hello"]


def test_many_writes_to_a_repository_out_of_reach_do_not_delay_the_others(
    workshop: House,
) -> None:
    issue, repo = thread(workshop), garden(workshop)
    shed = workshop.world.repository(workshop.garden.organization, "shed")
    workshop.world.add_repositories(workshop.garden.installation, shed)
    other = thread(workshop, shed)
    with workshop.app.write() as connection:
        repositories.note_repo(connection, repo, workshop.now)
        repositories.set_state(connection, repo.id, "archived")
    want(workshop, *[Comment(repo, issue.number, f"t{n}", "hello") for n in range(50)])
    want(workshop, Comment(reached(shed, workshop.garden.installation), other.number, "t", "hi"))
    workshop.happen()

    assert bodies(other) == ["hi"]
    assert sorted(state for state, _note in rows(workshop).values()) == ["done"] + ["held"] * 50


def test_what_is_in_the_hands_of_another_installation_is_waited_for(workshop: House) -> None:
    issue, repo = thread(workshop), garden(workshop)
    want(workshop, Comment(repo, issue.number, "t", "older"))
    with workshop.app.write() as connection:
        outbox.queue.claim(connection, "somebody", workshop.now, 1)
    owner = workshop.world.organization("heirs")
    installed = workshop.world.install(owner)
    workshop.world.transfer(workshop.garden.repo, owner)
    want(workshop, Comment(reached(workshop.garden.repo, installed), issue.number, "t", "newer"))
    workshop.settle()

    assert bodies(issue) == ["newer"]


def test_a_renamed_repository_is_written_to_under_its_name_of_today(workshop: House) -> None:
    issue, repo = thread(workshop), garden(workshop)
    want(workshop, Comment(repo, issue.number, "t", "hello"))
    workshop.world.rename_repository(workshop.garden.repo, "meadow")
    with workshop.app.write() as connection:
        repositories.note_repo(connection, garden(workshop), workshop.now)
    with workshop.calls() as calls:
        workshop.settle()

    assert bodies(issue) == ["hello"]
    assert all("/garden/" not in call.path for call in calls)


def test_a_transferred_repository_is_written_to_by_its_new_installation(workshop: House) -> None:
    issue, repo = thread(workshop), garden(workshop)
    want(workshop, Comment(repo, issue.number, "t", "hello"))
    owner = workshop.world.organization("heirs")
    installed = workshop.world.install(owner)
    workshop.world.transfer(workshop.garden.repo, owner)
    with workshop.app.write() as connection:
        moved = reached(workshop.garden.repo, installed)
        repositories.note_repo(connection, moved, workshop.now)
    workshop.settle()

    assert bodies(issue) == ["hello"]


def undone(house: House, how: str) -> Callable[[], None]:
    """Take the garden out of our reach, and give the way back."""
    world, repo, installation = house.world, house.garden.repo, house.garden.installation
    if how == "archived":
        world.archive(repo)
        return lambda: world.unarchive(repo)
    if how == "suspended":
        world.suspend(installation)
        return lambda: world.unsuspend(installation)
    if how == "removed":
        world.remove_repositories(installation, repo)
        return lambda: world.add_repositories(installation, repo)
    if how == "uninstalled":
        world.uninstall(installation)
        return lambda: world.install(repo) and None
    heirs = world.organization("heirs")
    world.install(heirs)
    world.transfer(repo, heirs)
    return lambda: None


@pytest.mark.parametrize("how", ["archived", "suspended", "removed", "uninstalled", "transferred"])
def test_what_was_to_be_said_is_said_when_we_can_again(house: House, how: str) -> None:
    house.settle()
    pull = house.propose(house.garden.ada)
    house.sandbox.deliver_all()
    house.worker.sort()
    house.worker.work()
    back = undone(house, how)
    house.sandbox.deliver_all()
    while house.worker.sort() + house.worker.work():
        pass
    with house.calls() as calls:
        house.settle()
    assert how == "transferred" or not [call for call in calls if "access" not in call.path]
    back()
    house.settle()

    assert len(house.comments(pull)) == 1
    assert house.check(pull).conclusion == "action_required"


def test_what_github_refuses_is_repeated_a_few_times_only(workshop: House) -> None:
    issue = thread(workshop)
    workshop.sandbox.fail("POST", COMMENTS, failures.status(422, "Validation Failed"), times=9)
    want(workshop, Comment(garden(workshop), issue.number, "t", "hello"))
    with workshop.calls() as calls:
        workshop.settle()

    tries = sum(call.method == "POST" and "comments" in call.path for call in calls)
    assert tries == LOOKED_FOR
    assert rows(workshop)[f"{issue.number}:t#1"] == (
        "dead",
        "Refused: GitHub answered 422: Validation Failed",
    )


def test_a_thread_that_is_gone_is_looked_for_a_few_times_only(workshop: House) -> None:
    want(workshop, Comment(garden(workshop), 4711, "t", "hello"))
    with workshop.calls() as calls:
        workshop.settle()

    assert sum(call.status == 404 for call in calls) == LOOKED_FOR
    assert rows(workshop)["4711:t#1"][0] == "dead"
