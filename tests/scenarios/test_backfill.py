"""What was there before us: read in silence, exactly, through crashes, and once."""

import random
from datetime import timedelta

from sqlalchemy import func, select

from bot.roadmap.tables import backfill, ballot, request
from bot.sandbox import failures
from bot.sandbox.records import Issue
from core.queue import LEASE
from tests.house import House
from tests.scenarios.asking import (
    acts,
    ask,
    count,
    found,
    person,
    said,
    say,
    steer,
    sweep,
    voters,
    write_rules,
)

ISSUES, REQUESTS, PEOPLE = 240, 60, 40


def plant(house: House, dice: random.Random) -> list[Issue]:
    """Fill the garden with issues, some of them requests with votes, over half a year."""
    world, repo = house.world, house.garden.repo
    authors = [house.garden.ada, house.garden.bo, house.garden.mara]
    wanted: list[Issue] = []
    for number in range(ISSUES):
        house.advance(timedelta(hours=dice.randint(0, 36)))
        is_request = number % (ISSUES // REQUESTS) == 0
        labels = ["request"] if is_request else ["bug"]
        issue = world.open_issue(repo, dice.choice(authors), f"Wish {number}", labels=labels)
        if is_request:
            wanted.append(issue)
            for who in dice.sample(range(PEOPLE), dice.randint(0, 10)):
                world.react(issue, person(house, who))
        if dice.random() < 0.2:
            world.close(issue, issue.author)
    house.sandbox.hooks._queue.clear()
    return wanted


def hold(house: House, wanted: list[Issue]) -> None:
    """Hold everything that we know against GitHub."""
    with house.app.read() as connection:
        rows = connection.execute(select(request)).all()
    assert {row.number: (row.state, row.opened_at) for row in rows} == {
        issue.number: (issue.state, issue.created_at.replace(microsecond=0)) for issue in wanted
    }
    for issue in wanted:
        assert voters(house, issue) == {who for who, _content in issue.reactions}
        if issue.state == "open":
            assert count(house, issue) == len(issue.reactions)


def go_on(house: House, turns: int) -> None:
    """Let some of it happen."""
    for _ in range(turns):
        house.sandbox.deliver_all()
        house.worker.sort()
        house.worker.work(1)
        next_at = house.worker.next_at()
        if next_at is not None and next_at > house.now:
            house.advance(next_at - house.now)


def crash(house: House) -> None:
    """Die with work in hand: it is claimed, and nobody ends it."""
    for desk in house.worker.desks:
        desk.exchange(house.worker._owner, (), 1)
    with house.app.read() as connection:
        assert connection.scalar(select(backfill.c.repo_id)) == house.garden.repo.id
        read = connection.scalar(select(func.count()).select_from(request)) or 0
        votes = connection.scalar(select(func.count()).select_from(ballot)) or 0
    assert read < REQUESTS or votes < 250, "it was over before the crash"
    house.restart()
    # Nobody else takes it before the lease is over.
    house.advance(LEASE + timedelta(seconds=1))


def test_older_requests_are_read_in_silence_through_two_crashes_and_a_limit(
    house: House,
) -> None:
    house.settle()
    wanted = plant(house, random.Random(51))
    house.sandbox.fail("GET", "/reactions", failures.secondary(90))
    with house.calls() as seen:
        write_rules(house, "votes_per_person = 0")
        for turns in (8, 3):
            go_on(house, turns)
            crash(house)
        house.settle()
        hold(house, wanted)
    asked = [call for call in seen if "/issues" in call.path]
    assert len(asked) <= 4 + 2 * REQUESTS
    assert not [call for call in seen if call.method != "GET" and "/comments" in call.path]
    assert all(said(issue) == [] for issue in wanted)
    origins = {asked.origin for issue in wanted if (asked := found(house, issue))}
    assert origins == {"asked", "pushed"}

    before = acts(house)
    with house.app.write() as connection:
        connection.exec_driver_sql("DELETE FROM request_backfill")
    sweep(house)
    hold(house, wanted)
    assert acts(house) == before == sum(len(issue.reactions) for issue in wanted)
    assert all(said(issue) == [] for issue in wanted)


def test_what_comes_after_it_is_greeted_and_another_label_is_read_anew(house: House) -> None:
    old = house.world.open_issue(
        house.garden.repo, house.garden.ada, "Old", labels=["request", "wish"]
    )
    house.settle()
    write_rules(house)
    # We hear of this before the older requests are read.
    house.world.edit_title(old, house.garden.ada, "Old and edited")
    house.settle()
    assert (found(house, old) is not None, said(old)) == (True, [])
    new = ask(house, house.garden.ada, "New")
    assert (said(old), len(said(new))) == ([], 1)

    other = house.world.open_issue(house.garden.repo, house.garden.bo, "Other", labels=["wish"])
    house.world.react(other, house.garden.bo)
    steer(house, 'label = "wish"')
    assert (voters(house, other), said(other)) == ({house.garden.bo.id}, [])
    sweep(house)
    states = [asked.state for it in (old, new, other) if (asked := found(house, it))]
    assert states == ["open", "dropped", "open"]
    say(house, old, house.garden.bo, "/vote")
    assert voters(house, old) == {house.garden.bo.id}
