"""Which text of a comment stood at a moment: as GitHub tells its edits, or nothing at all."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.roadmap import rereading
from core.github import Account, IssueComment, Repo
from core.pygithub import versions

WRITTEN = datetime(2027, 1, 5, 10, 0, tzinfo=UTC)
ADA, MARA = Account(1815, "ada"), Account(1901, "mara")
REPO = Repo(1, "acme/garden", 2)
TEXTS = st.text("/bid 123\n", max_size=12)


def actor(who: Account) -> dict[str, Any]:
    return {"__typename": "User", "login": who.login, "databaseId": who.id}


def node(edits: list[tuple[int, Account, str]]) -> dict[str, Any]:
    """Give a comment as GraphQL does: written by Ada, then edited so many seconds later."""
    told = [(0, ADA, "first"), *edits]
    shown = [
        {"editedAt": at(seconds), "deletedAt": None, "diff": body, "editor": actor(who)}
        for seconds, who, body in reversed(told)
    ]
    return {
        "createdAt": at(0),
        "updatedAt": at(told[-1][0]),
        "lastEditedAt": at(told[-1][0]) if edits else None,
        "includesCreatedEdit": bool(edits),
        "body": told[-1][2],
        "author": actor(ADA),
        "userContentEdits": {
            "pageInfo": {"hasNextPage": False},
            "nodes": shown if edits else [],
        },
    }


def at(seconds: int) -> str:
    return (WRITTEN + timedelta(seconds=seconds)).isoformat()


def comment(shown: dict[str, Any]) -> IssueComment:
    changed = datetime.fromisoformat(shown["updatedAt"])
    return IssueComment(7, ADA, shown["body"], WRITTEN, changed, node_id="IC_7")


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.integers(1, 90), st.sampled_from([ADA, MARA]), TEXTS), max_size=6),
    st.integers(0, 100),
)
def test_at_any_moment_stands_what_the_last_act_before_it_said(
    spans: list[tuple[int, Account, str]], moment: int
) -> None:
    edits, later = list[tuple[int, Account, str]](), 0
    for span, who, body in spans:
        later += span
        edits.append((later, who, body))
    shown = node(edits)

    told = list(rereading.acts(REPO, 3, "", comment(shown), versions.whole(shown)))

    stood = [body for seconds, _who, body in [(0, ADA, "first"), *edits] if seconds <= moment]
    until = WRITTEN + timedelta(seconds=moment)
    assert [one.body for one in told if one.acted_at <= until] == stood
    assert [one.was for one in told] == ["", *(one.body for one in told[:-1])]
    assert [one.sender for one in told] == [ADA, *(who for _at, who, _body in edits)]
    assert [one.action for one in told] == ["created"] + ["edited"] * len(edits)


def test_the_last_edit_has_the_instant_by_which_webhooks_know_it() -> None:
    shown = node([(60, ADA, "second"), (120, ADA, "third")])
    for told, heard in ((121, 121), (500, 120)):  # much later somebody hid it: no edit
        shown["updatedAt"] = at(told)
        assert [one.at for one in versions.whole(shown)] == [
            WRITTEN + timedelta(seconds=seconds) for seconds in (0, 60, heard)
        ]


@pytest.mark.parametrize(
    "lacks",
    [
        {"includesCreatedEdit": False},
        {"userContentEdits": {"pageInfo": {"hasNextPage": True}, "nodes": [{}]}},
        {"userContentEdits": {"pageInfo": {"hasNextPage": False}, "nodes": []}},
        {"userContentEdits": None},
        {"createdAt": "yesterday"},
    ],
    ids=["first", "more", "none", "refused", "no instant"],
)
def test_a_history_with_a_hole_is_none(lacks: dict[str, Any]) -> None:
    shown = node([(60, ADA, "second"), (120, ADA, "third")])
    assert len(versions.whole(shown)) == 3
    assert versions.whole(shown | lacks) == ()
    assert list(rereading.acts(REPO, 3, "", comment(shown), ())) == []


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("hole", [{"diff": None}, {"deletedAt": at(300), "diff": ""}])
def test_one_version_that_was_removed_hides_them_all(place: int, hole: dict[str, Any]) -> None:
    shown = node([(60, ADA, "second"), (120, ADA, "third")])
    shown["userContentEdits"]["nodes"][place] |= hole
    assert versions.whole(shown) == ()
