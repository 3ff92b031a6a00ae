"""The audit against the truth and against the clock: libzmq's relicensing, told again from its history.

Give the clones of zeromq/libzmq and zeromq/libzmq-relicense. Truth is not written down here:
whoever the maintainers named when they removed code for want of a grant is read from those very
commits, and who granted or was waived from the statements and the checklist as they stand.
"""

import argparse
import os
import re
import resource
import statistics
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

from bench.weight import weighed
from bot.audit.judging import Audit
from bot.audit.reading import reader
from bot.audit.shelf import Shelf
from core.git import Run, View, blame, entries, opened
from core.git.command import run as git
from licensing.audit import decisions
from licensing.audit.decisions import MAIN, Inputs

NAME = "audit"
HELP = "truth on libzmq (3 blockers), cold time over bare blame (1.3), median merge (0.5 s)"
AT = "eaaea73"
REMOVALS = ("7bbd4972", "ff47aeb7", "13bc1de4")
"""“Problem: no permission to relicense …”, each with “NAME <ADDRESS>, the author”."""
TARGET = "MPL-2.0"
MERGES = 200
STATED = """
steward = "the maintainers of libzmq"
reason = "as their own checklist has it"
[[generated]]
paths = ["RELICENSE/**"]
[[statements]]
folder = "RELICENSE"
licences = ["MPL-2.0"]
match = [{match}]
leave_out = ["README.md"]
[[statements.reads]]
words = "Open Source Initiative"
outbound = "osi"
[[list]]
file = "checklist.md"
heading = "Grant collected"
gives = "grant"
licences = ["MPL-2.0"]
match = [{listed}]
[[list]]
file = "checklist.md"
heading = "No grant needed"
gives = "waiver"
match = [{listed}]
"""
MODES = {
    "addresses": ('"address"', '"address"'),
    "names_believed": ('"address", "handle", "name"', '"address", "name"'),
}
"""What a steward believes of a statement: its addresses alone, or its handles and names as well."""


def run(arguments: list[str]) -> dict[str, object]:
    """Measure; without clones there is nothing to measure."""
    parser = argparse.ArgumentParser(prog="bench audit")
    parser.add_argument("--libzmq", type=Path)
    parser.add_argument("--relicense", type=Path)
    parser.add_argument("--large", type=Path, help="a clone of a million lines, for its memory")
    parser.add_argument("--merges", type=int, default=MERGES)
    given = parser.parse_args(arguments)
    found: dict[str, object] = {}
    if given.libzmq and given.relicense:
        found |= _libzmq(given.libzmq, given.relicense, given.merges)
    if given.large:
        found["large"] = _large(given.large)
    return found or {"skipped": "say --libzmq CLONE --relicense CLONE, or --large CLONE"}


def _libzmq(clone: Path, other: Path, merges: int) -> dict[str, object]:
    inputs = {name: _inputs(clone, other, *match) for name, match in MODES.items()}
    with tempfile.TemporaryDirectory() as folder:
        with opened(clone) as view:
            sha = view.commit(AT)
            bare = _bare(view, sha)
            removed = {
                _named(git(view.git_dir, "log", "-1", "--format=%B", one)) for one in REMOVALS
            }
        began = time.perf_counter()
        first = _audit(clone, sha, Path(folder) / "kept.db", inputs["addresses"])
        cold = time.perf_counter() - began
        told = {"addresses": first}
        for name in MODES:
            told.setdefault(name, _audit(clone, sha, Path(folder) / "kept.db", inputs[name]))
        truth = {name: _truth(one, removed) for name, one in told.items()}
        warm = _merges(clone, sha, Path(folder) / "warm.db", inputs["addresses"], merges)
    return {
        "bare_blame_s": round(bare, 1),
        "cold_audit_s": round(cold, 1),
        "ratio": round(cold / bare, 2),
        "allowed_ratio": 1.3,
        "truth": truth,
        **warm,
        "memory_mb": _memory(),
    }


