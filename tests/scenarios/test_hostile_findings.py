"""Strangers who flood, rules that are no file, lists that are not given, accounts that are gone."""

import json
from dataclasses import replace
from itertools import product
from string import ascii_lowercase
from typing import Any

import pytest

from bot.sandbox import failures
from bot.sandbox.serving import Request, Response
from core.github import Comment, Incomplete
from core.pygithub import writes
from tests.house import House
from tests.scenarios.agreement import conclusion, mine, offer, push_files, set_rules, sign
from tests.stage import Stage

RULES = ".github/potluck.toml"
LARGE = "#" * 1_100_000


def policy_run(house: House, sha: str) -> Any:
    """The check on the rules at a commit."""
    runs = house.world.runs_at(house.garden.repo, sha)
    return next(run for run in runs if run.name == "potluck/policy")


def test_a_flood_of_misspelt_commands_is_answered_briefly(house: House) -> None:
    pull = mine(house)
    pairs = product(ascii_lowercase, repeat=2)
    body = "\n".join(f"/rec{one}e{two}k" for one, two in pairs)

    house.world.comment(pull, house.garden.chen, f"{body}\n/help")
    house.settle()

    answer = house.comments(pull)[-1]
    assert answer.count("Did you mean") == 5
    assert answer.count("which I leave unanswered") == 1
    assert "`/recheck`" in answer


def test_few_misspelt_commands_are_answered_each(house: House) -> None:
    pull = mine(house)

    house.world.comment(pull, house.garden.chen, "/rechek\n/halp")
    house.settle()

    answer = house.comments(pull)[-1]
    assert answer.count("Did you mean") == 2
    assert "unanswered" not in answer


def test_a_comment_is_never_longer_than_github_takes(stage: Stage) -> None:
    pull = stage.pull()
    comment = Comment(stage.repo, pull.number, "cla", "x" * 200_000)

    number = writes.perform(stage.github, 1, comment, None, doubtful=False)

    address = f"/repos/{stage.repo.name}/issues/comments/{number}"
    body = stage.github.send("GET", address).body["body"]
    assert len(body) < 65_000
    assert body.rstrip().endswith("<!-- potluck:cla -->")


def test_rules_that_are_no_file_change_nothing_and_say_so(house: House) -> None:
    pull = mine(house)
    for files in ({RULES: LARGE}, {RULES: None, f"{RULES}/a": "x"}):
        sha = push_files(house, files)  # type: ignore[arg-type] # None takes a file away
        house.settle()

        run = policy_run(house, sha)
        assert run.conclusion == "failure"
        assert "no file of at most" in run.summary
    later = mine(house)
    assert (conclusion(house, pull), conclusion(house, later)) == ("action_required",) * 2

    set_rules(house)
    house.settle()
    sign(house, house.garden.ada)
    assert conclusion(house, pull) == "success"


def test_a_proposal_of_rules_that_are_no_file_is_judged_all_the_same(house: House) -> None:
    bo = house.garden.bo
    pull = offer(house, bo, {"author": bo, "files": {RULES: LARGE}})
    house.settle()

    assert policy_run(house, pull.head_sha).conclusion == "failure"
    assert house.check(pull).conclusion == "action_required"


def test_a_comparison_without_its_files_is_incomplete(stage: Stage) -> None:
    pull = stage.pull()
    how = failures.How(after=_without_files)
    stage.sandbox.fail("GET", "/compare/", how, times=1)

    with pytest.raises(Incomplete):
        stage.github.comparison(stage.repo, "main", pull.head_sha)
    assert stage.github.comparison(stage.repo, "main", pull.head_sha).files


def _without_files(_request: Request, response: Response) -> Response:
    value = json.loads(response.body)
    return replace(response, body=json.dumps(value | {"files": None}).encode())


def test_what_one_commit_adds_and_the_next_takes_away_is_not_small(house: House) -> None:
    set_rules(house, "exempt_below = { files = 1, lines = 1 }")
    garden = house.garden
    made = ({"author": garden.chen, "files": {"big.py": "line\n" * 500}},)
    gone = ({"author": garden.bo, "files": {"big.py": None}},)

    pull = offer(house, garden.bo, *made, *gone)
    house.settle()

    assert house.check(pull).conclusion == "action_required"


@pytest.mark.parametrize(
    ("language", "remedy"),
    [("en", "has to open the pull request anew"), ("fr", "doit ouvrir à nouveau")],
)
def test_a_deleted_opener_is_named_and_never_mentioned(
    house: House, language: str, remedy: str
) -> None:
    rules = f'language = "{language}"\n[agreement]\nversion = "1.0"\n'
    push_files(house, {RULES: rules})
    house.settle()
    ada = house.garden.ada
    sign(house, ada)
    pull = offer(house, ada, {"author": ada})
    waiting = house.sandbox.hooks.waiting
    house.sandbox.hooks._queue.clear()
    for delivery in waiting:
        told = json.loads(delivery.body)
        if delivery.event.name == "pull_request":
            told["pull_request"]["user"] = None
            house.deliver("pull_request", told)
    house.settle()

    run = house.check(pull)
    assert run.conclusion == "action_required"
    assert remedy in (run.summary or "")
    assert "@ghost" not in (run.summary or "") + "".join(house.comments(pull))
