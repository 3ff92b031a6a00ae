"""What of a change may come in where the whole is to be sold closed, and why not. Pure."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from licensing.inbound import classes, headers, manifests
from licensing.inbound.classes import Class
from licensing.inbound.manifests import Dependency

Grade = Literal["block", "ask", "note"]
Kind = Literal["tag", "words", "dependency", "history", "unreadable", "binary", "module", "reuse"]
"""tag         an SPDX tag            words       the words of a licence's header
dependency  a manifest names it    history     a file that changes what git says of authors
unreadable  it cannot be read      binary      something built, of which nobody can read a licence
module      another repository     reuse       what REUSE says
"""
HISTORY = (".mailmap", ".git-blame-ignore-revs", ".gitattributes", "REUSE.toml", ".reuse/dep5")
BUILT = (
    *(".jar", ".war", ".so", ".dll", ".dylib", ".a", ".lib", ".exe", ".whl", ".class"),
    *(".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".nupkg", ".gem", ".wasm"),
)
GRADES: Mapping[Class, Grade] = {
    "permissive": "note",
    "weak": "note",
    "unclear": "ask",
    "unknown": "ask",
    "source_available": "block",
    "strong": "block",
    "network": "block",
}


@dataclass(frozen=True)
class Finding:
    """One thing that was found: where, what it says, and what that means.

    `subject` is an expression, a licence's family, or a dependency's name; `licence` is what is
    known of a dependency.
    """

    path: str
    line: int
    kind: Kind
    grade: Grade
    subject: str
    means: Class = "unknown"
    licence: str = ""


@dataclass(frozen=True)
class Changed:
    """A file of the change: its bytes before and after, None where there are none.

    `mode` is git's. `unreadable`: it is there and could not be read.
    """

    path: str
    after: bytes | None
    before: bytes | None = None
    mode: str = "100644"
    unreadable: bool = False


@dataclass(frozen=True)
class Known:
    """What the project says: its own licences, licences that somebody looked up, declared files.

    `declared` maps the paths of changed files that are somebody else's to their licence.
    """

    own: frozenset[str] = frozenset()
    dependencies: Mapping[str, str] | None = None
    declared: Mapping[str, str] | None = None


def findings(files: Iterable[Changed], known: Known) -> tuple[Finding, ...]:
    """Look at every file of a change; what is no obstacle and asks for nothing is left out."""
    listed = tuple(files)
    locked = _locked(listed)
    found = [one for file in listed for one in _of_file(file, known, locked)]
    return tuple(sorted(dict.fromkeys(found), key=_order))


def grade(found: Iterable[Finding]) -> Grade | None:
    """Give the worst of what was found; None where nothing was."""
    order: tuple[Grade, ...] = ("note", "ask", "block")
    return max((one.grade for one in found), key=order.index, default=None)


def _order(one: Finding) -> tuple[int, str, int]:
    return (("block", "ask", "note").index(one.grade), one.path, one.line)


def _of_file(file: Changed, known: Known, locked: Mapping[str, str]) -> Iterator[Finding]:
    name = file.path.rpartition("/")[2]
    if name in HISTORY or file.path in HISTORY:
        # It changes what people see, and no verdict of the audit; somebody should look at it.
        yield Finding(file.path, 1, "history", "note", name)
    if file.mode == "160000":
        yield Finding(file.path, 1, "module", "ask", name)
        return
    if file.unreadable:
        yield Finding(file.path, 1, "unreadable", "ask", name)
        return
    if file.after is None:
        return
    declared = (known.declared or {}).get(file.path)
    if declared is not None:
        means = classes.of(declared, known.own)
        yield Finding(file.path, 1, "tag", GRADES[means], declared, means)
        return
    if name.lower().endswith(BUILT):
        yield Finding(file.path, 1, "binary", "ask", name)
    yield from _of_words(file, known)
    yield from _of_dependencies(file, known, locked)


def _of_words(file: Changed, known: Known) -> Iterator[Finding]:
    said = headers.said(file.after or b"")
    families = {one.family for one in said}
    for one in said:
        if one.expression:
            means = classes.of(one.expression, known.own)
            if one.expression not in known.own:
                yield Finding(file.path, one.line, "tag", GRADES[means], one.expression, means)
        elif not _is_own(one.family, families, known):
            means = classes.of_family(one.family)
            graded: Grade = "note" if headers.is_prose(file.path) else GRADES[means]
            yield Finding(file.path, one.line, "words", graded, one.family, means)


def _is_own(family: str, beside: Collection[str], known: Known) -> bool:
    own = {one.partition("-")[0] for one in known.own}
    # The text of the AGPL speaks of the GPL, and that of the LGPL does.
    speaks_of = family == "GPL" and not own.isdisjoint({"AGPL", "LGPL"} & set(beside))
    return family in own or speaks_of


def _of_dependencies(file: Changed, known: Known, locked: Mapping[str, str]) -> Iterator[Finding]:
    try:
        now = manifests.dependencies(file.path, file.after or b"")
    except manifests.Unreadable:
        yield Finding(file.path, 1, "unreadable", "ask", file.path.rpartition("/")[2])
        return
    try:
        before = manifests.dependencies(file.path, file.before or b"") if file.before else ()
    except manifests.Unreadable:
        before = ()
    had = {(one.key, one.licence, one.shipped) for one in before}
    for one in now:
        if (one.key, one.licence, one.shipped) not in had:
            yield _of_dependency(file.path, one, known, locked)


def _of_dependency(path: str, one: Dependency, known: Known, locked: Mapping[str, str]) -> Finding:
    licence = (known.dependencies or {}).get(one.key) or one.licence or locked.get(one.key, "")
    means = classes.of(licence)
    # What only helps to build is no part of what is sold.
    graded = GRADES[means] if one.shipped else "note"
    return Finding(path, one.line, "dependency", graded, one.key, means, licence)


def _locked(files: Iterable[Changed]) -> dict[str, str]:
    """Give the licences that lock files of the same change name."""
    found: dict[str, str] = {}
    for file in files:
        if file.after is None or not manifests.is_manifest(file.path):
            continue
        try:
            listed = manifests.dependencies(file.path, file.after)
        except manifests.Unreadable:
            continue
        found |= {one.key: one.licence for one in listed if one.licence}
    return found
