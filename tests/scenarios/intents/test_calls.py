"""Calls for offers through the door: three ways of choosing, and deadlines that hold in an outage."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from bot.roadmap.intents import ledger, shown
from bot.roadmap.intents.values import Call
from bot.roadmap.tables import request
from bot.sandbox.records import Comment, Issue
from tests.house import House
from tests.scenarios.asking import ask, found, said, say, steer, sweep
from tests.scenarios.intents.calling import (
    DAY,
    about,
    answer,
    pass_time,
    rewrite,
    stage,
    stands,
    write,
)

NEED = "need: Water the beds at six\ntest: at six the water runs\nbudget: 200-400 EUR"


def test_an_issue_becomes_a_call_and_a_maintainer_chooses_after_the_deadline(house: House) -> None:
    steer(house)
    garden = house.garden
    issue = ask(house, garden.ada, labels=[])
    say(house, issue, garden.chen, f"/intend\n{NEED}\nuntil: 10d")
    assert found(house, issue) is None
    assert "this issue is no request" in answer(issue, garden.chen)
    opened = say(house, issue, garden.ada, f"Please!\n\n/intend\n{NEED}\nuntil: 10d")
    assert "request" in issue.labels
    assert stands(house, issue).call is not None
    call = about(issue, "Call for offers, until 30 November 2026")
    for words in ("> Water the beds at six", "€200.00 – €400.00", "A maintainer chooses"):
        assert words in call
    say(house, issue, garden.bo, "/bid 300 EUR 10d a clock and a valve\nwith tests")
    say(house, issue, garden.bo, "/bid 280 EUR 8d a clock and a valve")
    say(house, issue, garden.chen, "/bid 450 USD 3d all of it\n/bid 450 EUR 3d all of it")
    assert "in the currency of the budget" in answer(issue, garden.chen)
    assert "your offer stands: €450.00 in 3 days" in answer(issue, garden.chen)
    assert "/pledge" not in about(issue, "Call for offers, until")  # No money is taken here.
    house.advance(timedelta(minutes=1))
    house.world.edit_comment(
        opened, garden.ada, f"Please!\n\n/intend\n{NEED}\nuntil: 11d\nchoice: cheapest"
    )
    house.settle()
    assert "the way of choosing stays as it was shown" in answer(issue, garden.ada)
    say(house, issue, garden.mara, "/choose @bo")
    assert "nothing is chosen before the deadline" in answer(issue, garden.mara)
    say(house, issue, garden.chen, "/claim")
    assert "there is a call for offers here" in answer(issue, garden.chen)
    pass_time(house, 10 * DAY + timedelta(minutes=5))
    _choose_after_the_deadline(house, issue)


def _choose_after_the_deadline(house: House, issue: Issue) -> None:
    garden = house.garden
    say(house, issue, garden.chen, "/bid 1 EUR 1d now")
    assert "Your offer comes too late" in answer(issue, garden.chen)
    assert about(issue, "The offers are in: a maintainer chooses")
    say(house, issue, garden.ada, "/choose @bo")
    assert stands(house, issue).claims == ()
    say(house, issue, garden.mara, "/choose @bo")
    now = stands(house, issue)
    assert [(one.who, one.by) for one in now.claims] == [(garden.bo.id, "offer")]
    assert "@bo, your offer is chosen by `mara`: €280.00 in 8 days" in about(issue, "is chosen by")
    assert "(above the budget)" in about(issue, "An offer is chosen")
    assert stage(house, issue) == "in_progress"
    say(house, issue, garden.bo, "/withdraw-bid")
    assert stands(house, issue).claims == ()
    assert stage(house, issue) == "asked"


def test_those_who_voted_choose_and_an_outage_over_both_deadlines_changes_nothing(
    house: House,
) -> None:
    steer(house, "choice_days = 3", 'discussions = "Ideas"')
    garden, world = house.garden, house.world
    issue, other = ask(house, garden.ada), ask(house, garden.ada, "Mow the lawn")
    idea: Issue = world.open_discussion(garden.repo, garden.ada, "Water the lawn", "Ideas")
    for it in (issue, idea, other):
        write(house, it, garden.ada, f"/intend\n{NEED}\nuntil: 9d\nchoice: backers")
        write(house, it, garden.bo, "/bid 300 EUR 10d by hand")
    house.settle()
    ends = stands(house, issue).call
    assert ends is not None
    house.advance(ends.until - house.now - timedelta(days=5))  # longer than GitHub repeats
    offers = [_offer_in_time(house, it) for it in (issue, idea, other)]
    into = world.convert_issue(other, garden.mara, "Ideas")
    house.advance(timedelta(days=5, minutes=1))
    threads = (issue, idea, into)
    for chens, it in zip(offers, threads, strict=True):
        _offer_too_late(house, it, chens)
    house.advance(timedelta(hours=1))
    chosen = [_choose(house, it) for it in threads]
    house.advance(ends.vote_until - house.now - timedelta(minutes=1))
    for it in threads:
        world.unreact(it, garden.chen)
    house.advance(timedelta(minutes=5))
    for maras, it in zip(chosen, threads, strict=True):
        world.react(it, garden.ada)
        write(house, it, garden.bo, "/choose @bo")
        rewrite(house, maras, garden.mara, "/choose @chen")
    # Nothing of this was delivered: the service was down, and GitHub repeats nothing by itself.
    house.sandbox.hooks.drop(len(house.sandbox.hooks.waiting))
    house.happen()
    for _ in range(3):
        pass_time(house, timedelta(minutes=5))
    for it in threads:
        _decided_by_what_was_there(house, it, ends)
    before = [said(it) for it in (*threads, other)]
    pass_time(house, timedelta(hours=1))
    assert [said(it) for it in (*threads, other)] == before


def _offer_in_time(house: House, it: Issue) -> Comment:
    """Let Chen make an offer (in a discussion, below another comment), and Bo by an edit.

    Ada’s is edited too, and nobody can read any more what it was.
    """
    garden = house.garden
    adas = write(house, it, garden.ada, "/bid 150 EUR 1d")
    bos = write(house, it, garden.bo, "I can do it for less.")
    chens = write(house, it, garden.chen, "/bid 200 EUR 9d by machine", below=bos)
    house.advance(timedelta(minutes=1))
    rewrite(house, bos, garden.bo, "I can do it for less:\n/bid 280 EUR 10d by hand")
    rewrite(house, adas, garden.ada, "/bid 120 EUR 1d")
    adas.versions[0] = replace(adas.versions[0], body=None)
    return chens


def _offer_too_late(house: House, it: Issue, chens: Comment) -> None:
    garden = house.garden
    write(house, it, garden.mara, "/bid 1 EUR 1d too late")
    rewrite(house, chens, garden.chen, "/bid 100 EUR 9d by machine")
    house.world.react(it, garden.chen)
    house.world.react(it, garden.mara)


def _choose(house: House, it: Issue) -> Comment:
    garden = house.garden
    write(house, it, garden.chen, "/choose @chen")
    write(house, it, garden.ada, "/choose @bo")
    return write(house, it, garden.mara, "/choose @bo")


def _decided_by_what_was_there(house: House, issue: Issue, ends: Call) -> None:
    garden = house.garden
    now = stands(house, issue).call
    assert now is not None
    # Each as it stood at the deadline: edited in time it is what it became, too late what it was.
    prices = {one.bidder: one.price.minor for one in now.offers}
    assert prices == {garden.bo.id: 280_00, garden.chen.id: 200_00}
    assert now.version == 1  # what GitHub took along into a discussion was said once
    # Mara's is the one vote of somebody who had voted for the request, and still had.
    assert (now.chosen, now.decided_at) == (garden.bo.id, ends.vote_until)
    result = about(issue, "those who voted for this request chose your offer")
    assert "@bo" in result
    asked = found(house, issue)
    assert asked is not None
    with house.app.read() as connection:
        page = shown.of_request(connection, asked, house.now)
    # Ada’s and Chen’s are shown apart: they had not voted for the request, or no more.
    apart = {one.login: (one.yes, one.advisory) for one in page.candidates}
    assert apart == {"bo": (1, 1), "chen": (0, 1)}


def test_the_cheapest_is_chosen_once_though_the_worker_dies_between_result_and_comment(
    house: House,
) -> None:
    steer(house)
    garden = house.garden
    issue = ask(house, garden.ada)
    say(house, issue, garden.ada, f"/intend\n{NEED}\nuntil: 1d\nchoice: cheapest")
    say(house, issue, garden.bo, "/bid 250 EUR 5d well")
    house.advance(timedelta(minutes=1))
    say(house, issue, garden.chen, "/bid 250 EUR 2d quickly")
    say(house, issue, garden.mara, "/choose @chen")
    assert "nobody chooses here by hand" in answer(issue, garden.mara)
    house.advance(DAY + timedelta(minutes=5))
    house.tick("sweep_intents")
    while house.worker.work():
        pass
    assert stands(house, issue).claims != ()
    assert not any("yours was the cheapest" in body for body in said(issue))
    house.restart()
    pass_time(house, timedelta(minutes=5))
    assert "There was a tie" in about(issue, "@bo, yours was the cheapest offer")
    with house.app.read() as connection:
        asked = connection.scalar(select(request.c.id))
        acts = ledger.acts(connection, int(asked or 0))
    assert [act.kind for act in acts].count("outcome") == 1
    sweep(house)
    assert "yours was the cheapest" in about(issue, "yours was the cheapest")


def test_a_thumb_counts_that_was_there_just_before_the_end_and_a_closed_request_ends_its_call(
    house: House,
) -> None:
    steer(house, "choice_days = 1")
    garden, world = house.garden, house.world
    issue, other = ask(house, garden.ada), ask(house, garden.ada, "A bench in the shade")
    for one in (issue, other):
        say(house, one, garden.ada, f"/intend\n{NEED}\nuntil: 1d\nchoice: backers")
        say(house, one, garden.bo, "/bid 300 EUR 10d by hand")
    pass_time(house, DAY + timedelta(minutes=5))
    say(house, issue, garden.chen, "/choose @bo")
    assert "It counts if you have voted for the request itself" in answer(issue, garden.chen)
    world.close(other, garden.ada, "not_planned")
    call = stands(house, issue).call
    assert call is not None
    house.advance(call.vote_until - house.now - timedelta(minutes=10))
    world.react(issue, garden.chen)
    house.advance(timedelta(minutes=5))
    house.tick("sweep_intents")
    house.settle()
    assert house.now < call.vote_until
    house.advance(call.vote_until - house.now + timedelta(seconds=10))
    world.unreact(issue, garden.chen)
    pass_time(house, timedelta(minutes=5))
    decided, ended = stands(house, issue).call, stands(house, other).call
    assert decided is not None
    assert ended is not None
    assert (decided.chosen, ended.ending, ended.chosen) == (garden.bo.id, "off", 0)
    assert about(other, "This call for offers was taken back")
