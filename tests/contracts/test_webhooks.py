"""What the sandbox sends has the shape of what GitHub sends, and is what we read."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from bot.sandbox.state import Event
from tests.contracts.corpus import EXAMPLES, fetched
from tests.contracts.garden import visit
from tests.contracts.story import live_through
from webhooks.payloads import Misfit, parse

Types = dict[str, set[str]]

SAME_EVERYWHERE = {
    "account": "user",
    "app": "app",
    "installation": "installation",
    "merged_by": "user",
    "new_repository": "repository",
    "old_repository": "repository",
    "organization": "organization",
    "owner": "user",
    "performed_via_github_app": "app",
    "repo": "repository",
    "repository": "repository",
    "sender": "user",
    "suspended_by": "user",
    "user": "user",
}
"""Whatever event carries them: an example of any event shows how they look."""

NOT_IN_THE_EXAMPLES = {
    # The source of each: https://docs.github.com/en/webhooks/webhook-events-and-payloads
    "app.permissions.": "a set that grows",
    "app.events": "a set that grows",
    "installation.permissions.": "a set that grows",
    "installation.requester": "absent from the older examples",
    "installation_target": "no example at all",
    "repository.has_discussions": "newer than most examples",
    "repository.allow_forking": "newer than most examples",
    "pull_request.reason": "no example of a pull request leaving the merge queue",
    "pull_request.changes": "no example of an edited pull request",
    "merge_group.reason": "no example of a destroyed group",
    "milestone.changes": "no example of an edited milestone",
    "issues.changes.title": "no example of an edited title",
    "issues.issue.state_reason": "newer than the examples of closed issues",
    "issue_comment.issue.pull_request": "no example of a comment on a pull request",
}


@pytest.fixture(scope="module")
def told() -> list[Event]:
    with visit() as here:
        live_through(here)
        return [delivery.event for delivery in here.sandbox.hooks.waiting]


@pytest.fixture(scope="module")
def examples() -> dict[str, list[dict[str, Any]]]:
    source = fetched(EXAMPLES)
    if source is None:
        pytest.skip("npm could not fetch the examples")
    return {it["name"]: it["examples"] for it in json.loads(source.read_text(encoding="utf-8"))}


def leaves(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Give (path, JSON type) of everything inside a value; entries of a list share one path."""
    yield path, type(value).__name__
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from leaves(inner, f"{path}.{name}")
    if isinstance(value, list):
        for inner in value:
            yield from leaves(inner, f"{path}[]")


def place(path: str) -> str:
    """Give the path from the last thing on that looks the same everywhere."""
    parts = path.split(".")
    for at in range(len(parts) - 1, 0, -1):
        if parts[at] in SAME_EVERYWHERE:
            return ".".join([SAME_EVERYWHERE[parts[at]], *parts[at + 1 :]])
    return path


def types(examples: dict[str, list[dict[str, Any]]]) -> Types:
    found: Types = {}
    for name, payloads in examples.items():
        for path, kind in leaves(payloads, name):
            found.setdefault(place(path.replace("[]", "", 1)), set()).add(kind)
    return found


def misfit(path: str, kind: str, known: Types) -> str | None:
    """Say how a value differs from all examples; null says nothing about a type."""
    path = place(path)
    if any(path.startswith(exempt) for exempt in NOT_IN_THE_EXAMPLES):
        return None
    if path not in known:
        return f"{path} is in no example"
    seen = known[path] - {"NoneType"}
    if kind == "NoneType" or not seen or kind in seen:
        return None
    return f"{path} is {kind}, in the examples {seen}"


def test_all_events_are_told(told: list[Event]) -> None:
    kinds = {event.name for event in told}
    expected = "check_run check_suite installation installation_repositories installation_target"
    expected += " issue_comment issues merge_group milestone pull_request push release repository"
    assert kinds == set(expected.split())


def test_payloads_have_the_shape_of_real_ones(
    told: list[Event], examples: dict[str, list[dict[str, Any]]]
) -> None:
    known = types(examples)
    wrong = {
        problem
        for event in told
        for path, kind in leaves(event.payload, event.name)
        if (problem := misfit(path, kind, known))
    }
    assert not wrong, "\n".join(sorted(wrong))


def test_we_can_read_everything_that_is_told(told: list[Event]) -> None:
    refused = []
    for event in told:
        try:
            parse(event.name, "application/json", json.dumps(event.payload).encode())
        except Misfit as error:
            refused.append(f"{event.name} {event.action}: {error}")
    assert refused == []
