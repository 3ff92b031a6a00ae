"""The roles as processes: `web`, `worker`, and `serve` for both with a sandbox where it is needed."""

import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import click

from core.clock import system_clock
from core.config import Settings, environment
from core.db import Database
from core.log import start_logging

log = logging.getLogger(__name__)

PATIENCE_S = 9
RESTART_AFTER_S = 1.0


def web(settings: Settings) -> int:
    """Serve pages and doors until told to stop."""
    from bot.app import create_app
    from bot.server import serve_web

    start_logging()
    app, inbox = Database(settings.database_url), Database(settings.inbox_database_url)
    try:
        return serve_web(settings, create_app(settings, app, inbox), inbox)
    finally:
        app.close()
        inbox.close()


def worker(settings: Settings, *, supervised: bool = False) -> int:
    """Handle, send and tick until told to stop; or, if supervised, until the supervisor is gone."""
    from bot.running import run

    start_logging()
    if settings.github is None:
        click.echo(
            "potluck: there are no GitHub credentials, so a worker has nothing to do:"
            " open /setup, or use `potluck serve` for the sandbox.",
            err=True,
        )
        return 2
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    if supervised:
        threading.Thread(target=_outlive_nobody, args=(stop,), daemon=True).start()
    app, inbox = Database(settings.database_url), Database(settings.inbox_database_url)
    try:
        run(settings, app, inbox, system_clock, stop)
    finally:
        app.close()
        inbox.close()
    return 0


def _outlive_nobody(stop: threading.Event) -> None:
    # The supervisor never writes: the end of this pipe is the end of the supervisor. Read
    # without a buffer, whose lock this thread would still hold when the process ends.
    while os.read(0, 1):
        pass
    stop.set()


def serve(settings: Settings) -> int:
    """Migrate, then run both roles, with a sandbox GitHub beside them if there are no credentials."""
    from bot.migrate import migrate

    migrate(settings)
    if settings.github is not None:
        _announce(settings)
        with _worker({}):
            return web(settings)
    from bot.app import settings_from
    from bot.sandbox.beside import sandbox_beside

    with sandbox_beside(settings) as given:
        whole = settings_from(environment() | dict(given))
        _announce(whole)
        with _worker(given):
            return web(whole)


@contextmanager
def _worker(given: Mapping[str, str]) -> Iterator[None]:
    """Keep a worker process alive while we serve; it is told to stop when we stop."""
    stop = threading.Event()
    keeper = threading.Thread(target=_keep_worker, args=(given, stop), daemon=True)
    keeper.start()
    try:
        yield
    finally:
        stop.set()
        keeper.join(PATIENCE_S)


def _keep_worker(given: Mapping[str, str], stop: threading.Event) -> None:
    command = [sys.executable, "-m", "bot", "worker", "--supervised"]
    surroundings = environment() | dict(given)
    while not stop.is_set():
        with subprocess.Popen(command, env=surroundings, stdin=subprocess.PIPE) as process:  # noqa: S603 - our own module
            while process.poll() is None and not stop.wait(0.2):
                pass
            _end(process)
        if not stop.wait(RESTART_AFTER_S):
            log.error("worker ended and is started again", extra={"status": process.returncode})


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(PATIENCE_S)
    except subprocess.TimeoutExpired:
        process.kill()


def _announce(settings: Settings) -> None:
    from bot.setup import setup_code

    click.echo(f"\n  Potluck listens on {settings.public_url}  ({settings.mode} mode)\n")
    if settings.sandbox_url:
        click.echo(
            "  There are no GitHub credentials, so a sandbox GitHub plays its part. Three things to try:\n"
            f"   1. Open {settings.sandbox_url}/ and open a pull request as a contributor.\n"
            "   2. Write /sign there in a comment, as that contributor, and see the check turn green.\n"
            f"   3. Read what was signed: {settings.public_url}/potluck-sandbox/garden/cla\n\n"
            f"  To go live, create a GitHub App on {settings.public_url}/setup\n"
        )
    if not settings.is_local:
        click.echo(f"  The code for /setup is {setup_code(settings)}\n")
    sys.stdout.flush()
