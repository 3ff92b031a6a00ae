"""What a figure depends on besides the code: the machine, its load, and the versions of what runs."""

import os
import platform
import sqlite3
from importlib.metadata import version

PACKAGES = ("granian", "flask", "sqlalchemy", "uvloop")


def load() -> float:
    """Give the number of processes that wanted to run in the last minute, as the kernel counts."""
    return round(os.getloadavg()[0], 2)


def facts() -> dict[str, object]:
    """Name cores, kernel and versions."""
    return {
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        **{name: version(name) for name in PACKAGES},
    }
