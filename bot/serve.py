"""The roles as processes: `web`, `worker`, and `serve` for both with a sandbox where it is needed."""

import logging
import os
import signal
import socket
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
from core.reach import reached, shown

log = logging.getLogger(__name__)

PATIENCE_S = 9
RESTART_AFTER_S = 1.0


def prepare(settings: Settings) -> None:
    """Bring the databases to their newest state. Raises `DatabaseAway`."""
    from bot.migrate import migrate

    for url in (settings.database_url, settings.inbox_database_url):
        with reached(url):
            pass
    migrate(settings)


def web(settings: Settings, listener: socket.socket | None = None) -> int:
    """Serve pages and doors until told to stop, on the port taken early if `listener` has it."""
    from bot.app import create_app
    from bot.server import serve_web

    start_logging()
    app, inbox = Database(settings.database_url), Database(settings.inbox_database_url)
    try:
        return serve_web(settings, create_app(settings, app, inbox), inbox, listener)
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
    """Migrate, then run both roles, with a sandbox GitHub beside them if there are no credentials.

    Raises `UserError`, before anything is touched, if the port is taken.
    """
    from bot.server import bound

    listener = bound(settings.host, settings.port)
    prepare(settings)
    if settings.github is not None:
        _announce(settings)
        with _worker({}):
            return web(settings, listener)
    from bot.app import settings_from
    from bot.sandbox.beside import sandbox_beside

    surroundings = environment()
    with sandbox_beside(settings, surroundings) as given:
        whole = settings_from(surroundings | dict(given))
        prepare(whole)
        _announce(whole)
        with _worker(given):
            return web(whole, listener)


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
    from bot.server import at
    from bot.setup import setup_code

    own = at(settings.host, settings.port)
    if settings.public_url == f"http://{own}":
        place = settings.public_url
    else:
        place = f"{own}; people see it as {settings.public_url}"
    click.echo(f"\n  Potluck listens on {place}  ({settings.mode} mode)\n")
    if settings.sandbox_url:
        click.echo(
            "  There are no GitHub credentials, so a sandbox GitHub plays its part. Three things to try:\n"
            f"   1. Open {settings.sandbox_url}/ and open a pull request as a contributor.\n"
            "   2. Write /sign there in a comment, as that contributor, and see the check turn green.\n"
            f"   3. Read what was signed: {settings.public_url}/potluck-sandbox/garden/cla\n"
            f"{_bank(settings)}\n"
            f"{_whereabouts(settings)}\n\n"
            f"  To go live, create a GitHub App on {settings.public_url}/setup\n"
        )
    if not settings.is_local:
        click.echo(f"  The code for /setup is {setup_code(settings)}\n")
    sys.stdout.flush()


def _bank(settings: Settings) -> str:
    """Say where money can be played with: nothing where no bank is there."""
    if settings.stripe is None:
        return ""
    garden = f"{settings.public_url}/potluck-sandbox/garden"
    return (
        f"  Give something, with no real card: {garden}/fund\n"
        f"  Sell a licence: state as mara whose the lines are on {garden}/audit/statements,\n"
        f"   and buy it on {garden}/buy\n"
        f"  What the bank and card holders may do then: {settings.stripe.api_base}/\n"
        f"  Mail that people would have got about it: {settings.public_url}/sandbox/mail\n"
    )


def _whereabouts(settings: Settings) -> str:
    """Say where the sandbox's deliveries and signatures go, and how to look at them."""
    if settings.setup_database_url == settings.database_url:
        return (
            f"  The database is the one that DATABASE_URL names, {shown(settings.database_url)};\n"
            "  what is played here stays in it, though the sandbox starts empty each time."
        )
    return (
        "  The sandbox and its databases start empty each time. To look into them beside it:\n"
        f"   DATABASE_URL={shown(settings.database_url)} potluck deliveries list"
    )
