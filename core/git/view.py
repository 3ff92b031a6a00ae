"""A view of a clone: an empty repository of our own that borrows the clone's objects, no more.

What stands beside the objects takes no part: no settings, hooks, replacements, grafts, notes,
attributes, mail map or list of commits to ignore; those of the tree neither, since the view has
no HEAD from which git would take them. So two people who have the same commits see the same.
"""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from core.errors import UserError
from core.git.command import READING, WITHIN_S, program, run

FORMATS = {"sha1": 40, "sha256": 64}
LARGEST_SHALLOW = 10_000_000


@dataclass(frozen=True)
class View:
    """Where git reads. `shallow` are commits whose parents are not in the clone.

    `digits` is the length of a whole hash.
    """

    git_dir: Path
    source: Path
    digits: int
    shallow: frozenset[str]

    def commit(self, name: str) -> str:
        """Give the whole hash of a commit that is named by a hash. Raises `GitFailed`."""
        found = run(
            self.git_dir, "rev-parse", "--verify", "--end-of-options", f"{name}^{{commit}}"
        )
        return found.decode().strip()


@contextmanager
def opened(clone: Path) -> Iterator[View]:
    """Look into a clone: bare, with a work tree, or one of several work trees.

    Raises `UserError` where there is none.
    """
    asked = ["--git-path", "objects", "--git-path", "shallow", "--show-object-format"]
    said = _lines(clone, asked)[0].split("\n")
    if len(said) != 3:  # noqa: PLR2004 - the name of a folder on the way goes over several lines
        said = _lines(clone, asked[:2], asked[2:4], asked[4:])
    objects, shallow, form = said
    at_objects = (clone / objects).resolve()
    if form not in FORMATS or not at_objects.is_dir():
        raise UserError(f"{clone} is not a clone that can be read.")
    with TemporaryDirectory(prefix="potluck-view-") as folder:
        git_dir = Path(folder)
        grafted = _shallow(clone / shallow)
        _make(git_dir, at_objects, form, grafted)
        yield View(git_dir, clone, FORMATS[form], frozenset(grafted))


def named(clone: Path, revision: str) -> str:
    """Give the hash of what a branch, tag or hash names in a clone. Raises `UserError`."""
    try:
        wanted = ["rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}"]
        return _lines(clone, wanted)[0]
    except UserError:
        raise UserError(f"{clone} has no commit called {revision}.") from None


def _lines(clone: Path, *wanted: list[str]) -> list[str]:
    """Ask a clone where things are: the only questions that its own settings have a part in."""
    place = clone.resolve()
    found = []
    for one in wanted:
        asked = one if one[0] == "rev-parse" else ["rev-parse", *one]
        given = [program(), "-c", f"safe.directory={place}", "-c", f"safe.directory={place}/.git"]
        done = subprocess.run(  # noqa: S603 - no shell
            [*given, "-C", str(place), *asked],
            capture_output=True,
            check=False,
            env=READING,
            timeout=WITHIN_S,
        )
        if done.returncode != 0 or not done.stdout.strip():
            raise UserError(f"{clone} is not a clone that git can read.")
        found.append(os.fsdecode(done.stdout.removesuffix(b"\n")))
    return found


def _shallow(file: Path) -> tuple[str, ...]:
    if not file.is_file() or file.stat().st_size > LARGEST_SHALLOW:
        return ()
    lines = file.read_text(encoding="ascii", errors="replace").splitlines()
    return tuple(line for line in lines if line and all(one in "0123456789abcdef" for one in line))


def _make(git_dir: Path, objects: Path, form: str, shallow: tuple[str, ...]) -> None:
    for name in ("objects/info", "objects/pack", "refs"):
        (git_dir / name).mkdir(parents=True)
    # Through a link of ours: a path may hold what the file of alternates cannot.
    (git_dir / "borrowed").symlink_to(objects)
    (git_dir / "objects/info/alternates").write_text(f"{git_dir}/borrowed\n", encoding="utf-8")
    (git_dir / "HEAD").write_text("ref: refs/heads/none\n", encoding="ascii")
    # Tables that stand beside the objects are taken at their word, parents of commits among it.
    config = "[core]\n\tbare = true\n\tcommitGraph = false\n\tmultiPackIndex = false\n"
    config += f"\trepositoryformatversion = {int(form != 'sha1')}\n"
    if form != "sha1":
        config += f"[extensions]\n\tobjectformat = {form}\n"
    (git_dir / "config").write_text(config, encoding="ascii")
    if shallow:
        (git_dir / "shallow").write_text("".join(f"{one}\n" for one in shallow), encoding="ascii")
