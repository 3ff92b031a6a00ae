"""How much memory a process and all its children hold together at most, looked at all the while."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

LOOKS_EVERY_S = 0.2


@dataclass
class Weight:
    """The most that was seen, in MB: `resident` counts shared pages for each, `share` once."""

    resident: int = 0
    share: int = 0

    def look(self, pid: int) -> None:
        """Weigh a tree of processes once."""
        seen = [_weighed(one) for one in tree(pid)]
        self.resident = max(self.resident, sum(one[0] for one in seen) // 1024)
        self.share = max(self.share, sum(one[1] for one in seen) // 1024)


@contextmanager
def weighed() -> Iterator[Weight]:
    """Weigh this process and what it starts until the end of the block."""
    found, over = Weight(), Event()

    def look() -> None:
        while not over.wait(LOOKS_EVERY_S):
            found.look(os.getpid())

    thread = Thread(target=look, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        over.set()
        thread.join()


def tree(pid: int) -> Iterator[int]:
    """Give a process and all that it started, whichever of its threads did."""
    yield pid
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text(encoding="ascii").split():
                yield from tree(int(child))


def _weighed(pid: int) -> tuple[int, int]:
    """Give the kilobytes of one process, resident and by its share; none where it has ended."""
    found = {"Rss": 0, "Pss": 0}
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
            name, _, rest = line.partition(":")
            if name in found:
                found[name] = int(rest.split()[0])
    return found["Rss"], found["Pss"]
