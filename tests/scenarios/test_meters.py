"""Figures survive restarts, are shared by all processes, and are cheap to ask for."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot import handling, meters, outbox, prune, tasks
from bot.meters import Meters
from bot.sandbox import failures
from core.context import Context, Task
from core.github import Comment
from core.pygithub.client import Call
from tests.house import House
from tests.workshop import garden, thread, want
from webhooks.deliveries import delivery
from webhooks.events import CommentWritten
from webhooks.router import on, on_task


def figures(house: House) -> dict[str, float]:
    house.meters.flush(house.app, house.now)
    lines = meters.expose(house.app, house.inbox, house.now).decode().splitlines()
    pairs = (line.rpartition(" ") for line in lines if not line.startswith("#"))
    return {name: float(value) for name, _, value in pairs}


def test_counters_of_several_processes_and_lives_add_up(workshop: House) -> None:
    others = [Meters() for _ in range(3)]
    for number, one in enumerate(others):
        one.count("effects", number + 1, outcome="done")
        one.flush(workshop.app, workshop.now)
        one.flush(workshop.app, workshop.now)
    workshop.restart()
    workshop.meters.count("effects", outcome="done")

    assert figures(workshop)['potluck_effects_total{outcome="done"}'] == 7


def test_a_counter_is_counted_by_its_own_labels_only() -> None:
    with pytest.raises(ValueError, match="effects is counted by"):
        Meters().count("effects", reason="none")
    with pytest.raises(KeyError):
        Meters().count("made up")


def test_calls_are_counted_by_kind_and_the_smallest_budget_is_shown(workshop: House) -> None:
    workshop.meters.flush(workshop.app, workshop.now)
    for status, installation_id, remaining in ((200, 7, 4000), (404, 8, 17), (0, 0, None)):
        workshop.meters.observe(Call("GET", status, installation_id, remaining))
    found = figures(workshop)

    assert found['potluck_github_calls_total{method="GET",status="2xx"}'] == 1
    assert found['potluck_github_calls_total{method="GET",status="4xx"}'] == 1
    assert found['potluck_github_calls_total{method="GET",status="none"}'] == 1
    assert found["potluck_github_remaining"] == 17


def test_what_waits_and_what_was_given_up_is_shown(workshop: House) -> None:
    issue, repo = thread(workshop), garden(workshop)

    @on(CommentWritten)
    def choke(_event: CommentWritten, _ctx: Context) -> None:
        raise ValueError("cannot")

    workshop.sandbox.fail("POST", "/comments", failures.status(422, "no"), times=9)
    want(workshop, Comment(repo, issue.number, "refused", "Hello"))
    workshop.settle()
    workshop.world.comment(workshop.propose(workshop.garden.ada), workshop.garden.bo, "hi")
    workshop.happen()
    with workshop.app.write() as connection:
        outbox.hold(connection, repo.installation_id, "installation suspended", workshop.now)
    want(workshop, Comment(repo, issue.number, "held", "Hello"))
    workshop.advance(timedelta(minutes=3))
    found = figures(workshop)

    assert found['potluck_outbox{state="dead"}'] == 1
    assert found['potluck_outbox{state="held"}'] == 1
    assert found["potluck_installations_held"] == 1
    assert found['potluck_backlog{state="due"}'] == 1
    assert found["potluck_backlog_oldest_seconds"] == 180
    assert found['potluck_retries_total{queue="inbox"}'] == 1
    assert found['potluck_deliveries_handled_total{event="issue_comment",outcome="due"}'] == 1


def test_a_made_up_event_name_makes_no_figure_of_its_own(workshop: House) -> None:
    workshop.deliver("made_up_by_somebody", {"action": "x"})
    workshop.settle()

    names = figures(workshop)
    assert 'potluck_deliveries_handled_total{event="other",outcome="ignored"}' in names
    assert not [name for name in names if "made_up" in name]


def counted(house: House) -> dict[str, int]:
    """How much of each kind there is: deliveries, their bodies, keys, sent writes, done tasks."""
    queries = {
        "processed": select(func.count()).select_from(handling.processed),
        "sent": select(func.count()).select_from(outbox.outbox),
        "surfaces": select(func.count()).select_from(outbox.surface),
        "quick": select(func.count()).where(tasks.task.c.name == "quick"),
    }
    with house.app.read() as app, house.inbox.read() as inbox:
        found = {name: app.scalar(query) or 0 for name, query in queries.items()}
        found["deliveries"] = inbox.scalar(select(func.count()).select_from(delivery)) or 0
        found["bodies"] = inbox.scalar(select(func.count(delivery.c.body))) or 0
    return found


def test_the_daily_tidying_forgets_what_nobody_asks_for_and_nothing_else(workshop: House) -> None:
    on_task("prune")(prune.prune)
    on_task("quick")(lambda _task, _ctx: None)
    on(CommentWritten)(lambda _event, _ctx: lambda _connection: ())
    issue = thread(workshop)
    workshop.world.comment(workshop.propose(workshop.garden.ada), workshop.garden.bo, "hi")
    want(workshop, Comment(garden(workshop), issue.number, "t", "Hello"))
    workshop.tick("quick")
    with workshop.app.write() as connection:
        later = workshop.now + timedelta(days=365)
        tasks.put(connection, Task("quick", "quick far away", later), workshop.now)
    workshop.happen()
    first = counted(workshop)
    assert first | {"deliveries": 0, "bodies": 0} == {
        "processed": 2,  # what Bo said, and what we said ourselves
        "sent": 1,
        "surfaces": 1,
        "quick": 2,
        "deliveries": 0,
        "bodies": 0,
    }
    for days, gone in (
        (1, {}),
        (9, {"quick": 1}),
        (30, {"quick": 1, "sent": 0, "bodies": 0}),
        (60, {"quick": 1, "sent": 0, "bodies": 0, "processed": 0}),
    ):
        workshop.advance(timedelta(days=days))
        workshop.tick("prune")
        workshop.happen()
        assert counted(workshop) == first | gone