def _inputs(clone: Path, other: Path, match: str, listed: str) -> Inputs:
    files = {MAIN: STATED.format(match=match, listed=listed).encode()}
    with opened(clone) as view:
        for entry in entries(view, view.commit(AT)):
            if entry.path.startswith("RELICENSE/"):
                files[entry.path] = git(view.git_dir, "cat-file", "blob", entry.blob)
    with opened(other) as view:
        head = subprocess.run(
            ["git", "-C", str(other), "rev-parse", "HEAD"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        files["checklist.md"] = git(view.git_dir, "cat-file", "blob", f"{head}:checklist.md")
    return decisions.read(files)


def _bare(view: View, sha: str) -> float:
    """Run what any audit has to run, on as many cores, and throw it away."""
    paths = [one.path for one in entries(view, sha) if one.is_file]
    paths = [one for one in paths if not one.startswith("RELICENSE/")]
    began = time.perf_counter()
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        list(pool.map(lambda path: git(view.git_dir, "blame", "-w", "-M", sha, "--", path), paths))
    return time.perf_counter() - began


def _audit(clone: Path, at: str, kept: Path, inputs: Inputs) -> Audit:
    with closing(Shelf(kept)) as shelf, reader(clone, at, shelf, inputs) as (one, sha):
        return one.audit(sha, TARGET, _quiet)[0]


def _quiet(done: int, total: int) -> None:
    """Tell nobody how far it is."""
    assert done <= total


def _named(message: bytes) -> str:
    found = re.search(r"<([^<>]+@[^<>]+)>,\s+the author", " ".join(message.decode().split()))
    assert found is not None, message
    return f"mail:{found[1].lower()}"


def _truth(audit: Audit, removed: set[str]) -> dict[str, object]:
    found = audit.tally.blockers
    asked = {key: one for key, one in found.items() if one.suggestions}
    nothing = {key: one for key, one in found.items() if not one.suggestions}
    return {
        "lines": audit.tally.lines,
        "blocked_lines": audit.tally.blocked,
        "identities_blocked": len(found),
        "removed_by_maintainers_found": sorted(
            (found[key].lines for key in removed & nothing.keys()), reverse=True
        ),
        "removed_by_maintainers_missed": sorted(removed - nothing.keys()),
        "without_any_grant": sorted(
            (one.lines for key, one in nothing.items() if key not in removed), reverse=True
        ),
        "asked_as_aliases": len(asked),
        "asked_lines": sum(one.lines for one in asked.values()),
    }


def _merges(clone: Path, sha: str, kept: Path, inputs: Inputs, many: int) -> dict[str, object]:
    """Follow the main line step by step from `many` commits before, each audit after the last."""
    with opened(clone) as view:
        said = git(view.git_dir, "rev-list", "--first-parent", f"--max-count={many + 1}", sha)
    line = said.decode().split()[::-1]
    _audit(clone, line[0], kept, inputs)
    times, worked, blamed = [], [], []
    for one in line[1:]:
        began, before = time.perf_counter(), _worked()
        found = _audit(clone, one, kept, inputs)
        times.append(time.perf_counter() - began)
        worked.append(_worked() - before)
        blamed.append(found.blamed)
    return {
        "merges": len(times),
        "merge_median_s": round(statistics.median(times), 2),
        "merge_processor_median_s": round(statistics.median(worked), 2),
        "merge_p90_s": round(statistics.quantiles(times, n=10)[8], 2),
        "allowed_median_s": 0.5,
        "files_blamed_median": statistics.median(blamed),
        "lines_that_differ": _differences(clone, line[-1], kept),
    }


def _differences(clone: Path, sha: str, kept: Path) -> int:
    """Hold every line of what grew step by step against a run from nothing."""
    with closing(Shelf(kept)) as shelf, opened(clone) as view:
        known = shelf.snapshot(sha)
        with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            pairs = pool.map(
                lambda one: (shelf.runs(one[1]), _from_nothing(view, sha, one[0], shelf, one[1])),
                known.items(),
            )
            return sum(_apart(mine, theirs) for mine, theirs in pairs)


def _from_nothing(view: View, sha: str, path: str, shelf: Shelf, place: int) -> tuple[Run, ...]:
    return blame(view, sha, path) if shelf.runs(place) else ()


def _apart(mine: tuple[Run, ...], theirs: tuple[Run, ...]) -> int:
    one, other = (
        [(run.commit, run.path, run.first + at) for run in runs for at in range(run.count)]
        for runs in (mine, theirs)
    )
    return sum(a != b for a, b in zip(one, other, strict=False)) + abs(len(one) - len(other))


def _large(clone: Path) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder, weighed() as weight:
        began = time.perf_counter()
        audit = _audit(clone, "HEAD", Path(folder) / "kept.db", Inputs())
        spent = time.perf_counter() - began
        again = time.perf_counter()
        _audit(clone, "HEAD", Path(folder) / "kept.db", Inputs())
        warm = time.perf_counter() - again
    return {
        "lines": audit.tally.lines,
        "files": audit.tally.kinds.total(),
        "unreadable": audit.tally.kinds["unreadable"],
        "cold_s": round(spent),
        "warm_s": round(warm, 1),
        "memory_mb": _memory(),
        "memory_with_git_mb": weight.share,
        "resident_with_git_mb": weight.resident,
        "allowed_mb": 2_000,
    }


def _worked() -> float:
    """Give the seconds of a processor that this process and git's have taken: load changes little."""
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in spent)


def _memory() -> int:
    """Give the most that this process ever held, in MB; git's processes are not in it."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
