"""Claims of work without money: warned at half time, released at the end, kept by signs of life."""

from datetime import timedelta

from tests.house import House
from tests.scenarios.asking import ask, said, say, steer
from tests.scenarios.intents.calling import DAY, about, answer, pass_time, stage, stands, write


def test_who_falls_silent_is_warned_then_released_and_bots_are_no_sign_of_life(
    house: House,
) -> None:
    steer(house)
    garden = house.garden
    issue = ask(house, garden.ada)
    say(house, issue, garden.bo, "/claim")
    assert "this is yours now" in answer(issue, garden.bo)
    assert stage(house, issue) == "in_progress"
    say(house, issue, garden.chen, "/claim\n/release @bo")
    assert "somebody works on this already" in answer(issue, garden.chen)
    assert "only they themselves, or a maintainer" in answer(issue, garden.chen)
    say(house, issue, garden.chen, "/release")
    assert "nothing to give back" in answer(issue, garden.chen)
    pass_time(house, 14 * DAY - timedelta(hours=1))
    assert len(stands(house, issue).claims) == 1
    say(house, issue, garden.dependabot, "Any news?")
    pass_time(house, timedelta(hours=2))
    assert "@bo, are you still at it?" in about(issue, "are you still at it?")
    pass_time(house, 13 * DAY)
    assert len(stands(house, issue).claims) == 1
    pass_time(house, DAY)
    assert stands(house, issue).claims == ()
    assert about(issue, "this is free for others now: there was no sign of life")
    assert stage(house, issue) == "asked"
    say(house, issue, garden.chen, "/claim")
    say(house, issue, garden.mara, "/release @chen")
    assert "the claim of `chen` is ended" in answer(issue, garden.mara)
    assert stands(house, issue).claims == ()


def test_a_linked_draft_a_push_to_it_and_a_comment_keep_a_claim_and_an_outage_hides_none(
    house: House,
) -> None:
    steer(house, "claim_days = 10", "claims_at_once = 2", 'discussions = "Ideas"')
    garden, world = house.garden, house.world
    issue = ask(house, garden.ada)
    idea = world.open_discussion(garden.repo, garden.ada, "Water the lawn", "Ideas")
    say(house, issue, garden.bo, "/claim")
    say(house, issue, garden.chen, "/claim")
    assert len(stands(house, issue).claims) == 2
    pass_time(house, 4 * DAY)
    draft = house.propose(garden.bo, title=f"Begin with #{issue.number}", draft=True)
    house.settle()
    pass_time(house, DAY + timedelta(hours=1))
    assert "@chen, are you still at it?" in about(issue, "are you still at it?")
    house.advance(3 * DAY)
    world.push_to(draft, pusher=garden.bo)
    claimed = write(house, idea, garden.ada, "/claim")
    house.settle()
    pass_time(house, 2 * DAY)
    assert [one.who for one in stands(house, issue).claims] == [garden.bo.id]
    house.advance(timedelta(minutes=1))
    world.comment(draft, garden.bo, "Still at it.")
    write(house, idea, garden.ada, "Still at it.", below=claimed)
    house.sandbox.hooks.drop(len(house.sandbox.hooks.waiting))
    house.happen()
    pass_time(house, 3 * DAY + timedelta(hours=1))
    assert not any("are you still" in body for body in said(idea))
    assert not any("@bo, are you still" in body for body in said(issue))
    pass_time(house, 2 * DAY)
    assert any("@bo, are you still" in body for body in said(issue))
    assert about(idea, "@ada, are you still at it?")
    house.advance(timedelta(hours=1))
    say(house, issue, garden.bo, "Yes!")
    pass_time(house, 4 * DAY)
    assert [one.who for one in stands(house, issue).claims] == [garden.bo.id]
