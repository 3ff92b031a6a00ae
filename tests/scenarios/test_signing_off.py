"""A project under a certificate of origin, from outside: sign-offs in place of signatures."""

from bot.sandbox.records import Account, PullRequest
from tests.house import House
from tests.scenarios.agreement import (
    add,
    conclusion,
    fork_of,
    offer,
    set_rules,
    signers,
)

STRANGER = ("Kim", "kim@nowhere.example")


def line(who: Account | tuple[str, str]) -> str:
    name, email = who if isinstance(who, tuple) else (who.name, who.email)
    return f"Signed-off-by: {name} <{email}>"


def more(house: House, pull: PullRequest, author: Account, message: str) -> None:
    fork = fork_of(house, house.garden.ada)
    add(house, fork, pull.head_ref, author=author, message=message)
    house.world.push(fork, pull.head_ref, house.garden.ada)
    house.settle()


def test_commits_carry_the_answer_and_nobody_signs_by_comment(house: House) -> None:
    ada = house.garden.ada
    set_rules(house, 'mode = "dco"', 'version = "2.0"')
    house.settle()
    bare = offer(house, ada, {"author": ada})
    done = offer(
        house,
        ada,
        {"author": ada, "message": f"Change\n\n{line(ada)}"},
        {"author": STRANGER, "message": f"Change\n\n{line(STRANGER)}"},
    )
    house.settle()

    assert (conclusion(house, bare), conclusion(house, done)) == ("action_required", "success")
    assert house.check(done).title == "Every commit is signed off"
    summary = house.check(bare).summary or ""
    assert "git commit --amend -s --no-edit && git push --force-with-lease" in summary
    assert f"hereby add my Signed-off-by to this commit: {bare.head_sha}" in summary
    assert "git rebase --signoff" not in summary
    (asks,) = house.comments(bare)
    assert "`Signed-off-by` line is needed" in asks
    assert "/sign" not in asks.replace("sign-off", "")
    house.world.comment(bare, ada, "/sign")
    house.settle()
    assert "asks for no signature by comment" in house.comments(bare)[-1]
    assert (signers(house), conclusion(house, bare)) == ([], "action_required")


def test_an_author_mends_it_by_one_more_commit(house: House) -> None:
    garden = house.garden
    set_rules(house, 'mode = "dco"', 'version = "2.0"')
    house.settle()
    pull = offer(house, garden.ada, {"author": garden.ada}, {"author": garden.ada})
    house.settle()
    second = pull.head_sha
    (first,) = fork_of(house, garden.ada).objects.commits[second].parents
    assert "git rebase --signoff HEAD~2" in (house.check(pull).summary or "")

    for sha in (first, second):
        assert conclusion(house, pull) == "action_required"
        adds = f"I, {garden.ada.name} <{garden.ada.email}>, hereby add my Signed-off-by"
        text = f"Remedy\n\n{adds} to this commit: {sha}\n\n{line(garden.ada)}"
        more(house, pull, garden.ada, text)
    assert conclusion(house, pull) == "success"
    (thanks,) = house.comments(pull)
    assert thanks.startswith("Thank you! Every commit is signed off.")
