"""Licences of what comes in: classes, tags and headers at any line, dependencies, what is unclear."""

import json

import pytest

from licensing.inbound import classes, manifests
from licensing.inbound.rules import Changed, Finding, Known, findings, grade

OWN = Known(own=frozenset({"AGPL-3.0-only"}))
GNU = "# Redistribute it under the terms of the GNU\n# General Public License.\n"


def found(path: str, text: str, known: Known = OWN, before: str | None = None) -> list[Finding]:
    earlier = before.encode() if before is not None else None
    return list(findings([Changed(path, text.encode(), earlier)], known))


@pytest.mark.parametrize(
    ("expression", "means"),
    [
        ("MIT", "permissive"),
        ("mit AND apache-2.0", "permissive"),
        ("Apache-2.0 WITH LLVM-exception", "permissive"),
        ("LGPL-3.0-or-later", "weak"),
        ("GPL-2.0-only WITH Classpath-exception-2.0", "weak"),
        ("MIT OR GPL-3.0-only", "permissive"),
        ("MIT AND GPL-3.0-only", "strong"),
        ("GPL-2.0+", "strong"),
        ("GPL-3.0", "unclear"),
        ("agpl-3.0", "unclear"),
        ("AGPL-3.0-or-later", "network"),
        ("SSPL-1.0", "network"),
        ("BUSL-1.1", "source_available"),
        ("FSL-1.1-ALv2", "source_available"),
        ("Elastic-2.0", "source_available"),
        ("CC-BY-NC-4.0", "source_available"),
        ("LicenseRef-Ours", "unknown"),
        ("SEE LICENSE IN LICENSE.txt", "unknown"),
        ("(MIT", "unknown"),
        ("", "unknown"),
        ("(" * 5_000, "unknown"),
    ],
)
def test_a_licence_means(expression: str, means: str) -> None:
    assert classes.of(expression) == means


def test_a_header_at_line_900_of_a_changed_file_blocks_with_its_line() -> None:
    text = "x = 1\n" * 899 + GNU
    (one,) = found("src/big.py", text)
    assert (one.path, one.line, one.grade, one.subject) == ("src/big.py", 900, "block", "GPL")
    (tag,) = found("a.c", "\n" * 1_200 + "/* SPDX-License-Identifier: GPL-3.0-only */\n")
    assert (tag.line, tag.grade, tag.subject) == (1_201, "block", "GPL-3.0-only")


def test_an_identifier_that_leaves_versions_open_is_asked_about() -> None:
    (one,) = found("a.py", "# SPDX-License-Identifier: GPL-3.0\n")
    assert (one.grade, one.means) == ("ask", "unclear")
    assert classes.unclear("GPL-3.0 OR LGPL-2.1") == ("GPL-3.0", "LGPL-2.1")
    assert classes.unclear("GPL-3.0-or-later OR GPL-2.0+ OR MyGPL-3.0") == ()


def test_the_projects_own_licences_are_no_obstacle_and_others_of_the_family_are() -> None:
    assert found("a.py", "# SPDX-License-Identifier: AGPL-3.0-only\n") == []
    assert (
        found("COPYING", "GNU Affero General Public License and the GNU General Public License\n")
        == []
    )
    assert grade(found("lib.py", GNU)) == "block"
    assert grade(found("docs/why.md", "We like the GNU General Public License.\n")) == "note"
    assert grade(found("third_party/COPYING.txt", GNU)) == "block"
    declared = Known(OWN.own, declared={"z/lib.c": "Zlib"})
    assert grade(found("z/lib.c", GNU, declared)) == "note"


def test_files_that_change_what_git_says_of_authors_are_flagged() -> None:
    for path in (".mailmap", ".git-blame-ignore-revs", "sub/.gitattributes", "REUSE.toml"):
        (one,) = found(path, "anything\n")
        assert (one.kind, one.grade) == ("history", "note")
    (gone,) = findings([Changed(".mailmap", None, b"before")], OWN)
    assert gone.kind == "history"


