"""The timeline of an issue as it is read from GitHub: whole, in order, and refusals by their names."""

from typing import Any

import pytest

from core.github import GitHubError, Inaccessible, Incomplete, NotFound, RateLimited, Refused, Repo
from core.pygithub import acts
from tests.house import START, House
from tests.scenarios.asking import ask


def refused(kind: str) -> Any:
    return {"data": None, "errors": [{"type": kind, "message": "no"}]}


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (refused("NOT_FOUND"), NotFound),
        (refused("RATE_LIMITED"), RateLimited),
        (refused("FORBIDDEN"), Inaccessible),
        (refused(""), Refused),
        ({"data": None}, Incomplete),
        ({"data": {"viewer": {"login": "x"}, "repository": {"issue": None}}}, Incomplete),
        ([], Incomplete),
    ],
)
def test_what_graphql_refuses_is_no_empty_timeline(answer: Any, error: type[GitHubError]) -> None:
    with pytest.raises(error):
        acts.read(lambda _body: answer, lambda: START, "acme/kettle", 1)


def test_graphql_lies_beside_the_rest_api() -> None:
    assert acts.address("https://api.github.com") == "https://api.github.com/graphql"
    assert (
        acts.address("https://ghe.acme.example/api/v3") == "https://ghe.acme.example/api/graphql"
    )


def test_a_long_timeline_is_read_whole_and_says_what_was_ours(house: House) -> None:
    garden, world = house.garden, house.world
    issue = ask(house, garden.ada, labels=[])
    for _time in range(60):
        world.label(issue, garden.mara, "planned")
        world.unlabel(issue, garden.dependabot, "planned")
    world.close(issue, house.sandbox.app.bot, "not_planned")
    world.set_milestone(issue, garden.ada, "Spring")
    repo = Repo(garden.repo.id, garden.repo.full_name, garden.installation.id)
    with house.calls() as calls:
        found = house.github.github(repo).issue_acts(repo, issue.number)

    assert [call.path for call in calls if "graphql" in call.path] == ["/graphql"] * 2
    assert (len(found), len({one.id for one in found})) == (122, 122)
    assert [one.kind for one in found[:2]] == ["labeled", "unlabeled"]
    label, taken, closed, milestone = found[0], found[1], found[-2], found[-1]
    assert (label.name, label.actor and label.actor.id, label.by_us) == ("planned", 1901, False)
    assert taken.actor is not None
    assert (taken.actor.login, taken.actor.is_bot) == ("dependabot[bot]", True)
    assert (closed.reason, closed.by_us, taken.by_us) == ("not_planned", True, False)
    assert (milestone.kind, milestone.name) == ("milestoned", "Spring")
