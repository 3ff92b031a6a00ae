"""Why GitHub did not give what was asked.

GitHubError
├ NotFound       gone, or never visible to us
├ Refused        GitHub will not have it (403, 409, 410, 422): trying again changes nothing
├ Suspended      the installation is suspended or removed
│ └ Inaccessible  this repository, or this kind of thing in it, is not ours to touch
├ RateLimited    not before `until`
├ Unavailable    no answer or 5xx: the outcome of a write is unknown
└ Incomplete     an answer that cannot be relied on as whole
"""

from datetime import datetime


class GitHubError(Exception):
    """GitHub did not give what was asked."""


class NotFound(GitHubError):
    """Gone, or not visible to this installation."""


class Refused(GitHubError):
    """GitHub refuses, and will refuse again."""


class Suspended(GitHubError):
    """The installation cannot act: suspended or removed."""


class Inaccessible(Suspended):
    """Not for us: the repository was taken from the installation, or a permission is lacking."""


class RateLimited(GitHubError):
    """Not before `until`, an instant in UTC; `named` if GitHub itself said when."""

    def __init__(self, until: datetime, *, named: bool = True) -> None:
        """Keep the instant."""
        super().__init__(f"not before {until.isoformat()}")
        self.until = until
        self.named = named


class Unavailable(GitHubError):
    """No answer, or a server error: whether a write happened is unknown."""


class Incomplete(GitHubError):
    """An answer that is short, repeated or changing under our hands."""
