"""Consent and confirmation from outside: whose word it is, for which commits, and what is kept."""

import json
from datetime import timedelta

from sqlalchemy import select

from bot.sandbox.records import Account, PullRequest
from licensing.chain import verify_export
from licensing.declarations import declaration
from licensing.exports import export_chain
from licensing.proof import verify_chain
from tests.house import House
from tests.scenarios.agreement import (
    add,
    conclusion,
    fork_of,
    hidden,
    offer,
    replay,
    set_rules,
    sign,
    writes,
)


def say(house: House, pull: PullRequest, who: Account, body: str) -> None:
    house.world.comment(pull, who, body)
    house.settle()


def declared(house: House) -> list[tuple[str, int, int]]:
    with house.app.read() as connection:
        assert verify_chain(connection) == ()
        assert verify_export(export_chain(connection)) == ()
        rows = connection.execute(
            select(
                declaration.c.declares, declaration.c.github_id, declaration.c.commits
            ).order_by(declaration.c.id)
        )
        return [(row.declares, row.github_id, len(row.commits)) for row in rows]


def carried(house: House) -> PullRequest:
    """Ada opens a pull request with nothing but Bo's commit, which names Chen; all have signed."""
    garden = house.garden
    set_rules(house, "consent = true")
    house.settle()
    sign(house, garden.ada, garden.bo, garden.chen)
    pull = offer(house, garden.ada, {"author": garden.bo, "co_authors": (hidden(garden.chen),)})
    house.settle()
    assert conclusion(house, pull) == "action_required"
    return pull


def test_whose_commits_somebody_else_offers_consents_first(house: House) -> None:
    garden, pull = house.garden, carried(house)
    (asks,) = house.comments(pull)
    assert "@bo, @chen: somebody else opened this pull request" in asks
    assert "signed; has to say `/consent`" in (house.check(pull).summary or "")

    say(house, pull, garden.ada, "/consent")
    assert "you opened this pull request" in house.comments(pull)[-1]
    say(house, pull, garden.mara, "/consent")
    assert "nobody can speak for somebody else" in house.comments(pull)[-1]
    say(house, pull, garden.bo, "/consent")
    assert conclusion(house, pull) == "action_required"
    say(house, pull, garden.chen, "Fine with me!\n\n/consent")

    assert conclusion(house, pull) == "success"
    assert declared(house) == [("consent", garden.bo.id, 1), ("consent", garden.chen.id, 1)]


def test_what_is_no_consent(house: House) -> None:
    garden, pull = house.garden, carried(house)
    for body, answer in (
        ("/consent to nothing", "has to stand alone on its line"),
        ("/consent\n\nBut I do not agree to the licence.", "something in your comment speaks"),
    ):
        say(house, pull, garden.bo, body)
        assert answer in house.comments(pull)[-1]
    say(house, pull, garden.bo, "> /consent")
    comment = house.world.comment(pull, garden.bo, "Hm.")
    house.world.edit_comment(comment, garden.mara, "/consent")
    house.settle()

    assert (declared(house), conclusion(house, pull)) == ([], "action_required")


def test_new_commits_ask_for_consent_again(house: House) -> None:
    garden, pull = house.garden, carried(house)
    say(house, pull, garden.chen, "/consent")
    say(house, pull, garden.bo, "/consent")
    fork = fork_of(house, garden.ada)
    add(house, fork, pull.head_ref, author=garden.ada)
    house.world.push(fork, pull.head_ref, garden.ada)
    house.settle()
    assert conclusion(house, pull) == "success"

    add(house, fork, pull.head_ref, author=garden.bo)
    house.world.push(fork, pull.head_ref, garden.ada)
    house.settle()
    assert conclusion(house, pull) == "action_required"
    say(house, pull, garden.bo, "/consent")
    assert conclusion(house, pull) == "success"
    assert declared(house)[-1] == ("consent", garden.bo.id, 2)


def test_a_consent_never_reaches_a_commit_that_came_after_it(house: House) -> None:
    garden, pull = house.garden, carried(house)
    say(house, pull, garden.chen, "/consent")
    say(house, pull, garden.bo, "Hm.")
    late = list(house.sandbox.hooks.attempts)[-1].delivery
    house.advance(timedelta(seconds=5))
    fork = fork_of(house, garden.ada)
    add(house, fork, pull.head_ref, author=garden.bo)
    house.world.push(fork, pull.head_ref, garden.ada)
    house.settle()
    # GitHub tells of it only now, though it was said before the push.
    house.deliver(late.event.name, json.loads(late.body.replace(b"Hm.", b"/consent")))
    house.settle()

    assert "had seen the commits that are here now" in house.comments(pull)[-1]
    assert declared(house) == [("consent", garden.chen.id, 1)]
    assert conclusion(house, pull) == "action_required"


def test_everybody_confirms_each_pull_request_once(house: House) -> None:
    garden = house.garden
    set_rules(house, "confirm = true")
    house.settle()
    pull = offer(house, garden.ada, {"author": garden.ada})
    house.settle()
    say(house, pull, garden.ada, "/sign")
    assert conclusion(house, pull) == "action_required"
    (asks,) = house.comments(pull)
    assert "@ada: please confirm that what you submit here" in asks
    say(house, pull, garden.bo, "/confirm")
    say(house, pull, garden.ada, "/confirm")
    assert conclusion(house, pull) == "success"
    assert declared(house) == [("confirmation", garden.ada.id, 1)]

    another = offer(house, garden.ada, {"author": garden.ada})
    house.settle()
    assert conclusion(house, another) == "action_required"
    say(house, another, garden.ada, "/confirm")
    assert conclusion(house, another) == "success"
    said = house.comments(another), house.comments(pull)
    with house.calls() as seen:
        replay(house, 5)
    assert (len(declared(house)), writes(seen)) == (2, [])
    assert (house.comments(another), house.comments(pull)) == said


def test_a_project_that_asks_for_none_of_it_writes_none_down(house: House) -> None:
    garden = house.garden
    pull = offer(house, garden.ada, {"author": garden.ada})
    house.settle()
    for command in ("/consent", "/confirm"):
        say(house, pull, garden.ada, command)
        assert "this project does not ask for that" in house.comments(pull)[-1]

    assert declared(house) == []
