"""Versions: a new MAJOR asks everybody, a new MINOR nobody; words count for what was in force."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.sandbox.records import PullRequest
from licensing import signed, store
from licensing.tables import agreement_version
from tests.house import House
from tests.scenarios.agreement import (
    conclusion,
    content,
    offer,
    push_files,
    set_rules,
    sign,
    signers,
)

SECOND = "# Agreement\n\nSomething else.\n"
POLICY = "potluck/policy"


def versions(house: House) -> list[str]:
    with house.app.read() as connection:
        rows = connection.execute(select(agreement_version).order_by(agreement_version.c.id))
        return [f"{row.major}.{row.minor}" for row in rows]


def in_force(house: House) -> tuple[str, bytes]:
    with house.app.read() as connection:
        found = store.agreement_in_force(connection, house.garden.repo.id)
    assert found is not None
    return found.version, found.content


def policy_runs(house: House, sha: str) -> list[tuple[str | None, str | None]]:
    runs = house.world.runs_at(house.garden.repo, sha)
    return [(run.conclusion, run.summary) for run in runs if run.name == POLICY]


def waiting(house: House) -> PullRequest:
    pull = offer(house, house.garden.ada, {"author": house.garden.ada})
    house.settle()
    return pull


def test_a_new_major_asks_everybody_again(house: House) -> None:
    sign(house, house.garden.ada)
    pull = waiting(house)
    assert conclusion(house, pull) == "success"
    set_rules(house, 'version = "2.0"', **{"CLA.md": SECOND})
    house.settle()
    house.world.push_to(pull, files={"more.txt": "More.\n"})
    house.settle()

    assert conclusion(house, pull) == "action_required"
    assert "(version 2.0)" in house.comments(pull)[0]
    house.world.comment(pull, house.garden.ada, "/sign 2.0")
    house.settle()
    assert conclusion(house, pull) == "success"
    assert signers(house) == [house.garden.ada.id] * 2
    assert versions(house) == ["1.0", "2.0"]


def test_a_new_minor_asks_nobody_again(house: House) -> None:
    sign(house, house.garden.ada)
    pull = waiting(house)
    set_rules(house, 'version = "1.1"', **{"CLA.md": SECOND})
    house.settle()

    assert conclusion(house, pull) == "success"
    assert in_force(house) == ("1.1", SECOND.encode())


def test_other_bytes_under_the_same_version_are_refused_with_a_remedy(house: House) -> None:
    before = content(house, "CLA.md")
    pull = waiting(house)
    sha = push_files(house, {"CLA.md": SECOND})
    house.settle()

    assert in_force(house) == ("1.0", before)
    ((result, summary),) = policy_runs(house, sha)
    assert result == "failure"
    assert "Raise `version`" in (summary or "")
    assert conclusion(house, pull) == "action_required"
    house.world.comment(pull, house.garden.ada, "/sign")
    house.settle()
    assert conclusion(house, pull) == "success"

    fixed = set_rules(house, 'version = "1.1"')
    house.settle()
    assert in_force(house) == ("1.1", SECOND.encode())
    assert policy_runs(house, fixed)[0][0] == "success"


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (('version = "0.9"',), "Versions only rise"),
        (('mode = "caa"',), "is not another kind"),
        (('outbound = "osi"',), "the terms are part of what people agreed to"),
        (('paths = ["ee/**"]',), "the terms are part of what people agreed to"),
        (("reaches_back = true",), "the terms are part of what people agreed to"),
        (('document = "GONE.md"',), "there is no such file"),
    ],
)
def test_what_may_not_follow_changes_nothing(
    house: House, lines: tuple[str, ...], words: str
) -> None:
    house.settle()
    before = in_force(house)
    sha = set_rules(house, *lines)
    house.settle()

    assert in_force(house) == before
    ((result, summary),) = policy_runs(house, sha)
    assert (result, words in (summary or "")) == ("failure", True)


@pytest.mark.parametrize("line", ['mode = "dco"', 'paths = ["ee/**"]'])
def test_what_was_refused_lets_nobody_pass_either(house: House, line: str) -> None:
    """A commit that is signed off, outside of `ee/`: the refused rules would let it through."""
    house.settle()
    set_rules(house, line)
    house.settle()
    ada = house.garden.ada
    signed_off = f"Change\n\nSigned-off-by: {ada.name} <{ada.email}>"
    pull = offer(house, ada, {"author": ada, "message": signed_off})
    house.settle()

    assert conclusion(house, pull) == "action_required"


def test_words_for_an_older_version_never_count_for_a_newer_one(house: House) -> None:
    pull = waiting(house)
    house.sandbox.hooks.hold()
    house.world.comment(pull, house.garden.ada, "/sign")
    house.advance(timedelta(minutes=5))
    late = list(house.sandbox.hooks.waiting)
    house.sandbox.hooks._queue.clear()
    house.sandbox.hooks.release()
    set_rules(house, 'version = "2.0"', **{"CLA.md": SECOND})
    house.settle()
    for delivery in late:
        house.deliver(delivery.event.name, delivery.body, delivery.guid)
    house.settle()

    with house.app.read() as connection:
        (written,) = signed.of_person(connection, house.garden.ada.id)
    assert written.version == "1.0", "for what it was written under, and nothing else"
    assert conclusion(house, pull) == "action_required"
    assert "was published after you wrote this" in house.comments(pull)[1]


def test_a_comment_that_signed_once_signs_nothing_else(house: House) -> None:
    pull = waiting(house)
    comment = house.world.comment(pull, house.garden.ada, "/sign")
    house.settle()
    house.advance(timedelta(minutes=5))
    set_rules(house, 'version = "2.0"', **{"CLA.md": SECOND})
    house.settle()
    house.advance(timedelta(minutes=5))
    house.world.push_to(pull, files={"more.txt": "More.\n"})
    house.settle()
    house.world.edit_comment(comment, house.garden.ada, "/sign 2.0")
    house.settle()

    assert signers(house) == [house.garden.ada.id]
    assert conclusion(house, pull) == "action_required"
    assert "already your signature of an earlier version" in house.comments(pull)[1]


def test_a_version_that_is_not_in_force_is_named(house: House) -> None:
    pull = waiting(house)
    house.world.comment(pull, house.garden.ada, "/sign 1.1")
    house.settle()

    assert signers(house) == []
    assert "version 1.1 is not the one in force. That is 1.0" in house.comments(pull)[1]


def test_a_pull_request_that_changes_the_text_is_told_to_raise_the_version(house: House) -> None:
    sign(house, house.garden.ada)
    ada = house.garden.ada
    plain = offer(house, ada, {"author": ada, "files": {"CLA.md": SECOND}})
    raised = offer(
        house,
        ada,
        {
            "author": ada,
            "files": {
                "CLA.md": SECOND,
                ".github/potluck.toml": '[agreement]\nversion = "1.1"\n',
            },
        },
    )
    house.settle()

    assert policy_runs(house, plain.head_sha)[0][0] == "failure"
    assert policy_runs(house, raised.head_sha)[0][0] == "success"
    assert conclusion(house, plain) == "success"


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ('version = "1.0"\nreaches_back = true', "the terms are part of what people agreed to"),
        ('version = "1.0"\nmode = "caa"', "is not another kind"),
        ('version = "1.1"\nreaches_back = true', None),
    ],
)
def test_a_pull_request_that_changes_a_term_is_told_to_raise_the_version(
    house: House, lines: str, words: str | None
) -> None:
    ada = house.garden.ada
    text = f"[agreement]\n{lines}\n"
    pull = offer(house, ada, {"author": ada, "files": {".github/potluck.toml": text}})
    house.settle()

    ((result, summary),) = policy_runs(house, pull.head_sha)
    assert result == ("failure" if words else "success")
    assert (words or "has no mistakes") in (summary or "")


def test_switched_off_nobody_is_asked_and_switched_on_again_signatures_count(
    house: House,
) -> None:
    sign(house, house.garden.ada)
    mine = waiting(house)
    theirs = offer(house, house.garden.bo, {"author": house.garden.bo})
    house.settle()
    set_rules(house, 'mode = "off"')
    house.settle()
    assert [conclusion(house, pull) for pull in (mine, theirs)] == ["neutral", "neutral"]
    assert "Nobody has to sign" in house.comments(theirs)[0]

    set_rules(house, 'mode = "cla"')
    house.settle()
    assert [conclusion(house, pull) for pull in (mine, theirs)] == ["success", "action_required"]
