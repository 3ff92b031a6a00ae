"""Very long lines: whoever touched such a line last is not who wrote it, so all count who ever did.

Git tells of lines as wholes. In a file of one line, one letter would make all of it somebody's.
"""

from collections.abc import Iterable

from core.git import GitFailed, Objects, Run, View, blame
from licensing.audit import files
from licensing.audit.files import WIDE
from licensing.audit.parts import Source, Sources

MOST_STEPS = 60
Place = tuple[str, str]


def behind(view: View, objects: Objects, runs: Iterable[Run], kinds: bytes) -> Sources:
    """Give every origin of what stood in a file's wide lines before they were what they are.

    Raises `GitFailed` where that leads too far.
    """
    found: dict[Source, None] = {}
    waiting = list(_before(runs, kinds, found))
    seen: set[Place] = set()
    while waiting:
        place = waiting.pop()
        if place in seen:
            continue
        seen.add(place)
        if len(seen) > MOST_STEPS:
            raise GitFailed("it has very long lines, changed too often to tell whose they are")
        looked = files.look(objects.blob(":".join(place)), place[1])
        # What has no wide line yet is what such a line was joined from.
        kinds = looked.kinds if WIDE in looked.kinds else bytes([WIDE]) * len(looked.kinds)
        waiting += _before(blame(view, *place), kinds, found)
    return tuple(found) if seen else ()


def _before(runs: Iterable[Run], kinds: bytes, found: dict[Source, None]) -> Iterable[Place]:
    for run in runs:
        if WIDE in kinds[run.start - 1 : run.start - 1 + run.count]:
            found[run.commit, run.path] = None
            if run.previous is not None:
                yield run.previous
