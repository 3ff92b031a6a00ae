"""The sandbox watches limits as GitHub does, and makes the trouble that tests ask for."""

import http.client
import threading
from collections.abc import Iterator

import httpx
import pytest

from bot.sandbox import failures
from bot.sandbox.failures import How
from tests.contracts.garden import REPO, Visit, visit


@pytest.fixture
def here() -> Iterator[Visit]:
    with visit() as guest:
        yield guest


def comments_path(here: Visit) -> str:
    issue = here.sandbox.world.open_issue(here.garden.repo, here.garden.ada, "Moss")
    return f"{REPO}/issues/{issue.number}/comments"


def rules(here: Visit) -> list[str]:
    return [violation.rule for violation in here.sandbox.violations]


def test_writes_keep_a_second_apart(here: Visit) -> None:
    client, path = here.as_installation(), comments_path(here)
    client.post(path, json={"body": "one"})
    here.clock.turn(seconds=1)
    client.post(path, json={"body": "two"})
    assert rules(here) == []
    here.clock.turn(seconds=0.5)
    client.post(path, json={"body": "three"})
    assert rules(here) == ["pause"]


def test_content_is_made_eighty_times_a_minute_at_most(here: Visit) -> None:
    client, path = here.as_installation(), comments_path(here)
    for _ in range(81):
        client.post(path, json={"body": "x"})
    assert rules(here) == ["pause"] * 79 + ["minute"]


def test_content_is_made_five_hundred_times_an_hour_at_most(here: Visit) -> None:
    here.sandbox.referee.enforcing = True
    client, path = here.as_installation(), comments_path(here)
    statuses = []
    for _ in range(502):
        statuses.append(client.post(path, json={"body": "x"}).status_code)
        here.clock.turn(seconds=1)
    assert statuses == [201] * 500 + [403] * 2
    assert rules(here) == ["hour", "silence"]


def test_two_writes_at_once_are_seen(here: Visit) -> None:
    client, other, path = here.as_installation(), here.as_installation(), comments_path(here)
    stuck = here.sandbox.fail("POST", "/comments", failures.hang_after())

    def lost() -> None:
        with pytest.raises(httpx.HTTPError):
            client.post(path, json={"body": "one"}, timeout=10)

    thread = threading.Thread(target=lost)
    thread.start()
    while not stuck.used:
        threading.Event().wait(0.001)
    here.clock.turn(seconds=5)
    other.post(path, json={"body": "two"})
    stuck.release()
    thread.join()
    assert rules(here) == ["concurrent writes"]


def test_after_a_refusal_there_is_silence(here: Visit) -> None:
    client, path = here.as_installation(), comments_path(here)
    here.sandbox.fail("POST", "/comments", failures.secondary(retry_after=30))
    refused = client.post(path, json={"body": "x"})
    assert (refused.status_code, refused.headers["retry-after"]) == (403, "30")
    here.clock.turn(seconds=29)
    client.get(REPO)
    assert rules(here) == ["silence"]
    here.clock.turn(seconds=1)
    assert client.post(path, json={"body": "x"}).status_code == 201
    assert rules(here) == ["silence"]


def test_the_hourly_budget_ends_and_comes_back(here: Visit) -> None:
    here.sandbox.referee.limit = 3
    client = here.as_installation()
    assert [client.get(REPO).status_code for _ in range(4)] == [200, 200, 200, 403]
    assert client.get("/rate_limit").json()["rate"]["remaining"] == 0
    here.clock.turn(hours=1)
    assert here.as_installation().get(REPO).status_code == 200


def test_a_budget_used_up_on_demand_names_its_reset(here: Visit) -> None:
    client = here.as_installation()
    here.sandbox.fail("GET", "/garden", failures.exhausted(seconds=600))
    refused = client.get(REPO)
    assert (refused.status_code, refused.headers["x-ratelimit-remaining"]) == (403, "0")
    reset = int(refused.headers["x-ratelimit-reset"])
    assert reset == int(here.clock().timestamp()) + 600


@pytest.mark.parametrize(
    ("how", "status", "made"),
    [
        (failures.status(502), 502, 0),
        (failures.after(502), 502, 1),
        (failures.too_many(), 429, 0),
        (failures.malformed(), 201, 1),
    ],
)
def test_a_write_fails_before_or_after_it_is_done(
    here: Visit, how: How, status: int, made: int
) -> None:
    path = comments_path(here)
    failure = here.sandbox.fail("POST", r"/issues/\d+/comments", how)
    answer = here.as_installation().post(path, json={"body": "x"})
    assert (answer.status_code, failure.used) == (status, 1)
    assert "retry-after" not in answer.headers
    assert len(here.garden.repo.threads[1].comments) == made


@pytest.mark.parametrize(
    ("how", "made"),
    [
        (failures.reset(), 0),
        (failures.reset_after(), 1),
        (failures.hang(), 0),
        (failures.hang_after(), 1),
    ],
)
def test_a_write_gets_no_answer(here: Visit, how: How, made: int) -> None:
    path, client = comments_path(here), here.as_installation()
    failure = here.sandbox.fail("POST", "/comments", how)
    with pytest.raises(httpx.TransportError):
        client.post(path, json={"body": "x"}, timeout=0.2)
    failure.release()
    assert len(here.garden.repo.threads[1].comments) == made


def test_pages_are_cut_repeated_emptied_and_miscounted(here: Visit) -> None:
    world, garden = here.sandbox.world, here.garden
    for number in range(5):
        world.commit(garden.repo, "topic", message=str(number), author=garden.ada)
    client = here.as_installation()

    def said(how: How | None, page: int) -> tuple[int, str]:
        if how:
            here.sandbox.fail("GET", "/compare/", how)
        query = {"per_page": 3, "page": page}
        answer = client.get(f"{REPO}/compare/main...topic", params=query).json()
        messages = [commit["commit"]["message"] for commit in answer["commits"]]
        return answer["total_commits"], "".join(messages)

    assert said(None, 2) == (5, "34")
    assert said(failures.truncated(), 1) == (5, "01")
    assert said(failures.repeated(), 2) == (5, "012")
    assert said(failures.emptied(), 1) == (5, "")
    assert said(failures.drifting(), 2) == (6, "34")


def test_every_request_is_noted(here: Visit) -> None:
    client = here.as_installation()
    with here.sandbox.counted() as seen:
        client.get(REPO)
        client.get(f"{REPO}/contents/none")
    number = here.garden.installation.id
    noted = [(it.method, it.path, it.status, it.installation) for it in seen]
    assert noted == [("GET", REPO, 200, number), ("GET", f"{REPO}/contents/none", 404, number)]


def test_the_server_keeps_connections_and_survives_rubbish(here: Visit) -> None:
    port = int(here.sandbox.web_url.rpartition(":")[2])
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    for _ in range(3):
        connection.request("GET", "/api/v3/meta")
        assert connection.getresponse().read()
    socket = connection.sock
    connection.request("POST", "/api/v3/app", body=b"{", headers={"content-length": "1"})
    assert connection.getresponse().read()
    assert connection.sock is socket
    connection.putrequest("POST", "/api/v3/app")
    connection.putheader("content-length", "99999999999")
    connection.endheaders()
    assert connection.getresponse().status == 413
    connection.close()
