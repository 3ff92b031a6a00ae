"""Milestones on GitHub and what we know of them: told in any order, missed, and read again."""

from datetime import timedelta

from sqlalchemy import select, update

from bot import tasks
from bot.milestones import store
from bot.milestones.store import Milestone
from bot.roadmap.board.tables import board_view
from bot.sandbox import milestones as sandbox
from bot.sandbox.records import Issue
from tests.house import House
from tests.scenarios.asking import ask, found, steer, sweep
from tests.scenarios.board.table import way
from webhooks import inbox

STAGES = (
    "stages = [",
    '  { name = "wish" },',
    '  { name = "next", label = "up next", milestone = "Spring" },',
    '  { name = "later", label = "later on", milestone = "Summer" },',
    '  { name = "done", label = "harvested", closes = "completed" },',
    "]",
)


def later(house: House) -> None:
    house.settle()
    house.advance(timedelta(minutes=1))


def known(house: House, it: sandbox.Milestone) -> Milestone:
    with house.app.read() as connection:
        one = store.by_number(connection, it.repo.id, it.number)
        assert one is not None
        assert store.by_node(connection, one.node_id) == one
        return one


def within(house: House, it: sandbox.Milestone) -> list[int]:
    """Give the numbers of the requests that are in a milestone."""
    with house.app.read() as connection:
        one = store.by_number(connection, it.repo.id, it.number)
        return [asked.number for asked in store.requests_of(connection, one)] if one else []


def looks(house: House, it: sandbox.Milestone) -> list[str]:
    """Give what had the milestone's purse looked at: how it stood then."""
    columns = tasks.task.c
    here = columns.key.startswith(f"settle_purse:{known(house, it).node_id}:")
    with house.app.read() as connection:
        keys = connection.scalars(select(columns.key).where(here).order_by(columns.id)).all()
    return [key.split(":")[2] for key in keys]


def agrees(house: House, *these: sandbox.Milestone) -> None:
    """What we know of each is what GitHub has."""
    for it in these:
        one = known(house, it)
        assert (one.title, one.state) == (it.title, "gone" if it.gone else it.state)
        assert (one.due_at, one.closed_at) == (it.due_on, it.closed_at)


def test_a_milestone_is_followed_through_its_life_and_so_are_its_requests(house: House) -> None:
    garden, world, hooks = house.garden, house.world, house.sandbox.hooks
    old = world.open_milestone(garden.repo, garden.mara, "Winter")
    hooks.drop(len(hooks.waiting))
    steer(house, *STAGES)
    agrees(house, old)  # it was there before the rules were, and nobody told of it
    due = house.now.replace(microsecond=0) + timedelta(days=90)
    spring = world.open_milestone(garden.repo, garden.mara, "Spring", due, "Until it is warm.")
    one, other = ask(house, garden.ada, "Water"), ask(house, garden.bo, "Shade")
    later(house)
    for issue in (one, other):
        world.set_milestone(issue, garden.mara, "Spring")
    later(house)
    agrees(house, spring)
    assert within(house, spring) == [one.number, other.number]
    assert [way(house, it)[-1][:2] for it in (one, other)] == [("next", "milestone")] * 2

    _rename(house, spring, one)
    assert within(house, spring) == [one.number, other.number]
    _close_and_open(house, spring)
    world.set_milestone(other, garden.mara, "")
    later(house)
    assert within(house, spring) == [one.number]
    world.close(one, garden.mara)
    world.set_milestone(one, garden.mara, "Winter")
    later(house)
    assert (within(house, spring), within(house, old)) == ([], [one.number])
    _delete(house, old)
    asked = found(house, one)
    assert asked is not None
    assert asked.stage == "done"


def _rename(house: House, it: sandbox.Milestone, issue: Issue) -> None:
    """Another name is no other milestone, and moves nobody."""
    world, garden = house.world, house.garden
    moves = way(house, issue)
    world.edit_milestone(it, garden.mara, "Summer")
    later(house)
    world.edit_title(issue, garden.ada, "Water!")
    later(house)
    agrees(house, it)
    assert (way(house, issue), looks(house, it)) == (moves, [])


def _close_and_open(house: House, it: sandbox.Milestone) -> None:
    """Of three acts in one second, told in another order, GitHub is asked which was the last."""
    world, mara, hooks = house.world, house.garden.mara, house.sandbox.hooks
    name, it.form = known(house, it).node_id, "MA"  # GitHub gives its ids another form.
    hooks.hold()
    world.close_milestone(it, mara)
    world.reopen_milestone(it, mara)
    world.edit_milestone(it, mara, "Early summer")
    hooks.shuffle(1)
    hooks.release()
    later(house)
    agrees(house, it)
    world.close_milestone(it, mara)
    later(house)
    closed = known(house, it)
    world.reopen_milestone(it, mara)
    later(house)
    agrees(house, it)
    assert looks(house, it)[-2:] == ["closed", "open"]
    opened = known(house, it)
    assert opened.node_id == name
    assert (opened.last_closed_at, opened.reopened_at) == (closed.closed_at, it.updated_at)


def _delete(house: House, it: sandbox.Milestone) -> None:
    """What is told late of one that was deleted brings it back to nobody."""
    hooks = house.sandbox.hooks
    before = list(hooks.attempts)
    house.world.delete_milestone(it, house.garden.mara)
    later(house)
    for attempt in before[-3:]:
        hooks.redeliver(attempt)
    later(house)
    assert (known(house, it).state, within(house, it), looks(house, it)) == ("gone", [], ["gone"])


def test_what_nobody_told_is_found_by_the_daily_reading_and_what_is_odd_is_put_aside(
    house: House,
) -> None:
    steer(house)
    garden, world, hooks = house.garden, house.world, house.sandbox.hooks
    names = ("Spring", "Summer", "Autumn")
    spring, summer, autumn = (world.open_milestone(garden.repo, garden.mara, it) for it in names)
    issue = ask(house, garden.ada)
    world.set_milestone(issue, garden.mara, "Spring")
    later(house)
    _put_aside(house)

    hooks.hold()
    world.close_milestone(spring, garden.mara)
    world.delete_milestone(summer, garden.mara)
    world.edit_milestone(autumn, garden.mara, "Fall")
    winter = world.open_milestone(garden.repo, garden.mara, "Winter")
    hooks.drop(len(hooks.waiting))
    hooks.release()
    later(house)
    assert {known(house, it).state for it in (spring, summer, autumn)} == {"open"}
    house.tick("sweep_milestones")
    with house.calls() as seen:
        later(house)
    base = f"/repos/{garden.repo.full_name}/milestones"
    assert [it.path for it in seen] == [base, f"{base}/{summer.number}"]
    agrees(house, spring, summer, autumn, winter)
    assert [looks(house, it) for it in (spring, summer, autumn)] == [["closed"], ["gone"], []]

    # Who kept nothing of milestones until today reads once in which of them issues are.
    with house.app.write() as connection:
        connection.execute(update(board_view).values(milestone_number=None))
    assert within(house, spring) == []
    sweep(house)
    assert within(house, spring) == [issue.number]


def _put_aside(house: House) -> None:
    told = [it.delivery.event for it in house.sandbox.hooks.attempts]
    odd = next(it.payload for it in told if it.name == "milestone")
    odd["milestone"]["state"] = "gone"
    assert house.deliver("milestone", odd, "odd") == 202
    house.settle()
    with house.inbox.read() as connection:
        aside = inbox.find(connection, "odd")
    assert aside is not None
    assert aside.state == "quarantined"
