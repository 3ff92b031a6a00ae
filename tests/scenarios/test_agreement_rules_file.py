"""The file of rules: none, the owner's, bad ones; and what a pull request would change about it."""

from tests.house import House
from tests.scenarios.agreement import (
    conclusion,
    mine,
    offer,
    push_files,
    set_rules,
    writes,
)


def test_without_rules_anywhere_the_check_is_neutral_and_says_how(house: House) -> None:
    world = house.world
    repo = world.repository(house.garden.organization, "shed", files={"README.md": "Shed\n"})
    world.add_repositories(house.garden.installation, repo)
    pull = world.propose(repo, house.garden.ada, {"a.txt": "a\n"})
    house.settle()

    run = house.check(pull)
    assert run.conclusion == "neutral"
    assert "[agreement]" in (run.summary or "")
    world.comment(pull, house.garden.ada, "/sign")
    house.settle()
    assert "there is nothing to sign" in house.comments(pull)[0]


def test_the_owners_rules_hold_where_a_repository_has_none(house: House) -> None:
    world, garden = house.world, house.garden
    shared = world.repository(
        garden.organization,
        ".github",
        files={
            ".github/potluck.toml": '[agreement]\nversion = "3.0"\n',
            "CLA.md": "# The agreement of all our projects\n",
        },
    )
    repo = world.repository(garden.organization, "shed", files={"README.md": "Shed\n"})
    world.add_repositories(garden.installation, shared, repo)
    house.settle()
    pull = world.propose(repo, garden.ada, {"a.txt": "a\n"})
    house.settle()
    assert "(version 3.0)" in house.comments(pull)[0]

    push_files(house, {".github/potluck.toml": '[agreement]\nmode = "off"\n'}, shared)
    house.settle()
    assert conclusion(house, pull) == "neutral"


def test_rules_with_mistakes_and_none_before_fail_with_the_lines(house: House) -> None:
    world, garden = house.world, house.garden
    files = {".github/potluck.toml": '[agreement]\nmodus = "cla"\n'}
    repo = world.repository(garden.organization, "shed", files=files)
    world.add_repositories(garden.installation, repo)
    pull = world.propose(repo, garden.ada, {"a.txt": "a\n"})
    house.settle()

    run = house.check(pull)
    assert run.conclusion == "failure"
    assert "Line 2: “`modus`” is no setting" in (run.summary or "")


def test_an_agreement_that_is_not_there_fails_with_a_remedy(house: House) -> None:
    world, garden = house.world, house.garden
    files = {".github/potluck.toml": '[agreement]\ndocument = "GONE.md"\n'}
    repo = world.repository(garden.organization, "shed", files=files)
    world.add_repositories(garden.installation, repo)
    pull = world.propose(repo, garden.ada, {"a.txt": "a\n"})
    house.settle()
    assert house.check(pull).conclusion == "failure"
    assert "there is no such file" in (house.check(pull).summary or "")

    push_files(house, {"GONE.md": "# Here it is\n"}, repo)
    house.settle()
    assert house.check(pull).conclusion == "action_required"


def test_a_pull_request_that_breaks_the_rules_is_told_where(house: House) -> None:
    ada = house.garden.ada
    bad = '[agreement]\nmode = "cla"\n\n[kitchen]\nboard = 1\n'
    pull = offer(house, ada, {"author": ada, "files": {".github/potluck.toml": bad}})
    house.settle()

    runs = house.world.runs_at(house.garden.repo, pull.head_sha)
    (run,) = [run for run in runs if run.name == "potluck/policy"]
    assert run.conclusion == "failure"
    (remark,) = run.annotations
    assert (remark["path"], remark["start_line"]) == (".github/potluck.toml", 4)
    assert "“kitchen” is no setting" in remark["message"]
    assert conclusion(house, pull) == "action_required"


def test_bad_rules_on_the_default_branch_change_nothing_and_fail_there(house: House) -> None:
    pull = mine(house)
    sha = push_files(house, {".github/potluck.toml": "[agreement]\nmode = 1\n"})
    house.settle()
    runs = house.world.runs_at(house.garden.repo, sha)
    assert [(run.name, run.conclusion) for run in runs] == [("potluck/policy", "failure")]
    house.world.comment(pull, house.garden.ada, "/sign")
    house.settle()
    assert conclusion(house, pull) == "success"

    good = set_rules(house)
    house.settle()
    runs = house.world.runs_at(house.garden.repo, good)
    assert [(run.name, run.conclusion) for run in runs] == [("potluck/policy", "success")]


def test_a_push_that_changes_no_rules_says_nothing(house: House) -> None:
    mine(house)
    with house.calls() as seen:
        sha = push_files(house, {"other.txt": "x\n"})
        house.settle()

    assert writes(seen) == []
    assert house.world.runs_at(house.garden.repo, sha) == []


def test_rules_that_are_no_text_at_all_are_refused_like_any_mistake(house: House) -> None:
    pull = mine(house)
    for content in ("[agreement]\0", "x" * 70_000):
        sha = push_files(house, {".github/potluck.toml": content})
        house.settle()
        (run,) = house.world.runs_at(house.garden.repo, sha)
        assert run.conclusion == "failure"
        assert "Line 1" in (run.summary or "")
    assert conclusion(house, pull) == "action_required"


def test_what_a_stranger_writes_into_the_rules_stays_dead(house: House) -> None:
    ada = house.garden.ada
    text = '[agreement]\n"@everyone <img> [x](y)" = 1\nmode = "@mara"\n'
    pull = offer(house, ada, {"author": ada, "files": {".github/potluck.toml": text}})
    house.settle()

    runs = house.world.runs_at(house.garden.repo, pull.head_sha)
    (run,) = [run for run in runs if run.name == "potluck/policy"]
    outside = "".join((run.summary or "").split("`")[0::2])
    assert len(run.annotations) == 2
    assert not any(poison in outside for poison in ("@everyone", "@mara", "<img>", "[x]"))


def test_an_agreement_under_french_law_gets_a_remark_and_no_refusal(house: House) -> None:
    def said(sha: str) -> tuple[str, str | None]:
        runs = house.world.runs_at(house.garden.repo, sha)
        found = next(run for run in runs if run.name == "potluck/policy")
        return found.summary or "", found.conclusion

    rules = '[agreement]\nversion = "2.0"\n'
    changed = {".github/potluck.toml": rules, "CLA.md": "# Two\n\nThe law of France applies.\n"}
    pull = house.world.propose(house.garden.repo, house.garden.ada, changed)
    house.settle()
    words, concluded = said(pull.head_sha)
    assert "A remark, no mistake: The law of France applies" in words
    assert concluded == "success"

    house.world.push_to(pull, files={".github/potluck.toml": f"{rules}confirm = true\n"})
    house.settle()
    words, concluded = said(pull.head_sha)
    assert "has no mistakes" in words
    assert "remark" not in words

    tip = push_files(house, changed)
    house.settle()
    words, concluded = said(tip)
    assert "A remark, no mistake" in words
    assert concluded == "success"
