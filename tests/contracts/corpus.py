"""Published descriptions and examples of GitHub's API, fetched from npm once and kept in var/npm."""

import fcntl
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

CACHE = Path(__file__).parent.parent.parent / "var" / "npm"
LONGEST_FETCH_S = 180

OPENAPI = ("@octokit/openapi", "23.0.2", "generated/api.github.com.json")
EXAMPLES = ("@octokit/webhooks-examples", "7.6.1", "api.github.com/index.json")


@cache
def npm_package(name: str, version: str, only: str | None = None) -> Path | None:
    """Give the folder of an npm package, fetching it if need be; None where npm cannot be reached.

    With `only`, nothing but that one file of the package is unpacked: some are very large.
    No script of the package runs. Several processes may ask at once.
    """
    home = CACHE / f"{name.replace('/', '+')}@{version}"
    if home.exists():
        return home
    npm = shutil.which("npm")
    if npm is None:
        return None
    CACHE.mkdir(parents=True, exist_ok=True)
    with _alone():
        return home if home.exists() or _fetch(npm, f"{name}@{version}", only, home) else None


@contextmanager
def _alone() -> Iterator[None]:
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _fetch(npm: str, package: str, only: str | None, home: Path) -> bool:
    with tempfile.TemporaryDirectory(dir=CACHE) as folder:
        command = [npm, "pack", package, "--ignore-scripts", "--silent", "--fetch-retries=0"]
        try:
            subprocess.run(
                command, cwd=folder, check=True, capture_output=True, timeout=LONGEST_FETCH_S
            )
        except (OSError, subprocess.SubprocessError):
            return False
        _unpack(next(Path(folder).glob("*.tgz")), only, Path(folder) / "unpacked")
        (Path(folder) / "unpacked").rename(home)
    return True


def _unpack(archive: Path, only: str | None, to: Path) -> None:
    with tarfile.open(archive) as packed:
        for member in packed:
            path = member.name.removeprefix("package/")
            content = packed.extractfile(member) if member.isfile() else None
            if content is None or only not in {None, path} or ".." in path.split("/"):
                continue
            target = to / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content.read())


def fetched(source: tuple[str, str, str]) -> Path | None:
    """Give the one file of `OPENAPI` or `EXAMPLES`."""
    name, version, path = source
    home = npm_package(name, version, path)
    return home / path if home else None


def main() -> None:
    """Fetch everything, or say in one line what will be skipped."""
    missing = [source[0] for source in (OPENAPI, EXAMPLES) if fetched(source) is None]
    if missing:
        print(
            f"SKIPPING the contract tests: npm could not fetch {' and '.join(missing)}.",
            file=sys.stderr,
        )


if __name__ == "__main__":
    main()
