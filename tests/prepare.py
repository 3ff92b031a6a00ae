"""Fetch what the tests need beyond Python packages: a Chromium, and GitHub's published API."""

import os
import shutil
import subprocess
import sys

from tests.contracts import corpus

BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first is the same engine without the windows, menus and profiles that cost a third of the time."""

PACKAGES = ("chromium-headless-shell", "chromium")


def browser() -> str | None:
    """Give the path of an installed Chromium."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def main() -> None:
    """Fetch what can be fetched, and say in one line each what will be skipped."""
    corpus.main()
    prepare_browser()


def prepare_browser() -> None:
    """Install Chromium as root on Debian; elsewhere say so."""
    if browser():
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing Debian's chromium for the browser tests …", flush=True)
        _quietly("apt-get", "update", "-qq")
        for package in PACKAGES:
            if not browser():
                _quietly("apt-get", "install", "-y", "-qq", "--no-install-recommends", package)
    if not browser():
        print(
            "SKIPPING the browser tests: no Chromium was found; install the package `chromium`.",
            file=sys.stderr,
        )


def _quietly(*command: str) -> None:
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: PLW1510 - what is missing in the end is told


if __name__ == "__main__":
    main()
