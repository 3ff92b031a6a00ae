"""`/move planned because …` on an issue: the same act as a label or a click, answered once."""

from bot.roadmap.board import store
from tests.house import House
from tests.scenarios.asking import ask, said, say, steer
from tests.scenarios.board.table import assert_at_rest, later, request_of, stage, way


def test_a_maintainer_moves_by_a_comment_and_everybody_else_is_told_why_not(house: House) -> None:
    steer(house)
    garden, issue = house.garden, ask(house, house.garden.ada)
    say(house, issue, garden.bo, "/move planned")
    assert "`/move` is for maintainers" in said(issue)[-1]

    later(house)
    say(house, issue, garden.mara, "/move “In Progress” parce que c’est l’été\n/move somewhere")
    assert way(house, issue)[1:] == [("in_progress", "decided", garden.mara.id)]
    assert "this stands at `In progress` now" in said(issue)[-1]
    assert "`asked`, `planned`, `in_progress`, `shipped`, `declined`" in said(issue)[-1]
    with house.app.read() as connection:
        (move,) = store.moves(connection, request_of(house, issue).id)[1:]
    assert move.words == "c’est l’été"

    # A line in a quote or in code moves nothing; what is told once more is not heard again.
    later(house)
    say(house, issue, garden.mara, "> /move declined\n\n`/move declined`\n\n    /move declined")
    assert stage(house, issue) == "in_progress"
    house.sandbox.hooks.hold()
    house.world.comment(issue, garden.mara, "/move declined because of the frost")
    later(house)
    house.world.label(issue, garden.mara, "planned")
    house.sandbox.hooks.shuffle(3)
    house.sandbox.hooks.release()
    house.settle()
    assert stage(house, issue) == "planned"
    assert_at_rest(house, issue)


def test_stages_of_the_project_s_own_with_titles_labels_and_a_milestone(house: House) -> None:
    steer(
        house,
        "stages = [",
        '  { name = "wish" },',
        '  { name = "next", label = "up next", title = "Next up", milestone = "Spring" },',
        '  { name = "done", title = "Harvested", label = "harvested", closes = "completed" },',
        "]",
    )
    garden, issue = house.garden, ask(house, house.garden.ada)
    later(house)
    house.world.set_milestone(issue, garden.mara, "Spring")
    house.settle()
    assert way(house, issue)[1:] == [("next", "milestone", garden.mara.id)]
    assert issue.labels == ["request", "up next"]
    say(house, issue, garden.mara, "/move harvested because it is ripe")
    assert (issue.labels, issue.state) == (["request", "harvested"], "closed")
    later(house)
    house.world.reopen(issue, garden.mara)
    house.settle()
    house.world.close(issue, garden.mara, "not_planned")  # there is no such stage here
    house.settle()
    assert (stage(house, issue), issue.labels) == ("next", ["request", "up next"])
    assert_at_rest(house, issue)
