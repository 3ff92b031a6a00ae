"""The port over PyGithub: credentials, limits, and what has become of a repository."""

import threading
from datetime import timedelta

import pytest

from bot.sandbox import failures
from core.github import (
    Comment,
    NotFound,
    RateLimited,
    Refused,
    Suspended,
    Unavailable,
)
from core.pygithub.app import App
from tests.stage import START, Stage


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
    with pytest.raises(Unavailable):
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
