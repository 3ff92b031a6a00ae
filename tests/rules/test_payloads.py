"""A body is read as the event that it claims to be, or it is a misfit; nothing else can happen."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.github import Account
from webhooks import events
from webhooks.kinds import KINDS
from webhooks.payloads import FORM, Ignored, Misfit, parse

AT = "2026-11-20T10:00:00Z"
ADA = {"id": 7, "login": "ada", "type": "User"}
REPO = {
    "id": 70,
    "full_name": "acme/garden",
    "default_branch": "main",
    "private": False,
    "archived": False,
    "updated_at": AT,
}
REF = {"id": 9, "node_id": "x"}
WHOLE = {"id": 9, "account": ADA, "permissions": {"checks": "write"}, "updated_at": AT}
PULL = {
    "number": 3,
    "state": "open",
    "user": ADA,
    "head": {"sha": "a" * 40, "ref": "topic"},
    "base": {"sha": "b" * 40, "ref": "main"},
    "created_at": AT,
    "updated_at": AT,
    "draft": False,
}
AROUND: dict[str, Any] = {"repository": REPO, "sender": ADA, "installation": REF}
COMMENT = {"id": 5, "body": "/sign", "user": ADA, "created_at": AT, "updated_at": AT}

TALK = {
    "node_id": "D_3",
    "number": 3,
    "title": "Moss",
    "state": "open",
    "user": ADA,
    "created_at": AT,
    "updated_at": AT,
    "category": {"id": 1, "name": "Ideas"},
}

BODIES: dict[str, dict[str, Any]] = {
    "ping": {"zen": "Keep it logically awesome.", "hook_id": 1, **AROUND},
    "pull_request": {"action": "opened", "number": 3, "pull_request": PULL, **AROUND},
    "issue_comment": {
        "action": "created",
        "issue": {"number": 3, "pull_request": {"url": "…"}},
        "comment": COMMENT,
        **AROUND,
    },
    "issues": {
        "action": "labeled",
        "issue": {
            "node_id": "I_3",
            "number": 3,
            "title": "Moss",
            "state": "open",
            "user": ADA,
            "created_at": AT,
            "updated_at": AT,
            "labels": [{"name": "request"}],
            "reactions": {"+1": 2},
        },
        "label": {"name": "request"},
        **AROUND,
    },
    "discussion": {"action": "created", "discussion": TALK, **AROUND},
    "discussion_comment": {
        "action": "created",
        "discussion": TALK,
        "comment": COMMENT,
        **AROUND,
    },
    "push": {
        "ref": "refs/heads/main",
        "before": "b" * 40,
        "after": "a" * 40,
        "commits": [],
        **AROUND,
    },
    "check_run": {
        "action": "rerequested",
        "check_run": {"head_sha": "a" * 40, "name": "potluck/cla", "pull_requests": []},
        **AROUND,
    },
    "check_suite": {
        "action": "rerequested",
        "check_suite": {"head_sha": "a" * 40, "pull_requests": [{"number": 3}]},
        **AROUND,
    },
    "merge_group": {
        "action": "checks_requested",
        "merge_group": {
            "head_sha": "c" * 40,
            "head_ref": "refs/heads/gh-readonly-queue/main/pr-3-" + "b" * 40,
            "base_sha": "b" * 40,
            "base_ref": "refs/heads/main",
        },
        **AROUND,
    },
    "installation": {
        "action": "created",
        "installation": WHOLE,
        "repositories": [{"id": 70, "full_name": "acme/garden", "private": False}],
        "sender": ADA,
    },
    "installation_repositories": {
        "action": "added",
        "installation": WHOLE,
        "repositories_added": [{"id": 71, "full_name": "acme/pond"}],
        "repositories_removed": [],
        "sender": ADA,
    },
    "milestone": {
        "action": "closed",
        "milestone": {
            "node_id": "MI_9",
            "number": 9,
            "title": "Spring",
            "state": "closed",
            "created_at": AT,
            "updated_at": AT,
        },
        **AROUND,
    },
    "release": {
        "action": "published",
        "release": {"id": 9, "tag_name": "v1", "published_at": "2026-11-20T10:00:00Z"},
        **AROUND,
    },
    "repository": {"action": "renamed", **AROUND},
}


def read(event: str, body: object) -> object:
    return parse(event, "application/json", json.dumps(body).encode())


def test_there_is_a_body_for_every_event_that_we_listen_to() -> None:
    assert set(BODIES) == set(KINDS)


@pytest.mark.parametrize("event", BODIES)
def test_a_body_is_read_as_its_own_event(event: str) -> None:
    assert isinstance(read(event, BODIES[event]), events.Event)


@pytest.mark.parametrize("claimed", BODIES)
@pytest.mark.parametrize("event", BODIES)
def test_a_body_never_passes_for_another_event(event: str, claimed: str) -> None:
    if event == claimed:
        return
    with pytest.raises(Misfit):
        read(claimed, BODIES[event])


def test_an_issue_being_deleted_is_not_an_installation_being_deleted() -> None:
    body = {"action": "deleted", "issue": {"number": 1}, **AROUND}
    for claimed in ("installation", "repository", "installation_repositories"):
        with pytest.raises(Misfit):
            read(claimed, body)


def test_a_bare_reference_to_an_installation_is_no_installation_event() -> None:
    with pytest.raises(Misfit, match="lacks"):
        read("installation", {"action": "deleted", "installation": REF, "sender": ADA})


def test_an_event_that_nobody_listens_to_is_ignored_unread() -> None:
    assert read("star", {"anything": 1}) == Ignored("event not listened to")
    assert parse("star", "application/json", b"\xff{") == Ignored("event not listened to")


def test_a_known_action_without_consequence_is_ignored_and_an_unknown_one_is_a_misfit() -> None:
    body = BODIES["pull_request"]
    assert isinstance(read("pull_request", body | {"action": "locked"}), Ignored)
    with pytest.raises(Misfit, match="action"):
        read("pull_request", body | {"action": "created"})


def test_a_comment_on_an_issue_is_told_from_one_on_a_pull_request() -> None:
    on_issue = read("issue_comment", BODIES["issue_comment"] | {"issue": {"number": 3}})
    on_pull = read("issue_comment", BODIES["issue_comment"])
    assert isinstance(on_issue, events.CommentWritten)
    assert isinstance(on_pull, events.CommentWritten)
    assert (on_issue.on_pull_request, on_pull.on_pull_request) == (False, True)


def test_an_issue_is_read_with_its_labels_and_its_thumbs() -> None:
    found = read("issues", BODIES["issues"])
    assert isinstance(found, events.IssueChanged)
    assert (found.issue.labels, found.issue.thumbs, found.label) == (("request",), 2, "request")


@pytest.mark.parametrize(
    "odd",
    [{"number": 0}, {"number": 2**31}, {"node_id": "M" * 81}, {"state": "gone"}, {"title": None}],
)
def test_a_milestone_that_none_can_be_is_a_misfit(odd: dict[str, object]) -> None:
    body = BODIES["milestone"]
    with pytest.raises(Misfit, match="lacks"):
        read("milestone", body | {"milestone": body["milestone"] | odd})


def test_an_issue_that_moves_says_where_to() -> None:
    issue = BODIES["issues"]["issue"]
    changes = {"new_issue": issue | {"number": 8, "node_id": "I_8"}, "new_repository": REPO}
    found = read("issues", BODIES["issues"] | {"action": "transferred", "changes": changes})
    assert isinstance(found, events.IssueChanged)
    assert found.moved is not None
    assert found.moved_to is not None
    assert (found.moved.node_id, found.moved_to.id) == ("I_8", REPO["id"])


def test_a_push_to_another_branch_is_nothing_that_we_watch() -> None:
    body = BODIES["push"] | {"ref": "refs/heads/topic"}
    assert isinstance(read("push", body), Ignored)


def test_a_deleted_account_is_the_ghost() -> None:
    body = BODIES["pull_request"] | {"pull_request": PULL | {"user": None}}
    found = read("pull_request", body)
    assert isinstance(found, events.PullRequestChanged)
    assert found.pull.opener == Account(10137, "ghost")


def test_a_form_is_read_and_a_second_payload_in_it_is_a_misfit() -> None:
    text = json.dumps(BODIES["ping"])
    form = urlencode({"payload": text}).encode()
    assert parse("ping", f"{FORM}; charset=utf-8", form) == events.Pinged()
    with pytest.raises(Misfit, match="exactly one"):
        parse("ping", FORM, form + b"&" + form)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"text"',
        b"\xff\xfe",
        b'{"action": "opened", "pull_request": ' + b"[" * 50_000,
        b'{"action": "opened", "number": ' + b"9" * 5_000 + b', "pull_request": {}}',
        b'{"action": 7, "pull_request": {}}',
        b'{"action": "opened", "pull_request": {"number": "\\ud800"}}',
    ],
)
def test_what_cannot_be_read_is_a_misfit(body: bytes) -> None:
    with pytest.raises(Misfit):
        parse("pull_request", "application/json", body)


@given(st.binary(max_size=200), st.sampled_from(sorted(KINDS)), st.sampled_from(["json", FORM]))
def test_no_bytes_whatever_raise_anything_but_misfit(body: bytes, event: str, kind: str) -> None:
    try:
        found = parse(event, kind, body)
    except Misfit:
        return
    assert isinstance(found, events.Event | Ignored)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@given(st.sampled_from(sorted(BODIES)), st.data())
def test_a_body_with_any_field_replaced_is_read_or_a_misfit(
    event: str, data: st.DataObject
) -> None:
    body = dict(BODIES[event])
    field = data.draw(st.sampled_from(sorted(body)))
    body[field] = data.draw(JSON)
    try:
        found = read(event, body)
    except Misfit:
        return
    assert isinstance(found, events.Event | Ignored)
