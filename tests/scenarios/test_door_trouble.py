"""The doors in trouble: a lock, a full disk, a database that is gone, and the end of the process."""

import os
import resource
import sqlite3
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from itertools import count
from pathlib import Path

import pytest

from tests.clusters import Cluster
from tests.doorstep import GITHUB, Answer, Door, Process, github_headers, open_door

Urls = tuple[str, str]
RETRY = {"retry-after": "10"}


def refused_in_time(door: Door) -> Answer:
    """Send a delivery that cannot be kept; it must be told so within the door's two seconds."""
    began = time.monotonic()
    answer = door.github(b"{}")
    # Half a second more than promised, for the scheduling of a busy machine.
    assert time.monotonic() - began < 2.5
    assert answer.status == 503
    assert answer.headers["retry-after"] == "10"
    assert answer.body == (
        b'{"error": "This cannot be kept just now: send it again in a moment."}\n'
    )
    return answer


def file_of(url: str) -> str:
    return url.removeprefix("sqlite:///")


def test_while_another_process_holds_the_lock_the_answer_is_503_and_pages_are_served(
    sqlite_databases: Urls, tmp_path: Path
) -> None:
    with open_door(sqlite_databases, tmp_path) as door:
        other = sqlite3.connect(file_of(sqlite_databases[1]), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        waiting = threading.Thread(target=refused_in_time, args=(door,))
        waiting.start()
        assert door.ask("GET", "/page").status == 200
        assert waiting.is_alive()
        waiting.join()

        other.execute("ROLLBACK")
        other.close()
        assert door.github(b'{"after": "the lock"}').status == 202
        assert len(door.rows()) == 1


def test_on_a_full_disk_the_answer_is_503_and_202_again_when_there_is_space(
    sqlite_databases: Urls, tmp_path: Path
) -> None:
    with Process(sqlite_databases, tmp_path) as served:
        door, pid = served.door, served.process.pid
        assert door.github(b"{}").status == 202
        # No file may grow: what the kernel then says to SQLite is what a full disk says.
        _soft, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (1024, hard))
        for _ in range(3):
            refused_in_time(door)
        assert len(door.rows()) == 1

        resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, hard))
        assert door.github(b'{"after": "the flood"}').status == 202
        assert len(door.rows()) == 2


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """Mount a disk of one megabyte, which only root may do."""
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root can mount a small disk; the same is played with a limit on files")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_on_a_disk_that_is_really_full_it_is_the_same(
    sqlite_databases: Urls, tmp_path: Path
) -> None:
    (tmp_path / "disk").mkdir()
    with small_disk(tmp_path / "disk") as disk:
        inbox = disk / "inbox.db"
        inbox.write_bytes(Path(file_of(sqlite_databases[1])).read_bytes())
        urls = (sqlite_databases[0], f"sqlite:///{inbox}")
        with open_door(urls, tmp_path) as door:
            assert door.github(b"{}").status == 202
            ballast = disk / "ballast"
            with pytest.raises(OSError, match="No space left"):
                ballast.write_bytes(b"\0" * 2_000_000)
            refused_in_time(door)
            ballast.unlink()
            assert door.github(b"{}").status == 202
            assert len(door.rows()) == 2


def test_while_postgresql_is_gone_the_answer_is_503_and_202_again_when_it_is_back(
    postgresql_databases: Urls, cluster: Cluster, tmp_path: Path
) -> None:
    with open_door(postgresql_databases, tmp_path) as door:
        assert door.github(b"{}").status == 202
        cluster.stop()
        try:
            for _ in range(3):
                refused_in_time(door)
        finally:
            cluster.start()
        assert door.github(b'{"after": "the outage"}').status == 202
        door.inbox.engine.dispose()
        assert len(door.rows()) == 2


class Sender(threading.Thread):
    """Sends deliveries one after the other on one connection, until the server is gone."""

    def __init__(self, host: str, name: str) -> None:
        super().__init__()
        self._host = host
        self._name = name
        self.acked: list[str] = []
        self.refused: list[int] = []
        self.broken: list[str] = []
        self.connected = False

    def run(self) -> None:
        numbers = count()
        while True:
            connection = HTTPConnection(self._host, timeout=10)
            try:
                connection.connect()
            except ConnectionRefusedError:
                return
            try:
                self._send_on(connection, numbers)
            except OSError as error:
                self.broken.append(repr(error))
                return
            finally:
                connection.close()

    def _send_on(self, connection: HTTPConnection, numbers: Iterator[int]) -> None:
        body = b'{"comment": "' + b"words " * 3_000 + b'"}'
        while True:
            guid = f"{self._name}-{next(numbers)}"
            connection.request("POST", GITHUB, body, github_headers(body, guid=guid))
            response = connection.getresponse()
            response.read()
            if response.status == 202:
                self.acked.append(guid)
            else:
                self.refused.append(response.status)
            if response.getheader("connection") == "close":
                return


