"""Discussions as requests: intake by category, votes by each door, and issues that become one."""

from datetime import datetime, timedelta

from sqlalchemy import select

from bot.roadmap import store
from bot.roadmap.store import Request
from bot.roadmap.tables import request
from bot.sandbox import failures
from bot.sandbox.records import Comment, Discussion, PullRequest
from licensing.tables import signature
from tests.house import House
from tests.scenarios.agreement import conclusion, offer
from tests.scenarios.asking import acts, ask, count, found, person, said, say, steer, sweep, voters
from tests.visitor import Visitor

RULES = ('discussions = "Ideas"', "young_account_days = 0")


def told(house: House, it: Discussion) -> list[str]:
    house.settle()
    return [comment.body for comment in it.comments if comment.app is not None]


def signed(house: House) -> list[tuple[int, datetime]]:
    """Give who signed, and when."""
    with house.app.read() as connection:
        rows = connection.execute(select(signature.c.github_id, signature.c.acted_at))
        return [(row.github_id, row.acted_at) for row in rows]


def test_a_discussion_of_the_category_is_a_request_with_all_doors(house: House) -> None:
    steer(house, *RULES)
    garden, world = house.garden, house.world
    other = world.open_discussion(garden.repo, garden.ada, "How are you?", "Chat")
    idea = world.open_discussion(garden.repo, garden.ada, "Water the beds by themselves", "Ideas")
    (greeting,) = told(house, idea)
    assert "This is a request now" in greeting
    assert (told(house, other), found(house, other)) == ([], None)
    asked = found(house, idea)
    assert asked is not None
    assert (asked.intake, asked.origin, asked.author.id) == ("discussion", "asked", garden.ada.id)

    for number in range(103):
        world.react(idea, person(house, number))
    world.react(idea, garden.dependabot)
    sweep(house)
    assert count(house, idea) == 103
    with house.calls() as seen:
        sweep(house)
    assert [call.path for call in seen] == [f"/repos/{garden.repo.full_name}/issues", "/graphql"]
    _vote_by_comment(house, idea, other)
    _end(house, idea, other)


def _vote_by_comment(house: House, idea: Discussion, other: Discussion) -> None:
    garden, world = house.garden, house.world
    comment = world.say_in_discussion(idea, garden.bo, "/vote\n/help")
    assert any("@bo, your vote for this request counts" in body for body in told(house, idea))
    assert garden.bo.id in voters(house, idea)
    house.advance(timedelta(minutes=1))
    world.edit_in_discussion(comment, garden.bo, "/unvote")
    assert len(told(house, idea)) == 2  # the greeting, and one answer that is edited in place
    assert garden.bo.id not in voters(house, idea)
    world.say_in_discussion(other, garden.bo, "/vote")
    assert "this issue is no request" in told(house, other)[-1]


def _end(house: House, idea: Discussion, other: Discussion) -> None:
    garden, world = house.garden, house.world
    world.change_discussion(idea, garden.mara, "closed")
    house.settle()
    assert (closed := found(house, idea)) is not None
    assert (closed.state, closed.stage) == ("closed", "shipped")
    house.advance(timedelta(minutes=1))
    world.change_discussion(idea, garden.mara, "reopened")
    house.settle()
    assert (again := found(house, idea)) is not None
    assert (again.state, again.stage) == ("open", "asked")
    world.change_discussion(idea, garden.mara, "category_changed", category="Chat")
    house.settle()
    assert store_state(house, idea) == "dropped"
    world.change_discussion(other, garden.mara, "category_changed", category="ideas")
    house.settle()
    assert store_state(house, other) == "open"
    world.change_discussion(other, garden.mara, "deleted")
    house.settle()
    assert store_state(house, other) == "gone"


def store_state(house: House, it: Discussion) -> str:
    asked = found(house, it)
    return asked.state if asked else ""


