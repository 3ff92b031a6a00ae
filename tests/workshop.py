"""The workshop: a house in which nothing is handled but what a test says, by handlers of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from bot import outbox, running
from bot.sandbox.records import Installation, Issue, PullRequest, Repository
from core.context import Context, Decide, Effect
from core.github import Action, Check, Comment, Repo
from tests.house import CHECK, House
from webhooks import router
from webhooks.deliveries import delivery
from webhooks.events import PullRequestChanged
from webhooks.router import on


@contextmanager
def bare_router() -> Iterator[None]:
    """Forget all handlers while the block runs; those that it registers are forgotten after it."""
    running.register_handlers()  # importing them later would register them too late
    events, named = dict(router._handlers), dict(router._task_handlers)
    router._handlers.clear()
    router._task_handlers.clear()
    try:
        yield
    finally:
        for known, before in ((router._handlers, events), (router._task_handlers, named)):
            known.clear()
            known.update(before)


@pytest.fixture
def workshop(databases: tuple[str, str], tmp_path: Path) -> Iterator[House]:
    """A house without handlers, with its installation's own events out of the way."""
    with bare_router(), House.open(databases, tmp_path) as opened:
        opened.settle()
        yield opened
        assert opened.sandbox.violations == []


def reached(repository: Repository, installation: Installation) -> Repo:
    return Repo(repository.id, repository.full_name, installation.id)


def garden(house: House) -> Repo:
    return reached(house.garden.repo, house.garden.installation)


def thread(house: House, repository: Repository | None = None) -> Issue:
    """An issue of the garden, about which nobody tells the worker anything."""
    opened = house.world.open_issue(repository or house.garden.repo, house.garden.mara, "An issue")
    house.sandbox.deliver_all()
    while house.worker.sort():
        pass
    return opened


def want(house: House, *actions: Action) -> None:
    with house.app.write() as connection:
        for action in actions:
            outbox.put(connection, action, house.now)


def rows(house: House) -> dict[str, tuple[str, str | None]]:
    """State and note of each row, by effect key without the surface's kind and repository."""
    with house.app.read() as connection:
        table = outbox.outbox.c
        found = connection.execute(select(table.effect_key, table.state, table.error))
        return {row.effect_key.split(":", 2)[2]: (row.state, row.error) for row in found}


def bodies(issue: Issue) -> list[str]:
    return [comment.body.partition("\n")[0] for comment in issue.comments]


def report(event: PullRequestChanged, ctx: Context) -> Decide:
    """A level-triggered handler: whatever happened, it reads what is so, and says that."""
    pull = ctx.github(event.repo).pull_request(event.repo, event.pull.number)

    def decide(_connection: Connection) -> list[Effect]:
        text = f"#{pull.number} is {pull.state} at {pull.head_sha}"
        conclusion = "neutral" if pull.state == "closed" else "success"
        return [
            Comment(event.repo, pull.number, "state", text),
            Check(event.repo, pull.head_sha, CHECK, conclusion, "Seen", text),
        ]

    return decide


def states(house: House) -> list[str]:
    """The state of every delivery since the house was opened, oldest first."""
    with house.inbox.read() as connection:
        rows = connection.execute(
            select(delivery.c.state, delivery.c.event).order_by(delivery.c.id)
        )
        return [row.state for row in rows if not row.event.startswith("installation")]


def said(pull: PullRequest, state: str) -> list[str]:
    """What the bot has to say about a pull request."""
    text = f"#{pull.number} is {state} at {pull.head_sha}"
    return [f"{text}\n\n<!-- potluck:state -->\n"]


@pytest.fixture
def reporting(workshop: House) -> Iterator[House]:
    on(PullRequestChanged)(report)
    return workshop
