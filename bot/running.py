"""The worker's role as one process: worker, senders and schedule side by side."""

import os
import secrets
import threading
import time
from collections.abc import Iterable
from urllib.parse import urlsplit

from bot.audit.clones import Clones
from bot.breaker import Breaker
from bot.cashier import Cashier
from bot.handling import World
from bot.mail.postman import Postman
from bot.mail.smtp import Carry, by_smtp, keep
from bot.mail.writing import Sender as MailSender
from bot.meters import Meters
from bot.schedule import Schedule, jobs_of
from bot.sender import Sender
from bot.worker import Worker
from core import clone_settings
from core.clock import Clock
from core.config import LOOPBACK, GitHubSettings, Settings, environment
from core.db import Database
from core.pygithub.app import App
from donations.processor import Processor

SENDERS = 3
"""Writes on their way at once, each of another installation."""

LAST_WORDS_S = 9.0
PUBLIC_NOREPLY = "users.noreply.github.com"


def run(
    settings: Settings, app: Database, inbox: Database, clock: Clock, stop: threading.Event
) -> None:
    """Sort, handle, send and tick until told to stop; needs `settings.github`."""
    if settings.github is None:
        raise ValueError("a worker needs GitHub credentials")
    register_handlers()
    meters, breaker = Meters(), Breaker()
    github = github_app(settings.github, clock, meters)
    world = World(
        app=app,
        inbox=inbox,
        clock=clock,
        github=github.github,
        github_app=github,
        public_url=settings.public_url,
        github_url=settings.github.web_url,
        noreply_host=noreply_host(settings.github),
        signs_in=bool(settings.github.client_id and settings.github.client_secret),
        secret_key=settings.secret_key,
        is_local=settings.mode == "sandbox" or settings.is_local,
        processor=processor(settings),
        clones=Clones(clone_settings.read(environment(), settings.var)),
        breaker=breaker,
        meters=meters,
    )
    owner = f"{os.getpid()}-{secrets.token_hex(4)}"
    runners = [
        Sender(app, github.perform, clock, f"{owner}-{number}", breaker, meters).run
        for number in range(SENDERS)
    ]
    if world.processor is not None:
        runners.append(Cashier(app, world.processor, clock, f"{owner}-cashier").run)
    runners.append(postman(settings, app, clock, f"{owner}-postman").run)
    runners.append(Schedule(app, clock, owner, jobs_of(settings.mode)).run)
    threads = [threading.Thread(target=one, args=(stop,), daemon=True) for one in runners]
    for thread in threads:
        thread.start()
    Worker(world, owner).run(stop)
    _wait_for(threads)


def _wait_for(threads: Iterable[threading.Thread]) -> None:
    """Let them end what they have in hand."""
    patience = time.monotonic() + LAST_WORDS_S
    for thread in threads:
        thread.join(max(0.0, patience - time.monotonic()))


def register_handlers() -> None:
    """Import everything that handles events or tasks, which is what registers it."""
    import bot.hooks_out.delivering
    import bot.mail.gifts
    import bot.mail.inviting
    import bot.mail.updating
    import bot.maintaining.chain_status
    import bot.money.gifts
    import bot.prune
    import bot.reactions
    import bot.reconcile  # noqa: F401 - imported to register their handlers
    import donations.asking.appeals
    import donations.asking.would  # noqa: F401 - the same


def github_app(settings: GitHubSettings, clock: Clock, meters: Meters) -> App:
    """Speak as our App, with every call counted."""
    return App(settings.api_url, settings.app_id, settings.private_key, clock, meters.observe)


def processor(settings: Settings) -> Processor | None:
    """Speak to whoever moves money, where there are credentials; the SDK is only then loaded."""
    if settings.stripe is None:
        return None
    from donations.stripe_client import Stripe

    return Stripe(settings.stripe.api_key, settings.stripe.api_base)


def postman(settings: Settings, app: Database, clock: Clock, owner: str) -> Postman:
    """Give what carries our mail, where to and whence the settings say."""
    return Postman(app, carrier(settings), mail_sender(settings), clock, owner)


def carrier(settings: Settings) -> Carry | None:
    """Give what carries mail: nothing where no server is set, and out of a sandbox never."""
    if settings.mode == "sandbox":
        return keep
    return by_smtp(settings.mail) if settings.mail else None


def mail_sender(settings: Settings) -> MailSender:
    """Say who writes our mail."""
    if settings.mail is None:
        return MailSender("Potluck", "potluck@localhost", settings.public_url)
    return MailSender(settings.mail.name, settings.mail.address, settings.public_url)


def noreply_host(settings: GitHubSettings) -> str:
    """Give the host of the addresses that hide people's own on that GitHub."""
    host = urlsplit(settings.web_url).hostname
    # A GitHub on this machine is the sandbox, which stands for the public one.
    return PUBLIC_NOREPLY if host in LOOPBACK else f"users.noreply.{host}"