def test_an_issue_that_becomes_a_discussion_is_the_same_request_with_its_votes(
    house: House,
) -> None:
    steer(house, *RULES)
    garden, world = house.garden, house.world
    for keeps, category, order in ((True, "Ideas", 1), (False, "Chat", 2), (True, "Ideas", 3)):
        issue = ask(house, garden.ada, f"Wish {order} for the garden")
        for who in (garden.bo, garden.chen):
            world.react(issue, who)
        sweep(house)
        say(house, issue, garden.mara, "/vote")
        before = found(house, issue)
        assert before is not None
        into = world.convert_issue(issue, garden.mara, category, keeps_reactions=keeps)
        house.sandbox.hooks.shuffle(order)
        house.settle()
        sweep(house)

        after = found(house, into)
        assert after is not None
        assert (after.id, after.node_id, after.state) == (before.id, before.node_id, "open")
        assert voters(house, into) == {garden.bo.id, garden.chen.id, garden.mara.id}
        assert all_of(house, f"Wish {order} for the garden") == [before.id]
        assert "request now" not in "".join(told(house, into))
        _go_on(house, into, keeps=keeps)
        # What happens to the empty shell is nothing to the request.
        world.close(issue, garden.mara)
        say(house, issue, garden.mara, "/vote")
        kept = found(house, into)
        assert kept is not None
        assert (kept.number, kept.state) == (into.number, "open")
        world.change_discussion(into, garden.mara, "closed")
        house.settle()


def _go_on(house: House, into: Discussion, *, keeps: bool) -> None:
    """Take votes back there: a 👍 only where GitHub brought it along."""
    garden, world = house.garden, house.world
    world.say_in_discussion(into, garden.mara, "/unvote")
    if keeps:
        world.unreact(into, garden.bo)
    house.settle()
    sweep(house)
    rest = {garden.chen.id} if keeps else {garden.bo.id, garden.chen.id}
    assert voters(house, into) == rest
    heard = acts(house)
    sweep(house)
    assert acts(house) == heard


def all_of(house: House, title: str) -> list[int]:
    """Give the ids of all requests of a title: nothing became two."""
    with house.app.read() as connection:
        return list(connection.scalars(select(request.c.id).where(request.c.title == title)))


def test_what_a_sweep_finds_is_taken_in_silently(house: House) -> None:
    garden, world = house.garden, house.world
    idea = world.open_discussion(garden.repo, garden.ada, "Older than the roadmap", "Ideas")
    done = world.open_discussion(garden.repo, garden.ada, "Done before the roadmap", "ideas")
    for it in (idea, done):
        world.react(it, garden.bo)
    world.change_discussion(done, garden.mara, "closed")
    house.settle()
    steer(house, *RULES)
    sweep(house)
    assert voters(house, idea) == voters(house, done) == {garden.bo.id}
    assert told(house, idea) == told(house, done) == []
    assert (closed := found(house, done)) is not None
    assert (closed.state, closed.stage) == ("closed", "shipped")
    issue = ask(house, garden.ada, "Not heard of")
    world.react(issue, garden.chen)
    sweep(house)
    into = world.convert_issue(issue, garden.mara, "Ideas", keeps_reactions=False)
    house.sandbox.hooks._queue.clear()
    sweep(house)
    with house.app.read() as connection:
        asked: Request | None = store.by_number(connection, garden.repo.id, into.number)
    assert asked is not None
    assert asked.title == "Not heard of"
    assert voters(house, into) == {garden.chen.id}
    assert said(into) == []


