"""Signing by comment: what signs, whom it binds, and what everybody else is told."""

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from bot.sandbox import failures
from bot.sandbox.records import PullRequest
from licensing.chain import sha256, verify_export
from licensing.exports import export_chain
from licensing.proof import verify_chain
from licensing.tables import agreement_version, record, signature, signer
from tests.house import House
from tests.scenarios.agreement import (
    PHRASE,
    conclusion,
    content,
    hidden,
    offer,
    replay,
    sign,
    signatures,
    signers,
    writes,
)


def asked(house: House) -> PullRequest:
    """A pull request of Ada's that waits for her."""
    pull = offer(house, house.garden.ada, {"author": house.garden.ada})
    house.settle()
    assert conclusion(house, pull) == "action_required"
    return pull


def say(house: House, pull: PullRequest, body: str, who: str = "ada") -> None:
    house.world.comment(pull, getattr(house.garden, who), body)
    house.settle()


@pytest.mark.parametrize("body", ["/sign", PHRASE, f"> {PHRASE}\n\n{PHRASE.upper()}!"])
def test_whoever_is_asked_signs_by_one_line(house: House, body: str) -> None:
    pull = asked(house)
    say(house, pull, body)

    assert signers(house) == [house.garden.ada.id]
    assert conclusion(house, pull) == "success"
    (comment,) = house.comments(pull)
    assert comment.startswith("Thank you! Everybody who wrote this has agreed")
    assert f"on [your own page]({house.settings.public_url}/you)" in comment
    assert "@ada" not in comment


def test_a_signature_is_bound_to_bytes_person_comment_and_delivery(house: House) -> None:
    pull = asked(house)
    say(house, pull, "/sign 1.0")

    text = content(house, "CLA.md")
    with house.app.read() as connection:
        row = connection.execute(select(record).where(record.c.kind == "signature")).one()
        version = connection.execute(select(agreement_version)).one()
        login = connection.scalar(select(signer.c.login))
        acted_at = connection.scalar(select(signature.c.acted_at))
        assert verify_chain(connection) == ()
        assert verify_export(export_chain(connection)) == ()
    comment = next(one for one in pull.comments if one.author is house.garden.ada)
    assert version.content == text
    assert version.sha256 == sha256(text)
    assert f'"document_sha256":"{sha256(text)}"' in row.record
    assert f'"comment_id":{comment.id}' in row.record
    assert f'"comment_sha256":"{sha256(b"/sign 1.0")}"' in row.record
    assert f'"github_id":{house.garden.ada.id}' in row.record
    assert '"delivery":"' in row.record
    # Three letters may stand in a hash; a login would stand in quotes.
    assert '"ada"' not in row.record
    assert login == "ada"
    assert acted_at == comment.created_at


@pytest.mark.parametrize("table", [signature, agreement_version, record])
def test_the_database_itself_refuses_to_change_what_was_written(house: House, table: type) -> None:
    pull = asked(house)
    say(house, pull, "/sign")

    for statement in (update(table).values(id=9), delete(table)):  # type: ignore[arg-type] # a table
        with pytest.raises(DBAPIError, match="append-only"), house.app.write() as connection:
            connection.execute(statement)
    with house.app.read() as connection:
        assert verify_chain(connection) == ()


def test_a_second_signature_changes_nothing_and_is_answered(house: House) -> None:
    pull = asked(house)
    say(house, pull, "/sign")
    say(house, pull, "/sign")

    assert len(signatures(house)) == 1
    assert "you have signed" in house.comments(pull)[1]


def test_every_delivery_again_and_again_changes_nothing(house: House) -> None:
    pull = asked(house)
    say(house, pull, "I agree")
    say(house, pull, "/sign")
    said, before = house.comments(pull), signatures(house)
    with house.calls() as seen:
        for seed in range(3):
            replay(house, seed)

    assert writes(seen) == []
    assert (house.comments(pull), signatures(house)) == (said, before)


def test_two_of_three_are_not_enough(house: House) -> None:
    garden = house.garden
    made = {"author": garden.ada, "co_authors": (hidden(garden.bo), hidden(garden.chen))}
    pull = offer(house, garden.ada, made)
    house.settle()
    say(house, pull, "/sign")
    say(house, pull, "/sign", "bo")

    check = house.check(pull)
    assert check.conclusion == "action_required"
    assert "| [chen](" in (check.summary or "")
    assert (check.summary or "").count("✅") == 2
    assert "@chen" in house.comments(pull)[0]
    assert "@ada" not in house.comments(pull)[0]
    say(house, pull, "/sign", "chen")
    assert conclusion(house, pull) == "success"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("I agree", "it takes the exact words"),
        (f"> {PHRASE}", "in a quote or in code"),
        (f"I do not agree that {PHRASE}", "speaks against signing"),
        (f"{PHRASE} for my company", "stand alone on their line"),
        ("/sign please", "nothing behind it but a version"),
        ("/sign 2.0", "version 2.0 is not the one in force. That is 1.0"),
        ("/sign 1.0\n/sign 2.0", "names two versions"),
        ("/sgin", "Did you mean `/sign`?"),
    ],
)
def test_a_near_miss_gets_one_helpful_reply(house: House, body: str, words: str) -> None:
    pull = asked(house)
    say(house, pull, body)
    say(house, pull, body)

    assert signers(house) == []
    assert conclusion(house, pull) == "action_required"
    _asks, reply = house.comments(pull)
    assert words in reply
    assert reply.startswith("@ada")


