"""The pages with something on them: a site in a process of its own making, and a server for it."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from flask import Flask
from sqlalchemy import Connection, insert
from werkzeug.serving import WSGIRequestHandler, make_server

from bot import people, repositories
from bot.app import create_app
from core import migrations
from core.config import Settings, load
from core.db import Database
from core.github import Account, PullRequest, Repo
from licensing import signing, store, waiting
from licensing.signing import Act
from licensing.versions import AgreementVersion, Offer
from tests.economy import thrifty

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
SECRET_KEY = "0123456789abcdef" * 4
KETTLE = Repo(101, "acme/kettle", 7)
BARE = Repo(102, "acme/a-repository-with-quite-a-long-name-for-a-phone", 7)
HIDDEN = Repo(103, "acme/hidden", 7, private=True)
PHRASE = "I have read the CLA Document and I hereby sign the CLA"
ADA, GRACE, MARY, LINUS, EVE, BO = (
    Account(1, "ada"),
    Account(2, "grace"),
    Account(3, "mary"),
    Account(4, "a-login-that-is-quite-long-for-a-phone"),
    Account(5, "eve"),
    Account(6, "bo"),
)
HIDDEN_NAME = Account(7, "whose-name-we-never-heard")
PULLS: list[tuple[Account, str | None, Sequence[Account], Sequence[str]]] = [
    (ADA, "action_required", (ADA, EVE, BO, HIDDEN_NAME), ("unlinked",)),
    (LINUS, "success", (), ()),
    (GRACE, "failure", (), ()),
    (MARY, "neutral", (), ()),
    (ADA, None, (), ()),
    (LINUS, "action_required", (MARY,), ()),
]
"""Opener, conclusion, who has to sign, and what cannot be told of authors; the first is #41."""

TEXT = (Path(__file__).parent / "agreement.md").read_bytes()
CREDENTIALS = {
    "id": 4711,
    "slug": "potluck-acme",
    "pem": "a private key",
    "webhook_secret": "a webhook secret",
    "client_id": "Iv1.0",
    "client_secret": "a client secret",
}


@cache
def private_key() -> str:
    """Make a key that the settings take; nothing is signed with it."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    ).decode()


def settings_for(folder: Path, given: Mapping[str, str] | None = None) -> Settings:
    """Make settings whose databases stand in `folder`."""
    return load({"SECRET_KEY": SECRET_KEY} | place(folder) | dict(given or {}))


def place(folder: Path) -> dict[str, str]:
    """Give the settings that say where the databases stand."""
    return {"POTLUCK_VAR": str(folder), "DATABASE_URL": f"sqlite:///{folder}/potluck.db"}


def live(given: Mapping[str, str] | None = None) -> dict[str, str]:
    """Give what turns the sandbox into a live site."""
    app = {
        "GITHUB_APP_ID": "4711",
        "GITHUB_APP_PRIVATE_KEY": private_key(),
        "GITHUB_WEBHOOK_SECRET": "0123456789abcdef0123456789abcdef",
    }
    return app | dict(given or {})


def make(folder: Path, given: Mapping[str, str] | None = None, **changes: Any) -> Flask:
    """Make the site with `given` settings and sample data; `changes` replace what it may reach."""
    settings = settings_for(folder, given)
    folder.mkdir(exist_ok=True)
    (folder / "potluck.db").write_bytes(_furnished())
    app, inbox = thrifty(settings.database_url), thrifty(settings.inbox_database_url)
    site = create_app(settings, app, inbox, lambda: NOW)
    site.extensions["potluck"] = replace(site.extensions["potluck"], **changes)
    return site


@cache
def _furnished() -> bytes:
    """Give the file of a database with the sample data; making it anew costs most of a second."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "potluck.db"
        app = thrifty(f"sqlite:///{file}")
        migrations.upgrade(app, frozenset({"app"}))
        fill(app)
        app.close()
        return file.read_bytes()


def fill(app: Database) -> None:
    """Put three repositories, some pull requests and two versions of an agreement on the table."""
    with app.write() as connection:
        for repo in (KETTLE, BARE, HIDDEN):
            repositories.note_repo(connection, repo, NOW - timedelta(days=300))
        people.note(connection, EVE.id, EVE, NOW)
        for number, (opener, conclusion, missing, problems) in enumerate(PULLS, 41):
            propose(connection, number, opener, NOW - timedelta(days=50 - number))
            if conclusion:
                judge(connection, number, conclusion, missing, problems)
        publish(app, KETTLE, "0.9", TEXT[:400], NOW - timedelta(days=200), connection)
        version = publish(app, KETTLE, "1.0", TEXT, NOW - timedelta(days=90), connection)
        for person in range(12):
            signing.sign(connection, act(version, person), NOW)


def publish(
    app: Database,
    repo: Repo,
    number: str,
    content: bytes,
    at: datetime,
    connection: Connection | None = None,
) -> AgreementVersion:
    """Put a version of `repo`'s agreement into force."""
    if connection is None:
        with app.write() as own:
            return publish(app, repo, number, content, at, own)
    offer = Offer(number, "cla", PHRASE, "en", "CLA.md", content)
    store.publish(connection, repo.id, offer, at, at)
    version = store.agreement_in_force(connection, repo.id)
    assert version is not None
    return version


def act(version: AgreementVersion, person: int) -> Act:
    """Let a person sign."""
    return Act(
        version=version,
        repo_id=KETTLE.id,
        number=30,
        github_id=1000 + person,
        login=f"person-{person}",
        comment_id=5000 + person,
        acted_at=NOW - timedelta(days=person),
        evidence={"comment_sha256": "0" * 64, "delivery": f"delivery-{person}"},
    )


def propose(connection: Connection, number: int, opener: Account, at: datetime) -> None:
    """Open a pull request for the kettle."""
    pull = PullRequest(
        number=number,
        opener=opener,
        head_sha=f"{number:040x}",
        base_ref="main",
        state="open",
        created_at=at,
        updated_at=NOW,
    )
    repositories.note_pull(connection, KETTLE, pull)


def judge(
    connection: Connection,
    number: int,
    conclusion: str,
    missing: Sequence[Account] = (),
    problems: Sequence[str] = (),
) -> None:
    """Conclude the check of a pull request, and note for whom it waits."""
    found = waiting.Last(
        f"{number:040x}", "main", conclusion, "rules", commented=True, judged_at=NOW
    )
    waiting.note(connection, KETTLE.id, number, found)
    rows: list[tuple[int | None, str]] = [(person.id, "missing") for person in missing]
    for github_id, reason in rows + [(None, problem) for problem in problems]:
        connection.execute(
            insert(waiting.waiting).values(
                repo_id=KETTLE.id, number=number, github_id=github_id, reason=reason
            )
        )


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - the base class names it so
        """Say nothing for each request."""


@contextmanager
def served(site: Flask, port: int = 0) -> Iterator[str]:
    """Serve `site` on this machine, on a free port unless one is given, and give its address."""
    server = make_server("127.0.0.1", port, site, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
