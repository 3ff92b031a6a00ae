"""Settings of the copies of repositories that audits read: where, how large, how long."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from core.errors import SettingsError
from core.git.fetching import Bounds

NAME = "POTLUCK_CLONE_MB"
USUAL_MB = 2_000
MOST_MB = 1_000_000
WITHIN_S = 480.0
"""One fetch: a task of the worker has ten minutes."""

PASSED_ON = (
    *("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy"),
    *("SSL_CERT_FILE", "SSL_CERT_DIR", "GIT_SSL_CAINFO"),
)
"""What of the environment git is told: the way out, and whom to trust."""


@dataclass(frozen=True)
class CloneSettings:
    """The folder of all copies, the bounds of each, and what git is told of the way out."""

    folder: Path
    bounds: Bounds
    surroundings: Mapping[str, str]


def read(given: Mapping[str, str], var: Path) -> CloneSettings:
    """Read them from the environment. Raises `SettingsError`."""
    said = given.get(NAME, "").strip() or str(USUAL_MB)
    if not (said.isascii() and said.isdecimal()) or not 1 <= int(said) <= MOST_MB:
        remedy = f"give how many megabytes one repository may have, such as {USUAL_MB}"
        raise SettingsError((f"{NAME} is {said!r}: {remedy}.",))
    told = {name: given[name] for name in PASSED_ON if given.get(name)}
    # Git is started in another folder: an address from here would lead it nowhere.
    return CloneSettings(
        (var / "clones").absolute(), Bounds(int(said) * 1_000_000, WITHIN_S), told
    )
