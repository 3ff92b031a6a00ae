"""A PostgreSQL server for the tests: of this session only, on a Unix socket, never as root."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg

START_WITHIN_S = 30
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "80",
    "shared_buffers": "32MB",
    "log_min_messages": "fatal",
    # Nothing here is to outlive the machine, and no table lives long enough to be swept.
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "1h",
    "autovacuum": "off",
    "jit": "off",
}
MISSING = "SKIPPING the PostgreSQL half: no server was found; install the package `postgresql`."


def binaries() -> Path | None:
    """Find the folder of a PostgreSQL server's programs, the newest if there are several."""
    found = shutil.which("initdb")
    if found and shutil.which("postgres"):
        return Path(found).parent
    versions = Path("/usr/lib/postgresql").glob("*/bin/postgres")
    newest = sorted(versions, key=lambda path: int(path.parts[-3]))
    return newest[-1].parent if newest else None


class Cluster:
    """One server in a temporary folder; `stop` and `start` it to play an outage."""

    def __init__(self, programs: Path) -> None:
        self._programs = programs
        # Not under pytest's own folder: a Unix socket's path may have 107 bytes only.
        self._folder = Path(tempfile.mkdtemp(prefix="potluck-pg-", dir="/tmp"))
        self._data = self._folder / "data"
        self._process: subprocess.Popen[bytes] | None = None
        if os.geteuid() == 0:
            user = _unprivileged()
            os.chown(self._folder, user.pw_uid, user.pw_gid)
        self._run("initdb", "-D", self._data, "-U", "postgres", "-A", "trust", "-N", "-E", "UTF8")

    def url(self, name: str) -> str:
        """Give the address of a database."""
        return f"postgresql://postgres@/{name}?host={self._folder}"

    def start(self) -> None:
        """Start the server and wait until it answers."""
        program = [self._programs / "postgres", "-D", self._data, "-k", self._folder]
        self._process = subprocess.Popen(
            [*self._user(), *program, *(f"--{key}={value}" for key, value in SETTINGS.items())],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        latest = time.monotonic() + START_WITHIN_S
        while True:
            try:
                psycopg.connect(self.url("postgres")).close()
            except psycopg.OperationalError:
                if time.monotonic() > latest or self._process.poll() is not None:
                    raise
                time.sleep(0.02)
            else:
                return

    def stop(self) -> None:
        """End the server at once, as a crash would: what was committed comes back at `start`."""
        if self._process is not None:
            self._process.send_signal(3)  # SIGQUIT, PostgreSQL's immediate shutdown
            self._process.wait()
            self._process = None

    def remove(self) -> None:
        """End the server and leave nothing."""
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def create(self, name: str, template: str = "template0") -> str:
        """Make a database; give its address."""
        self._command(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.url(name)

    def drop(self, name: str) -> None:
        """Remove a database and whoever is connected."""
        self._command(f'DROP DATABASE "{name}" WITH (FORCE)')

    def _command(self, text: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(text.encode())

    def _run(self, program: str, *arguments: object) -> None:
        command = [*self._user(), self._programs / program, *map(str, arguments)]
        subprocess.run(command, check=True, capture_output=True, cwd="/tmp")

    def _user(self) -> list[str]:
        # The server ends with the test process, even if that is killed.
        last_wish = ["--pdeathsig", "QUIT"]
        if os.geteuid() == 0:
            user = _unprivileged()
            who = ["--reuid", str(user.pw_uid), "--regid", str(user.pw_gid), "--clear-groups"]
            return ["setpriv", *who, *last_wish]
        return ["setpriv", *last_wish] if shutil.which("setpriv") else []


def _unprivileged() -> pwd.struct_passwd:
    """Give a user who is not root: PostgreSQL refuses to run as root."""
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")
