"""What it costs to look at a thousand open requests where nothing, or little, has changed."""

from sqlalchemy import insert

from bot.roadmap.tables import request
from bot.sandbox import shapes
from bot.sandbox.records import Issue
from tests.house import House
from tests.scenarios.asking import person, steer, sweep

MANY = 1_000


def plant(house: House) -> None:
    """Put a thousand requests on GitHub that we know, each on the board and read today."""
    repo, ada, world = house.garden.repo, house.garden.ada, house.world
    now = house.now.replace(microsecond=0)
    rows = []
    for number in range(1, MANY + 1):
        issue = Issue(world.new_id(), number, repo, f"Wish {number}", "", ada, now, now)
        issue.labels = ["request"]
        repo.threads[number] = issue
        shown = shapes.issue(world.place, issue)
        rows.append(
            {
                "node_id": shown["node_id"],
                "repo_id": repo.id,
                "number": number,
                "title": issue.title,
                "author_id": ada.id,
                "author_login": ada.login,
                "intake": "label",
                "origin": "asked",
                "state": "open",
                "stage": "asked",
                "labelled": True,
                "opened_at": now,
                "updated_at": now,
                "root_id": number,
                "swept_at": now,
            }
        )
    with house.app.write() as connection:
        connection.execute(insert(request), rows)
        connection.execute(request.update().values(root_id=request.c.id))


def test_a_thousand_unchanged_requests_cost_ten_lists_and_each_change_one_call_more(
    house: House,
) -> None:
    steer(house, "young_account_days = 0")
    repo, world = house.garden.repo, house.world
    plant(house)
    with house.calls() as seen:
        sweep(house)
    assert [call.path.split("/")[-1] for call in seen] == ["issues"] * 10
    for number in (7, 500, 999):
        world.react(repo.threads[number], person(house, number))
    with house.calls() as seen:
        sweep(house)
    assert sum(call.path.endswith("/issues") for call in seen) == 10
    assert sum(call.path.endswith("/reactions") for call in seen) == len(seen) - 10 == 3
