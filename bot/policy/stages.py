"""The stages of the board, `[[roadmap.stages]]`: what they are, the usual ones, and their mistakes."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from bot.mistakes import N_, Lines, Problem
from bot.policy.sections import LONGEST_GITHUB_LABEL, Unknown
from bot.policy.shape import Stage
from bot.policy.values import Check, Found, is_line, one_of

Closes = Literal["completed", "not_planned", "none"]
CLOSES: tuple[Closes, ...] = ("none", "completed", "not_planned")
STAGES = "roadmap.stages"
LEAST, MOST = 2, 12
LONGEST_NAME = 24
LONGEST_TITLE = 60
LONGEST_MILESTONE = 255

_NAME = re.compile(r"[a-z][a-z0-9_]{0,23}", re.ASCII)

_STAGES = N_(
    "“stages” must be sections: write [[roadmap.stages]] on a line of its own before each,"
    " %(least)d to %(most)d of them."
)
_STAGE_NAME = N_(
    "A stage needs a name of small letters, digits and “_”, at most %(most)d,"
    ' as in: name = "in_progress".'
)
_TWICE = N_("There are two stages with the %(key)s “%(value)s”. Give each its own.")
_LINE = N_("“%(key)s” must be one line of at most %(most)d characters.")
_COMMA = N_("A label with a comma in it cannot be looked for on GitHub. Choose another one.")
_CLOSES = N_('“closes” must be a text, as in: closes = "completed".')
_FIRST = N_(
    "New requests stand at the first stage, so it cannot close them. Put another one first."
)
_THE_LABEL = N_("“%(value)s” is what makes an issue a request. Give the stage another label.")


@dataclass(frozen=True)
class BoardStage:
    """A stage: `label` marks it on GitHub (or none), `closes` says how its issues are closed there.

    `title` is what the project calls it, empty for the usual word. An issue that is given the
    milestone `milestone` comes to this stage.
    """

    name: str
    label: str = ""
    title: str = ""
    closes: Closes = "none"
    milestone: str = ""


USUAL = (
    BoardStage("asked"),
    BoardStage("planned", "planned"),
    BoardStage("in_progress", "in progress"),
    BoardStage("shipped", closes="completed"),
    BoardStage("declined", closes="not_planned"),
)
"""Without labels at the ends: there it is enough that the issue is open, or how it was closed."""


def read(given: tuple[Stage, ...]) -> tuple[BoardStage, ...]:
    """Give the stages that a file names, the usual ones where it names none."""
    return (
        tuple(
            BoardStage(
                one.name,
                one.label.strip(),
                one.title.strip(),
                next(it for it in CLOSES if it == one.closes),
                one.milestone.strip(),
            )
            for one in given
        )
        or USUAL
    )


def find_stages(where: Lines, value: object, label: object, unknown: Unknown) -> Iterator[Problem]:
    """Give the mistakes in the stages; `label` is the one that makes an issue a request."""
    if (
        not isinstance(value, list)
        or not LEAST <= len(value) <= MOST
        or not all(isinstance(one, dict) for one in value)
    ):
        yield Problem(where.of("roadmap", "stages"), _STAGES, {"least": LEAST, "most": MOST})
        return
    seen: dict[str, set[str]] = {key: set() for key in _OWN}
    for index, one in enumerate(value):
        section = f"{STAGES}[{index}]"
        yield from unknown(where, one, section, Stage)
        for key, check in _CHECKS.items():
            for text, about in check(one.get(key)) if key in one or key == "name" else ():
                yield Problem(where.of(section, key), text, about)
        if index == 0 and one.get("closes", "none") != "none":
            yield Problem(where.of(section, "closes"), _FIRST)
        yield from _own(where, section, one, seen)
        if one.get("label") and _plain(one["label"]) == _plain(label):
            about = {"value": one["label"]}
            yield Problem(where.of(section, "label"), _THE_LABEL, about)


def _own(
    where: Lines, section: str, one: Mapping[str, Any], seen: dict[str, set[str]]
) -> Iterator[Problem]:
    """Name, label and milestone tell one stage from another; GitHub does not mind capitals."""
    for key, known in seen.items():
        value = _plain(one.get(key))
        if value and value in known:
            yield Problem(where.of(section, key), _TWICE, {"key": key, "value": one[key]})
        known.add(value)


def _plain(value: object) -> str:
    return value.strip().casefold() if isinstance(value, str) else ""


def _name(value: object) -> Found:
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        yield _STAGE_NAME, {"most": LONGEST_NAME}


def _line(key: str, most: int) -> Check:
    def check(value: object) -> Found:
        if value != "" and not is_line(value, most=most):
            yield _LINE, {"key": key, "most": most}
        elif key == "label" and "," in str(value):
            # The lists of GitHub's API take several labels with commas between them.
            yield _COMMA, {}

    return check


def _closes(value: object) -> Found:
    if not isinstance(value, str):
        yield _CLOSES, {}
    else:
        yield from one_of(value, CLOSES)


_OWN = ("name", "label", "milestone")
_CHECKS: dict[str, Check] = {
    "name": _name,
    "label": _line("label", LONGEST_GITHUB_LABEL),
    "title": _line("title", LONGEST_TITLE),
    "closes": _closes,
    "milestone": _line("milestone", LONGEST_MILESTONE),
}
