"""Many objects from one git process: commits and blobs by their hash, or by commit and path."""

import os
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from threading import Lock, Thread
from typing import IO, cast

from core.git import commits
from core.git.command import READING, BadObject, bounded, command, run
from core.git.commits import RawCommit
from core.git.view import View

LARGEST_BLOB = 50_000_000


class _Ended(BadObject):
    """Git ended in the middle of an answer."""


class Objects:
    """A running `git cat-file --batch`; several threads may ask it, one at a time."""

    def __init__(self, view: View) -> None:
        """Start it."""
        self._view = view
        self._turn = Lock()
        self._start()

    def _start(self) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - no shell
            command(self._view.git_dir, ["cat-file", "--batch"]),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=READING,
            cwd=self._view.git_dir,
        )
        bounded(self._process.pid)
        self._in = cast("IO[bytes]", self._process.stdin)
        self._out = cast("IO[bytes]", self._process.stdout)

    def close(self) -> None:
        """End it."""
        with suppress(BrokenPipeError):  # it may have ended by itself
            self._in.close()
        self._out.close()
        self._process.wait()

    def blob(self, name: str) -> bytes:
        """Give the bytes of an object by its hash, or as COMMIT:PATH.

        Raises `BadObject` where it cannot be read.
        """
        if "\n" in name:  # which would be two questions
            return self._alone(name)
        with self._turn:
            self._tell((name,))
            with self._another():
                return self._answer(name)[1]

    def _alone(self, name: str) -> bytes:
        size = run(self._view.git_dir, "cat-file", "-s", name)
        if int(size) > LARGEST_BLOB:
            raise BadObject(f"{name} is larger than {LARGEST_BLOB} bytes")
        return run(self._view.git_dir, "cat-file", "blob", name)

    def commits(self, names: Iterable[str]) -> tuple[RawCommit, ...]:
        """Give commits by their hashes, in that order. Raises `BadObject`."""
        wanted = tuple(names)
        with self._turn:
            # From a thread of its own: neither side may wait for the other with a full pipe.
            teller = Thread(target=self._tell, args=(wanted,), daemon=True)
            teller.start()
            with self._another(teller):
                answers = [self._answer_or_none(name) for name in wanted]
            teller.join()
        for name, (kind, _) in zip(wanted, answers, strict=True):
            if kind != b"commit":
                raise BadObject(f"{name} is no commit of this clone")
        return tuple(
            commits.parsed(name, content)
            for name, (_, content) in zip(wanted, answers, strict=True)
        )

    @contextmanager
    def _another(self, teller: Thread | None = None) -> Iterator[None]:
        """Start git anew where a damaged object has ended it, for whatever is asked next."""
        try:
            yield
        except _Ended:
            self._process.wait()
            if teller is not None:
                teller.join()
            self.close()
            self._start()
            raise

    def _answer_or_none(self, name: str) -> tuple[bytes, bytes]:
        # To the last one, whatever is missing: otherwise the next question gets this answer.
        try:
            return self._answer(name)
        except _Ended:
            raise
        except BadObject:
            return b"", b""

    def _tell(self, names: tuple[str, ...]) -> None:
        with suppress(BrokenPipeError):  # then its answers end as well
            self._in.write(b"".join(os.fsencode(name) + b"\n" for name in names))
            self._in.flush()

    def _answer(self, name: str) -> tuple[bytes, bytes]:
        head = self._out.readline().split()
        if not head:
            raise _Ended(f"{name} is damaged")
        if len(head) != 3 or not head[2].isdigit():  # noqa: PLR2004 - hash, kind and size
            raise BadObject(f"{name} is not in this clone")
        size = int(head[2])
        if size > LARGEST_BLOB:
            self._skip(size + 1)
            raise BadObject(f"{name} is larger than {LARGEST_BLOB} bytes")
        content = self._out.read(size)
        self._out.read(1)
        if len(content) != size:
            raise _Ended(f"{name} could not be read to its end")
        return head[1], content

    def _skip(self, size: int) -> None:
        while size > 0:
            taken = len(self._out.read(min(size, 1_000_000)))
            if not taken:
                return
            size -= taken


@contextmanager
def reading(view: View) -> Iterator[Objects]:
    """Have one reader of objects for a while."""
    objects = Objects(view)
    try:
        yield objects
    finally:
        objects.close()
