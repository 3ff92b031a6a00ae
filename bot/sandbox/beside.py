"""A sandbox beside the service: started with it, seeded, and described as settings."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from bot.sandbox.seed import seed
from bot.sandbox.server import Sandbox
from core.config import LARGEST_PORT, Settings


@contextmanager
def sandbox_beside(settings: Settings) -> Iterator[Mapping[str, str]]:
    """Start a sandbox on the next port; gives the environment that makes the service use it.

    The next port free of others is taken if the first is in use.
    """
    sandbox = _started(settings)
    try:
        seed(sandbox)
        yield {
            "POTLUCK_SANDBOX_API_URL": sandbox.api_url,
            "GITHUB_APP_ID": str(sandbox.app_id),
            "GITHUB_APP_PRIVATE_KEY": sandbox.private_key,
            "GITHUB_WEBHOOK_SECRET": sandbox.webhook_secret,
            "POTLUCK_SANDBOX_URL": sandbox.web_url,
        }
    finally:
        sandbox.stop()


def _started(settings: Settings) -> Sandbox:
    address = f"http://{settings.host}:{settings.port}"
    first = settings.port + 1 if settings.port < LARGEST_PORT else 0
    for port in (first, 0):
        try:
            return Sandbox.start(
                port,
                webhook_url=f"{address}/webhooks/github",
                live=True,
                potluck_url=settings.public_url,
            )
        except OSError:
            if port == 0:
                raise
    raise AssertionError("unreachable: port 0 either starts or raises")
