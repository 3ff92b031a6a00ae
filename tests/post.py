"""Deliveries as GitHub signs them, from tests that play GitHub themselves."""

import hashlib
import hmac
import json
import uuid
from typing import Any

import httpx

from tests.economy import PLAIN


def signed(url: str, secret: str, event: str, payload: Any, guid: str | None = None) -> int:
    """Send `payload` (a JSON value, or bytes as they are) as `event`; gives the status."""
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    headers = {
        "Content-Type": "application/json",
        "X-GitHub-Delivery": guid or str(uuid.uuid4()),
        "X-GitHub-Event": event,
        "X-Hub-Signature-256": f"sha256={digest}",
    }
    return httpx.post(url, content=body, headers=headers, verify=PLAIN).status_code
