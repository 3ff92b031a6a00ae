"""Small real git repositories, written object by object: no process, so hundreds of commits are cheap."""

import hashlib
import zlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.sandbox.git import Objects

BEGAN = datetime(2025, 1, 1, 12, 0, tzinfo=UTC)
ADA, BEN, MAL = "Ada <ada@example.org>", "Ben <ben@example.org>", "Mal <mal@example.org>"

Files = Mapping[str, str | bytes]


class Yard:
    """A bare repository at `path`; every commit is a day after the one before unless it says when."""

    def __init__(self, path: Path) -> None:
        """Make it."""
        self.path = path
        for name in ("objects/pack", "objects/info", "refs/heads"):
            (path / name).mkdir(parents=True)
        (path / "HEAD").write_text("ref: refs/heads/main\n")
        (path / "config").write_text("[core]\n\trepositoryformatversion = 0\n\tbare = true\n")
        self.files: dict[str, dict[str, str | bytes]] = {}
        self.head = ""
        self.now = BEGAN

    def commit(
        self,
        author: str,
        files: Files,
        message: str = "Change",
        *,
        gone: Sequence[str] = (),
        parents: Sequence[str] | None = None,
        committer: str = "",
        at: datetime | None = None,
    ) -> str:
        """Add a commit to the head (or to `parents`): its files over those of its first parent."""
        above = [self.head] if parents is None and self.head else list(parents or ())
        tree = dict(self.files[above[0]]) if above else {}
        tree |= files
        for name in gone:
            tree.pop(name)
        self.now = at or self.now + timedelta(days=1)
        stamp = f"{int(self.now.timestamp())} +0000"
        lines = [f"tree {self._tree(tree)}", *(f"parent {one}" for one in above)]
        lines += [f"author {author} {stamp}", f"committer {committer or author} {stamp}"]
        sha = self.write("commit", "\n".join([*lines, "", message, ""]).encode())
        self.files[sha] = tree
        self._point(sha)
        return sha

    def write(self, kind: str, content: bytes) -> str:
        """Write one object and give its name."""
        whole = f"{kind} {len(content)}\0".encode() + content
        sha = hashlib.sha1(whole).hexdigest()
        place = self.path / "objects" / sha[:2] / sha[2:]
        if not place.exists():
            place.parent.mkdir(exist_ok=True)
            place.write_bytes(zlib.compress(whole, 1))
        return sha

    def take(self, objects: Objects, tip: str) -> None:
        """Clone what the sandbox's GitHub holds."""
        for kind, content in objects.stored(tip):
            self.write(kind, content)
        self._point(tip)

    def _point(self, sha: str) -> None:
        self.head = sha
        (self.path / "refs/heads/main").write_text(f"{sha}\n")

    def set(self, text: str) -> None:
        """Add to the clone's own settings."""
        place = self.path / "config"
        place.write_text(place.read_text() + text)

    def lose(self, content: str) -> None:
        """Take away the blob with this content, as a partial clone would lack it."""
        sha = self.write("blob", content.encode())
        (self.path / "objects" / sha[:2] / sha[2:]).unlink()

    def _tree(self, files: Mapping[str, str | bytes]) -> str:
        here: dict[str, tuple[str, str]] = {}
        folders: dict[str, dict[str, str | bytes]] = {}
        for path, content in files.items():
            name, slash, rest = path.partition("/")
            if slash:
                folders.setdefault(name, {})[rest] = content
            else:
                data = content if isinstance(content, bytes) else content.encode()
                here[name] = ("100644", self.write("blob", data))
        for name, inside in folders.items():
            here[name] = ("40000", self._tree(inside))
        ordered = sorted(here.items(), key=lambda one: one[0] + "/" * (one[1][0] == "40000"))
        content = b"".join(
            f"{mode} {name}\0".encode("utf-8", "surrogateescape") + bytes.fromhex(sha)
            for name, (mode, sha) in ordered
        )
        return self.write("tree", content)


def text(*lines: str, many: int = 1) -> str:
    """Make a file of lines; each is said so often, with a number, so that no two are alike."""
    return "".join(f"{line} {number}\n" for line in lines for number in range(many))
