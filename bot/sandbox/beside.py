"""A sandbox beside the service: started with it, seeded, and described as settings."""

import fcntl
import secrets
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bot.sandbox.seed import seed, wishes
from bot.sandbox.server import Sandbox
from bot.sandbox.stripe.server import StripeSandbox
from core.config import LARGEST_PORT, Settings
from core.errors import UserError

DATABASES = ("potluck.db", "inbox.db")
COMPANIONS = ("", "-wal", "-shm", "-journal")
"""What SQLite lays beside a file."""


@contextmanager
def sandbox_beside(
    settings: Settings, surroundings: Mapping[str, str]
) -> Iterator[Mapping[str, str]]:
    """Start a sandbox on the next port; gives the environment that makes the service use it.

    The next port free of others is taken if the first is in use. Unless `surroundings` name a
    database, the sandbox brings its own, empty ones: what is played must not be there when the
    service goes live. Raises `UserError` where another sandbox has them.
    """
    with ExitStack() as stack:
        places = {}
        if not surroundings.get("DATABASE_URL", "").strip():
            places = stack.enter_context(_empty_databases(settings))
        sandbox = stack.enter_context(_started(settings))
        wishes(sandbox, seed(sandbox))
        bank = stack.enter_context(_bank(settings, surroundings))
        yield (
            places
            | bank
            | {
                "POTLUCK_SANDBOX_API_URL": sandbox.api_url,
                "GITHUB_APP_ID": str(sandbox.app_id),
                "GITHUB_APP_PRIVATE_KEY": sandbox.private_key,
                "GITHUB_WEBHOOK_SECRET": sandbox.webhook_secret,
                "GITHUB_CLIENT_ID": sandbox.app.client_id,
                "GITHUB_CLIENT_SECRET": sandbox.app.client_secret,
                "POTLUCK_SANDBOX_URL": sandbox.web_url,
            }
        )


@contextmanager
def _empty_databases(settings: Settings) -> Iterator[dict[str, str]]:
    folder = settings.var / "sandbox"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        # The lock ends with the process, however that ends.
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise UserError(
                f"Another sandbox runs in {folder}: stop it,"
                " or set POTLUCK_VAR to a folder for this one."
            ) from None
        for name in DATABASES:
            for ending in COMPANIONS:
                Path(folder / f"{name}{ending}").unlink(missing_ok=True)
        app, inbox = (f"sqlite:///{folder / name}" for name in DATABASES)
        yield {
            "DATABASE_URL": app,
            "INBOX_DATABASE_URL": inbox,
            "POTLUCK_SETUP_DATABASE_URL": settings.database_url,
        }


@contextmanager
def _bank(settings: Settings, surroundings: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Start a bank, unless a real one is named: with test keys it may stand beside a sandbox."""
    if surroundings.get("STRIPE_API_KEY", "").strip():
        yield {}
        return
    url = f"http://{settings.host}:{settings.port}/webhooks/stripe"
    secret = f"whsec_{secrets.token_hex(32)}"
    with StripeSandbox.start(webhook_url=url, webhook_secret=secret, live=True) as bank:
        yield {
            "STRIPE_API_KEY": bank.api_key,
            "STRIPE_API_BASE": bank.url,
            "STRIPE_WEBHOOK_SECRET": secret,
        }


def _started(settings: Settings) -> Sandbox:
    address = f"http://{settings.host}:{settings.port}"
    first = settings.port + 1 if settings.port < LARGEST_PORT else 0
    # One of its own for each start: a sandbox must never be heard by another service.
    secret = secrets.token_hex(32)
    for port in (first, 0):
        try:
            return Sandbox.start(
                port,
                webhook_url=f"{address}/webhooks/github",
                webhook_secret=secret,
                live=True,
                potluck_url=settings.public_url,
            )
        except OSError:
            if port == 0:
                raise
    raise AssertionError("unreachable: port 0 either starts or raises")
