"""One kind of data that is kept about people: the form of the table on the page of privacy."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

Gettext = Callable[[str], str]


@dataclass(frozen=True)
class Kept:
    """One kind of data; `span` is None where it is kept for good, or until something happens.

    `until` says what that is; `erasable` says whether the person can erase it at any time.
    """

    what: str
    why: str
    span: timedelta | None
    until: str
    erasable: bool
