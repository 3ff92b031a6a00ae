"""Who acts on what: `@on(Event)` and `@on_task("name")` register handlers; the worker looks them up."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from core.context import Context, Decide
from webhooks.events import Event

E = TypeVar("E")
Handler = Callable[[E, Context], Decide | None]


@dataclass(frozen=True)
class TaskDue:
    """A task of ours whose time has come."""

    name: str
    about: dict[str, Any]
    due_at: datetime


_handlers: dict[type, list[Handler[Any]]] = {}
_task_handlers: dict[str, Handler[TaskDue]] = {}


def on(kind: type[E]) -> Callable[[Handler[E]], Handler[E]]:
    """Register a handler for one kind of event; several run in the order of registration."""

    def register(handler: Handler[E]) -> Handler[E]:
        _handlers.setdefault(kind, []).append(handler)
        return handler

    return register


def on_task(name: str) -> Callable[[Handler[TaskDue]], Handler[TaskDue]]:
    """Register the one handler of a task; a second one under the same name stops the start."""

    def register(handler: Handler[TaskDue]) -> Handler[TaskDue]:
        if name in _task_handlers:
            message = f"task {name} has two handlers"
            raise RuntimeError(message)
        _task_handlers[name] = handler
        return handler

    return register


def handlers_of(event: Event) -> tuple[Handler[Any], ...]:
    """Give the handlers of an event, in order; none means that nobody cares."""
    return tuple(_handlers.get(type(event), ()))


def handler_of_task(name: str) -> Handler[TaskDue] | None:
    """Give the handler of a task, if there is one."""
    return _task_handlers.get(name)
