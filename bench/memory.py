"""Resident memory of the whole process tree after many deliveries have been taken in and handled."""

import hashlib
import hmac
import http.client
import json
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from sqlalchemy import func, select

from bot.sandbox.free_port import free_port
from bot.sandbox.server import Sandbox
from core.config import environment
from core.db import Database
from webhooks.deliveries import delivery

NAME = "memory"
HELP = "resident memory (MiB) of `potluck serve` and its worker after N deliveries (100,000)"
DELIVERIES = 100_000
CONNECTIONS = 8
PATIENCE_S = 900.0


def run(arguments: list[str]) -> dict[str, object]:
    """Send deliveries that concern nobody, as most do; let them be handled; weigh the tree."""
    count = int(arguments[0]) if arguments else DELIVERIES
    port = free_port()
    with tempfile.TemporaryDirectory() as folder, Sandbox.start() as sandbox:
        process = _start(Path(folder), port, sandbox)
        try:
            before = _resident(process.pid)
            _send(port, sandbox.webhook_secret.encode(), count)
            _until_handled(Path(folder), count)
            after = _resident(process.pid)
        finally:
            process.terminate()
            process.wait(15)
    return {
        "deliveries": count,
        "before_mib": round(before, 1),
        "after_mib": round(after, 1),
        "allowed_mib": 250,
    }


def _start(folder: Path, port: int, sandbox: Sandbox) -> "subprocess.Popen[bytes]":
    given = {
        "POTLUCK_VAR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder}/potluck.db",
        "PORT": str(port),
        "GITHUB_API_URL": sandbox.api_url,
        "GITHUB_APP_ID": str(sandbox.app_id),
        "GITHUB_APP_PRIVATE_KEY": sandbox.private_key,
        "GITHUB_WEBHOOK_SECRET": sandbox.webhook_secret,
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "serve"],
        env=environment() | given,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=1):
                return process
        except (URLError, OSError):
            time.sleep(0.05)
    raise TimeoutError("the service did not become ready")


def _send(port: int, secret: bytes, count: int) -> None:
    body = json.dumps(
        {"action": "labeled", "pull_request": {"body": "x " * 4_000}, "number": 1}
    ).encode()
    signature = hmac.new(secret, body, hashlib.sha256).hexdigest()

    def send(first: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        for number in range(first, count, CONNECTIONS):
            headers = {
                "Content-Type": "application/json",
                "X-GitHub-Event": "pull_request",
                "X-GitHub-Delivery": f"memory-{number}",
                "X-Hub-Signature-256": f"sha256={signature}",
            }
            connection.request("POST", "/webhooks/github", body, headers)
            connection.getresponse().read()

    threads = [threading.Thread(target=send, args=(first,)) for first in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _until_handled(folder: Path, count: int) -> None:
    inbox = Database(f"sqlite:///{folder}/inbox.db")
    finished = select(func.count()).where(delivery.c.state.in_(("ignored", "quarantined", "done")))
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        with inbox.read() as connection:
            if (connection.scalar(finished) or 0) >= count:
                return
        time.sleep(0.5)
    raise TimeoutError("not everything was handled")


def _resident(pid: int) -> float:
    """Add up the resident sets of a process and its children, in MiB."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    own = next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))
    return own / 1024 + sum(_resident(int(child)) for child in children)
