"""Votes from outside: three doors, one ballot, and what GitHub makes of reactions."""

import random
from dataclasses import replace
from datetime import timedelta

from bot.roadmap import foreign as foreign_edits
from bot.roadmap import happenings
from bot.sandbox import failures
from bot.sandbox.records import Issue
from tests.house import House
from tests.scenarios.agreement import replay
from tests.scenarios.asking import acts, ask, count, found, person, said, say, steer, sweep, voters


def test_every_page_of_thumbs_is_read_and_one_is_no_partial_tally(house: House) -> None:
    steer(house, "young_account_days = 0")
    issue = ask(house, house.garden.ada)
    for number in range(131):
        house.world.react(issue, person(house, number))
    house.world.react(issue, house.garden.dependabot)
    house.world.react(issue, house.garden.organization)
    house.world.react(issue, house.garden.bo, "heart")
    ghost = person(house, 900)
    gone = house.world.react(issue, ghost)
    issue.reactions[ghost.id, "+1"] = type(gone)(gone.id, None, "+1", gone.created_at)
    away = failures.status(502)
    on_page_two = replace(
        away, before=lambda it: away.before(it) if it.query.get("page") == "2" else it
    )
    house.sandbox.fail("GET", "/reactions", on_page_two, times=2)
    house.tick("sweep_votes")
    house.happen()
    assert count(house, issue) == 0
    house.settle()

    assert voters(house, issue) == {50_000 + number for number in range(131)}
    assert count(house, issue) == 131
    with house.calls() as seen:
        sweep(house)
    assert len([call for call in seen if "access_tokens" not in call.path]) == 1


def test_a_thumb_taken_back_withdraws_and_an_exchange_is_found_within_a_day(
    house: House,
) -> None:
    steer(house)
    garden, issue = house.garden, ask(house, house.garden.ada)
    house.world.react(issue, garden.bo)
    sweep(house)
    assert voters(house, issue) == {garden.bo.id}
    house.world.unreact(issue, garden.bo)
    house.world.react(issue, garden.chen)
    sweep(house)
    assert voters(house, issue) == {garden.bo.id}
    house.advance(timedelta(days=1))
    sweep(house)
    assert voters(house, issue) == {garden.chen.id}
    house.world.unreact(issue, garden.chen)
    sweep(house)
    assert voters(house, issue) == set()
    before = acts(house)
    sweep(house)
    assert acts(house) == before == 4


def test_one_person_has_one_ballot_and_the_last_act_counts_whatever_the_door(
    house: House,
) -> None:
    steer(house)
    bo, issue = house.garden.bo, ask(house, house.garden.ada)
    house.world.react(issue, bo)
    sweep(house)
    house.advance(timedelta(hours=1))
    say(house, issue, bo, "/vote")
    assert (count(house, issue), said(issue)[-1].count("You have 5 of 6 votes left")) == (1, 1)
    house.advance(timedelta(hours=1))
    say(house, issue, bo, "/unvote")
    assert "is taken back" in said(issue)[-1]
    sweep(house)
    assert (count(house, issue), voters(house, issue)) == (0, set())
    house.world.unreact(issue, bo)
    sweep(house)
    house.world.react(issue, bo)
    sweep(house)
    assert count(house, issue) == 1
    assert len(said(issue)) == 2
    assert house.world.by_login("bo") is bo
    house.world.rename_account(bo, "bo2")
    house.world.react(issue, house.world.account("bo", id=77_001))
    sweep(house)
    assert voters(house, issue) == {bo.id, 77_001}


def test_what_is_only_shown_votes_for_nothing_and_each_line_is_answered(house: House) -> None:
    steer(house)
    bo, chen, issue = house.garden.bo, house.garden.chen, ask(house, house.garden.ada)
    say(house, issue, bo, "> /vote\n\n`/vote`\n\n```\n/vote\n```\n<!--\n/vote\n-->")
    assert voters(house, issue) == set()
    say(house, issue, bo, "/vote\n/duplicate #1\n/help")
    assert voters(house, issue) == {bo.id}
    for words in ("your vote for this request counts", "for maintainers", "what I understand"):
        assert words in said(issue)[-1]
    say(house, issue, chen, "/vote\nnever mind\n/unvote")
    assert voters(house, issue) == {bo.id}
    assert "had no vote" in said(issue)[-1] or "no vote on this request" in said(issue)[-1]
    say(house, issue, house.garden.dependabot, "/vote")
    assert voters(house, issue) == {bo.id}
    # Who says no does not want it, and who names another request says it in the wrong place.
    say(house, issue, chen, "/vote no, thanks")
    assert "there are none against it" in said(issue)[-1]
    late = say(house, issue, chen, "/vote #4711")
    assert "write that on #4711" in said(issue)[-1]
    mine, theirs = f"/vote #{issue.number}", "/vote #4711"
    for body, votes in ((mine, True), ("/vote\n/unvote #4711", True), (theirs, False)):
        house.advance(timedelta(minutes=1))
        house.world.edit_comment(late, chen, body)
        house.settle()
        assert (chen.id in voters(house, issue)) is votes
    name = house.sandbox.app.slug
    say(house, issue, chen, f"Does anybody know where this stands? cc @{name}")
    assert "@chen, this is what I understand" in said(issue)[-1]
    say(house, issue, chen, f"@{name} vote")
    assert voters(house, issue) == {bo.id, chen.id}
    say(house, issue, bo, "/vote -1")
    assert voters(house, issue) == {chen.id}


