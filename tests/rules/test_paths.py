"""Patterns of paths: anchored, bounded in time, and never fooled by how a path is written."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.github import MOST_FILES
from licensing.paths import is_plain, matches
from licensing.verdict import Exemptions, Terms
from tests.rules.commits import ADA, BO, commit, file, verdict

DOCS = Exemptions(paths=("docs/**", "*.md"))
EE = Terms(paths=("ee/**",))


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("docs/**", "docs/a.md"),
        ("docs/**", "docs/a/b/c.md"),
        ("docs/**", "docs/.hidden"),
        ("**", "anything/at/all"),
        ("**/a.md", "a.md"),
        ("**/a.md", "x/y/a.md"),
        ("a/**/b", "a/b"),
        ("a/**/b", "a/x/y/b"),
        ("a/**/b/**/c", "a/x/b/b/c"),
        ("*.md", "README.md"),
        ("docs/*.md", "docs/.md"),
        ("a?c", "abc"),
        ("a?c", "aéc"),
        ("[ab]", "[ab]"),
        ("a+(b).$", "a+(b).$"),
        ("a**b/c", "axyb/c"),
    ],
)
def test_a_path_that_matches(pattern: str, path: str) -> None:
    assert matches(path, pattern)


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("docs/**", "docs"),
        ("docs/**", "docsx/a"),
        ("docs/**", "x/docs/a"),
        ("docs/**", "Docs/a"),
        ("docs/**", "docs/../src/x"),
        ("docs/**", "./docs/a"),
        ("docs/**", "/docs/a"),
        ("docs/**", "docs//a"),
        ("docs/**", "docs/a/"),
        ("docs/**", "docs/./a"),
        ("docs/**", "docs\\..\\src\\x"),
        ("docs/**", "docs/a\0"),
        ("**", ""),
        ("*.md", "docs/a.md"),
        ("*.md", "a.mdx"),
        ("docs/*", "docs/a/b"),
        ("a?c", "a/c"),
        ("a?c", "ac"),
        ("[ab]", "a"),
        ("!docs/**", "src/x"),
        ("a**b", "a/b"),
        ("", "a"),
        ("**/ee", "xee"),
    ],
)
def test_a_path_that_does_not(pattern: str, path: str) -> None:
    assert not matches(path, pattern)


names = st.text("ab.*?[", min_size=1, max_size=5)


@given(st.lists(names, min_size=1, max_size=4).map("/".join))
def test_a_plain_path_matches_itself_and_everything_that_stands_for_all(path: str) -> None:
    if is_plain(path):
        assert matches(path, path)
        assert matches(path, "**")
        assert matches(f"docs/{path}", "docs/**")
        assert not matches(f"src/{path}", "docs/**")


def test_a_pattern_made_to_take_for_ever_does_not() -> None:
    began = time.process_time()
    assert not matches("a" * 4000, "*a" * 200 + "b")
    assert not matches("/".join("a" * 400), "**/a/" * 100 + "b")

    # An explosion would take years.
    assert time.process_time() - began < 2


def test_exempt_files_ask_nobody() -> None:
    files = (file("docs/a.md"), file("README.md"))
    found = verdict(commit(None), commit(BO), exempt=DOCS, files=files, files_complete=True)

    assert (found.conclusion, found.spared) == ("success", "paths")
    assert (found.missing, found.unresolved) == ((), ())


@pytest.mark.parametrize(
    ("files", "complete"),
    [
        ((file("docs/a.md"), file("src/x.py")), True),
        ((file("docs/../src/x.py"),), True),
        ((file("docs/x.py", previous_path="src/x.py"),), True),
        ((file("src/x.py", previous_path="docs/x.py"),), True),
        ((file("docs/a.md"),), False),
        ((), True),
    ],
    ids=["one other", "dots", "renamed in", "renamed out", "not all listed", "none"],
)
def test_anything_else_asks_as_ever(files: tuple[object, ...], *, complete: bool) -> None:
    found = verdict(commit(ADA), exempt=DOCS, files=files, files_complete=complete)

    assert (found.conclusion, found.spared) == ("action_required", None)


def test_an_agreement_about_some_files_asks_where_one_of_them_is_touched() -> None:
    for path, more, conclusion in (
        ("src/x", {}, "success"),
        ("ee/x", {}, "action_required"),
        ("src/x", {"previous_path": "ee/x"}, "action_required"),
        ("ee/x", {"previous_path": "src/x"}, "action_required"),
        ("src/../ee/x", {}, "action_required"),
    ):
        files = (file("README.md"), file(path, **more))
        found = verdict(commit(ADA), terms=EE, files=files, files_complete=True)
        assert found.conclusion == conclusion, path


def test_an_agreement_about_some_files_asks_where_not_all_are_known() -> None:
    many = tuple(file(f"src/{number}") for number in range(MOST_FILES))

    assert verdict(commit(ADA), terms=EE, files=many).conclusion == "action_required"
    assert verdict(commit(ADA), terms=EE, files_complete=True).conclusion == "action_required"
