"""`/move planned because …` on an issue: the same act as a label or a click, answered once."""

from bot.roadmap.board import store
from tests.house import House
from tests.scenarios.asking import ask, said, say, steer, sweep
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


def test_who_decides_is_whom_github_lets_decide_though_their_membership_is_private(
    house: House,
) -> None:
    steer(house)
    garden, world = house.garden, house.world
    bo, chen = garden.bo, garden.chen
    garden.repo.permissions |= {bo.id: "write", chen.id: "read"}
    # GitHub calls bo a contributor then, and chen a collaborator.
    garden.repo.private_members.add(bo.id)
    issue, other = ask(house, garden.ada), ask(house, garden.ada, "B")
    said_by_chen = f"/move planned\n/duplicate #{other.number}\n/accept\n/intend test: so"
    say(house, issue, chen, said_by_chen)
    for refused in ("`/move` is for", "`/duplicate` and", "`/accept` is for", "whoever asked"):
        assert refused in said(issue)[-1], refused
    assert stage(house, issue) == "asked"
    say(house, issue, bo, "/accept\n/move planned because it is time")
    assert "`/accept` is for maintainers" in said(issue)[-1]  # money needs another role
    assert way(house, issue)[1:] == [("planned", "decided", bo.id)]

    own, missed = ask(house, bo, "C"), world.open_issue(garden.repo, bo, "D", labels=["request"])
    house.sandbox.hooks.drop(len(house.sandbox.hooks.waiting))
    sweep(house)
    later(house)
    world.close(own, bo, "completed")
    house.settle()
    assert {request_of(house, one).origin for one in (own, missed)} == {"pushed"}
    assert stage(house, own) == "shipped"  # whoever decides says that it is done
    assert_at_rest(house, issue, own, missed)


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
