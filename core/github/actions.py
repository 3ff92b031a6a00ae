"""What we do on GitHub, described as frozen values; each names the one surface that it writes."""

from dataclasses import dataclass, field
from typing import Literal

from core.github.values import Repo


@dataclass(frozen=True)
class Annotation:
    """A remark on a line of a file, shown by GitHub in the diff."""

    path: str
    line: int
    message: str


Conclusion = Literal["success", "action_required", "failure", "neutral"]


@dataclass(frozen=True)
class Comment:
    """Say `body` under `topic` on an issue or pull request: made once, then edited in place.

    `may_exist` tells the sender that a comment of ours may stand there already without our
    knowing its id, so that it looks before it writes. `discussion` is the node id of the
    discussion that the thread is; empty for an issue or pull request.
    """

    repo: Repo
    number: int
    topic: str
    body: str
    may_exist: bool = False
    discussion: str = ""

    @property
    def surface(self) -> str:
        """The one place on GitHub that this action writes."""
        return f"comment:{self.repo.id}:{self.number}:{self.topic}"


@dataclass(frozen=True)
class Check:
    """Conclude the check run `name` on a commit."""

    repo: Repo
    head_sha: str
    name: str
    conclusion: Conclusion
    title: str
    summary: str
    annotations: tuple[Annotation, ...] = field(default=())
    details_url: str | None = None

    @property
    def surface(self) -> str:
        """The one place on GitHub that this action writes; also the run's `external_id`."""
        return f"check:{self.repo.id}:{self.head_sha}:{self.name}"


@dataclass(frozen=True)
class Label:
    """Put the label `name` on a thread, or take it off; others stay as they are."""

    repo: Repo
    number: int
    name: str
    present: bool = True

    @property
    def surface(self) -> str:
        """The one place on GitHub that this action writes."""
        return f"label:{self.repo.id}:{self.number}:{self.name}"


@dataclass(frozen=True)
class SetState:
    """Close a thread (`reason`: completed or not_planned, for issues alone) or open it again."""

    repo: Repo
    number: int
    state: Literal["open", "closed"]
    reason: str = ""

    @property
    def surface(self) -> str:
        """The one place on GitHub that this action writes."""
        return f"state:{self.repo.id}:{self.number}"


@dataclass(frozen=True)
class OpenIssue:
    """Open an issue, once: `key` is in a hidden line of it, by which it is known again.

    The title and body are those of the first time: afterwards the issue belongs to GitHub.
    """

    repo: Repo
    title: str
    body: str
    labels: tuple[str, ...]
    key: str

    @property
    def surface(self) -> str:
        """The one place on GitHub that this action writes."""
        return f"issue:{self.repo.id}:{self.key}"


Action = Comment | Check | Label | SetState | OpenIssue
"""Everything we do on GitHub. A new kind must be carried out in `core/pygithub/writes.py`."""
