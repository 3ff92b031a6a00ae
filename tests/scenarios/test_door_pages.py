"""The pages beside the doors: a WSGI application gets whole requests, and strangers get no thread."""

import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot import bridge
from bot.server import Web, running, serve_web
from core.clock import system_clock
from core.db import Database
from core.errors import UserError
from tests.doorstep import Door, settings_for
from webhooks import reading

Start = Callable[[str, list[tuple[str, str]]], Callable[[bytes], None]]


class Application:
    """A WSGI application that remembers what it was asked, and misbehaves where told to."""

    def __init__(self) -> None:
        self.environ: dict[str, Any] = {}
        self.closed = threading.Event()
        self.let_go = threading.Event()

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterator[bytes]:
        self.environ = environ
        if environ["PATH_INFO"] == "/fails":
            message = "the secret of the page"
            raise RuntimeError(message)
        if environ["PATH_INFO"] == "/waits":
            self.let_go.wait(30)
        write = start("201 Created", [("Content-Type", "text/plain"), ("Set-Cookie", "a=1")])
        write(b"written ")
        return Parts(self, environ["wsgi.input"].read())


class Parts(Iterator[bytes]):
    """An answer in parts that wants to be closed."""

    def __init__(self, application: Application, body: bytes) -> None:
        self._application = application
        self._parts = [b"and ", b"given ", body]

    def __next__(self) -> bytes:
        if not self._parts:
            raise StopIteration
        return self._parts.pop(0)

    def close(self) -> None:
        self._application.closed.set()


@pytest.fixture
def application() -> Application:
    return Application()


@pytest.fixture
def door(
    application: Application, sqlite_databases: tuple[str, str], tmp_path: Path
) -> Iterator[Door]:
    inbox = Database(sqlite_databases[1])
    settings = settings_for(sqlite_databases, tmp_path)
    with running(Web(settings, application, inbox, system_clock)) as url:
        yield Door(url, inbox)
    inbox.close()


def test_an_answer_comes_whole_however_it_was_made(door: Door, application: Application) -> None:
    answer = door.ask("POST", "/a%20page?q=1&r=%C3%BC", b"a form")

    assert (answer.status, answer.body) == (201, b"written and given a form")
    assert answer.headers["set-cookie"] == "a=1"
    assert application.closed.is_set()
    environ = application.environ
    assert (environ["REQUEST_METHOD"], environ["PATH_INFO"]) == ("POST", "/a page")
    assert (environ["QUERY_STRING"], environ["CONTENT_LENGTH"]) == ("q=1&r=%C3%BC", "6")
    assert (environ["REMOTE_ADDR"], environ["wsgi.url_scheme"]) == ("127.0.0.1", "http")


def test_headers_reach_the_application_in_cgis_words(door: Door, application: Application) -> None:
    headers = {"Content-Type": "text/x", "Cookie": "a=b", "X-Real-IP": "10.0.0.1"}
    door.ask("GET", "/", headers=headers | {"X_Real_IP": "6.6.6.6", "X_Forwarded_For": "6.6.6.6"})

    environ = application.environ
    assert (environ["CONTENT_TYPE"], environ["HTTP_COOKIE"]) == ("text/x", "a=b")
    assert environ["HTTP_X_REAL_IP"] == "10.0.0.1"
    assert "HTTP_X_FORWARDED_FOR" not in environ
    assert "HTTP_CONTENT_TYPE" not in environ


def test_a_page_that_fails_says_nothing_about_why(door: Door) -> None:
    answer = door.ask("GET", "/fails")

    assert answer.status == 500
    assert b"secret" not in answer.body


def test_a_form_of_more_than_a_mebibyte_is_refused(door: Door, application: Application) -> None:
    assert door.ask("POST", "/", b"x" * 1024 * 1024).status == 201
    application.environ = {}

    answer = door.raw(
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\n\r\n" + b"x" * 1_100_000
    )

    assert b" 413 " in answer.partition(b"\r\n")[0]
    assert application.environ == {}


def test_a_request_that_drips_takes_no_thread(
    door: Door, application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "BODY_WITHIN_S", 0.3)

    answer = door.raw(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nx")

    assert b" 408 " in answer.partition(b"\r\n")[0]
    assert application.environ == {}


def test_a_request_that_ends_early_is_told_so(door: Door, application: Application) -> None:
    answer = door.raw(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nx", end=True)

    assert b" 400 " in answer.partition(b"\r\n")[0]
    assert application.environ == {}


def test_a_request_without_a_length_is_refused(door: Door, application: Application) -> None:
    answer = door.ask("POST", "/", iter([b"a form ", b"in pieces"]))

    assert answer.status == 411
    assert application.environ == {}


def test_when_too_many_wait_the_next_is_told_to_come_back_and_doors_stay_open(
    door: Door, application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bridge, "MOST_WAITING", bridge.THREADS)
    host, _, port = door.host.partition(":")
    waiting = [socket.create_connection((host, int(port))) for _ in range(bridge.THREADS)]
    for connection in waiting:
        connection.sendall(b"GET /waits HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")

    while door.ask("GET", "/waits-not").status != 503:
        pass
    assert door.github(b"{}").status == 202

    application.let_go.set()
    for connection in waiting:
        assert b" 201 " in connection.makefile("rb").readline()
        connection.close()
    assert door.ask("GET", "/again").status == 201


def test_a_port_that_is_taken_is_told_with_the_remedy(
    door: Door, sqlite_databases: tuple[str, str], tmp_path: Path
) -> None:
    port = int(door.host.partition(":")[2])

    with pytest.raises(UserError, match=rf"127.0.0.1:{port} is in use: set PORT to a free one"):
        serve_web(settings_for(sqlite_databases, tmp_path, port), Application(), door.inbox)
