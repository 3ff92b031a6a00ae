"""What GitHub says of a release, joined with the terms that it came out under.

The terms of a release are those of the rules file in its own commit. Where that says nothing,
the rules in force count for what comes out now, and nothing is guessed for what is long past.
"""

from datetime import datetime, timedelta

from bot import policies
from bot.policy import PATH, Policy
from core.github import File, GitHub, NotModified, Refused, Release, Repo
from licensing.releases.rules import Offered, stated
from licensing.releases.store import Seen

JUST_NOW = timedelta(hours=48)
LICENCE_FILES = ("LICENSE", "LICENSE.md", "LICENSE.txt")


def gathered(
    github: GitHub, repo: Repo, release: Release, in_force: Policy | None, now: datetime
) -> tuple[Seen, Offered | None] | None:
    """Read a published release; None for a draft, and where its tag is not there (any more)."""
    if release.published_at is None or release.draft:
        return None
    sha = github.commit_of_tag(repo, release.tag)
    if sha is None:
        return None
    offered = _own_terms(github, repo, sha)
    if offered is None and in_force and now - release.published_at < JUST_NOW:
        offered = in_force.licence
    says = _stated(github, repo, sha) if offered and offered.months else ""
    return Seen(release.id, release.tag, sha, release.published_at, says), offered


def _own_terms(github: GitHub, repo: Repo, sha: str) -> Offered | None:
    text = _text(github, repo, PATH, sha)
    policy = policies.parsed(text) if text is not None else None
    return policy.licence if policy else None


def _stated(github: GitHub, repo: Repo, sha: str) -> str:
    for path in LICENCE_FILES:
        text = _text(github, repo, path, sha)
        if text is not None:
            day = stated(text)
            return day.isoformat() if day else ""
    return ""


def _text(github: GitHub, repo: Repo, path: str, sha: str) -> str | None:
    try:
        found = github.file(repo, path, sha)
    except Refused:
        return None
    if found is None or isinstance(found, NotModified):
        return None
    return _decoded(found)


def _decoded(found: File) -> str:
    return found.content.decode("utf-8", "replace")
