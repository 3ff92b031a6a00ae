"""What a project depends on, as its manifests and lock files say: name, line, and licence if named. Pure."""

import json
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Ecosystem = Literal["pypi", "npm", "cargo", "go", "maven"]
LARGEST = 20_000_000


@dataclass(frozen=True)
class Dependency:
    """One dependency. `licence` is what the file says of it, mostly nothing.

    `shipped`: it becomes a part of the product, not only of its making. `line` is for people.
    """

    ecosystem: Ecosystem
    name: str
    line: int = 1
    licence: str = ""
    shipped: bool = True

    @property
    def key(self) -> str:
        """Its name in the rules file."""
        return f"{self.ecosystem}:{self.name}"


class Unreadable(ValueError):
    """This is a manifest, and cannot be read."""


def is_manifest(path: str) -> bool:
    """Say whether a file names dependencies."""
    return _reader(path) is not None


def dependencies(path: str, content: bytes) -> tuple[Dependency, ...]:
    """Read a manifest; nothing for other files. Raises `Unreadable`."""
    read = _reader(path)
    if read is None:
        return ()
    if len(content) > LARGEST:
        raise Unreadable
    try:
        text = content.decode("utf-8-sig")
        return tuple(dict.fromkeys(read(path, text)))
    except (UnicodeDecodeError, ValueError, TypeError, AttributeError, RecursionError):
        raise Unreadable from None


_Read = Callable[[str, str], Iterable[Dependency]]
_REQUIREMENT = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)")
_DEV = re.compile(r"dev|test|doc|lint|ci\b|build", re.IGNORECASE)
_GO = re.compile(r"^\s*(?:require\s+)?([a-z0-9.-]+\.[a-z]+/\S+|[a-z0-9.-]+\.[a-z]+)\s+v[0-9]")
_MAVEN = re.compile(
    r"<dependency>\s*(?:<!--.*?-->\s*)*<groupId>\s*([^<]{1,200}?)\s*</groupId>"
    r"\s*<artifactId>\s*([^<]{1,200}?)\s*</artifactId>(.{0,600}?)</dependency>",
    re.DOTALL,
)
_GRADLE = re.compile(
    r"^\s*(\w*(?:[iI]mplementation|[aA]pi|[cC]ompileOnly|[rR]untimeOnly|compile))\s*\(?\s*"
    r"[\"']([\w.-]+):([\w.-]+)(?::[^\"']*)?[\"']",
    re.MULTILINE,
)


def _reader(path: str) -> _Read | None:
    name = path.rpartition("/")[2].lower()
    if re.fullmatch(r"[\w.-]*requirements[\w.-]*\.(?:txt|in)", name) or (
        "/requirements/" in f"/{path}" and name.endswith((".txt", ".in"))
    ):
        return _requirements
    return _BY_NAME.get(name)


def _requirements(path: str, text: str) -> Iterator[Dependency]:
    shipped = not _DEV.search(path)
    for number, line in enumerate(text.splitlines(), 1):
        plain = line.split("#egg=")[-1] if "#egg=" in line else line.partition("#")[0]
        plain = re.sub(r"^\s*(?:-e|--editable)\s+", "", plain)
        if plain.strip() and not plain.lstrip().startswith("-"):
            yield Dependency("pypi", _pypi(plain), number, "", shipped)


def _pypi(requirement: str) -> str:
    """Give the normal form of a project's name (PEP 503); an address stays as it is."""
    match = _REQUIREMENT.match(requirement)
    if match is None or "://" in requirement.partition("@")[0]:
        return requirement.strip()[:200]
    return re.sub(r"[-_.]+", "-", match[1]).lower()


def _pyproject(_path: str, text: str) -> Iterator[Dependency]:
    given = tomllib.loads(text)
    project, tool = given.get("project", {}), given.get("tool", {})
    named: list[tuple[str, bool]] = [(one, True) for one in project.get("dependencies", ())]
    for group in project.get("optional-dependencies", {}).values():
        named += [(one, True) for one in group]
    for group in given.get("dependency-groups", {}).values():
        named += [(one, False) for one in group if isinstance(one, str)]
    named += [(one, False) for one in given.get("build-system", {}).get("requires", ())]
    poetry = tool.get("poetry", {})
    named += [(one, True) for one in poetry.get("dependencies", {}) if one != "python"]
    for group in poetry.get("group", {}).values():
        named += [(one, False) for one in group.get("dependencies", {})]
    for requirement, shipped in named:
        name = _pypi(requirement)
        match = _REQUIREMENT.match(requirement)
        yield Dependency("pypi", name, _line(text, match[1] if match else name), "", shipped)


def _package_json(_path: str, text: str) -> Iterator[Dependency]:
    given = json.loads(text)
    for section, shipped in _OF_NPM.items():
        for name in given.get(section) or {}:
            yield Dependency("npm", name, _line(text, f'"{name}"'), "", shipped)


def _package_lock(_path: str, text: str) -> Iterator[Dependency]:
    for place, facts in json.loads(text).get("packages", {}).items():
        if place and not facts.get("link"):
            name = place.rpartition("node_modules/")[2]
            shipped = not facts.get("dev", False)
            line = _line(text, f'"{place}"')
            yield Dependency("npm", name, line, _npm_licence(facts.get("license")), shipped)


def _npm_licence(said: object) -> str:
    if isinstance(said, Mapping):
        said = said.get("type", "")
    return said.strip() if isinstance(said, str) else ""


def _cargo(_path: str, text: str) -> Iterator[Dependency]:
    given = tomllib.loads(text)
    tables = [given, given.get("workspace", {}), *given.get("target", {}).values()]
    for table in tables:
        for section, shipped in _OF_CARGO.items():
            for alias, facts in table.get(section, {}).items():
                name = facts.get("package", alias) if isinstance(facts, Mapping) else alias
                yield Dependency("cargo", str(name), _line(text, alias), "", shipped)


def _go(_path: str, text: str) -> Iterator[Dependency]:
    for number, line in enumerate(text.splitlines(), 1):
        match = _GO.match(line)
        if match is not None:
            yield Dependency("go", match[1], number)


def _pom(_path: str, text: str) -> Iterator[Dependency]:
    for match in _MAVEN.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        shipped = "<scope>test</scope>" not in re.sub(r"\s", "", match[3])
        yield Dependency("maven", f"{match[1]}:{match[2]}", line, "", shipped)


def _gradle(_path: str, text: str) -> Iterator[Dependency]:
    for match in _GRADLE.finditer(text):
        line = text.count("\n", 0, match.start(2)) + 1
        shipped = not match[1].lower().startswith("test")
        yield Dependency("maven", f"{match[2]}:{match[3]}", line, "", shipped)


def _line(text: str, word: str) -> int:
    """Give the line where a word stands first: good enough to look at."""
    place = text.find(word)
    return text.count("\n", 0, place) + 1 if place >= 0 else 1


_OF_NPM: Mapping[str, bool] = {
    "dependencies": True,
    "optionalDependencies": True,
    "peerDependencies": True,
    "devDependencies": False,
}
_OF_CARGO: Mapping[str, bool] = {
    "dependencies": True,
    "build-dependencies": False,
    "dev-dependencies": False,
}
_BY_NAME: Mapping[str, Any] = {
    "pyproject.toml": _pyproject,
    "package.json": _package_json,
    "package-lock.json": _package_lock,
    "npm-shrinkwrap.json": _package_lock,
    "cargo.toml": _cargo,
    "go.mod": _go,
    "pom.xml": _pom,
    "build.gradle": _gradle,
    "build.gradle.kts": _gradle,
}
