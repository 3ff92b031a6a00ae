"""Honest pull requests: whatever people do in good faith, nobody is refused who should pass."""

from bot.sandbox.records import NOREPLY, Account, PullRequest, Repository
from tests.house import House
from tests.scenarios.agreement import (
    Made,
    add,
    conclusion,
    conclusions,
    fork_of,
    hidden,
    offer,
    push_files,
    set_rules,
    sign,
)

GITHUB = ("GitHub", "noreply@github.com")
RULES = (
    'exempt_bots = ["dependabot[bot]"]',
    "exempt_users = [2718]",
    "exempt_below = { files = 2, lines = 3 }",
)
LONG = "".join(f"line {number}\n" for number in range(20))


def large(author: object, **more: object) -> Made:
    """A commit that is too large to be exempt."""
    return {"author": author, "files": {f"{id(author)}-{len(more)}.txt": LONG}, **more}


def set_up(house: House) -> None:
    set_rules(house, *RULES)
    house.settle()
    for person in (house.garden.ada, house.garden.bo):
        pull = offer(house, person, large(person))
        house.settle()
        house.world.comment(pull, person, "/sign")
        house.settle()
        house.world.close(pull, person)


def commits(house: House) -> dict[str, tuple[Made, ...]]:
    """What Ada brings, who has signed like Bo; Mara has not."""
    ada, bo, mara = house.garden.ada, house.garden.bo, house.garden.mara
    return {
        "one commit": (large(ada),),
        "several commits": (large(ada), large(ada), large(ada)),
        "a commit of another signer": (large(bo),),
        "a commit made on the website": (large(ada, committer=GITHUB, verified=True),),
        "a commit of a signer, committed by somebody else": (large(bo, committer=mara),),
        "a commit under a noreply address": (large(hidden(ada)),),
        "a commit under a noreply address with an old login": (large(hidden(ada, "old")),),
        "a commit under the old form of address": (large(("Ada", f"ada@{NOREPLY}")),),
        "a commit under an address in capitals": (large(("Ada", "ADA@EXAMPLE.COM")),),
        "a name that is not ASCII": (large(("Ädä Pärk 公園", hidden(ada)[1])),),
        "a name that means nothing": (large(("root", hidden(ada)[1])),),
    }


def company(house: House) -> dict[str, tuple[Made, ...]]:
    """The same with others beside her, exempt or signed; Chen has not signed."""
    ada, bo, chen, bot = (
        house.garden.ada,
        house.garden.bo,
        house.garden.chen,
        house.garden.dependabot,
    )
    employee = house.world.account("employee", id=2718, emails=("employee@example.com",))
    return {
        "a co-author who signed": (large(ada, co_authors=(hidden(bo),)),),
        "a co-author by an address that is linked here": (
            large(bo),
            large(ada, co_authors=(bo,)),
        ),
        "herself as co-author": (large(ada, co_authors=(hidden(ada), ada)),),
        "a co-author with CRLF": (
            large(ada, message=f"Fix\r\n\r\nco-authored-by: Bo <{hidden(bo)[1]}>\r\n"),
        ),
        "a squash with co-authors in the middle": (
            large(ada, message=f"A (#1)\n\n* a\n\nCo-authored-by: B <{hidden(bo)[1]}>\n\n* b"),
        ),
        "an exempt person": (large(employee),),
        "an exempt person as co-author": (large(ada, co_authors=(hidden(employee),)),),
        "an exempt bot's verified commit": (large(bot, verified=True),),
        "a small change of somebody who has not signed": (
            {"author": chen, "files": {"typo.md": "Fixed.\n"}},
        ),
    }


def test_honest_pull_requests_pass_without_a_word(house: House) -> None:
    set_up(house)
    brought = commits(house) | company(house)
    pulls = {label: offer(house, house.garden.ada, *made) for label, made in brought.items()}
    house.settle()

    assert len(brought) >= 15
    assert {key for key, said in conclusions(house, pulls).items() if said != "success"} == set()
    assert [label for label, pull in pulls.items() if house.comments(pull)] == []


