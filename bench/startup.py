"""From the command to `/readyz`: how long a start takes, with databases that exist already."""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from bot.sandbox.free_port import free_port
from core.config import environment

NAME = "startup"
HELP = "seconds from `potluck serve` to an answer 200 of /readyz (second start and later)"
STARTS = 7
PATIENCE_S = 30.0


def run(arguments: list[str]) -> dict[str, object]:
    """Start the service several times; gives median and worst in seconds."""
    starts = int(arguments[0]) if arguments else STARTS
    with tempfile.TemporaryDirectory() as folder:
        seconds = [_start(Path(folder)) for _ in range(starts + 1)][1:]
    return {
        "median_s": round(statistics.median(seconds), 3),
        "worst_s": round(max(seconds), 3),
        "starts": starts,
        "allowed_s": 2.0,
    }


def _start(folder: Path) -> float:
    port = free_port()
    given = {
        "POTLUCK_VAR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder}/potluck.db",
        "PORT": str(port),
    }
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "serve"],
        env=environment() | given,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while time.monotonic() - began < PATIENCE_S:
            try:
                with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=1):
                    return time.monotonic() - began
            except (URLError, OSError):
                time.sleep(0.01)
        raise TimeoutError("the service did not become ready")
    finally:
        process.terminate()
        process.wait(15)
