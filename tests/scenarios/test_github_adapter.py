"""The port over PyGithub, against the sandbox over HTTP: whole answers or none, writes sent once."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from bot.roadmap import rereading
from bot.sandbox import failures
from core.github import (
    Account,
    Check,
    Comment,
    File,
    Incomplete,
    Issue,
    NotFound,
    NotModified,
    Unavailable,
)
from core.pygithub import discussions, versions
from tests.stage import START, Stage


def test_every_commit_of_a_long_pull_request_is_read_in_one_and_a_page_each_hundred(
    stage: Stage,
) -> None:
    pull = stage.pull(commits=251)
    stage.github.pull_request(stage.repo, pull.number)  # mints the token

    with stage.sandbox.counted() as seen:
        found = stage.github.comparison(stage.repo, "main", pull.head_sha)

    assert len(found.commits) == 251
    assert found.commits[-1].sha == pull.head_sha
    assert len(seen) == 3


@pytest.mark.parametrize(
    "how",
    [
        failures.truncated(),
        failures.emptied(),
        failures.drifting(1),
        failures.drifting(-1),
        failures.repeated(),
    ],
    ids=["truncated", "emptied", "more", "fewer", "repeated"],
)
@pytest.mark.parametrize("page", [1, 2])
def test_a_list_that_is_short_repeated_or_changing_is_refused(
    stage: Stage, how: failures.How, page: int
) -> None:
    pull = stage.pull(commits=120)
    if page == 1 and how is not None and pull.number:
        stage.sandbox.fail("GET", "/compare/", how, times=1)
    else:
        stage.sandbox.fail("GET", "/compare/", failures.How(), times=1)
        stage.sandbox.fail("GET", "/compare/", how, times=5)

    try:
        found = stage.github.comparison(stage.repo, "main", pull.head_sha)
    except (Incomplete, Unavailable):
        return
    assert len({commit.sha for commit in found.commits}) == 120


def test_a_list_without_the_head_is_refused(stage: Stage) -> None:
    pull = stage.pull(commits=2)
    first = stage.github.comparison(stage.repo, "main", pull.head_sha).commits[0].sha

    with pytest.raises(NotFound):
        stage.github.comparison(stage.repo, "main", "f" * 40)
    assert first != pull.head_sha


def test_half_an_answer_is_no_answer(stage: Stage) -> None:
    pull = stage.pull()
    stage.sandbox.fail("GET", "/compare/", failures.malformed())

    with pytest.raises(Unavailable):
        stage.github.comparison(stage.repo, "main", pull.head_sha)


def test_a_file_comes_with_its_exact_bytes_and_costs_nothing_when_unchanged(stage: Stage) -> None:
    world = stage.sandbox.world
    target = world.find_repository("acme/garden")
    mara = world.by_login("mara")
    assert target
    assert mara
    exact = "Zeile eins\r\nZeile zwei – ohne Ende".encode()
    world.commit(target, "main", message="Add", author=mara, files={"CLA.md": exact})

    found = stage.github.file(stage.repo, "CLA.md", None)
    assert isinstance(found, File)
    assert found.content == exact
    again = stage.github.file(stage.repo, "CLA.md", None, found.etag)
    assert again == NotModified()
    assert stage.github.file(stage.repo, "nowhere.md", None) is None


@pytest.mark.parametrize(
    "how",
    [failures.after(502), failures.status(502), failures.reset(), failures.reset_after()],
    ids=["done and 502", "502", "reset", "done and reset"],
)
def test_a_post_of_unknown_outcome_is_sent_once_and_then_looked_for(
    stage: Stage, how: failures.How
) -> None:
    pull = stage.pull()
    comment = Comment(stage.repo, pull.number, "cla", "Hello")
    stage.sandbox.fail("POST", "/comments$", how)

    with pytest.raises(Unavailable):
        stage.app.perform(comment, None, doubtful=False)
    posts = [one for one in stage.sandbox.requests if one.method == "POST" and "comm" in one.path]
    assert len(posts) <= 1
    number = stage.app.perform(comment, None, doubtful=True)

    assert [it.id for it in pull.comments] == [number]
    assert pull.comments[0].body.endswith("<!-- potluck:cla -->\n")


def test_a_marker_copied_by_a_person_does_not_make_us_edit_their_comment(stage: Stage) -> None:
    pull = stage.pull()
    world = stage.sandbox.world
    ada = world.by_login("ada")
    assert ada
    theirs = world.comment(pull, ada, "mine now <!-- potluck:cla -->")

    ours = stage.app.perform(Comment(stage.repo, pull.number, "cla", "Hello"), None, doubtful=True)

    assert ours != theirs.id
    assert theirs.body.startswith("mine now")


def test_a_comment_is_edited_in_place_and_never_two_writes_in_one_breath(stage: Stage) -> None:
    pull = stage.pull()
    comment = Comment(stage.repo, pull.number, "cla", "One")
    first = stage.app.perform(comment, None, doubtful=False)

    same = stage.app.perform(Comment(stage.repo, pull.number, "cla", "Two"), first, doubtful=False)
    assert (same, len(pull.comments)) == (first, 1)
    stage.sandbox.world.delete_comment(pull.comments[0], pull.author)
    with pytest.raises(NotFound):
        stage.app.perform(comment, first, doubtful=False)
    third = stage.app.perform(comment, None, doubtful=False)
    assert third != first
    assert len(pull.comments) == 1


def test_a_check_is_found_by_its_external_id_and_updated(stage: Stage) -> None:
    pull = stage.pull()
    check = Check(stage.repo, pull.head_sha, "potluck/cla", "action_required", "One", "…")
    stage.sandbox.fail("POST", "/check-runs$", failures.after(502))

    with pytest.raises(Unavailable):
        stage.app.perform(check, None, doubtful=False)
    first = stage.app.perform(check, None, doubtful=True)
    green = Check(stage.repo, pull.head_sha, "potluck/cla", "success", "Two", "…")
    assert stage.app.perform(green, first, doubtful=False) == first

    target = stage.sandbox.world.find_repository("acme/garden")
    assert target
    runs = stage.sandbox.world.runs_at(target, pull.head_sha)
    assert [(run.conclusion, run.external_id) for run in runs] == [("success", check.surface)]


def test_a_discussion_is_read_whole_with_what_stands_below_its_comments(stage: Stage) -> None:
    world = stage.sandbox.world
    garden, ada = world.find_repository("acme/garden"), world.by_login("ada")
    assert garden
    assert ada
    idea = world.open_discussion(garden, ada, "Water the beds")
    first = world.say_in_discussion(idea, ada, "What do you think?")
    for number in range(discussions.A_PAGE):
        world.say_in_discussion(idea, ada, f"{number}")
    stage.now[0] += timedelta(hours=1)
    below = discussions.BELOW + discussions.A_PAGE + 1
    answers = [world.say_in_discussion(idea, ada, "yes", below=first) for _ in range(below)]
    stage.github.permission(stage.repo, Account(ada.id, ada.login))  # mints the token

    with stage.sandbox.counted() as seen:
        everything = list(stage.github.discussion_comments(stage.repo, idea.number, START))
        lately = stage.github.discussion_comments(stage.repo, idea.number, stage.now[0])
        assert [one.id for one in lately] == [one.id for one in answers]
    assert {one.id for one in everything} == {one.id for one in idea.comments}
    first.deleted_at = stage.now[0]
    rest = stage.github.discussion_comments(stage.repo, idea.number, START)
    assert {one.id for one in rest} == {one.id for one in everything} - {first.id}
    # Two pages of comments, and of the answers below the first two more; all that twice.
    assert len(seen) == 8


def test_versions_of_many_comments_come_a_few_at_a_time_and_one_that_is_gone_hides_no_other(
    stage: Stage,
) -> None:
    world, pull = stage.sandbox.world, stage.pull()
    ada = world.by_login("ada")
    assert ada
    made = [world.comment(pull, ada, "one") for _ in range(versions.AT_ONCE + 2)]
    for comment in made:
        world.edit_comment(comment, ada, "two")
    said = list(stage.github.comments(stage.repo, pull.number, START))
    world.delete_comment(made[0], ada)

    found = dict(stage.github.versions([one.node_id for one in said]))

    assert set(found) == {one.node_id for one in said[1:]}
    assert {tuple(one.body for one in whole) for whole in found.values()} == {("one", "two")}


@pytest.mark.parametrize("kind", ["FORBIDDEN", "", "NOT_FOUND"])
def test_what_is_edited_is_not_told_again_where_github_gives_no_versions(
    stage: Stage, kind: str
) -> None:
    world, pull = stage.sandbox.world, stage.pull()
    ada = world.by_login("ada")
    assert ada
    plain, edited = (world.comment(pull, ada, "/vote") for _ in range(2))
    stage.now[0] += timedelta(minutes=1)
    world.edit_comment(edited, ada, "/unvote")
    here: Any = SimpleNamespace(github=lambda _repo: stage.github)
    thread = Issue("I_1", pull.number, "", Account(ada.id, "ada"), "open", START, START)
    refused = {"data": None, "errors": [{"type": kind, "message": "no"}]}
    stage.sandbox.fail("POST", "/graphql", failures.saying(refused))

    told = rereading.told(here, stage.repo, pull.number, thread, START)
    assert [one.comment_id for one in told] == [plain.id]

    told = rereading.told(here, stage.repo, pull.number, thread, START)
    assert [(one.comment_id, one.body) for one in told] == [
        (plain.id, "/vote"), (edited.id, "/vote"), (edited.id, "/unvote")
    ]  # fmt: skip