def load(host: str, name: str) -> list[Sender]:
    senders = [Sender(host, f"{name}-{number}") for number in range(8)]
    for sender in senders:
        sender.start()
    return senders


def some_are_acked(senders: list[Sender]) -> None:
    while sum(len(sender.acked) for sender in senders) < 40:
        time.sleep(0.01)


def stored(inbox_url: str) -> set[str]:
    with sqlite3.connect(file_of(inbox_url)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return {guid for (guid,) in connection.execute("SELECT guid FROM delivery")}


def test_what_was_answered_202_is_there_after_every_kill_and_the_file_is_whole(
    sqlite_databases: Urls, tmp_path: Path
) -> None:
    acked: set[str] = set()
    for number in range(4):
        with Process(sqlite_databases, tmp_path) as served:
            senders = load(served.door.host, str(number))
            some_are_acked(senders)
            served.process.kill()
            served.process.wait()
            for sender in senders:
                sender.join()
                acked.update(sender.acked)
        assert acked <= stored(sqlite_databases[1])
    assert len(acked) >= 160


def test_told_to_stop_it_answers_what_it_took_and_resets_nobody(
    sqlite_databases: Urls, tmp_path: Path
) -> None:
    with Process(sqlite_databases, tmp_path) as served:
        senders = load(served.door.host, "last")
        some_are_acked(senders)
        began = time.monotonic()
        served.process.terminate()
        code = served.process.wait(timeout=12)
        for sender in senders:
            sender.join()

        assert (code, time.monotonic() - began < 10) == (0, True)
    assert [sender.broken for sender in senders] == [[]] * len(senders)
    assert [sender.refused for sender in senders] == [[]] * len(senders)
    acked = {guid for sender in senders for guid in sender.acked}
    assert acked == stored(sqlite_databases[1])


def connects(door: Door) -> bool:
    try:
        door.ask("GET", "/")
    except OSError:
        return False
    return True


def test_at_the_end_a_kept_connection_is_answered_once_more_and_a_new_one_refused(
    sqlite_databases: Urls, tmp_path: Path
) -> None:
    with ExitStack() as stack:
        door = stack.enter_context(open_door(sqlite_databases, tmp_path, parting_s=2))
        kept, body = HTTPConnection(door.host), b"{}"
        kept.request("POST", GITHUB, body, github_headers(body))
        kept.getresponse().read()
        ending = threading.Thread(target=stack.pop_all().close)
        ending.start()
        while connects(door):
            time.sleep(0.01)

        kept.request("POST", GITHUB, body, github_headers(body))
        answer = kept.getresponse()
        assert (answer.status, answer.getheader("connection")) == (202, "close")
        kept.close()
        ending.join()
    assert len(stored(sqlite_databases[1])) == 2


def test_told_to_stop_while_it_begins_it_ends_and_takes_no_time_of_the_machine(
    sqlite_databases: Urls, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(12):
        with open_door(sqlite_databases, tmp_path):
            pass
    assert "requests cut off at the end" not in caplog.text


def test_the_disk_has_it_before_the_answer_is_sent(sqlite_databases: Urls, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    # -D: the door stays our child, with strace beside it.
    calls = "trace=fdatasync,writev,write,recvfrom"
    strace = ["strace", "-D", "-f", "-y", "-o", str(trace), "-e", calls]
    try:
        subprocess.run([*strace, "true"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("strace is not installed, or may not trace here")
    with Process(sqlite_databases, tmp_path, under=[*strace, "-s", "64"]) as served:
        assert served.door.github(b"{}").status == 202  # makes the file's first page
        assert served.door.github(b'{"second": true}').status == 202
        served.process.terminate()
        served.process.wait()

    lines = trace.read_text(encoding="utf-8", errors="replace").splitlines()
    arrivals = [at for at, line in enumerate(lines) if "POST /webhooks/github" in line]
    answers = [at for at, line in enumerate(lines) if "HTTP/1.1 202" in line]
    syncs = [at for at, line in enumerate(lines) if "inbox.db-wal" in line and is_done(line)]
    assert len(arrivals) == len(answers) == 2
    for arrival, answer in zip(arrivals, answers, strict=True):
        assert any(arrival < sync < answer for sync in syncs)


def is_done(line: str) -> bool:
    """Say whether a line of strace's tells that an fdatasync has ended well."""
    return "fdatasync" in line and line.rstrip().endswith("= 0")
