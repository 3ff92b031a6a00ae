"""Asking REUSE (https://reuse.software/) whether every file of a commit says its licence.

It is a program of its own, started where it is installed: its library is no stable interface.
"""

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from core.git import BadObject, Objects, View, entries

WITHIN_S = 120.0
MOST_FILES = 20_000
MOST_BYTES = 500_000_000
SHOWN = 20

Answer = Literal["compliant", "lacking", "missing", "failed"]
"""missing: the program is not installed here; failed: it could not be asked."""


@dataclass(frozen=True)
class Said:
    """What came of it: the files that say no licence or no copyright, the first of them by name."""

    answer: Answer
    files: tuple[str, ...] = ()
    count: int = 0


def lint(view: View, objects: Objects, commit: str, program: str = "reuse") -> Said:
    """Write a commit's files into a folder, and ask about them."""
    found = shutil.which(program)
    if found is None:
        return Said("missing")
    with TemporaryDirectory(prefix="potluck-reuse-") as folder:
        root = Path(folder)
        try:
            _write(view, objects, commit, root)
        except (BadObject, OSError, ValueError):
            return Said("failed")
        return _ask(found, root)


def _write(view: View, objects: Objects, commit: str, root: Path) -> None:
    listed = [one for one in entries(view, commit) if one.is_file]
    if len(listed) > MOST_FILES:
        raise ValueError
    total = 0
    for one in listed:
        place = (root / one.path).resolve()
        if not place.is_relative_to(root.resolve()):
            raise ValueError
        content = objects.blob(one.blob)
        total += len(content)
        if total > MOST_BYTES:
            raise ValueError
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)


def _ask(program: str, root: Path) -> Said:
    try:
        done = subprocess.run(  # noqa: S603 - no shell; the folder is ours
            [program, "--root", str(root), "lint", "--json"],
            capture_output=True,
            check=False,
            env={"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(root), "LC_ALL": "C.UTF-8"},
            cwd=root,
            timeout=WITHIN_S,
        )
        return _read(json.loads(done.stdout), root)
    except (subprocess.TimeoutExpired, OSError, ValueError, TypeError, AttributeError, KeyError):
        return Said("failed")


def _read(said: Any, root: Path) -> Said:
    if said["summary"]["compliant"] is True:
        return Said("compliant")
    lacking = said["non_compliant"]
    named = {
        str(name).removeprefix(f"{root}/")
        for kind in ("missing_licensing_info", "missing_copyright_info")
        for name in lacking.get(kind, ())
    }
    return Said("lacking", tuple(sorted(named)[:SHOWN]), len(named))
