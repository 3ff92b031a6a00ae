"""A table of commits of our own: parents, and which paths each commit may have changed.

Git finds with it in a fraction of the time which commits have to do with a file. A clone may bring
such a table along, and git would take it at its word: this one is made from the objects alone.
Source: https://git-scm.com/docs/git-commit-graph
"""

import os
import shutil
from pathlib import Path

from core.git.command import GitFailed, run
from core.git.view import TABLE, View

ENOUGH_COMMITS = 256
"""So many that the table does not know yet make it worth its while to write another."""
WITHIN_S = 300.0
MOST_AT_ONCE = 100_000
"""Of so many commits at once it is found out what they changed; of others another time."""


def beyond(view: View, commit: str, known: str) -> bool:
    """Say whether many commits are not in a table that was written for the commit `known`."""
    wanted = [commit, f"^{known}"] if known else [commit]
    try:
        said = run(view.git_dir, "rev-list", "--count", f"--max-count={ENOUGH_COMMITS}", *wanted)
    except GitFailed:
        return True
    return int(said) >= ENOUGH_COMMITS


def write(view: View, commit: str) -> bool:
    """Write the table for a commit and all before it, and say whether that could be done.

    Git makes none of a clone that is shallow, or from which something is missing.
    """
    if view.table is None or view.shallow:
        return False
    place = view.git_dir / TABLE
    place.unlink(missing_ok=True)
    options = ("--stdin-commits", "--changed-paths", f"--max-new-filters={MOST_AT_ONCE}")
    try:
        told = f"{commit}\n".encode("ascii")
        run(view.git_dir, "commit-graph", "write", *options, told=told, within=WITHIN_S)
    except GitFailed:
        return False
    return place.is_file() and _keep(place, view.table)


def _keep(place: Path, table: Path) -> bool:
    """Put it where the next view finds it, whole or not at all."""
    near = table.with_name(f"{table.name}.{os.getpid()}")
    try:
        shutil.copyfile(place, near)
        near.replace(table)
    finally:
        near.unlink(missing_ok=True)
    return True
