"""A view of a clone: an empty repository of our own that borrows the clone's objects, no more.

What stands beside the objects takes no part: no settings, hooks, replacements, grafts, notes,
attributes, mail map, table of commits or list of commits to ignore; those of the tree neither,
since the view has no HEAD from which git would take them. So two people who have the same commits
see the same.
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
from core.git.quoting import unquoted

TABLE = "objects/info/commit-graph"

FORMATS = {"sha1": 40, "sha256": 64}
LARGEST_SHALLOW = 10_000_000
LARGEST_ALTERNATES = 100_000
MOST_FOLDERS = 20
DIGITS = frozenset("0123456789abcdef")


@dataclass(frozen=True)
class View:
    """Where git reads. `shallow` are commits whose parents are not in the clone.

    `digits` is the length of a whole hash. `table` is where our own table of commits is kept
    between views, None where none is (see `core.git.table`).
    """

    git_dir: Path
    source: Path
    digits: int
    shallow: frozenset[str]
    table: Path | None = None

    def commit(self, name: str) -> str:
        """Give the whole hash of a commit that is named by a hash. Raises `GitFailed`."""
        found = run(
            self.git_dir, "rev-parse", "--verify", "--end-of-options", f"{name}^{{commit}}"
        )
        return found.decode().strip()


@contextmanager
def opened(clone: Path, table: Path | None = None) -> Iterator[View]:
    """Look into a clone: bare, with a work tree, or one of several work trees.

    `table` is a file of ours with a table of its commits, or the place for one. Raises
    `UserError` where there is no clone.
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
        _make(git_dir, _folders(at_objects), form, grafted)
        if table is not None and table.is_file():
            (git_dir / TABLE).symlink_to(table.resolve())
        yield View(git_dir, clone, FORMATS[form], frozenset(grafted), table)


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
    return tuple(line for line in lines if line and DIGITS.issuperset(line))


def _folders(objects: Path) -> list[Path]:
    """Give a clone's folder of objects, and those from which it borrows in turn."""
    found: list[Path] = []
    waiting = [objects]
    while waiting and len(found) < MOST_FOLDERS:
        folder = waiting.pop(0)
        if folder in found or not folder.is_dir():
            continue
        found.append(folder)
        file = folder / "info/alternates"
        if file.is_file() and file.stat().st_size <= LARGEST_ALTERNATES:
            lines = file.read_bytes().split(b"\n")
            named = (unquoted(one) for one in lines if one and not one.startswith(b"#"))
            waiting += [(folder / os.fsdecode(one)).resolve() for one in named]
    return found


def _borrow(place: Path, objects: Path) -> None:
    """Give the packs and loose objects of a folder under another name, and nothing beside them.

    What is beside them is believed by git: tables of commits say who is whose parent.
    """
    place.mkdir(parents=True)
    for one in os.scandir(objects):
        if one.name == "pack" or (len(one.name) == 2 and DIGITS.issuperset(one.name)):  # noqa: PLR2004
            (place / one.name).symlink_to(objects / one.name)


def _make(git_dir: Path, folders: list[Path], form: str, shallow: tuple[str, ...]) -> None:
    for name in ("objects/info", "objects/pack", "refs"):
        (git_dir / name).mkdir(parents=True)
    # Under names of ours: a path may hold what the file of alternates cannot.
    borrowed = [git_dir / f"borrowed/{number}" for number in range(len(folders))]
    for place, folder in zip(borrowed, folders, strict=True):
        _borrow(place, folder)
    lines = "".join(f"{place}\n" for place in borrowed)
    (git_dir / "objects/info/alternates").write_text(lines, encoding="utf-8")
    (git_dir / "HEAD").write_text("ref: refs/heads/none\n", encoding="ascii")
    # The table of commits is ours: none of the clone's can be reached from here.
    config = "[core]\n\tbare = true\n\tcommitGraph = true\n\tmultiPackIndex = false\n"
    config += f"\trepositoryformatversion = {int(form != 'sha1')}\n"
    if form != "sha1":
        config += f"[extensions]\n\tobjectformat = {form}\n"
    (git_dir / "config").write_text(config, encoding="ascii")
    if shallow:
        (git_dir / "shallow").write_text("".join(f"{one}\n" for one in shallow), encoding="ascii")
