"""The port over PyGithub, against the sandbox over HTTP: whole answers or none, writes sent once."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from bot.sandbox import failures
from bot.sandbox.records import PullRequest
from bot.sandbox.server import Sandbox
from core.github import (
    Check,
    Comment,
    File,
    Incomplete,
    NotFound,
    NotModified,
    RateLimited,
    Refused,
    Repo,
    Suspended,
    Unavailable,
)
from core.pygithub.app import App
from core.pygithub.client import Call
from core.pygithub.facts import Installation

START = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


@dataclass
class Stage:
    """A repository with the App installed, and our adapter speaking to it."""

    sandbox: Sandbox
    app: App
    repo: Repo
    now: list[datetime]
    calls: list[Call] = field(default_factory=list)

    @property
    def github(self) -> Installation:
        return self.app.github(self.repo)

    def pull(self, commits: int = 1) -> PullRequest:
        world = self.sandbox.world
        ada = world.by_login("ada")
        assert ada is not None
        target = world.find_repository(self.repo.name)
        assert target is not None
        pull = world.propose(target, ada, {"new.txt": "one\n"})
        for number in range(commits - 1):
            world.push_to(pull, files={"new.txt": f"{number}\n"})
        return pull


@pytest.fixture
def stage() -> Iterator[Stage]:
    now = [START]
    calls: list[Call] = []
    with Sandbox.start(clock=lambda: now[0]) as sandbox:
        world = sandbox.world
        owner = world.organization("acme")
        world.account("ada")
        repository = world.repository(owner, "garden", files={"README.md": "Hello\n"})
        installation = world.install(owner, [repository])
        app = App(
            sandbox.api_url, sandbox.app_id, sandbox.private_key, lambda: now[0], calls.append
        )
        repo = Repo(repository.id, "acme/garden", installation.id)
        yield Stage(sandbox, app, repo, now, calls)


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


def test_eight_threads_mint_one_token_and_it_is_renewed_five_minutes_early(stage: Stage) -> None:
    pull = stage.pull()

    def read() -> None:
        stage.github.pull_request(stage.repo, pull.number)

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert mints(stage) == 1
    stage.now[0] = START + timedelta(minutes=54)
    read()
    assert mints(stage) == 1
    stage.now[0] = START + timedelta(minutes=56)
    read()
    assert mints(stage) == 2


def mints(stage: Stage) -> int:
    return sum(1 for seen in stage.sandbox.requests if seen.path.endswith("/access_tokens"))


def test_a_refused_token_is_replaced_once_and_a_second_refusal_pauses(stage: Stage) -> None:
    pull = stage.pull()
    stage.github.pull_request(stage.repo, pull.number)
    stage.sandbox.fail("GET", "/pulls/", failures.status(401), times=1)
    assert stage.github.pull_request(stage.repo, pull.number).number == pull.number
    assert mints(stage) == 2

    stage.sandbox.fail("GET", "/pulls/", failures.status(401), times=2)
    with pytest.raises(Suspended):
        stage.github.pull_request(stage.repo, pull.number)


@pytest.mark.parametrize("skew", [timedelta(minutes=10), timedelta(seconds=-55)])
def test_limits_are_named_with_the_instant_until_which_to_be_silent(
    stage: Stage, skew: timedelta
) -> None:
    pull = stage.pull()
    stage.github.pull_request(stage.repo, pull.number)
    stage.now[0] += max(skew, timedelta(0))
    for how, at_least in (
        (failures.secondary(90), timedelta(seconds=90)),
        (failures.too_many(), timedelta(seconds=60)),
        (failures.exhausted(600), timedelta(seconds=600)),
    ):
        stage.sandbox.fail("GET", "/pulls/", how)
        with pytest.raises(RateLimited) as caught:
            stage.github.pull_request(stage.repo, pull.number)
        assert caught.value.until >= stage.now[0] + at_least
        stage.now[0] = caught.value.until + timedelta(seconds=1)


def test_suspended_archived_and_gone_have_their_own_names(stage: Stage) -> None:
    world = stage.sandbox.world
    pull = stage.pull()
    target = world.find_repository("acme/garden")
    assert target
    comment = Comment(stage.repo, pull.number, "cla", "Hello")
    world.archive(target)
    with pytest.raises(Refused):
        stage.app.perform(comment, None, doubtful=False)
    world.unarchive(target)
    installation = world.installations[stage.repo.installation_id]
    world.suspend(installation)
    with pytest.raises(Suspended):
        App(
            stage.sandbox.api_url,
            stage.sandbox.app_id,
            stage.sandbox.private_key,
            lambda: stage.now[0],
        ).perform(comment, None, doubtful=False)
    world.unsuspend(installation)
    world.delete_repository(target)
    with pytest.raises(NotFound):
        stage.github.pull_request(stage.repo, pull.number)


def test_a_renamed_repository_is_followed(stage: Stage) -> None:
    pull = stage.pull()
    target = stage.sandbox.world.find_repository("acme/garden")
    assert target
    stage.sandbox.world.rename_repository(target, "orchard")

    assert stage.github.pull_request(stage.repo, pull.number).number == pull.number


def test_deliveries_are_listed_newest_first_and_asked_for_again(stage: Stage) -> None:
    stage.sandbox.webhook_url = "http://127.0.0.1:9/nobody"
    stage.pull()
    stage.sandbox.deliver_all()

    found = stage.app.hook_deliveries(START - timedelta(days=1))
    assert found
    assert all(item.status_code != 202 for item in found)
    stage.app.redeliver(found[0].id)
    stage.sandbox.deliver_all()
    again = stage.app.hook_deliveries(START - timedelta(days=1))
    assert again[0].guid == found[0].guid
    assert again[0].redelivery


def test_every_call_is_told_with_what_is_left_of_the_budget(stage: Stage) -> None:
    pull = stage.pull()
    stage.github.pull_request(stage.repo, pull.number)

    last = stage.calls[-1]
    assert (last.method, last.status, last.installation_id) == (
        "GET",
        200,
        stage.repo.installation_id,
    )
    assert last.remaining is not None
