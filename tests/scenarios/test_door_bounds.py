"""The doors' bounds: size, time and memory; a body is taken whole or not at all."""

import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.doorstep import GITHUB, SECRET, Door, Process, github_headers, open_door
from webhooks import reading
from webhooks.arrivals import CAP
from webhooks.reading import Budget

MIB = 1024 * 1024


@pytest.fixture
def door(sqlite_databases: tuple[str, str], tmp_path: Path) -> Iterator[Door]:
    with open_door(sqlite_databases, tmp_path) as opened:
        yield opened


def head(body: bytes, **changes: str) -> bytes:
    """The head of a signed request; `changes` replace or, when empty, remove headers."""
    headers = github_headers(body) | {"Host": "door", "Connection": "close"}
    headers |= {"Content-Length": str(len(body))}
    headers |= {name.replace("_", "-"): value for name, value in changes.items()}
    lines = [f"{name}: {value}" for name, value in headers.items() if value]
    return "\r\n".join([f"POST {GITHUB} HTTP/1.1", *lines, "", ""]).encode()


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


@pytest.mark.parametrize("size", [64 * 1024, 64 * 1024 + 1, 25_000_000, CAP])
def test_a_delivery_of_githubs_largest_size_is_kept_whole(door: Door, size: int) -> None:
    body = (b'{"commits": "' + bytes(range(32, 127)) * (size // 95 + 1))[: size - 2] + b'"}'

    assert door.github(body).status == 202
    (row,) = door.rows()
    assert door.body_of(row) == body


def test_a_byte_more_than_26_mib_is_refused_before_it_is_read(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "DRAIN_WITHIN_S", 0.1)
    answer = door.raw(head(b"", Content_Length=str(CAP + 1)))

    assert status(answer) == 413
    assert b"larger than 26 MiB" in answer


def test_a_sender_who_does_not_listen_before_the_end_hears_the_refusal_too(door: Door) -> None:
    answer = door.github(b"x" * (40 * MIB))

    assert answer.status == 413


@pytest.mark.parametrize(("size", "expected"), [(100, 400), (40 * MIB, 413)])
def test_a_body_in_chunks_is_refused_and_never_truncated(
    door: Door, size: int, expected: int
) -> None:
    body = b"x" * size
    pieces = (body[start : start + MIB] for start in range(0, size, MIB))

    answer = door.ask("POST", GITHUB, pieces, github_headers(body))

    assert answer.status == expected
    assert door.rows() == ()


def test_a_body_without_a_length_is_refused(door: Door) -> None:
    answer = door.raw(head(b"", Content_Length=""))

    assert status(answer) == 400
    assert b"with its Content-Length" in answer


@pytest.mark.parametrize("size", [5_000, 100_000])
def test_a_body_shorter_than_announced_is_refused(door: Door, size: int) -> None:
    body = b"x" * size

    answer = door.raw(head(body) + body[:-1], end=True)

    assert status(answer) == 400
    assert b"not as long as its Content-Length" in answer
    assert door.rows() == ()


def test_a_body_longer_than_announced_does_not_fit_its_signature(door: Door) -> None:
    body = b"x" * 5_000

    answer = door.raw(head(body, Content_Length="4999") + body)

    assert status(answer) == 401
    assert door.rows() == ()


@pytest.mark.parametrize("length", ["-1", "1e3", "0x10", "+5", "5, 6", "9" * 30])
def test_a_length_that_is_no_number_is_refused(door: Door, length: str) -> None:
    answer = door.raw(head(b"12345", Content_Length=length) + b"12345")

    assert status(answer) in {400, 413}
    assert door.rows() == ()


@pytest.mark.parametrize("size", [5_000, 100_000])
def test_a_body_that_drips_is_given_up_and_others_are_served_meanwhile(
    door: Door, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "BODY_WITHIN_S", 0.5)
    body = b"x" * size
    with ThreadPoolExecutor() as crowd:
        drip = crowd.submit(door.raw, head(body) + body[:100])
        other = door.github(b"{}")

        assert other.status == 202
        assert not drip.done()
        assert status(drip.result()) == 408
    assert len(door.rows()) == 1


def test_large_bodies_share_a_budget_and_small_ones_need_none(door: Door) -> None:
    assert door.web
    large, middling = b"x" * CAP, b"y" * (100 * 1024)
    host, _, port = door.host.partition(":")
    held = [socket.create_connection((host, int(port))) for _ in range(2)]
    for connection in held:
        connection.sendall(head(large) + large[:-1])

    # All but a byte of each: soon the budget is gone.
    budget = door.web._door._budget
    while budget.left > 2:
        time.sleep(0.01)

    refused = door.github(middling)
    small = door.github(b"{}")
    for connection in held:
        connection.close()
    while budget.left < reading.BUDGET:
        time.sleep(0.01)
    later = door.github(middling)

    assert (refused.status, refused.headers["retry-after"]) == (503, "10")
    assert (small.status, later.status) == (202, 202)


def test_the_budget_counts_what_came_and_gives_it_back() -> None:
    budget = Budget(100)

    with budget.hold() as one, budget.hold() as two:
        assert one.take(60)
        assert not two.take(41)
        assert two.take(40)
        assert budget.left == 0
        one.release()
        assert budget.left == 60

    assert budget.left == 100


def test_sixty_four_bodies_of_40_mb_cost_little_memory(
    sqlite_databases: tuple[str, str], tmp_path: Path
) -> None:
    with Process(sqlite_databases, tmp_path) as served:
        door = served.door
        assert door.github(b"{}").status == 202
        before = peak(served.process.pid)

        def send(number: int) -> int:
            body = b"\0" * (40 * 1000 * 1000)
            if number % 8:
                return door.github(body).status
            pieces = (body[start : start + MIB] for start in range(0, len(body), MIB))
            headers = github_headers(b"", SECRET)
            return door.ask("POST", GITHUB, pieces, headers).status

        with ThreadPoolExecutor(8) as crowd:
            statuses = set(crowd.map(send, range(64)))

        assert statuses == {413}
        assert peak(served.process.pid) - before <= 50 * MIB
        assert door.github(b"{}").status == 202


def peak(pid: int) -> int:
    """The most memory that a process ever had in use, in bytes."""
    text = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(text.partition("VmHWM:")[2].split()[0]) * 1024
