"""What an endpoint is described by, and the parameters that several of them have."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from bot.api import asked
from bot.mistakes import N_

REPO = "/api/v1/repos/{owner}/{repo}"


@dataclass(frozen=True)
class Parameter:
    """Something to ask for in the query; `about` is a msgid."""

    name: str
    about: str
    schema: Mapping[str, Any]


@dataclass(frozen=True)
class Operation:
    """An endpoint: its path, what it answers, and whether it needs a token. Words are msgids.

    `body` is what it is sent, for those that are asked with POST.
    """

    path: str
    name: str
    summary: str
    about: str
    answer: type
    needs_token: bool = False
    parameters: tuple[Parameter, ...] = ()
    method: Literal["get", "post"] = "get"
    body: type | None = None


WHOLE = {"type": "integer", "minimum": 1, "maximum": asked.LARGEST}
ACCOUNT = {"type": "integer", "minimum": 1, "maximum": asked.LARGEST_ACCOUNT}
WORDS = {"type": "string", "maxLength": asked.LONGEST}
INSTANT = {
    "type": "string",
    "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.]+(Z|[+-][0-9]{2}:[0-9]{2}))?$",
}

BEFORE = Parameter("before", N_("Only what stands behind this one; `next` sets it."), WHOLE)
PER_PAGE = Parameter(
    "per_page",
    N_("How many items a page has."),
    {
        "type": "integer",
        "minimum": 1,
        "maximum": asked.MOST_AT_ONCE,
        "default": asked.USUAL_AT_ONCE,
    },
)
