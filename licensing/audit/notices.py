"""The NOTICE: who has to be named, because work of theirs came under an open licence. Pure.

Permissive licences allow a closed product and ask for the notice to stay: MIT and BSD for the
copyright and the text, Apache-2.0 (section 4) for attribution.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from licensing.audit import erased
from licensing.audit.judge import Judge
from licensing.audit.tally import FileParts
from licensing.audit.values import Person

LONGEST_NAME = 100
LONGEST_KEY = 24
FILES_SHOWN = 20


def notice(project: str, commit: str, files: Iterable[FileParts], judge: Judge) -> str:
    """Give the text: for each licence the people and the files that came under it."""
    people: dict[str, set[str]] = defaultdict(set)
    vendored: dict[str, list[str]] = defaultdict(list)
    for file in files:
        if file.kind == "vendored" and not file.foreign:
            vendored[file.licence].append(file.path)
        for part in file.parts:
            if not file.foreign:
                _of_part(people, part.sources, judge)
    return "".join(f"{line}\n" for line in _lines(project, commit, people, vendored))


def _of_part(
    people: dict[str, set[str]], sources: Iterable[tuple[str, str]], judge: Judge
) -> None:
    for source in sources:
        for held in judge(source).held:
            if held.standing == "PERMISSIVE_INBOUND":
                year = judge.works(source[0]).authored_at.year
                people[held.why].add(f"{year} {_named(held.person)}")


def _named(person: Person) -> str:
    """Give the name, or what tells somebody from others: never an address."""
    name = erased.without_addresses(_plain(person.name))
    return name or f"a contributor ({erased.digested(person.key)[:LONGEST_KEY]})"


def _lines(
    project: str,
    commit: str,
    people: Mapping[str, set[str]],
    vendored: Mapping[str, list[str]],
) -> Iterable[str]:
    yield f"{project}, commit {commit}"
    yield ""
    if not people and not vendored:
        yield "Nothing in it came under a licence that asks for a notice."
        return
    yield "This product has parts that others wrote and licensed as named below."
    for licence in sorted({*people, *vendored}):
        yield ""
        yield licence
        yield from (f"  Copyright {one}" for one in sorted(people.get(licence, ())))
        paths = sorted(vendored.get(licence, ()))
        yield from (f"  {_plain(path)}" for path in paths[:FILES_SHOWN])
        if len(paths) > FILES_SHOWN:
            yield f"  and {len(paths) - FILES_SHOWN} more files"


def _plain(text: str) -> str:
    return "".join(one if one.isprintable() else "�" for one in text)[:LONGEST_NAME]
