"""Strangers at the doors: no request, however odd, is kept, parsed, repeated in a log or a fault of ours."""

import asyncio
import json
import logging
import random
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.server import Web
from core.clock import system_clock
from core.db import Database
from core.log import JsonLines
from tests.doorstep import (
    GITHUB,
    JSON,
    SECRET,
    STRIPE,
    Door,
    github_headers,
    open_door,
    pages,
    settings_for,
)

MARK = "do-not-repeat-me"
ODD_HEADERS = (
    *("", "sha256", "sha256=", "sha256=" + "0" * 63, "sha256=" + "0" * 64, "=", "sha256=\u00ff"),
    *("sha256=" + "z" * 64, "sha1=" + "0" * 40, "md5=x", "sha256=" + "0" * 64 + ",sha256=0"),
    *("t=1,v1=" + "0" * 64, "t=1", "t=\u00e9,v1=x", "t=" + "9" * 400, ",,,", "v1=" + "0" * 64),
    "\x80\x81\x82",
    "a" * 10_000,
)
ODD_BODIES = (
    *(b"", b"[]", b"null", b"{", b"[" * 2_000, b'{"n": ' + b"9" * 5_000 + b"}", b"\xff\xfe\xfa"),
    *(b"payload=%7B%7D", b"payload=1&payload=2", b"a" * 70_000, b"\x00" * 10, b'{"a":' * 500),
)
ODD_VALUES = (
    "",
    "x",
    "0" * 64,
    "x" * 65,
    "a b",
    "\u00fc",
    "../../etc/passwd",
    "'; DROP TABLE delivery",
    "push",
)
ODD_TYPES = (
    "",
    JSON,
    "application/x-www-form-urlencoded",
    "text/html",
    "multipart/form-data",
    "application/json" * 9,
)
NAMES = ("x-hub-signature-256", "x-hub-signature", "stripe-signature")


@dataclass
class FakeRequest:
    """A request as the server hands it over, without the network."""

    method: str
    path: str
    fields: dict[str, str]
    body: bytes
    status: int | None = None

    @property
    def headers(self) -> dict[str, str]:
        return self.fields

    async def __call__(self) -> bytes:
        return self.body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for start in range(0, len(self.body), 8_192):
            yield self.body[start : start + 8_192]

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        assert self.status is None
        self.status = status

    def response_str(self, status: int, headers: list[tuple[str, str]], body: str) -> None:
        self.response_bytes(status, headers, body.encode())


def odd_request(dice: random.Random) -> FakeRequest:
    body = dice.choice(ODD_BODIES)
    fields = {
        "content-type": dice.choice(ODD_TYPES),
        "x-github-delivery": dice.choice(ODD_VALUES),
        "x-github-event": dice.choice(ODD_VALUES),
        "content-length": dice.choice((str(len(body)),) * 6 + ("", "-1", "x", "9" * 40, "\u0663")),
        **{name: dice.choice(ODD_HEADERS) for name in NAMES},
    }
    for name in dice.sample(sorted(fields), dice.randrange(3)):
        del fields[name]
    return FakeRequest("POST", dice.choice((GITHUB, STRIPE)), fields, body)


def test_ten_thousand_odd_requests_leave_no_row_and_are_all_told_so(
    sqlite_databases: tuple[str, str], tmp_path: Path
) -> None:
    dice = random.Random(20261122)
    inbox = Database(sqlite_databases[1])
    web = Web(settings_for(sqlite_databases, tmp_path), pages, inbox, system_clock)
    requests = [odd_request(dice) for _ in range(10_000)]

    async def send_all() -> None:
        web.open()
        for request in requests:
            await web.__rsgi__(request, request)  # type: ignore[arg-type]  # both at once
        web.close()

    asyncio.run(send_all())

    assert {request.status for request in requests} <= {400, 401, 413}
    with inbox.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM delivery").scalar() == 0
    inbox.close()


def test_a_body_that_is_not_as_long_as_the_server_says_is_never_taken(
    sqlite_databases: tuple[str, str], tmp_path: Path
) -> None:
    body = b'{"whole": false}'
    fields = {name.lower(): value for name, value in github_headers(body).items()}
    request = FakeRequest("POST", GITHUB, fields | {"content-length": "17"}, body)
    inbox = Database(sqlite_databases[1])
    web = Web(settings_for(sqlite_databases, tmp_path), pages, inbox, system_clock)

    asyncio.run(web.__rsgi__(request, request))  # type: ignore[arg-type]  # both at once
    inbox.close()

    assert request.status == 400


@pytest.fixture
def door(sqlite_databases: tuple[str, str], tmp_path: Path) -> Iterator[Door]:
    with open_door(sqlite_databases, tmp_path) as opened:
        yield opened


