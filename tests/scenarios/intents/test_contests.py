"""Contests: entries, a vote of all, a winner with the slot and the credit; late words change nothing."""

from datetime import timedelta

from sqlalchemy import select

from bot.credits.tables import credit
from bot.sandbox.records import Comment, Issue
from tests.house import House
from tests.scenarios.asking import ask, person, say, steer
from tests.scenarios.intents.calling import DAY, about, answer, pass_time, stage, stands
from tests.visitor import Visitor


def test_entries_then_votes_of_all_and_the_first_of_equals_wins_the_slot_and_the_credit(
    house: House,
) -> None:
    steer(house, "choice_days = 2")
    garden, world = house.garden, house.world
    issue = ask(house, garden.ada)
    say(house, issue, garden.ada, "/contest until 3d a basket of beans")
    assert "only maintainers" in answer(issue, garden.ada)
    say(house, issue, garden.mara, "/contest until 3d a basket of beans")
    assert "Prize: `a basket of beans`" in about(issue, "A contest: show what you have made")
    say(house, issue, garden.bo, "/submit https://example.org/bo")
    house.advance(timedelta(minutes=1))
    say(house, issue, garden.chen, "/submit a sketch\n\nof pipes")
    say(house, issue, garden.ada, "/choose @bo")
    assert "nothing is chosen before the deadline" in answer(issue, garden.ada)
    pass_time(house, 3 * DAY + timedelta(minutes=5))
    assert "everybody votes, until" in about(issue, "The entries are in")
    say(house, issue, garden.ada, "/choose @bo @chen")
    say(house, issue, person(house, 1), "/choose @bo @chen")
    late = say(house, issue, garden.bo, "/choose @bo")
    assert "to your own, too" in answer(issue, garden.bo)
    say(house, issue, garden.mara, "/choose @chen")
    house.advance(timedelta(minutes=1))
    changed = say(house, issue, garden.chen, "/choose @bo @chen")
    house.advance(timedelta(minutes=1))
    world.delete_comment(changed, garden.chen)
    house.settle()
    _end_with_a_tie(house, issue, late)


def _end_with_a_tie(house: House, issue: Issue, late: Comment) -> None:
    garden, world = house.garden, house.world
    # Three each: Ada's and a newcomer's for both, Bo's for Bo, Mara's for Chen. What Chen said is gone.
    house.advance(2 * DAY)
    world.edit_comment(late, garden.bo, "/choose @chen")
    house.settle()
    assert "the vote is over" in answer(issue, garden.bo)
    pass_time(house, timedelta(minutes=5))
    result = about(issue, "wins the contest")
    assert "@bo wins" in result
    assert "There was a tie" in result
    assert [(one.who, one.by) for one in stands(house, issue).claims] == [
        (garden.bo.id, "contest")
    ]
    assert stage(house, issue) == "in_progress"
    house.tick("sweep_votes")
    house.settle()
    house.advance(timedelta(minutes=2))
    house.settle()
    with Visitor(house) as stranger:
        page = stranger.get(f"/potluck-sandbox/garden/requests/{issue.number}/intent").text
    assert "3 votes (one of them their own) (1 by a young account)" in page
    assert "3 votes (1 by a young account)" in page
    # A ballot that is deleted after the end was cast all the same.
    world.delete_comment(late, garden.bo)
    pass_time(house, timedelta(minutes=5))
    assert [one.who for one in stands(house, issue).claims] == [garden.bo.id]
    with Visitor(house) as stranger:
        again = stranger.get(f"/potluck-sandbox/garden/requests/{issue.number}/intent").text
    assert "3 votes (one of them their own) (1 by a young account)" in again
    with house.app.read() as connection:
        given = connection.execute(select(credit.c.github_id, credit.c.subject)).all()
    assert (garden.bo.id, f"issues/{issue.number}") in [tuple(row) for row in given]
