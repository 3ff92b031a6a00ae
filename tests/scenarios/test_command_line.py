"""The command line as its users meet it: processes of their own, what they print and leave behind."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest
from sqlalchemy import func, select

from bot.app import settings_from
from bot.places import repository
from bot.sandbox.demo_story import opening
from bot.sandbox.free_port import free_port
from core.db import Database
from tests.browser.site import CREDENTIALS, SECRET_KEY, make, place
from tests.programs import ROOT

COMMAND = [sys.executable, "-m", "bot"]
NOWHERE = "postgresql://potluck:very-secret@127.0.0.1:1/potluck"


class Shell:
    """Somebody in an empty folder, with nothing set but what a test gives."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def _surroundings(self, given: dict[str, str]) -> dict[str, str]:
        return {"PATH": os.defpath, "PYTHONPATH": str(ROOT), **given}

    def run(self, *words: str, **given: str) -> subprocess.CompletedProcess[str]:
        """Run `potluck WORDS` to its end."""
        return subprocess.run(
            [*COMMAND, *words],
            cwd=self.folder,
            env=self._surroundings(given),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    @contextmanager
    def serving(self, port: int, **given: str) -> Iterator[Path]:
        """Run `potluck serve` during the block, once it is ready; gives what it prints."""
        printed = self.folder / f"printed-{time.monotonic_ns()}"
        with (
            printed.open("w") as out,
            subprocess.Popen(
                [*COMMAND, "serve"],
                cwd=self.folder,
                env=self._surroundings({"PORT": str(port), **given}),
                stdout=out,
                stderr=out,
            ) as process,
        ):
            try:
                until(lambda: "migrations" in page(port, "/readyz") or process.poll() is not None)
                assert process.poll() is None, printed.read_text()
                yield printed
            finally:
                process.send_signal(signal.SIGTERM)
                process.wait(30)


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


def page(port: int, path: str = "/") -> str:
    try:
        with urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return str(answer.read(), "utf-8")
    except OSError:
        return ""


def until(condition: Callable[[], bool], seconds: float = 40) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


def known_repositories(file: Path) -> int:
    database = Database(f"sqlite:///{file}")
    with database.read() as connection:
        found = connection.scalar(select(func.count()).select_from(repository)) or 0
    database.close()
    return found


def test_the_sandbox_starts_empty_each_time_and_never_touches_the_real_database(
    shell: Shell,
) -> None:
    own, real = shell.folder / "var/sandbox/potluck.db", shell.folder / "var/potluck.db"
    port = free_port()
    for _ in range(2):
        with shell.serving(port) as printed:
            until(lambda: known_repositories(own) > 0)
            assert known_repositories(own) == 1
            look = "DATABASE_URL=sqlite:///var/sandbox/potluck.db potluck deliveries list"
            assert "start empty each time" in printed.read_text()
            assert look in printed.read_text()
            inside = shell.run(
                "deliveries", "list", DATABASE_URL="sqlite:///var/sandbox/potluck.db"
            )
            assert "installation" in inside.stdout
            assert shell.run("deliveries", "list").stdout == "No deliveries.\n"

    assert known_repositories(real) == 0
    assert (shell.folder / "var/secret_key").exists()


def test_a_database_that_is_named_is_left_alone_and_said(shell: Shell) -> None:
    with shell.serving(free_port(), DATABASE_URL="sqlite:///mine.db") as printed:
        assert "the one that DATABASE_URL names, sqlite:///mine.db" in printed.read_text()

    assert (shell.folder / "mine.db").exists()
    assert not (shell.folder / "var/sandbox").exists()


def test_a_second_start_says_one_sentence_and_leaves_the_first_alone(shell: Shell) -> None:
    port, other = free_port(), free_port()
    own = shell.folder / "var/sandbox/potluck.db"
    with shell.serving(port):
        until(lambda: known_repositories(own) > 0)

        elsewhere = Shell(shell.folder / "elsewhere")
        elsewhere.folder.mkdir()
        second = elsewhere.run("serve", PORT=str(port))
        assert (second.returncode, second.stdout) == (2, "")
        assert second.stderr == f"potluck: 127.0.0.1:{port} is in use: set PORT to a free one.\n"
        assert not list(elsewhere.folder.glob("var/*.db"))

        third = shell.run("serve", PORT=str(other))
        assert third.returncode == 2
        assert third.stderr.startswith("potluck: Another sandbox runs in var/sandbox: stop it")
        assert known_repositories(own) == 1


def test_behind_a_proxy_both_addresses_are_said(shell: Shell) -> None:
    port = free_port()
    with shell.serving(port, PUBLIC_URL="https://potluck.example.org") as printed:
        said = printed.read_text()

    assert f"listens on 127.0.0.1:{port}; people see it as https://potluck.example.org" in said


@pytest.mark.parametrize(
    "words",
    ["deliveries list", "deliveries show 1", "check", "export --output x", "web", "worker"],
)
def test_a_database_that_is_not_there_is_one_sentence_and_none_is_made(
    shell: Shell, words: str
) -> None:
    done = shell.run(*words.split(), DATABASE_URL="sqlite:///nowhere/potluck.db")

    name = "inbox" if words.startswith("deliveries") else "potluck"
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"potluck: There is no Potluck database at sqlite:///nowhere/{name}.db:"
        " run `potluck migrate`, or mend DATABASE_URL.\n"
    )
    assert not (shell.folder / "nowhere").exists()


