"""No check turns green for a reason that does not hold: shared heads, moved bases, passing errors."""

from datetime import timedelta

from bot.sandbox import failures
from bot.sandbox.records import PullRequest
from tests.house import House
from tests.scenarios.agreement import PHRASE, add, fork_of, offer, push_files, set_rules, sign


def from_branch(house: House, base: str, head: str = "feature") -> PullRequest:
    garden = house.garden
    return house.world.open_pull_request(garden.repo, garden.mara, head, base=base)


def shared_branch(house: House) -> None:
    """`feature` holds Chen's commit, which `import` holds already and `main` does not."""
    world, garden = house.world, house.garden
    sign(house, garden.mara)
    world.branch(garden.repo, "import", "main")
    add(house, garden.repo, "import", author=garden.chen)
    world.push(garden.repo, "import", garden.mara)
    world.branch(garden.repo, "feature", "import")
    add(house, garden.repo, "feature", author=garden.mara)
    world.push(garden.repo, "feature", garden.mara)


def test_a_pull_request_to_another_base_does_not_turn_one_with_the_same_head_green(
    house: House,
) -> None:
    shared_branch(house)
    to_main = from_branch(house, "main")
    house.settle()
    assert house.check(to_main).conclusion == "action_required"

    to_import = from_branch(house, "import")
    house.settle()
    assert house.check(to_main).conclusion == "action_required"

    house.world.close(to_main, house.garden.mara)
    house.settle()
    assert house.check(to_import).conclusion == "success"

    house.world.reopen(to_main, house.garden.mara)
    house.settle()
    assert house.check(to_import).conclusion == "action_required"


def test_a_second_opener_of_the_same_commit_does_not_speak_for_the_first(house: House) -> None:
    world, garden = house.world, house.garden
    sign(house, garden.ada)
    source = fork_of(house, garden.bo)
    world.branch(source, "x", garden.repo.branches["main"])
    add(house, source, "x", author=garden.ada)
    by_bo = world.open_pull_request(garden.repo, garden.bo, "x", head_repo=source)
    house.settle()
    copy = fork_of(house, garden.ada)
    world.branch(copy, "x", by_bo.head_sha)
    by_ada = world.open_pull_request(garden.repo, garden.ada, "x", head_repo=copy)
    house.settle()
    assert house.check(by_bo).conclusion == "action_required"

    world.comment(by_bo, garden.bo, "/sign")
    house.settle()

    assert house.check(by_ada).conclusion == "success"


def test_a_base_that_was_rewritten_is_looked_at_again(house: House) -> None:
    world, garden = house.world, house.garden
    sign(house, garden.ada)
    clean = garden.repo.branches["main"]
    world.commit(garden.repo, "main", message="Oops", author=garden.chen, files={"c": "c"})
    world.push(garden.repo, "main", garden.mara)
    pull = offer(house, garden.ada, {"author": garden.ada})
    house.settle()
    assert house.check(pull).conclusion == "success"

    world.push(garden.repo, "main", garden.mara, to=clean)
    house.settle()

    assert house.check(pull).conclusion == "action_required"


def test_run_again_on_a_head_that_came_back_unheard_is_not_neutral(house: House) -> None:
    world, garden = house.world, house.garden
    pull = offer(house, garden.bo, {"author": garden.bo})
    house.settle()
    first, run = pull.head_sha, house.check(pull)
    world.push_to(pull)
    house.settle()
    house.advance(timedelta(seconds=5))
    house.sandbox.hooks.lose(2)
    world.force_push(pull, first)

    world.rerequest_check(run, garden.mara)
    house.settle()

    assert house.check(pull, first).conclusion == "action_required"


def test_one_wrong_404_does_not_switch_the_agreement_off_and_two_apart_do(house: House) -> None:
    garden = house.garden
    pull = offer(house, garden.bo, {"author": garden.bo})
    house.settle()
    house.sandbox.fail(
        "GET", "/contents/.github/potluck.toml", failures.status(404, "Not Found"), times=2
    )
    push_files(house, {"more.md": "x"})
    house.settle()
    assert house.check(pull).conclusion == "action_required"

    push_files(house, {".github/potluck.toml": None})
    house.settle()

    assert house.check(pull).conclusion == "neutral"


def test_nobody_signs_a_version_before_it_could_be_read(house: House) -> None:
    garden = house.garden
    pull = offer(house, garden.bo, {"author": garden.bo})
    house.settle()
    set_rules(house, 'version = "2.0"', **{"CLA.md": "# Version 2: you give us your house\n"})
    house.sandbox.deliver_all()
    house.advance(timedelta(minutes=10))
    assert "your house" not in house.pages.test_client().get("/potluck-sandbox/garden/cla").text

    house.world.comment(pull, garden.bo, PHRASE)
    house.sandbox.deliver_all()
    house.advance(timedelta(seconds=1))
    house.settle()

    assert house.check(pull).conclusion == "action_required"
    house.advance(timedelta(minutes=1))
    house.world.comment(pull, garden.bo, PHRASE)
    house.settle()
    assert house.check(pull).conclusion == "success"
