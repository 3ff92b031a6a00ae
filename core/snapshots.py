"""Within one snapshot the same question has the same answer: the database is asked it once.

A page is put together by many hands, and each asks for itself what it needs. Outside of
`Database.snapshot` nothing is kept: there the next answer may be another one.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection

ANSWERS = "answers"
"""Under this name `Connection.info` keeps what was answered already, while a snapshot lasts."""

P = ParamSpec("P")
T = TypeVar("T")


def asked_once(
    read: Callable[Concatenate[Connection, P], T],
) -> Callable[Concatenate[Connection, P], T]:
    """Let a function that only reads, and whose answer nobody changes, answer once in a snapshot.

    What it is asked with has to be hashable.
    """

    @wraps(read)
    def asked(connection: Connection, /, *given: P.args, **named: P.kwargs) -> T:
        answers = connection.info.get(ANSWERS)
        if answers is None:
            return read(connection, *given, **named)
        question = (read, given, frozenset(named.items()))
        if question not in answers:
            answers[question] = read(connection, *given, **named)
        found: T = answers[question]
        return found

    return asked
