"""What stands on a request of the garden, what the bot says of it, and time that passes."""

from datetime import timedelta

from bot.roadmap.board import store as board
from bot.roadmap.intents import proof, standing
from bot.roadmap.intents.values import Standing
from bot.sandbox.records import Account, Comment, Discussion, Issue
from tests.house import House
from tests.scenarios.asking import found, said

DAY = timedelta(days=1)


def stands(house: House, issue: Issue) -> Standing:
    asked = found(house, issue)
    assert asked is not None
    with house.app.read() as connection:
        assert proof.problems(connection) == ()
        return standing.stands(connection, asked.id)


def stage(house: House, issue: Issue) -> str:
    asked = found(house, issue)
    assert asked is not None
    with house.app.read() as connection:
        return board.stage_of(connection, asked.id)


def write(
    house: House, it: Issue, who: Account, body: str, below: Comment | None = None
) -> Comment:
    """Comment on a thread of either kind, in a discussion perhaps below another; nothing happens yet."""
    if isinstance(it, Discussion):
        return house.world.say_in_discussion(it, who, body, below=below)
    return house.world.comment(it, who, body)


def rewrite(house: House, comment: Comment, who: Account, body: str) -> None:
    """Edit a comment, wherever it stands; nothing happens yet."""
    there = isinstance(comment.thread, Discussion)
    edit = house.world.edit_in_discussion if there else house.world.edit_comment
    edit(comment, who, body)


def pass_time(house: House, span: timedelta) -> None:
    """Let time pass, with the sweep that runs every five minutes when it is over."""
    house.advance(span)
    house.tick("sweep_intents")
    house.settle()


def about(issue: Issue, words: str) -> str:
    """Give our one comment that says this; fails unless it is one."""
    (one,) = [body for body in said(issue) if words in body]
    return one


def answer(issue: Issue, who: Account) -> str:
    """Give what somebody was answered last."""
    (one,) = [body for body in said(issue) if f"answer:{who.id} " in body]
    return one
