"""What was merged into another branch, and covered there, is not asked for again with that branch."""

from bot.sandbox.records import Account, PullRequest
from tests.house import House
from tests.scenarios.agreement import Made, add, conclusion, offer, set_rules, sign
from tests.scenarios.merging import land, told

LONG = "A line.\n" * 40
SMALL = "exempt_below = { files = 2, lines = 3 }"


def rules(house: House, version: str = "1.0", *more: str) -> None:
    """Put these rules in force."""
    set_rules(
        house, 'mode = "cla"', f'version = "{version}"', *more, **{"CLA.md": f"# {version}\n"}
    )
    house.settle()


def onto_next(house: House, opener: Account, made: Made, method: str, waive: str = "") -> None:
    """Merge somebody's pull request into the long-lived branch, green or not."""
    pull = offer(house, opener, {"files": {"a.txt": LONG}, "author": opener}, made, base="next")
    house.settle()
    if waive:
        house.world.comment(pull, house.garden.mara, f"/waive {pull.head_sha} {waive}")
        house.settle()
    land(house, pull, method)


def asked(house: House, pull: PullRequest) -> set[str]:
    """Whom the check of a pull request asks, by login."""
    rows = house.check(pull).summary.splitlines()
    return {row.split("[", 1)[1].split("]")[0].lstrip("@") for row in rows if "has to sign" in row}


def fill_next(house: House) -> None:
    """Merge what was covered, by each method, and last what was not, into the long-lived branch."""
    garden = house.garden
    ada, bo, chen = garden.ada, garden.bo, garden.chen
    for method in ("merge", "squash", "rebase"):
        onto_next(house, ada, {"author": ada, "files": {f"{method}.txt": LONG}}, method)
    onto_next(
        house, ada, {"author": ("Nobody", "no@example.org")}, "merge", "A typo that anybody mends"
    )
    small = offer(house, bo, {"author": bo, "files": {"typo.txt": "1\n"}}, base="next")
    house.settle()
    land(house, small, "squash")
    onto_next(house, chen, {"author": chen, "files": {"chen.txt": LONG}}, "merge")


def test_what_was_accepted_on_another_protected_branch_is_not_asked_for_again(
    house: House,
) -> None:
    garden, world, repo = house.garden, house.world, house.garden.repo
    ada, chen, mara = garden.ada, garden.chen, garden.mara
    dora = world.account("dora", emails=("dora@example.com",))
    rules(house, "1.0", f"exempt_users = [{mara.id}]", SMALL)
    sign(house, ada)
    world.branch(repo, "next", repo.default_branch)
    repo.protected.add("next")
    add(house, repo, "next", author=dora, files={"dora.txt": LONG})
    world.push(repo, "next", mara)
    pull = world.open_pull_request(repo, mara, "next")
    house.settle()
    assert asked(house, pull) == {"dora"}

    fill_next(house)
    rules(house, "2.0", f"exempt_users = [{mara.id}]", SMALL)

    # Dora's commit was never judged, Chen's was merged although it was red.
    assert asked(house, pull) == {"chen", "dora"}
    assert "merged into another branch of this repository before" in house.check(pull).summary
    repo.protected.remove("next")
    world.comment(pull, mara, "/recheck")
    house.settle()
    assert asked(house, pull) == {"bo", "chen", "dora"}
    repo.protected.add("next")
    for who in (chen, dora):
        world.comment(pull, who, "/sign")
    house.settle()
    assert conclusion(house, pull) == "success", house.check(pull).summary
    land(house, pull)
    found = told(house, pull)
    assert {rule for _who, _role, rule in found} == {"merged", "small", "signature", "listed"}
    assert [rule for who, _role, rule in found if who in {chen.id, dora.id}] == ["signature"] * 3
