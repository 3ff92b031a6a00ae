"""GitHub and the board are two views of one truth: every act is heard once, and both come to rest."""

import random

from bot.sandbox.records import Issue
from tests.house import House
from tests.scenarios.asking import ask, steer
from tests.scenarios.board.table import assert_at_rest, click, later, stage, way

STAGES = ("asked", "planned", "in_progress", "shipped", "declined")
LABELS = ("planned", "in progress")


def test_labels_closing_and_merging_on_github_are_moves_with_their_cause(house: House) -> None:
    steer(house)
    world, garden = house.world, house.garden
    mara, ada = garden.mara.id, garden.ada.id
    issue, other, third = (ask(house, garden.ada, title) for title in "ABC")
    assert way(house, issue) == [("asked", "asked", ada)]

    later(house)
    world.label(issue, garden.mara, "Planned")
    world.label(other, garden.mara, "in progress")
    house.settle()
    assert way(house, issue)[1:] == [("planned", "labelled", mara)]
    assert issue.labels == ["request", "Planned"]  # nothing to write

    later(house)
    world.unlabel(issue, garden.mara, "Planned")
    world.label(issue, garden.mara, "in progress")
    pull = house.propose(garden.bo, title="Do it")
    pull.body = f"Fixes #{issue.number}"
    house.settle()
    world.merge(pull, garden.mara)
    house.settle()
    assert way(house, issue)[2:] == [
        ("in_progress", "labelled", mara),
        ("shipped", "merged", mara),
    ]
    assert (issue.labels, issue.state_reason) == (["request"], "completed")
    closed_and_opened(house, issue, other, third)


def closed_and_opened(house: House, issue: Issue, other: Issue, third: Issue) -> None:
    """Close and open what has shipped or waits, by people who decide and by others."""
    world, garden = house.world, house.garden
    mara, ada = garden.mara.id, garden.ada.id
    later(house)
    world.reopen(issue, garden.mara)
    world.close(other, garden.ada, "completed")  # whoever asked does not say that it is done
    world.close(third, garden.mara, "completed")
    house.settle()
    assert way(house, issue)[4:] == [("in_progress", "reopened", mara)]
    assert issue.labels == ["request", "in progress"]
    assert way(house, other)[-1] == ("declined", "closed", ada)
    assert (other.labels, other.state_reason) == (["request"], "not_planned")
    assert way(house, third)[-1] == ("shipped", "decided", mara)

    later(house)
    stale = world.account("stale[bot]", "Bot")
    world.close(issue, stale, "completed")
    world.label(third, garden.mara, "planned")  # tidying up opens nothing
    house.settle()
    assert way(house, issue)[-1] == ("declined", "closed", stale.id)
    assert stage(house, third) == "shipped"
    assert_at_rest(house, issue, other, third)


def test_a_move_of_ours_is_written_once_and_never_heard_as_somebody_elses(house: House) -> None:
    steer(house)
    issue = ask(house, house.garden.ada, "A")
    later(house)

    click(house, issue, "planned", "1", "There is money for it.")
    assert house.sender.step()
    assert issue.labels == ["request", "planned"]
    click(house, issue, "in_progress", "2")  # in the same second, before we hear of our label
    with house.calls() as calls:
        house.settle()
    assert issue.labels == ["request", "in progress"]
    assert sum(call.method in {"POST", "DELETE"} and "labels" in call.path for call in calls) == 2
    click(house, issue, "shipped", "3")
    house.settle()
    assert [to for to, _cause, _who in way(house, issue)] == [
        "asked",
        "planned",
        "in_progress",
        "shipped",
    ]
    assert issue.state_reason == "completed"
    assert_at_rest(house, issue)


def test_any_order_of_acts_and_deliveries_comes_to_rest_with_both_equal(house: House) -> None:
    """Six items, forty acts on GitHub, on the page and in comments, deliveries held, doubled, shuffled."""
    steer(house)
    dice = random.Random(house.settings.database_url.split(":")[0])  # the same in every run
    issues = [ask(house, house.garden.ada, f"Item {number}") for number in range(6)]
    with house.calls() as calls:
        for step in range(40):
            later(house, dice.randrange(4))
            act(house, dice, dice.choice(issues), step)
            hooks = house.sandbox.hooks
            if dice.random() < 0.3:
                hooks.hold()
            elif dice.random() < 0.5:
                hooks.release()
                hooks.duplicate(dice.randrange(1, 4))
                hooks.shuffle(dice.randrange(100))
                house.happen()
        house.sandbox.hooks.release()
        house.settle()
    assert_at_rest(house, *issues)
    written = [call for call in calls if call.method in {"POST", "PATCH", "DELETE"}]
    assert len([call for call in written if "/labels" in call.path]) <= 3 * 40

    with house.calls() as calls:
        house.tick("sweep_votes")
        house.settle()
    assert not [call for call in calls if call.method in {"PATCH", "DELETE"}]


def act(house: House, dice: random.Random, issue: Issue, step: int) -> None:
    """Do one thing that people do."""
    world, mara = house.world, house.garden.mara
    kind = dice.choice(("label", "label", "unlabel", "close", "reopen", "click", "click", "say"))
    if kind == "label":
        world.label(issue, mara, dice.choice(LABELS))
    elif kind == "unlabel":
        world.unlabel(issue, mara, dice.choice(LABELS))
    elif kind == "close" and issue.state == "open":
        who = dice.choice((mara, house.garden.ada, house.garden.dependabot))
        world.close(issue, who, dice.choice(("completed", "not_planned")))
    elif kind == "reopen" and issue.state == "closed":
        world.reopen(issue, mara)
    elif kind == "click":
        click(house, issue, dice.choice(STAGES), f"t{step}")
    elif kind == "say":
        world.comment(issue, mara, f"/move {dice.choice(STAGES)} because step {step}")