def test_a_bots_own_pull_request_passes_without_a_word(house: House) -> None:
    set_up(house)
    bot = house.garden.dependabot
    pull = offer(house, bot, large(bot))
    house.settle()

    assert conclusion(house, pull) == "success"
    assert house.comments(pull) == []


def test_whoever_brings_the_base_up_to_date_need_not_sign(house: House) -> None:
    set_up(house)
    pulls = [updated(house, times) for times in (1, 3)]
    house.settle()

    assert [conclusion(house, pull) for pull in pulls] == ["success", "success"]
    assert [house.comments(pull) for pull in pulls] == [[], []]


def updated(house: House, times: int) -> PullRequest:
    """A pull request of Ada's that Mara, who has not signed, brought up to date."""
    world, repo, ada = house.world, house.garden.repo, house.garden.ada
    fork, branch = fork_of(house, ada), f"updated-{times}"
    world.branch(fork, branch, repo.branches["main"])
    add(house, fork, branch, **large(ada))
    for number in range(times):
        tip = push_files(house, {f"base-{times}-{number}.txt": LONG, "README.md": f"{number}\n"})
        world.merge_commit(fork, branch, tip, author=house.garden.mara)
    return world.open_pull_request(repo, ada, branch, head_repo=fork)


def test_a_signer_may_settle_conflicts_in_a_merge(house: House) -> None:
    set_up(house)
    world, repo, ada = house.world, house.garden.repo, house.garden.ada
    fork = fork_of(house, ada)
    world.branch(fork, "conflict", repo.branches["main"])
    add(house, fork, "conflict", author=ada, files={"README.md": LONG})
    tip = push_files(house, {"README.md": "Another line.\n"})
    world.merge_commit(fork, "conflict", tip, author=ada, files={"README.md": LONG + "both\n"})
    pull = world.open_pull_request(repo, ada, "conflict", head_repo=fork)
    house.settle()

    assert conclusion(house, pull) == "success"


def test_what_is_on_the_base_already_is_not_asked_for_again(house: House) -> None:
    set_up(house)
    world, repo, mara = house.world, house.garden.repo, house.garden.mara
    world.branch(repo, "release", "main")
    add(house, repo, "main", author=house.garden.chen)
    world.push(repo, "main", mara)
    world.branch(repo, "topic", "main")
    add(house, repo, "topic", **large(house.garden.ada))
    pull = world.open_pull_request(repo, house.garden.ada, "topic")
    house.settle()

    assert conclusion(house, pull) == "success"


def test_a_new_login_and_a_new_name_of_the_repository_change_nothing(house: House) -> None:
    set_up(house)
    world, ada = house.world, house.garden.ada
    house.settle()
    world.rename_account(ada, "ada-married")
    world.rename_repository(house.garden.repo, "allotment")
    pull = open_here(house, house.garden.repo, ada)
    house.settle()
    world.rename_repository(house.garden.repo, "orchard")
    world.push_to(pull, files={"more.txt": LONG})
    house.settle()

    assert conclusion(house, pull) == "success"


def open_here(house: House, repo: Repository, author: Account) -> PullRequest:
    """A pull request from a branch of the repository itself."""
    branch = f"here-{house.world.new_id()}"
    house.world.branch(repo, branch, repo.default_branch)
    add(house, repo, branch, **large(author))
    return house.world.open_pull_request(repo, author, branch)


def test_a_correction_of_the_text_keeps_the_signatures(house: House) -> None:
    sign(house, house.garden.ada)
    set_rules(house, 'version = "1.1"', **{"CLA.md": "# Agreement\n\nA comma was missing.\n"})
    pull = offer(house, house.garden.ada, {"author": house.garden.ada})
    house.settle()

    assert conclusion(house, pull) == "success"