POST = b"POST /webhooks/github HTTP/1.1\r\nHost: x\r\n"
RAW_HEADS = (
    POST + b"X-Hub-Signature-256: " + b"a" * 1_000_000,
    POST + b"Content-Length: 5\r\nContent-Length: 6\r\n",
    POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
    POST + b"Transfer-Encoding: gzip, chunked\r\n",
    POST + b"X-Hub-Signature-256: sha256=\xff\xfe\r\nContent-Length: 2\r\n",
    POST + b"X-GitHub-Event: a\r\n b\r\nContent-Length: 2\r\n",
    POST + b"" + b"X-A: b\r\n" * 500,
    b"POST /webhooks/github?payload=%ff HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n",
    b"POST /webhooks/%67ithub HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n",
    b"POST //webhooks/github HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n",
    b"POST /webhooks/github HTTP/0.9\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"GET /\xff\xfe?\xff=\xfe HTTP/1.1\r\nHost: x\r\n",
    b"GET /%ff%00?a=%ff HTTP/1.1\r\nHost: x\r\n",
    b"TRACE / HTTP/1.1\r\nHost: x\r\n",
)


@pytest.mark.parametrize("head", RAW_HEADS, ids=range(len(RAW_HEADS)))
def test_bytes_that_are_hardly_http_are_no_fault_of_ours(door: Door, head: bytes) -> None:
    answer = door.raw(head + b"Connection: close\r\n\r\n{}", end=True)

    status = int(answer.split(b" ", 2)[1]) if answer else 0
    assert status < 500
    assert status != 202
    assert door.rows() == ()
    assert door.github(b"{}").status == 202


def logged(caplog: pytest.LogCaptureFixture, count: int) -> list[str]:
    """Wait for so many log lines: the door writes them just after it has answered."""
    while True:
        records = list(caplog.records)
        lines = "\n".join(JsonLines().format(record) for record in records).splitlines()
        if len(lines) >= count:
            assert len(lines) == count
            return lines
        time.sleep(0.01)


def test_no_answer_and_no_log_line_repeats_what_was_sent_or_shared(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    body = json.dumps({"secret": MARK, "email": f"{MARK}@example.com"}).encode()
    answers = [
        door.github(body),
        door.github(body, X_Hub_Signature_256=f"sha256={MARK}"),
        door.github(body, X_Hub_Signature_256="sha256=" + "0" * 64),
        door.github(body, X_GitHub_Delivery=f"{MARK} {MARK}"),
        door.github(body, X_GitHub_Event=MARK),
        door.github(body, Content_Type=f"text/{MARK}"),
        door.ask("POST", STRIPE, body, {"Stripe-Signature": MARK, "Content-Type": JSON}),
        door.ask("GET", GITHUB + f"?token={MARK}"),
    ]

    assert [answer.status for answer in answers] == [202, 401, 401, 400, 400, 400, 401, 405]
    told = "".join(logged(caplog, len(answers)))
    for answer in answers:
        told += answer.body.decode() + str(answer.headers)
    for hidden in (MARK, SECRET.decode(), "sha256=", "Traceback"):
        assert hidden not in told


def test_each_delivery_has_a_line_with_its_id_what_became_of_it_and_how_long_it_took(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    for _ in range(2):
        door.github(b"{}", X_GitHub_Delivery="72d3162e-cc78-11e3-81ab-4c9367dc0958")
    door.github(b"{}", Content_Type="text/plain")

    lines = [json.loads(line) for line in logged(caplog, 3)]
    seconds = [line.pop("seconds", None) for line in lines]
    assert [value is not None and 0 < value < 60 for value in seconds] == [True, True, False]
    kept = {
        "level": "info",
        "what": "delivery accepted",
        "delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958",
        "event": "issue_comment",
        "status": 202,
    }
    refused = {"level": "warning", "what": "delivery refused", "outcome": "refused"}
    for line in lines:
        del line["at"]
    assert lines == [
        kept | {"outcome": "stored"},
        kept | {"outcome": "known"},
        refused | {"reason": "content type", "status": 400, "path": "github"},
    ]


def test_a_flood_of_strangers_does_not_fill_the_log(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(60):
        door.github(b"{}", X_Hub_Signature_256="")

    while len(caplog.records) < 20:
        time.sleep(0.01)
    # Twenty in a minute; the minute may turn over once while they knock.
    assert 20 <= len(caplog.records) <= 40


def test_what_was_kept_back_is_counted_on_the_next_line() -> None:
    from webhooks.door import Lines

    lines = Lines(most=2)

    assert [lines.allow("unsigned", now) for now in (0, 1, 2, 59, 60, 61, 62)] == [
        *(0, 0, None, None),
        *(2, 0, None),
    ]
    assert lines.allow("forged", 62) == 0


def test_metrics_count_by_our_words_only(door: Door) -> None:
    from prometheus_client import generate_latest

    from core.metrics import registry

    door.github(b"{}", X_GitHub_Event=MARK)
    door.github(b"{}")

    text = generate_latest(registry).decode()
    assert 'potluck_received_total{outcome="stored",source="github"}' in text
    assert 'potluck_refused_total{reason="no event name",source="github"}' in text
    assert 'potluck_ack_seconds_bucket{le="0.025",source="github"}' in text
    assert MARK not in text


def test_no_log_line_repeats_an_address_that_is_a_key() -> None:
    key, commit = "0123456789abcdef" * 2, "a" * 40
    said = f"Exception on /acme/garden/fund/{key} [GET] of /commit/{commit}"
    record = logging.makeLogRecord({"msg": said, "path": f"/you/organisations/join/{key}"})
    line = JsonLines().format(record)
    assert key not in line
    assert commit in line
