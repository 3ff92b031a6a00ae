"""What is measured side by side: our web role, probot, and an empty Flask view."""

import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.payloads import SECRET
from bot.sandbox.free_port import free_port
from core.config import environment

ROOT = Path(__file__).parent.parent
NPM = ROOT / "var" / "npm"
PROBOT = "probot@14"
START_WITHIN_S = 30.0
STOP_WITHIN_S = 15.0


@dataclass(frozen=True)
class Running:
    """A server that listens: its process, port, and where its databases are, if it has any."""

    process: "subprocess.Popen[bytes]"
    port: int
    folder: Path

    @property
    def inbox(self) -> Path:
        """Our inbox's file."""
        return self.folder / "inbox.db"

    @property
    def app(self) -> Path:
        """Our app database's file."""
        return self.folder / "potluck.db"


def settings(folder: Path, port: int) -> dict[str, str]:
    """Give the environment of our service with a GitHub App."""
    return {
        "POTLUCK_VAR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder}/potluck.db",
        "INBOX_DATABASE_URL": f"sqlite:///{folder}/inbox.db",
        "PORT": str(port),
        "GITHUB_APP_ID": "1",
        "GITHUB_APP_PRIVATE_KEY": str(_key(folder)),
        "GITHUB_WEBHOOK_SECRET": SECRET.decode(),
    }


def prepare(folder: Path) -> None:
    """Make our databases."""
    command = [sys.executable, "-m", "bot", "migrate"]
    given = environment() | settings(folder, free_port())
    subprocess.run(command, cwd=ROOT, env=given, check=True, stdout=subprocess.DEVNULL)


@contextmanager
def ours_in(folder: Path) -> Iterator[Running]:
    """Run our whole web role on databases that `prepare` made."""
    port = free_port()
    command = [sys.executable, "-m", "bot", "web"]
    with _running(command, settings(folder, port), port, folder) as running:
        yield running


@contextmanager
def ours() -> Iterator[Running]:
    """Run our whole web role on fresh databases."""
    with tempfile.TemporaryDirectory() as folder:
        prepare(Path(folder))
        with ours_in(Path(folder)) as running:
            yield running


@contextmanager
def probot() -> Iterator[Running]:
    """Run probot with one handler that does nothing; it stores nothing."""
    port = free_port()
    shutil.copy(Path(__file__).with_name("probot.mjs"), NPM)
    given = {"PORT": str(port), "SECRET": SECRET.decode(), "NODE_ENV": "production"}
    with _running(["node", str(NPM / "probot.mjs")], given, port, NPM) as running:
        yield running


@contextmanager
def flask() -> Iterator[Running]:
    """Run a Flask view that reads the body and does nothing, under the same server."""
    port = free_port()
    granian = str(Path(sys.executable).with_name("granian"))
    server = [granian, "--interface", "wsgi", "--http", "1", "--no-ws", "--port", str(port)]
    with _running([*server, "--no-log", "bench.empty_view:app"], {}, port, ROOT) as running:
        yield running


def install_probot() -> bool:
    """Have npm fetch probot into `var/npm`; False where there is no node or no registry."""
    if not shutil.which("node") or not shutil.which("npm"):
        return False
    if (NPM / "node_modules" / "probot").exists():
        return True
    NPM.mkdir(parents=True, exist_ok=True)
    command = ["npm", "install", "--ignore-scripts", "--prefix", str(NPM), PROBOT]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _key(folder: Path) -> Path:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    path = folder / "app.pem"
    if not path.exists():
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        path.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
    return path


@contextmanager
def _running(
    command: Sequence[str], given: Mapping[str, str], port: int, folder: Path
) -> Iterator[Running]:
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment() | dict(given), stdout=log, stderr=log
        )
        try:
            _until_it_listens(process, port)
            yield Running(process, port, folder)
        finally:
            process.terminate()
            process.wait(STOP_WITHIN_S)


def _until_it_listens(process: "subprocess.Popen[bytes]", port: int) -> None:
    latest = time.monotonic() + START_WITHIN_S
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            if process.poll() is not None or time.monotonic() > latest:
                raise
            time.sleep(0.02)
        else:
            return
