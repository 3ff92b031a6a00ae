"""The rules of the house that a linter cannot check."""

import ast
import subprocess
from pathlib import Path

import pytest

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


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_module_is_short_and_opens_with_its_purpose(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= LONGEST_MODULE, f"{name(path)} is too long: split it by subject"
    if text.strip():
        assert ast.get_docstring(ast.parse(text)), f"{name(path)} does not say what it is for"


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_functions_are_short(path: Path) -> None:
    long = [
        f"{node.name} ({node.end_lineno - node.lineno + 1} lines)"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > LONGEST_FUNCTION
    ]
    assert not long, f"{name(path)}: {', '.join(long)}"


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_files_are_named_by_their_subject(path: Path) -> None:
    assert path.stem not in BANNED_NAMES
    assert not any(part in BANNED_NAMES for part in path.relative_to(ROOT).parts[:-1])


def test_every_test_asserts_something() -> None:
    empty = []
    for path in tracked("tests/*.py"):
        text = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                source = ast.get_source_segment(text, node) or ""
                if not any(word in source for word in ("assert", "raises", "expect")):
                    empty.append(f"{name(path)}: {node.name}")
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
