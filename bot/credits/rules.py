"""What a change is worth crediting as, and on how few people a project rests. Pure."""

from collections.abc import Iterable

DOCS = (".md", ".rst", ".adoc", ".txt")
CATALOGUES = (".po", ".pot", ".xliff", ".xlf", ".ftl")
TESTS = frozenset({"test", "tests", "spec", "specs", "__tests__"})
FOLDERS = frozenset({"doc", "docs"})
ABSENT_SHARE = 2
"""Half of all contributions: the share that CHAOSS asks after."""


def kind_of(paths: Iterable[str]) -> str:
    """Say what a change was by the files that it touched: what all of them are, else code.

    Only documents are documentation, only catalogues translation, only tests tests. A change of
    which the files are not known is code.
    """
    kinds = {_kind(path.lower()) for path in paths}
    return kinds.pop() if len(kinds) == 1 else "code"


def _kind(path: str) -> str:
    folders, _slash, name = path.rpartition("/")
    parts = set(folders.split("/"))
    if name.endswith(CATALOGUES):
        return "translation"
    if parts & TESTS or name.startswith("test_"):
        return "test"
    if parts & FOLDERS or name.endswith(DOCS):
        return "doc"
    return "code"


def absence_factor(counts: Iterable[int]) -> int:
    """Give the smallest number of people who made at least half of all contributions; 0 for none.

    https://chaoss.community/kb/metric-contributor-absence-factor/
    """
    known = sorted((count for count in counts if count > 0), reverse=True)
    total, reached = sum(known), 0
    for place, count in enumerate(known, 1):
        reached += count
        if reached * ABSENT_SHARE >= total:
            return place
    return 0
