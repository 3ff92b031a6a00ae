"""What is said: clear to a newcomer, in the project's language, and harmless whatever is in it."""

import pytest

from tests.house import House
from tests.scenarios.agreement import add, fork_of, hidden, mine, offer, push_files, sign

NASTY = "@mara <img src=x> | **x** [y](http://evil.example) `"


def summary(house: House, pull: object) -> str:
    return house.check(pull).summary or ""  # type: ignore[arg-type] # a pull request of the sandbox


def test_the_comment_says_who_what_where_and_how(house: House) -> None:
    pull = mine(house)
    (comment,) = house.comments(pull)

    page = f"{house.settings.public_url}/potluck-sandbox/garden/cla"
    assert f"[this project's contributor agreement (CLA)]({page}) (version 1.0)" in comment
    assert "you keep your rights and give the project a licence" in comment
    assert "@ada: please read it" in comment
    assert comment.index("```\n/sign\n```") < comment.index("or the sentence:")
    assert "```\nI have read the CLA Document and I hereby sign the CLA\n```" in comment
    assert comment.rstrip().endswith("<!-- potluck:cla -->")


def test_the_check_shows_everybody_in_a_table_with_what_to_do(house: House) -> None:
    garden = house.garden
    sign(house, garden.bo)
    pull = offer(
        house,
        garden.ada,
        {"author": garden.bo},
        {"author": ("Somebody", "some.body@example.org")},
        {"author": garden.dependabot},
        {"author": garden.ada, "co_authors": (("X", f"x@{'users.noreply.github.com'}"),)},
    )
    house.settle()
    run, text = house.check(pull), summary(house, pull)

    assert run.title == "1 person has to sign, 3 authors cannot be identified"
    assert "| [ada](" in text
    assert "| opened the pull request, author | ❌ has to sign |" in text
    assert "| [bo](" in text
    assert "✅ signed |" in text
    assert "`Somebody s…@example.org`" in text
    assert "git commit --amend --author=" in text
    assert "/settings/emails" in text
    assert 'exempt_bots = ["dependabot[bot]"]' in text
    assert "Old noreply address" in text
    assert run.details_url == f"{house.settings.public_url}/potluck-sandbox/garden/cla"


def test_no_address_is_shown_in_full_anywhere(house: House) -> None:
    pull = offer(
        house,
        house.garden.ada,
        {"author": ("secret@example.org", "secret@example.org")},
        {"author": house.garden.ada, "co_authors": (("C", "hidden@example.org"),)},
    )
    house.settle()

    said = summary(house, pull) + "".join(house.comments(pull))
    assert "secret@" not in said
    assert "hidden@" not in said
    assert "s…@example.org" in said


def test_nothing_that_a_stranger_wrote_comes_alive(house: House) -> None:
    ada = house.garden.ada
    pull = offer(
        house,
        ada,
        {"author": (NASTY, "x@example.org")},
        {"author": ada, "message": f"Change\n\nCo-authored-by: {NASTY} <z@example.org>"},
        {"author": ada, "co_authors": (("M", "1+@everyone@users.noreply.github.com"),)},
        {"author": ada, "co_authors": ((NASTY, "99999+torvalds@users.noreply.github.com"),)},
    )
    house.settle()

    said = summary(house, pull) + "".join(house.comments(pull))
    outside = "".join(said.split("`")[0::2])
    for poison in ("@mara", "<img", "evil.example", "@everyone", "torvalds", "**x**"):
        assert poison not in outside
    assert said.count("@ada") == 1


def test_only_those_who_have_to_sign_are_mentioned(house: House) -> None:
    garden = house.garden
    sign(house, garden.bo)
    pull = offer(
        house, garden.ada, {"author": garden.bo}, {"author": garden.ada, "committer": garden.mara}
    )
    house.settle()

    assert "@ada" in house.comments(pull)[0]
    assert "@bo" not in house.comments(pull)[0]
    assert "@mara" not in house.comments(pull)[0]


def test_a_project_that_speaks_french_is_answered_in_french(house: House) -> None:
    rules = 'language = "fr"\n[agreement]\nphrase = "J\'ai lu l\'accord et je le signe"\n'
    push_files(house, {".github/potluck.toml": rules})
    house.settle()
    pull = mine(house)
    assert "Merci" in house.comments(pull)[0]
    assert "J'ai lu l'accord et je le signe" in house.comments(pull)[0]
    house.world.comment(pull, house.garden.ada, "J’ai lu l’accord et je le signe !")
    house.settle()

    assert house.check(pull).conclusion == "success"
    assert "Merci" in house.comments(pull)[0]
    assert "Everybody" not in (house.check(pull).title or "")


@pytest.mark.parametrize(
    ("mode", "language", "words"),
    [
        ("caa", "en", "agreement (CAA)"),
        ("caa", "en", "you hand the rights in what you contribute to the project"),
        ("dco", "en", "1 more `Signed-off-by` line is needed"),
        ("cla", "fr", "vous gardez vos droits et donnez une licence au projet"),
        ("caa", "fr", "vous cédez au projet les droits sur vos contributions"),
    ],
)
def test_the_comment_says_what_signing_means_under_each_kind_of_agreement(
    house: House, mode: str, language: str, words: str
) -> None:
    rules = f'language = "{language}"\n[agreement]\nmode = "{mode}"\n'
    push_files(house, {".github/potluck.toml": rules})
    house.settle()

    (comment,) = house.comments(mine(house))
    assert words in comment


def test_a_merge_that_is_still_looked_into_makes_no_comment(house: House) -> None:
    ada = house.garden.ada
    sign(house, ada)
    fork = fork_of(house, ada)
    house.world.branch(fork, "updated", house.garden.repo.branches["main"])
    add(house, fork, "updated", author=ada)
    for number in range(3):
        tip = push_files(house, {f"base-{number}.txt": "On.\n"})
        house.world.merge_commit(fork, "updated", tip, author=house.garden.mara)
    pull = house.world.open_pull_request(house.garden.repo, ada, "updated", head_repo=fork)
    house.settle()

    assert house.check(pull).conclusion == "success"
    assert house.comments(pull) == []


def test_a_co_author_known_by_number_alone_is_shown_so(house: House) -> None:
    ghost = ("Ghost", "424242+ghost-of-nobody@users.noreply.github.com")
    pull = offer(house, house.garden.ada, {"author": house.garden.ada, "co_authors": (ghost,)})
    house.settle()

    assert "ghost-of-nobody" not in summary(house, pull)
    assert "belongs to no account" in summary(house, pull)


def test_a_co_author_is_mentioned_by_the_login_that_github_names(house: House) -> None:
    made = {"author": house.garden.ada, "co_authors": (hidden(house.garden.bo, "old-login"),)}
    pull = offer(house, house.garden.ada, made)
    house.settle()

    assert "@bo" in house.comments(pull)[0]
    assert "old-login" not in house.comments(pull)[0]