def test_where_discussions_are_refused_or_come_in_half_nothing_is_lost(house: House) -> None:
    steer(house, *RULES)
    garden, world = house.garden, house.world
    idea = world.open_discussion(garden.repo, garden.ada, "Water the beds by themselves", "Ideas")
    issue = ask(house, garden.ada, "A bench in the shade")
    for thread in (idea, issue):
        world.react(thread, garden.bo)
    sweep(house)
    world.react(issue, garden.chen)
    world.unreact(idea, garden.bo)
    refused = {"data": None, "errors": [{"type": "FORBIDDEN", "message": "Not accessible"}]}
    house.sandbox.fail("POST", "/graphql", failures.saying(refused))
    sweep(house)
    assert voters(house, issue) == {garden.bo.id, garden.chen.id}
    assert (store_state(house, idea), voters(house, idea)) == ("open", {garden.bo.id})

    page = {"pageInfo": {"hasNextPage": False, "endCursor": None}, "nodes": [{"id": "D_1"}]}
    half = {"data": {"repository": {"discussions": page}}}
    limited = {"data": None, "errors": [{"type": "RATE_LIMITED", "message": "Later"}]}
    for answer in (half, limited):
        house.sandbox.fail("POST", "/graphql", failures.saying(answer))
        sweep(house)
    assert (store_state(house, idea), voters(house, idea)) == ("open", set())


def test_what_people_said_in_a_week_that_nobody_can_repeat_is_heard(house: House) -> None:
    steer(house, *RULES)
    garden, world = house.garden, house.world
    idea = world.open_discussion(garden.repo, garden.ada, "Water the beds by themselves", "Ideas")
    issue = ask(house, garden.ada, "A bench in the shade")
    ponds = [world.open_discussion(garden.repo, garden.ada, f"{it} ponds", "Ideas") for it in "23"]
    pulls = [offer(house, it, {"author": it}) for it in (garden.ada, garden.bo)]
    house.tick("reconcile_deliveries")
    house.settle()
    house.advance(timedelta(days=6))
    house.sandbox.hooks.lose(100)
    signed_at = house.now
    foreign = _unheard_on(house, pulls, ponds)
    later = world.open_discussion(garden.repo, garden.ada, "A roof", "Ideas")
    no_more = [
        world.comment(issue, garden.mara, "/vote"),
        world.comment(issue, garden.bo, "/vote"),
    ]
    for it in (idea, later):
        first = world.say_in_discussion(it, garden.mara, "Who wants it?")
        world.say_in_discussion(it, garden.chen, "I do.\n/vote", below=first)
    house.advance(timedelta(hours=1))
    world.edit_comment(no_more[0], garden.mara, "It was a thought.")
    world.edit_comment(no_more[1], garden.mara, "Nobody wants that.")
    world.edit_comment(foreign, garden.mara, "/sign")
    house.sandbox.hooks.lose(0)

    heard: list[int] = []
    for days in (0, 6):
        house.advance(timedelta(days=days))
        house.tick("reconcile_deliveries")
        house.settle()
        assert voters(house, issue) == {garden.bo.id}, "what others edit stays one's own"
        assert voters(house, idea) == voters(house, later) == {garden.chen.id}
        assert "@chen, your vote for this request counts" in told(house, later)[-1]
        assert signed(house) == [(garden.ada.id, signed_at)], "nobody signs by what others write"
        assert [conclusion(house, it) for it in pulls] == ["success", "action_required"]
        heard.append(acts(house))
    assert heard[0] == heard[1]
    _closed_by_nobody_known(house, *ponds)


def _unheard_on(house: House, pulls: list[PullRequest], ponds: list[Discussion]) -> Comment:
    """Let Ada sign, and two discussions be closed; gives a comment of Bo's that says nothing."""
    garden, world = house.garden, house.world
    world.comment(pulls[0], garden.ada, "/sign\n/waive @bo")
    ponds[0].state_reason = "outdated"
    for it in ponds:
        world.change_discussion(it, garden.mara, "closed")
    return world.comment(pulls[1], garden.bo, "What do I have to do?")


def _closed_by_nobody_known(house: House, old: Discussion, solved: Discussion) -> None:
    """What nobody wants any more is declined, whoever said so; that it is done, somebody has to say."""
    sweep(house)
    stages = [(one.state, one.stage) for it in (old, solved) if (one := found(house, it))]
    assert stages == [("closed", "declined"), ("closed", "asked")]
    with Visitor(house) as visitor:
        why = visitor.get(f"/{house.garden.repo.full_name}/requests/{old.number}/why").text
    assert "closed while nobody listened" in why