def test_a_database_without_our_tables_is_no_potluck_database(shell: Shell) -> None:
    (shell.folder / "empty.db").touch()

    done = shell.run("check", DATABASE_URL="sqlite:///empty.db")

    assert done.returncode == 1
    assert done.stderr.startswith("potluck: There is no Potluck database at sqlite:///empty.db:")


@pytest.mark.parametrize("word", ["check", "migrate", "serve", "worker"])
def test_a_database_that_cannot_be_reached_is_one_sentence_without_its_password(
    shell: Shell, word: str
) -> None:
    done = shell.run(word, DATABASE_URL=NOWHERE, PORT=str(free_port()))

    (sentence,) = done.stderr.splitlines()
    assert done.returncode == 1
    assert "potluck:***@127.0.0.1:1/potluck cannot be opened (" in sentence
    assert "very-secret" not in sentence


def test_a_driver_that_we_lack_is_one_sentence(shell: Shell) -> None:
    done = shell.run("check", DATABASE_URL="postgresql+nothing://127.0.0.1/potluck")

    assert done.returncode == 1
    assert "cannot be opened (Can't load plugin: sqlalchemy.dialects:postgres" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_settings_that_are_wrong_are_a_sentence_each(shell: Shell) -> None:
    done = shell.run("serve", PORT="many", PUBLIC_URL="here")

    assert done.returncode == 2
    assert [line.partition(" is ")[0] for line in done.stderr.splitlines()] == [
        "potluck: PORT",
        "potluck: PUBLIC_URL",
    ]


def test_what_was_proven_is_said_and_nothing_is_not_called_whole(shell: Shell) -> None:
    shell.run("migrate")
    (shell.folder / "none.json").write_text(
        json.dumps({"format": "potluck-register/1", "agreements": []})
    )

    assert shell.run("check").stdout == (
        "There is no agreement in this database, so nothing was checked.\n"
    )
    assert shell.run("verify", "none.json").stdout == (
        "There is no agreement in this export, so nothing was verified.\n"
    )


def test_check_and_verify_print_the_same_line_for_a_register(tmp_path: Path) -> None:
    shell, url = Shell(tmp_path), place(tmp_path)["DATABASE_URL"]
    shell.run("migrate", DATABASE_URL=url)
    make(tmp_path)

    shell.run("export", "--output", "proof.json", DATABASE_URL=url)
    checked = shell.run("check", DATABASE_URL=url)
    verified = shell.run("verify", "proof.json")

    assert checked.stderr == verified.stderr == ""
    assert checked.stdout == verified.stdout
    assert "agreement of repository 101: " in verified.stdout
    assert ", head " in verified.stdout
    assert verified.stdout.endswith("compare each head with one you kept.\n")


def test_credentials_made_beside_a_sandbox_are_there_at_the_next_start(tmp_path: Path) -> None:
    real = f"sqlite:///{tmp_path / 'real.db'}"
    Shell(tmp_path).run("migrate", DATABASE_URL=real)
    site = make(tmp_path, {"POTLUCK_SETUP_DATABASE_URL": real}).extensions["potluck"]

    site.keep(CREDENTIALS)

    assert site.app_slug() == "potluck-acme"
    given = {"SECRET_KEY": SECRET_KEY, "POTLUCK_VAR": str(tmp_path)}
    later = settings_from({**given, "DATABASE_URL": real})
    assert later.github
    assert later.github.app_id == 4711
    assert settings_from({**given, "DATABASE_URL": site.settings.database_url}).github is None


def test_the_demo_shows_the_bots_words_as_plain_text() -> None:
    own = "http://127.0.0.1:4711"
    said = (
        f"Thank **you**! Read [the agreement]({own}/a/b/cla) (version 1.0), once.\n\n"
        "@bo: write `this`:\n\n```\nI have read it\n```\n\nMore.\n<!-- potluck:cla -->"
    )

    assert opening(said, own) == (
        "Thank you! Read the agreement (/a/b/cla) (version 1.0), once.\n\n"
        "@bo: write this:\n\n    I have read it"
    )
    assert opening("One.\n\nTwo.\n<!-- x -->", own) == "One."
