"""What the scenarios of the board have in common: a garden with a roadmap, moves, and the law of rest."""

from datetime import timedelta

from bot import outbox, people, tasks
from bot.roadmap import store
from bot.roadmap.board import moving, proof, rules
from bot.roadmap.board import store as board
from bot.roadmap.board.rules import Cause, View
from bot.roadmap.store import Request
from bot.sandbox.records import Issue
from core.context import Task
from core.github import Account as GitHubAccount
from tests.house import House


def request_of(house: House, issue: Issue) -> Request:
    """Give the request that an issue is."""
    with house.app.read() as connection:
        found = store.by_number(connection, issue.repo.id, issue.number)
    assert found is not None
    return found


def stage(house: House, issue: Issue) -> str:
    """Give where an issue stands on the board."""
    return request_of(house, issue).stage


def way(house: House, issue: Issue) -> list[tuple[str, str, int]]:
    """Give how it came there: (stage, cause, actor) of each move."""
    with house.app.read() as connection:
        found = board.moves(connection, request_of(house, issue).id)
    return [(one.to_stage, one.cause, one.actor_id) for one in found]


def click(house: House, issue: Issue, to: str, token: str, words: str = "") -> None:
    """Move an item as the page does, by mara."""
    with house.app.write() as connection:
        asked = store.by_number(connection, issue.repo.id, issue.number)
        assert asked is not None
        people.note(connection, house.garden.mara.id, GitHubAccount(1901, "mara"), house.now)
        cause = Cause("decided", house.garden.mara.id, f"web:{token}", house.now, words)
        for effect in moving.move(connection, asked, to, cause, house.now):
            if isinstance(effect, Task):
                tasks.put(connection, effect, house.now)
            else:
                outbox.put(connection, effect, house.now)


def assert_at_rest(house: House, *issues: Issue) -> None:
    """GitHub and board say the same of each, every move is proven, and nothing waits to be done."""
    with house.app.read() as connection:
        assert tuple(proof.problems(connection)) == ()
        for issue in issues:
            asked = store.by_number(connection, issue.repo.id, issue.number)
            assert asked is not None
            stages = board.stages_of(connection, asked.repo_id)
            view = View(tuple(issue.labels), issue.state, issue.state_reason or "")
            about = (issue.number, asked.stage, view)
            assert rules.is_at_rest(stages, asked.stage, view), about
            assert not rules.marks(stages, asked.stage, view), about


def later(house: House, seconds: int = 2) -> None:
    """Let a moment pass, so that two acts are not of the same second."""
    house.advance(timedelta(seconds=seconds))
