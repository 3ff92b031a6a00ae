"""The board on pages: who may move what, what everybody reads, and what was there before us."""

from datetime import timedelta

from bot.sandbox.records import Issue
from tests.house import House
from tests.scenarios.asking import ask, say, steer, sweep, write_rules
from tests.scenarios.board.table import assert_at_rest, later, request_of, stage, way
from tests.visitor import Visitor

PROJECT = "/potluck-sandbox/garden"
BOARD = f"{PROJECT}/roadmap"


def test_maintainers_move_by_a_form_and_everybody_reads_why(house: House) -> None:
    steer(house)
    garden = house.garden
    issue, other = ask(house, garden.ada, "Water <b>at night</b>"), ask(house, garden.bo, "Beans")
    why = f"{PROJECT}/requests/{issue.number}/why"
    with Visitor(house) as stranger, Visitor(house) as bo, Visitor(house) as mara:
        assert "Move it" not in stranger.get(BOARD).text
        bo.sign_in(garden.bo)
        assert "Move it" not in bo.get(why).text
        mara.sign_in(garden.mara)
        page = mara.get(BOARD)
        form = f"move-{issue.number}"
        fields = {"stage": "planned", "words": "It <i>froze</i> twice."}
        answer = mara.fill_in(page, fields, form)
        assert "It is moved. GitHub shows it in a moment." in answer.text
        mara.fill_in(page, fields, form)  # a double click
        house.settle()
        assert way(house, issue)[1:] == [("planned", "decided", garden.mara.id)]
        assert issue.labels == ["request", "planned"]

        refused(mara, bo, f"{PROJECT}/requests/{issue.number}")
        read(stranger, issue)

        # What is joined stands on the board with the other.
        say(house, other, garden.mara, f"/duplicate #{issue.number}")
        joined = mara.get(f"{PROJECT}/requests/{other.number}/why").text
        assert f"why #{issue.number} is there" in joined
        assert "Beans" not in stranger.get(BOARD).text
        assert_at_rest(house, issue)


def refused(mara: Visitor, bo: Visitor, here: str) -> None:
    """Send the form of somebody who may not move anything, and forms that nobody made."""
    why, form = f"{here}/why", f"move-{here.rpartition('/')[2]}"
    token = mara.get(why).text.partition('name="shown" value="')[2].partition('"')[0]
    assert bo.post(f"{here}/move", {"stage": "shipped", "shown": token}).status_code in {400, 404}
    too_long = mara.submit(why, {"words": "x" * 501}, form)
    assert (too_long.status_code, "1 character too many" in too_long.text) == (422, True)
    unknown = mara.submit(why, {"stage": "elsewhere"}, form)
    assert (unknown.status_code, "Choose one of the stages." in unknown.text) == (422, True)
    assert mara.submit(why, {"shown": "'"}, form).status_code == 400


def read(stranger: Visitor, issue: Issue) -> None:
    """Read the pages as everybody does."""
    told = stranger.get(f"{PROJECT}/requests/{issue.number}/why").text
    assert "Decided by <bdi>mara</bdi>" in told
    assert "It &lt;i&gt;froze&lt;/i&gt; twice." in told
    assert "It stands at <strong>Planned</strong>" in told
    board = stranger.get(BOARD).text
    assert (
        board.index("Water &lt;b&gt;") > board.index('id="stage-planned"') > board.index("Beans")
    )
    page = " ".join(stranger.get(f"{PROJECT}/requests/{issue.number}").text.split())
    assert "Moved to “Planned”: Decided by <bdi>mara</bdi>" in page
    assert "From the roadmap" in stranger.get(f"{PROJECT}/").text
    for path in (f"{BOARD}?stage=nowhere", f"{PROJECT}/requests/99/why"):
        assert stranger.get(path).status_code == 404
    for path in (f"{BOARD}?stage=asked&after=x.y", f"{BOARD}/figures"):
        assert stranger.get(path).status_code == 200


def test_what_was_there_before_gets_its_stage_in_silence(house: House) -> None:
    world, garden = house.world, house.garden
    told = (
        ("open", (), "asked"),
        ("open", ("planned", "in progress"), "in_progress"),
        ("completed", ("planned",), "shipped"),
        ("not_planned", (), "declined"),
    )
    issues = []
    for reason, labels, _to in told:
        issue = world.open_issue(garden.repo, garden.bo, "Old", labels=["request", *labels])
        if reason != "open":
            world.close(issue, garden.mara, reason)
        issues.append(issue)
    house.settle()
    house.advance(timedelta(days=3))
    write_rules(house)
    with house.calls() as calls:
        house.settle()
        sweep(house)
    assert [stage(house, issue) for issue in issues] == [to for _reason, _labels, to in told]
    assert not [call for call in calls if call.method in {"PATCH", "DELETE"}]
    assert not [call for call in calls if call.path.endswith(("/labels", "/comments", "/graphql"))]
    assert way(house, issues[2])[1:] == [("shipped", "closed", 0)]

    later(house)
    world.reopen(issues[2], garden.mara)
    house.settle()
    assert (stage(house, issues[2]), issues[2].labels) == ("asked", ["request"])
    assert_at_rest(house, issues[0], issues[2])


def test_a_request_that_is_moved_to_another_repository_keeps_its_way(house: House) -> None:
    steer(house)
    garden, world = house.garden, house.world
    orchard = world.repository(garden.organization, "orchard", files={"README.md": "# Trees\n"})
    world.collaborate(orchard, garden.mara, "admin")
    world.install(orchard, by=garden.mara)
    house.settle()
    write_rules(house, repo=orchard)
    house.settle()
    issue = ask(house, garden.ada)
    later(house)
    say(house, issue, garden.mara, "/move planned because of the frost")
    later(house)
    moved = world.transfer_issue(issue, orchard, garden.mara)
    house.settle()
    assert [to for to, _cause, _who in way(house, moved)] == ["asked", "planned"]
    later(house)
    world.label(moved, garden.mara, "in progress")
    house.settle()
    assert request_of(house, moved).stage == "in_progress"
    assert_at_rest(house, moved)
