"""What the list of scenarios promises of requests and no other story shows."""

from datetime import timedelta
from typing import Any

from tests.house import House
from tests.scenarios.asking import ask, count, person, say, steer, sweep, voters
from tests.scenarios.intents.calling import stands
from tests.visitor import Visitor

HOME = "/potluck-sandbox/garden"


def test_accounts_that_are_deleted_or_no_people_and_signs_that_are_no_votes(house: House) -> None:
    steer(house)
    garden, world = house.garden, house.world
    issue = ask(house, garden.ada)
    for sign in ("heart", "hooray", "rocket", "-1"):
        world.react(issue, garden.chen, sign)
    world.react(issue, garden.organization)
    leaving = person(house, 1)
    given = world.react(issue, leaving)
    say(house, issue, person(house, 2), "/vote")
    sweep(house)
    both = {leaving.id, person(house, 2).id}
    assert voters(house, issue) == both
    # GitHub keeps the 👍 of whoever deleted their account, and names nobody.
    issue.reactions[leaving.id, "+1"] = type(given)(given.id, None, "+1", given.created_at)
    house.advance(timedelta(days=1))
    sweep(house)
    assert (voters(house, issue), count(house, issue)) == (both, 2)


def test_a_command_that_an_edit_adds_runs_and_those_before_it_do_not_again(house: House) -> None:
    steer(house)
    bo, issue = house.garden.bo, ask(house, house.garden.ada)
    comment = say(house, issue, bo, "/claim")
    assert [one.who for one in stands(house, issue).claims] == [bo.id]
    house.advance(timedelta(minutes=1))
    say(house, issue, bo, "/release")
    house.advance(timedelta(minutes=1))
    house.world.edit_comment(comment, bo, "/claim\n/vote")
    house.settle()
    assert stands(house, issue).claims == ()
    assert voters(house, issue) == {bo.id}


def test_what_others_are_joined_onto_is_deleted_and_gives_them_back(house: House) -> None:
    steer(house)
    garden, world = house.garden, house.world
    onto, issue = ask(house, garden.ada, "A pond"), ask(house, garden.ada, "A small pond")
    say(house, issue, garden.bo, "/vote")
    say(house, issue, garden.mara, f"/duplicate #{onto.number}")
    assert count(house, onto) == 1
    world.delete_issue(onto, garden.mara)
    house.settle()
    house.advance(timedelta(minutes=1))
    say(house, issue, garden.mara, "/unduplicate")
    assert (voters(house, issue), count(house, issue)) == ({garden.bo.id}, 1)


def test_no_address_of_a_voter_is_told_to_anybody(house: House) -> None:
    steer(house)
    bo, issue = house.garden.bo, ask(house, house.garden.ada)
    say(house, issue, bo, "/vote")
    here = f"{HOME}/requests/{issue.number}"
    paths = (
        here,
        f"{here}/people",
        f"{here}/feed.atom",
        f"{HOME}/requests",
        f"/api/v1/repos{HOME}/requests",
        f"/api/v1/repos{HOME}/requests/{issue.number}",
    )
    with Visitor(house) as stranger:
        answers: dict[str, Any] = {path: stranger.get(path) for path in paths}
    assert {path: it.status_code for path, it in answers.items()} == dict.fromkeys(paths, 200)
    assert bo.emails
    told = "".join(it.text for it in answers.values())
    assert not [one for one in bo.emails if str(getattr(one, "email", one)) in told]