def test_what_cannot_be_read_is_asked_about() -> None:
    files = [
        Changed("lost.py", None, unreadable=True),
        Changed("vendor/x", b"", mode="160000"),
        Changed("lib/x.jar", b"PK\0\0"),
        Changed("package.json", b"{ not json"),
        Changed("deep/package.json", b"[" * 100_000),
    ]
    assert [one.grade for one in findings(files, OWN)] == ["ask"] * 5
    assert grade(findings([Changed("logo.png", b"\0\0")], OWN)) is None


MANIFESTS = {
    "requirements.txt": "flask>=3  # web\n-r more.txt\nPy_YAML==6\n-e git+https://x/y#egg=Z-z\n",
    "pyproject.toml": '[project]\ndependencies = ["Flask>=3"]\n[dependency-groups]\ndev = ["pytest"]\n',
    "package.json": '{"dependencies": {"left-pad": "1"}, "devDependencies": {"@a/b": "2"}}',
    "Cargo.toml": '[dependencies]\nserde = "1"\nx = { package = "real" }\n[dev-dependencies]\nt = "1"\n',
    "go.mod": "module m\nrequire (\n\tgithub.com/a/b v1.2.3 // indirect\n)\nrequire x.org/y v0.1.0\n",
    "pom.xml": "<dependency><groupId>g</groupId><artifactId>a</artifactId><version>1</version></dependency>",
    "app/build.gradle": "dependencies {\n  implementation 'g.h:a:1'\n  testImplementation(\"j:u:4\")\n}",
}
NAMES = {
    "requirements.txt": ["pypi:flask", "pypi:py-yaml", "pypi:z-z"],
    "pyproject.toml": ["pypi:flask", "pypi:pytest"],
    "package.json": ["npm:left-pad", "npm:@a/b"],
    "Cargo.toml": ["cargo:serde", "cargo:real", "cargo:t"],
    "go.mod": ["go:github.com/a/b", "go:x.org/y"],
    "pom.xml": ["maven:g:a"],
    "app/build.gradle": ["maven:g.h:a", "maven:j:u"],
}


@pytest.mark.parametrize("path", MANIFESTS)
def test_a_manifest_names_its_dependencies(path: str) -> None:
    listed = manifests.dependencies(path, MANIFESTS[path].encode())
    assert [one.key for one in listed] == NAMES[path]


def test_only_new_dependencies_count_and_an_unknown_licence_is_never_green() -> None:
    before, after = "flask\n", "flask\nleft\nknown\nbad\n"
    known = Known(dependencies={"pypi:known": "MIT", "pypi:bad": "GPL-3.0-only"})
    graded = {
        one.subject: (one.grade, one.line)
        for one in found("requirements.txt", after, known, before)
    }
    assert graded == {
        "pypi:left": ("ask", 2),
        "pypi:known": ("note", 3),
        "pypi:bad": ("block", 4),
    }
    assert grade(found("requirements-dev.txt", "left\n")) == "note"


def test_a_lock_file_names_licences() -> None:
    lock = {
        "packages": {
            "": {"name": "me"},
            "node_modules/a": {"license": "MIT"},
            "node_modules/b": {"license": "SSPL-1.0"},
            "node_modules/b/node_modules/c": {},
            "node_modules/d": {"license": "GPL-3.0-only", "dev": True},
        }
    }
    files = [
        Changed("package.json", b'{"dependencies": {"a": "1"}}'),
        Changed("package-lock.json", json.dumps(lock).encode()),
    ]
    graded = {(one.path, one.subject): one.grade for one in findings(files, OWN)}
    assert graded == {
        ("package.json", "npm:a"): "note",
        ("package-lock.json", "npm:a"): "note",
        ("package-lock.json", "npm:b"): "block",
        ("package-lock.json", "npm:c"): "ask",
        ("package-lock.json", "npm:d"): "note",
    }
