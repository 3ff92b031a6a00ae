"""The sandbox tells Apps as GitHub does: signed, logged, once, and again under the same id."""

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator, Mapping

import pytest

from bot.sandbox.hooks import Answer
from tests.contracts.garden import Visit, visit


class Door:
    """Receives webhooks without a network and answers as it is told."""

    def __init__(self) -> None:
        self.status = 202
        self.both = threading.Event()
        self.got: list[tuple[Mapping[str, str], bytes]] = []

    def __call__(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        if not self.status:
            raise TimeoutError
        self.got.append((headers, body))
        if len(self.got) == 2:
            self.both.set()
        return self.status, {}, b"thanks"

    def said(self) -> list[str]:
        return [json.loads(body)["comment"]["body"] for _headers, body in self.got]


@pytest.fixture
def here() -> Iterator[Visit]:
    with visit() as guest:
        guest.sandbox.webhook_url = "http://127.0.0.1:1/webhooks/github"
        yield guest


@pytest.fixture
def door(here: Visit) -> Door:
    door = Door()
    here.sandbox.hooks.post = door
    return door


def talk(here: Visit, count: int = 1) -> None:
    world, garden = here.sandbox.world, here.garden
    if not garden.repo.threads:
        world.open_issue(garden.repo, garden.ada, "Moss")
        here.sandbox.hooks._queue.clear()
    for _ in range(count):
        issue = garden.repo.threads[1]
        world.comment(issue, garden.bo, f"{len(issue.comments)}")


def test_a_delivery_is_signed_over_its_exact_bytes(here: Visit, door: Door) -> None:
    talk(here)
    here.sandbox.deliver_all()
    headers, body = door.got[0]
    secret = here.sandbox.webhook_secret.encode()
    signature = "sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest()
    assert headers["X-Hub-Signature-256"] == signature
    assert headers["X-GitHub-Event"] == "issue_comment"
    assert headers["User-Agent"].startswith("GitHub-Hookshot/")
    assert headers["X-GitHub-Hook-Installation-Target-ID"] == str(here.sandbox.app_id)
    payload = json.loads(body)
    assert payload["installation"]["id"] == here.garden.installation.id
    assert payload["organization"]["login"] == "potluck-sandbox"
    assert payload["sender"] == payload["comment"]["user"]


def test_attempts_are_logged_whatever_becomes_of_them(here: Visit, door: Door) -> None:
    for status in (202, 503, 0):
        door.status = status
        talk(here)
        here.sandbox.deliver_all()
    here.sandbox.hooks.drop()
    talk(here)
    here.sandbox.deliver_all()
    listed = here.as_app().get("/app/hook/deliveries").json()
    assert [(it["status"], it["status_code"]) for it in listed] == [
        ("failed to connect to host", 502),
        ("timed out", 504),
        ("Invalid HTTP Response: 503", 503),
        ("OK", 202),
    ]
    assert listed[0]["event"] == "issue_comment"


def test_a_redelivery_has_the_same_id_and_the_same_bytes(here: Visit, door: Door) -> None:
    client = here.as_app()
    talk(here)
    here.sandbox.hooks.drop()
    first = here.sandbox.deliver_all()[0]
    assert client.post(f"/app/hook/deliveries/{first.id}/attempts").status_code == 202
    again = here.sandbox.deliver_all()[0]
    assert again.delivery.guid == first.delivery.guid
    assert again.delivery.body == first.delivery.body
    newest = client.get("/app/hook/deliveries").json()[0]
    assert (newest["guid"], newest["redelivery"]) == (first.delivery.guid, True)
    whole = client.get(f"/app/hook/deliveries/{again.id}").json()
    assert whole["request"]["payload"]["action"] == "created"
    assert whole["response"]["payload"] == "thanks"
    assert client.post("/app/hook/deliveries/1/attempts").status_code == 404


def test_deliveries_are_listed_by_cursor_and_forgotten_after_three_days(
    here: Visit, door: Door
) -> None:
    client = here.as_app()
    talk(here, 5)
    made = here.sandbox.deliver_all()
    page = client.get("/app/hook/deliveries", params={"per_page": 2})
    found = [it["id"] for it in page.json()]
    while "next" in page.links:
        page = client.get(page.links["next"]["url"])
        found += [it["id"] for it in page.json()]
    assert found == [attempt.id for attempt in reversed(made)]
    here.clock.turn(days=3)
    assert here.as_app().get("/app/hook/deliveries").json() == []


def test_events_are_held_lost_doubled_and_shuffled_on_demand(here: Visit, door: Door) -> None:
    hooks = here.sandbox.hooks
    hooks.hold()
    talk(here, 2)
    assert here.sandbox.deliver_all() == []
    hooks.lose()
    talk(here, 2)
    hooks.duplicate()
    talk(here)
    hooks.release()
    assert len(here.sandbox.deliver_all()) == 5
    assert door.said() == ["0", "1", "3", "4", "4"]
    assert len({headers["X-GitHub-Delivery"] for headers, _body in door.got}) == 4
    door.got.clear()
    hooks.duplicate(1)
    talk(here, 9)
    hooks.shuffle(seed=3)
    here.sandbox.deliver_all()
    assert sorted(door.said(), key=int) == [str(number) for number in range(5, 14)]
    assert door.said() != sorted(door.said(), key=int)


def test_a_suspended_installation_is_told_nothing_but_that(here: Visit, door: Door) -> None:
    world, it = here.sandbox.world, here.garden.installation
    talk(here)
    here.sandbox.deliver_all()
    world.suspend(it)
    talk(here)
    world.unsuspend(it)
    events = [attempt.delivery.event for attempt in here.sandbox.deliver_all()]
    assert [(event.name, event.action) for event in events] == [
        ("installation", "suspend"),
        ("installation", "unsuspend"),
    ]


def test_the_apps_own_writes_come_back_as_events(here: Visit, door: Door) -> None:
    pull = here.sandbox.world.propose(here.garden.repo, here.garden.ada, {"a.txt": "1\n"})
    here.sandbox.deliver_all()
    path = "/repos/potluck-sandbox/garden"
    client = here.as_installation()
    client.post(f"{path}/issues/{pull.number}/comments", json={"body": "Welcome!"})
    run = {"name": "potluck/cla", "head_sha": pull.head_sha, "conclusion": "neutral"}
    client.post(f"{path}/check-runs", json=run)
    told = [attempt.delivery.event for attempt in here.sandbox.deliver_all()]
    assert [(event.name, event.action) for event in told] == [
        ("issue_comment", "created"),
        ("check_run", "created"),
        ("check_run", "completed"),
    ]
    assert all(event.payload["sender"]["login"] == "potluck[bot]" for event in told)


def test_live_webhooks_arrive_by_themselves(here: Visit, door: Door) -> None:
    port = int(here.sandbox.web_url.rpartition(":")[2])
    here.sandbox.webhook_url = f"http://127.0.0.1:{port}/"
    talk(here, 2)
    here.sandbox.hooks.start()
    assert door.both.wait(10)
    assert door.said() == ["0", "1"]
