"""An audit for a terminal: the verdict first, a bar per folder, then who stands in the way."""

import shutil
from collections import Counter
from collections.abc import Iterator

from bot.audit.judging import Audit, blockers
from licensing.audit.tally import Blocker
from licensing.audit.values import BASES, REASONS

BAR, ROWS = 24, 12
FREE, BLOCKED, EMPTY = "█", "░", "·"
REMEDIES = {
    "confirm": "a steward says whether it is the same person as one of these",
    "ask": "ask for a grant",
    "find": "find out who this is",
    "replace": "replace these few lines by new ones",
    "drop": "drop it, or move it to a separate open module",
    "declare": "declare whose file it is and under which licence, or replace it",
    "fetch": "fetch the whole history, and audit again",
}
SHORT = 12


def lines(audit: Audit, *, whole: bool = False) -> Iterator[str]:
    """Give the report line by line; `whole`: every blocker, not only those with the most lines."""
    sums = audit.tally
    verdict = "SELLABLE" if audit.sellable else "NOT SELLABLE"
    if audit.target != "commercial":
        verdict = f"{'COVERED' if audit.sellable else 'NOT COVERED'} for {audit.target}"
    yield f"{verdict}  {audit.commit[:SHORT]}"
    yield f"{sums.blocked:,} of {sums.lines:,} lines stand in the way."
    yield ""
    yield from _table(sums.folders)
    yield ""
    yield "  ".join(
        f"{name} {sums.standings[name]:,}" for name in (*BASES, *REASONS) if sums.standings[name]
    )
    yield from _beside(audit)
    yield from _blockers(audit, whole=whole)


def _table(folders: dict[str, Counter[str]]) -> Iterator[str]:
    ordered = sorted(folders.items(), key=lambda one: (-_blocked(one[1]), -one[1].total(), one[0]))
    width = max((len(name) for name, _ in ordered[:ROWS]), default=0)
    width = min(max(width, 6), max(10, shutil.get_terminal_size().columns - BAR - 30))
    for name, counts in ordered[:ROWS]:
        total, blocked = counts.total(), _blocked(counts)
        shown = printable(name or "(root)")[:width].ljust(width)
        yield f"{shown}  {bar(blocked, total)}  {total - blocked:>9,} of {total:,}"
    if len(ordered) > ROWS:
        yield f"and {len(ordered) - ROWS} more folders with nothing worse"


def bar(blocked: int, total: int) -> str:
    """Draw the share that is free; where anything is blocked, at least one mark says so."""
    if not total:
        return EMPTY * BAR
    part = -(-blocked * BAR // total) if blocked else 0
    return FREE * (BAR - part) + BLOCKED * part


def _blocked(counts: Counter[str]) -> int:
    return sum(counts[reason] for reason in REASONS)


def _beside(audit: Audit) -> Iterator[str]:
    sums = audit.tally
    for licence in audit.broken:
        yield (
            f"CONDITION_BROKEN: {sums.licences[licence]:,} lines came under"
            f" {licence or 'a licence that nobody stated'}, which was promised to stay on offer."
        )
    for (who, steward, reason), count in sums.waived.most_common(ROWS):
        yield printable(f"TRIVIAL  {count:,} lines of {who}, by {steward}: {reason}")
    if len(sums.waived) > ROWS:
        yield f"TRIVIAL  {len(sums.waived) - ROWS} more people"
    yield from _decided(audit)
    if sums.agents:
        yield f"AI  {sums.agents:,} lines name an AI agent beside their people."
    for kind, paths in sorted(sums.aside.items()):
        yield f"{len(paths)} {kind} not judged"
    if audit.notices:
        yield f"{len(audit.notices)} files bear a copyright notice: say in “copyright” which are yours."


def _decided(audit: Audit) -> Iterator[str]:
    for (what, steward, reason), count in audit.tally.declared.most_common(ROWS):
        yield printable(f"DECLARED {what}  {count:,} lines, by {steward}: {reason}")
    if audit.baseline:
        yield f"Up to {audit.baseline[:SHORT]}, commits are taken at their word of who wrote them."
    if audit.aliases:
        yield f"{audit.aliases} people count as others, as stewards said."


def _blockers(audit: Audit, *, whole: bool) -> Iterator[str]:
    found = blockers(audit.tally)
    if not found:
        return
    yield ""
    yield "In the way:"
    for one in found if whole else found[:ROWS]:
        yield from map(printable, _blocker(one))
    if not whole and len(found) > ROWS:
        rest = sum(one.lines for one in found[ROWS:])
        yield f"  and {len(found) - ROWS} more with {rest:,} lines: see them with --all"


def _blocker(one: Blocker) -> Iterator[str]:
    names = ", ".join(name for name, _ in one.names.most_common(2) if name)
    files = "1 file" if len(one.files) == 1 else f"{len(one.files)} files"
    count = "1 line" if one.lines == 1 else f"{one.lines:,} lines"
    yield f"  {one.key}  {names}  {one.reason}: {count} in {files}"
    if one.first:
        at, sha = one.first
        yield f"      first {at:%Y-%m-%d} {sha[:SHORT]}, most in {one.files.most_common(1)[0][0]}"
    if one.why:
        yield f"      because {one.why}"
    yield f"      → {REMEDIES[one.remedy]}"
    for item in one.suggestions[:3]:
        yield f"        ? {item.label} ({item.because})"


def printable(text: str) -> str:
    """Leave out what could steer a terminal: names come from anybody."""
    return "".join(one if one.isprintable() else "�" for one in text)


def progress(done: int, total: int) -> str:
    """Say in one line how far it is."""
    share = BAR * done // max(total, 1)
    return f"{FREE * share}{EMPTY * (BAR - share)}  {done:,} of {total:,} files"
