"""The rules of the house that a linter cannot check."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
LONGEST_MODULE = 300
LONGEST_FUNCTION = 40
BANNED_NAMES = ("utils", "helpers", "services", "managers", "misc", "common")


def tracked(pattern: str) -> list[Path]:
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", pattern],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / line for line in listing.stdout.split("\n") if line and (ROOT / line).exists()]


MODULES = [path for path in tracked("*.py") if "migrations/versions" not in str(path)]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def parsed(path: Path) -> tuple[str | None, list[tuple[str, int, int]]]:
    """Give a module's docstring, and (name, first line, last line) of its functions."""
    tree = ast.parse(read(path))
    return ast.get_docstring(tree), [
        (node.name, node.lineno, node.end_lineno or node.lineno)
        for node in below(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def below(node: ast.AST) -> Iterator[ast.AST]:
    # No function stands inside an expression: most of a tree need not be looked at.
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt | ast.excepthandler | ast.match_case):
            yield child
            yield from below(child)


# One test for all modules: a thousand tests cost more than what they look at.
def test_modules_are_short() -> None:
    assert len(MODULES) > 500
    long = [name(path) for path in MODULES if read(path).count("\n") > LONGEST_MODULE]
    assert not long, f"too long, split them by subject: {long}"


def test_modules_open_with_their_purpose() -> None:
    silent = [name(path) for path in MODULES if not parsed(path)[0] and read(path).strip()]
    assert not silent, f"do not say what they are for: {silent}"


def test_functions_are_short() -> None:
    long = [
        f"{name(path)}: {function} ({last - first + 1} lines)"
        for path in MODULES
        for function, first, last in parsed(path)[1]
        if last - first + 1 > LONGEST_FUNCTION
    ]
    assert not long, "\n".join(long)


def test_files_are_named_by_their_subject() -> None:
    vague = [
        name(path)
        for path in MODULES
        if path.stem in BANNED_NAMES
        or any(part in BANNED_NAMES for part in path.relative_to(ROOT).parts[:-1])
    ]
    assert not vague, vague


def test_every_test_asserts_something() -> None:
    empty = []
    for path in tracked("tests/*.py"):
        lines = read(path).split("\n")
        for function, first, last in parsed(path)[1]:
            if function.startswith("test_"):
                source = "\n".join(lines[first - 1 : last])
                if not any(word in source for word in ("assert", "raises", "expect")):
                    empty.append(f"{name(path)}: {function}")
    assert not empty, "\n".join(empty)


def test_nothing_is_left_for_later_in_the_code() -> None:
    marks = ("TO" + "DO", "FIX" + "ME", "XX" + "X")
    found = [
        f"{name(path)}: {mark}"
        for path in tracked("*")
        if path.suffix in {".py", ".md", ".html", ".css", ".toml"} and path.is_file()
        for mark in marks
        if mark in path.read_text(encoding="utf-8", errors="replace")
    ]
    assert not found, "\n".join(found)


def test_the_readme_names_every_comment_command() -> None:
    from bot.commands import registry

    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    missing = [command.usage for command in registry() if f"`{command.usage}`" not in readme]
    assert not missing, f"README.md does not show {missing}"


def test_the_documentation_names_every_setting_of_the_environment() -> None:
    import re

    source = (ROOT / "core/config.py").read_text(encoding="utf-8")
    settings = set(re.findall(r'"([A-Z][A-Z_]{3,})"', source))
    documented = (ROOT / "docs/operate.md").read_text(encoding="utf-8")
    assert settings, "no settings found: has core/config.py changed its form?"
    missing = sorted(one for one in settings if f"`{one}`" not in documented)
    assert not missing, f"docs/operate.md does not explain {missing}"