def test_near_misses_of_one_person_share_one_reply_which_ends_in_thanks(house: House) -> None:
    pull = asked(house)
    say(house, pull, "I agree")
    say(house, pull, "/sign 9.9")
    assert "version 9.9 is not" in house.comments(pull)[1]
    say(house, pull, "/sign")

    assert len(house.comments(pull)) == 2
    assert "you have signed" in house.comments(pull)[1]


def test_ordinary_talk_is_left_alone(house: House) -> None:
    pull = asked(house)
    with house.calls() as seen:
        for body in ("LGTM", "I agree, let's rename it.", "Do I have to sign?", "/assign @ada"):
            say(house, pull, body)

    assert writes(seen) == []
    assert len(house.comments(pull)) == 1


def test_a_stranger_is_told_that_nothing_was_signed(house: House) -> None:
    pull = asked(house)
    say(house, pull, "/sign", "bo")
    say(house, pull, "/sign", "bo")

    assert signers(house) == []
    assert conclusion(house, pull) == "action_required"
    assert len(house.comments(pull)) == 2
    assert "@bo, thank you, but nothing was signed" in house.comments(pull)[1]


def test_a_stranger_who_only_agrees_is_talking(house: House) -> None:
    pull = asked(house)
    say(house, pull, "I agree", "bo")

    assert len(house.comments(pull)) == 1


def test_an_edit_by_the_writer_signs(house: House) -> None:
    pull = asked(house)
    comment = house.world.comment(pull, house.garden.ada, "What is this?")
    house.settle()
    house.world.edit_comment(comment, house.garden.ada, "/sign")
    house.settle()

    assert signatures(house) == [(house.garden.ada.id, comment.id)]
    assert conclusion(house, pull) == "success"


def test_an_edit_by_anybody_else_does_not(house: House) -> None:
    pull = asked(house)
    comment = house.world.comment(pull, house.garden.ada, "What is this?")
    house.settle()
    house.world.edit_comment(comment, house.garden.mara, "/sign")
    house.settle()

    assert signers(house) == []
    assert conclusion(house, pull) == "action_required"


def test_a_bot_signs_nothing(house: House) -> None:
    bot = house.garden.dependabot
    pull = offer(house, bot, {"author": bot})
    house.settle()
    house.world.comment(pull, bot, "/sign")
    house.settle()

    assert signers(house) == []
    assert conclusion(house, pull) == "action_required"
    assert "a bot, which cannot sign" in (house.check(pull).summary or "")
    assert 'exempt_bots = ["dependabot[bot]"]' in (house.check(pull).summary or "")


def test_all_open_pull_requests_of_the_signer_are_looked_at_again(house: House) -> None:
    garden = house.garden
    pulls = [offer(house, garden.ada, {"author": garden.ada}) for _ in range(3)]
    other = offer(house, garden.bo, {"author": garden.bo}, {"author": garden.ada})
    house.settle()
    say(house, pulls[0], "/sign")

    assert [conclusion(house, pull) for pull in pulls] == ["success"] * 3
    assert conclusion(house, other) == "action_required"
    assert "@ada" not in house.comments(other)[0]


def test_somebody_who_has_signed_is_not_asked_again(house: House) -> None:
    sign(house, house.garden.ada)
    pull = offer(house, house.garden.ada, {"author": house.garden.ada})
    house.settle()

    assert conclusion(house, pull) == "success"
    assert house.comments(pull) == []


@pytest.mark.parametrize("seed", range(2))
def test_in_whatever_order_they_are_heard_of_it_ends_the_same(house: House, seed: int) -> None:
    pull = offer(house, house.garden.ada, {"author": house.garden.ada})
    house.world.edit_title(pull, house.garden.ada, "Another title")
    house.world.push_to(pull)
    house.world.comment(pull, house.garden.ada, "/sign")
    house.world.close(pull, house.garden.ada)
    house.world.reopen(pull, house.garden.ada)
    house.sandbox.hooks.shuffle(seed)
    house.settle()

    assert signers(house) == [house.garden.ada.id]
    assert conclusion(house, pull) == "success"


def test_nobody_is_kept_from_signing_by_what_cannot_be_read_in_full(house: House) -> None:
    pull = asked(house)
    house.sandbox.fail("GET", "/compare/", failures.truncated(), times=1)
    say(house, pull, "/sign")

    assert signers(house) == [house.garden.ada.id]
    assert conclusion(house, pull) == "success"


def test_a_word_of_thanks_comes_only_where_somebody_was_asked_or_signs(house: House) -> None:
    sign(house, house.garden.ada)
    pull = offer(house, house.garden.ada, {"author": house.garden.ada})
    say(house, pull, "/recheck")

    assert len(house.comments(pull)) == 1
    assert "I am looking at this" in house.comments(pull)[0]
