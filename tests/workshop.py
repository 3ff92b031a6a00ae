"""The workshop: a house in which nothing is handled but what a test says, by handlers of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot import running
from tests.house import House
from webhooks import router


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
