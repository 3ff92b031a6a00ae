"""The doors from outside: what is kept, what is refused, and what the answer says."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import pytest

from core.config import Settings
from tests.doorstep import (
    GITHUB,
    JSON,
    SECRET,
    STRIPE,
    STRIPE_SECRET,
    Door,
    github_headers,
    open_door,
)

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
EVENT = b'{"id": "evt_1NG8Du2eZvKYlo2CUI79vXWy", "object": "event"}'


@pytest.fixture
def door(databases: tuple[str, str], tmp_path: Path) -> Iterator[Door]:
    with open_door(databases, tmp_path, clock=lambda: NOW) as opened:
        yield opened


@pytest.fixture
def judge(sqlite_databases: tuple[str, str], tmp_path: Path) -> Iterator[Door]:
    """A door for what is decided before a database has a say."""
    with open_door(sqlite_databases, tmp_path, clock=lambda: NOW) as opened:
        yield opened


def test_a_signed_delivery_is_kept_as_it_came_and_answered_202(door: Door) -> None:
    body = '{"title": "Ünïcödé \\u00e9", "n":  1 }\n'.encode()

    answer = door.github(body, X_GitHub_Delivery="72d3162e-cc78-11e3-81ab-4c9367dc0958")

    assert (answer.status, answer.body) == (202, b'{"outcome": "stored"}\n')
    (row,) = door.rows()
    assert (row.source, row.guid) == ("github", "72d3162e-cc78-11e3-81ab-4c9367dc0958")
    assert (row.event, row.content_type) == ("issue_comment", JSON)
    assert (row.state, row.received_at, row.attempts) == ("received", NOW, 0)
    assert row.body_sha256 == sha256(body).hexdigest()
    assert door.body_of(row) == body


def test_one_delivery_sent_by_sixteen_at_once_is_kept_once(door: Door) -> None:
    guid = str(uuid4())
    with ThreadPoolExecutor(16) as crowd:
        answers = list(crowd.map(lambda _n: door.github(b"{}", X_GitHub_Delivery=guid), range(16)))

    assert [answer.status for answer in answers] == [202] * 16
    outcomes = sorted(answer.body for answer in answers)
    assert outcomes == [b'{"outcome": "known"}\n'] * 15 + [b'{"outcome": "stored"}\n']
    assert [row.guid for row in door.rows()] == [guid]


def test_a_redelivery_is_answered_202_and_changes_nothing(door: Door) -> None:
    guid = str(uuid4())
    door.github(b'{"first": 1}', X_GitHub_Delivery=guid)

    again = door.github(b'{"first": 1}', X_GitHub_Delivery=guid)

    assert (again.status, again.body) == (202, b'{"outcome": "known"}\n')
    (row,) = door.rows()
    assert door.body_of(row) == b'{"first": 1}'


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json at all",
        b'{"cut": ',
        b'{"bad": "\xff\xfe"}',
        b"[" * 50_000,
        b'{"n": ' + b"9" * 5_000 + b"}",
        b"\x00" * 100,
    ],
)
def test_a_signed_body_is_kept_whatever_it_holds_because_nothing_is_parsed(
    judge: Door, body: bytes
) -> None:
    answer = judge.github(body)

    assert answer.status == 202
    (row,) = judge.rows()
    assert judge.body_of(row) == body


def test_a_form_is_signed_and_kept_in_its_raw_form(door: Door) -> None:
    body = b"payload=" + quote('{"zen": "Keep it logically awesome."}').encode()
    form = "application/x-www-form-urlencoded"

    answer = door.github(body, Content_Type=form)

    assert answer.status == 202
    (row,) = door.rows()
    assert (row.content_type, door.body_of(row)) == (form, body)


@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "Application/JSON"])
def test_a_content_type_may_have_parameters(judge: Door, kind: str) -> None:
    assert judge.github(b"{}", Content_Type=kind).status == 202
    assert [row.content_type for row in judge.rows()] == [JSON]


@pytest.mark.parametrize(
    ("header", "value", "status", "sentence"),
    [
        ("X_Hub_Signature_256", "", 401, "carries no well-formed SHA-256 signature"),
        ("X_Hub_Signature_256", "sha1=" + "0" * 40, 401, "no well-formed SHA-256 signature"),
        ("X_Hub_Signature_256", "sha256=" + "0" * 64, 401, "does not fit the body"),
        ("X_Hub_Signature_256", "sha256=" + "é" * 64, 401, "no well-formed SHA-256 signature"),
        ("X_GitHub_Delivery", "", 400, "X-GitHub-Delivery is missing or malformed"),
        ("X_GitHub_Delivery", "x" * 65, 400, "X-GitHub-Delivery is missing or malformed"),
        ("X_GitHub_Delivery", "a b", 400, "X-GitHub-Delivery is missing or malformed"),
        ("X_GitHub_Event", "", 400, "X-GitHub-Event is missing or malformed"),
        ("X_GitHub_Event", "Push", 400, "X-GitHub-Event is missing or malformed"),
        ("X_GitHub_Event", "e" * 65, 400, "X-GitHub-Event is missing or malformed"),
        ("Content_Type", "text/plain", 400, "The body must be application/json or"),
        ("Content_Type", "", 400, "The body must be application/json or"),
    ],
)
def test_a_request_that_is_no_delivery_is_told_why_and_leaves_nothing(
    judge: Door, header: str, value: str, status: int, sentence: str
) -> None:
    answer = judge.github(b'{"a": "body"}', **{header: value})

    assert answer.status == status
    assert sentence in answer.body.decode()
    assert answer.headers["content-type"] == JSON
    assert judge.rows() == ()


def test_only_posts_are_deliveries(judge: Door) -> None:
    answer = judge.ask("GET", GITHUB)

    assert (answer.status, answer.headers["allow"]) == (405, "POST")


def test_while_a_secret_is_rotated_both_are_good_and_then_only_the_new_one(
    databases: tuple[str, str], tmp_path: Path
) -> None:
    new = b"the secret that takes its place"

    def sharing(*secrets: bytes) -> list[int]:
        def change(settings: Settings) -> Settings:
            assert settings.github
            return replace(settings, github=replace(settings.github, webhook_secrets=secrets))

        with open_door(databases, tmp_path, change=change) as door:
            sent = (github_headers(b"{}", secret) for secret in (SECRET, new))
            return [door.ask("POST", GITHUB, b"{}", headers).status for headers in sent]

    assert sharing(SECRET) == [202, 401]
    assert sharing(new, SECRET) == [202, 202]
    assert sharing(new) == [401, 202]


def test_a_door_that_is_not_set_up_says_so(databases: tuple[str, str], tmp_path: Path) -> None:
    def without(settings: Settings) -> Settings:
        return replace(settings, github=None, stripe=None)

    with open_door(databases, tmp_path, change=without) as door:
        for path, name in ((GITHUB, b"github"), (STRIPE, b"stripe")):
            answer = door.ask("POST", path, b"{}", github_headers(b"{}"))
            assert answer.status == 404
            assert b"Deliveries from " + name + b" are not set up" in answer.body
        assert door.rows() == ()


def test_an_event_of_stripes_is_kept_under_its_own_id(door: Door) -> None:
    first, again = door.stripe(EVENT, NOW), door.stripe(EVENT, NOW + timedelta(minutes=2))

    assert (first.status, again.status) == (202, 202)
    assert again.body == b'{"outcome": "known"}\n'
    (row,) = door.rows()
    assert (row.source, row.guid, row.event) == ("stripe", "evt_1NG8Du2eZvKYlo2CUI79vXWy", "event")
    assert door.body_of(row) == EVENT


@pytest.mark.parametrize(("seconds", "status"), [(-301, 401), (-299, 202), (299, 202), (301, 401)])
def test_stripes_clock_may_be_five_minutes_off_to_either_side(
    judge: Door, seconds: int, status: int
) -> None:
    assert judge.stripe(EVENT, NOW + timedelta(seconds=seconds)).status == status


def test_stripes_door_refuses_strangers_and_forms(judge: Door) -> None:
    assert judge.stripe(EVENT, NOW, b"somebody else's secret").status == 401
    unsigned = judge.ask("POST", STRIPE, EVENT, {"Content-Type": JSON})
    assert unsigned.status == 401
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert judge.ask("POST", STRIPE, EVENT, form | stripe_headers()).status == 400
    assert judge.rows() == ()


def stripe_headers() -> dict[str, str]:
    from tests.doorstep import stripe_signature

    return {"Stripe-Signature": stripe_signature(EVENT, NOW, STRIPE_SECRET)}


def test_everything_else_goes_to_the_pages(judge: Door) -> None:
    assert judge.ask("GET", "/acme/anvil/cla").body == b"page /acme/anvil/cla "
    assert (
        judge.ask("POST", "/caf%C3%A9", b"a form").body == "page /caf\u00c3\u00a9 a form".encode()
    )
    assert judge.ask("POST", GITHUB + "/", b"").body == b"page /webhooks/github/ "
