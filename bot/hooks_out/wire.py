"""One message over the wire: a signed POST to a checked address, and the status of the answer.

Nothing is followed and no more is read than the line with the status; the whole of it has to be
over within seconds, however slowly the other side speaks.
"""

import base64
import hashlib
import hmac
import re
import socket
import ssl
import time
from collections.abc import Mapping
from contextlib import closing
from datetime import datetime
from functools import cache

from bot.hooks_out.targets import Address, Place

SECONDS = 10.0
LONGEST_LINE = 4_096
PREFIX = "whsec_"
_STATUS = re.compile(rb"HTTP/1\.[01] ([1-5][0-9]{2})(?: [^\r\n]*)?\r?\n")


class Unanswered(Exception):
    """There was no answer; `outcome` is `timeout`, `tls` or `unreachable`."""

    def __init__(self, outcome: str) -> None:
        super().__init__(outcome)
        self.outcome = outcome


def headers(secret: str, message_id: str, now: datetime, body: bytes) -> dict[str, str]:
    """Sign a message as Standard Webhooks says: https://www.standardwebhooks.com.

    `secret` is `whsec_` and Base64; the signature is over id, time and body, with dots between.
    """
    timestamp = str(int(now.timestamp()))
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{message_id}.{timestamp}.".encode() + body
    digest = hmac.new(key, signed, hashlib.sha256).digest()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": "v1," + base64.b64encode(digest).decode(),
    }


def post(
    where: Place,
    address: Address,
    extra: Mapping[str, str],
    body: bytes,
    seconds: float = SECONDS,
) -> int:
    """Send a body to this very address and give the status. Raises `Unanswered`."""
    ends_at = time.monotonic() + seconds
    try:
        with closing(_connected(where, address, ends_at)) as line:
            _wait(line, ends_at)
            line.sendall(_request(where, extra, body))
            return _status(line, ends_at)
    except TimeoutError:
        raise Unanswered("timeout") from None
    except ssl.SSLError:
        raise Unanswered("tls") from None
    except OSError:
        raise Unanswered("unreachable") from None


def _connected(where: Place, address: Address, ends_at: float) -> socket.socket:
    patience = max(ends_at - time.monotonic(), 0.001)
    bare = socket.create_connection((str(address), where.port), timeout=patience)
    if not where.encrypted:
        return bare
    try:
        # The certificate is that of the name, although the address is called.
        return _trust().wrap_socket(bare, server_hostname=where.host)
    except BaseException:
        bare.close()
        raise


@cache
def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()


def _request(where: Place, extra: Mapping[str, str], body: bytes) -> bytes:
    lines = [
        f"POST {where.path} HTTP/1.1",
        f"Host: {where.host_header}",
        "User-Agent: Potluck-Hooks/1",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        "Connection: close",
        *(f"{name}: {value}" for name, value in extra.items()),
    ]
    return "\r\n".join([*lines, "", ""]).encode("ascii") + body


def _status(line: socket.socket, ends_at: float) -> int:
    said = b""
    while b"\n" not in said and len(said) < LONGEST_LINE:
        _wait(line, ends_at)
        more = line.recv(LONGEST_LINE)
        if not more:
            break
        said += more
    found = _STATUS.match(said)
    if found is None:
        raise Unanswered("unreachable")
    return int(found[1])


def _wait(line: socket.socket, ends_at: float) -> None:
    left = ends_at - time.monotonic()
    if left <= 0:
        raise TimeoutError
    line.settimeout(left)