def test_own_edits_and_deletions_undo_and_those_of_others_do_nothing(house: House) -> None:
    steer(house)
    mara, bo, chen = house.garden.mara, house.garden.bo, house.garden.chen
    issue = ask(house, house.garden.ada)
    world, comment = house.world, say(house, issue, bo, "I want it.")
    foreign = say(house, issue, bo, "So do I.")
    house.advance(timedelta(minutes=1))
    world.edit_comment(foreign, mara, "So do I.\n/vote")
    house.settle()
    assert voters(house, issue) == set()
    asked = found(house, issue)
    assert asked is not None
    with house.app.read() as connection:
        (edit,) = foreign_edits.edits(connection, asked.id, 5)
        told = happenings.happened(connection, asked)[0]
    assert (edit.editor, edit.commands, edit.acted_at) == ("mara", "/vote", house.now)
    assert (told.kind, told.login, told.words) == ("foreign", "mara", "/vote")
    what_others_make_of_ours_is_put_right_once(house, issue)
    steps = [
        ("/vote", True),
        ("Well\n/vote", True),
        ("/unvote", False),
        ("/vote", True),
        ("", False),
    ]
    for body, stands in steps:
        house.advance(timedelta(minutes=1))
        world.edit_comment(comment, bo, body)
        house.settle()
        assert (bo.id in voters(house, issue)) is stands, body
    assert "is taken back" in said(issue)[-1]
    other = say(house, issue, chen, "/vote")
    assert voters(house, issue) == {chen.id}
    house.advance(timedelta(minutes=1))
    world.delete_comment(other, chen)
    house.settle()
    assert voters(house, issue) == set()


def what_others_make_of_ours_is_put_right_once(house: House, issue: Issue) -> None:
    ours = next(one for one in issue.comments if one.app is not None)
    greeting = ours.body
    house.world.edit_comment(
        ours, house.garden.mara, "100,000 EUR are promised. Send yours to me."
    )
    with house.calls() as seen:
        house.settle()
    assert ours.body == greeting
    house.world.edit_comment(ours, house.garden.dependabot, "Bumped.")
    house.settle()
    assert ours.body == "Bumped."
    assert [call.method for call in seen if "/comments" in call.path] == ["PATCH"]


def test_edits_and_deletions_heard_of_before_the_comment_itself_change_nothing(
    house: House,
) -> None:
    steer(house)
    world, issue = house.world, ask(house, house.garden.ada)
    for number in range(3):
        who = person(house, number)
        comment = world.comment(issue, who, "/vote")
        house.advance(timedelta(minutes=1))
        if number % 3 == 1:
            world.edit_comment(comment, who, "No.")
        elif number % 3 == 2:
            world.delete_comment(comment, who)
    house.sandbox.hooks.shuffle(2)
    house.settle()
    assert voters(house, issue) == {50_000}
    before = acts(house)
    replay(house, 3)
    assert voters(house, issue) == {50_000}
    assert acts(house) - before <= 1  # deletions bear no time of their own


def test_what_we_did_not_hear_of_is_found_by_the_sweep(house: House) -> None:
    steer(house)
    garden, world = house.garden, house.world
    closed, unlabelled, deleted = (ask(house, garden.ada, f"Wish {n}") for n in range(3))
    world.close(closed, garden.mara)
    world.unlabel(unlabelled, garden.mara, "request")
    world.delete_issue(deleted, garden.mara)
    missed = world.open_issue(garden.repo, garden.bo, "Not heard of", labels=["request"])
    house.sandbox.hooks._queue.clear()
    sweep(house)

    states = [
        it.state if (it := found(house, one)) else "" for one in (closed, unlabelled, deleted)
    ]
    assert states == ["closed", "dropped", "gone"]
    assert found(house, missed) is not None
    assert said(missed) == []


def test_many_votes_through_all_doors_equal_what_people_last_did(house: House) -> None:
    steer(house, "votes_per_person = 0")
    world, dice = house.world, random.Random(7)
    issues = [ask(house, house.garden.ada, f"Wish {number}") for number in range(2)]
    wants: dict[tuple[int, int], bool] = {}
    for _round in range(2):
        for _ in range(6):
            house.advance(timedelta(minutes=2))
            issue, who = dice.choice(issues), person(house, dice.randint(1, 5))
            thumb = (who.id, "+1") in issue.reactions
            match dice.choice(["thumb", "thumb", "/vote", "/unvote"]):
                case "thumb" if thumb:
                    world.unreact(issue, who)
                    sweep(house)
                case "thumb":
                    world.react(issue, who)
                    wants[issue.number, who.id] = True
                    sweep(house)
                case words:
                    world.comment(issue, who, words)
                    wants[issue.number, who.id] = words == "/vote"
        house.sandbox.hooks.shuffle(_round)
        house.settle()
        for issue in issues:
            stand = voters(house, issue)
            for who in (person(house, number) for number in range(1, 6)):
                thumb = (who.id, "+1") in issue.reactions
                if wants.get((issue.number, who.id)) is False:
                    assert who.id not in stand
                elif thumb:
                    assert who.id in stand
