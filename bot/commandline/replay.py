"""`potluck replay`: recorded deliveries through the real door."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import requests

from core.config import Settings
from core.errors import UserError

TIMEOUT_S = 15
ACCEPTED = 202


@dataclass(frozen=True)
class Recorded:
    """One delivery as it was written down."""

    event: str
    guid: str
    body: bytes


def replay(settings: Settings, files: tuple[Path, ...], event: str | None, url: str | None) -> int:
    """Send everything in `files`; print a line for each refusal and a summary. Gives the status."""
    if settings.github is None:
        click.echo("potluck: there is no webhook secret to sign with: set GITHUB_WEBHOOK_SECRET.")
        return 2
    address = (url or settings.public_url).rstrip("/") + "/webhooks/github"
    secret = settings.github.webhook_secrets[0]
    taken = refused = 0
    for path in files:
        try:
            deliveries = list(read(path, event))
        except UserError as error:
            click.echo(f"potluck: {error}", err=True)
            return 2
        for delivery in deliveries:
            if _send(address, secret, delivery):
                taken += 1
            else:
                refused += 1
    click.echo(f"{taken} taken in, {refused} refused.")
    return 1 if refused else 0


def read(path: Path, event: str | None) -> Iterator[Recorded]:
    """Give the deliveries that a file holds, in its order. Raises `UserError`."""
    try:
        content = json.loads(path.read_bytes())
    except ValueError:
        raise UserError(f"{path} is not JSON.") from None
    for item in content if isinstance(content, list) else [content]:
        yield from _recorded(path, item, event)


def _recorded(path: Path, item: Any, event: str | None) -> Iterator[Recorded]:
    if isinstance(item, dict) and isinstance(item.get("examples"), list) and "name" in item:
        for example in item["examples"]:
            yield _one(str(item["name"]), None, example)
    elif isinstance(item, dict) and "event" in item and "payload" in item:
        yield _one(str(item["event"]), item.get("guid"), item["payload"])
    elif isinstance(item, dict) and event:
        yield _one(event, None, item)
    else:
        raise UserError(
            f"{path} does not say which event it is: give --event, or an object with"
            " `event` and `payload`."
        )


def _one(event: str, guid: object, payload: object) -> Recorded:
    body = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
    # Derived from the content, so that a second replay is known for what it is.
    derived = hashlib.sha256(event.encode() + b"\0" + body).hexdigest()[:32]
    return Recorded(event, str(guid or f"replay-{derived}"), body)


def _send(address: str, secret: bytes, delivery: Recorded) -> bool:
    signature = hmac.new(secret, delivery.body, hashlib.sha256).hexdigest()
    headers = {
        "Content-Type": "application/json",
        "X-GitHub-Event": delivery.event,
        "X-GitHub-Delivery": delivery.guid,
        "X-Hub-Signature-256": f"sha256={signature}",
    }
    try:
        answer = requests.post(address, delivery.body, headers=headers, timeout=TIMEOUT_S)
    except requests.RequestException as error:
        click.echo(f"{delivery.event} {delivery.guid}: no answer ({type(error).__name__})")
        return False
    if answer.status_code != ACCEPTED:
        click.echo(f"{delivery.event} {delivery.guid}: {answer.status_code}")
    return answer.status_code == ACCEPTED
