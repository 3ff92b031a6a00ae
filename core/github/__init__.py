"""The port to GitHub: facts we ask for and actions we take, as frozen values.

Facts are read with `GitHub`; actions are only *described* here. Handlers return them, the
outbox keeps them, and the sender carries them out (see `bot/outbox.py`).
"""

from core.github.actions import (
    Action,
    Annotation,
    Check,
    Comment,
    Conclusion,
    Label,
    OpenIssue,
    SetState,
)
from core.github.errors import (
    GitHubError,
    Inaccessible,
    Incomplete,
    NotFound,
    RateLimited,
    Refused,
    Suspended,
    Unavailable,
)
from core.github.port import (
    GitHub,
)
from core.github.values import (
    MOST_FILES,
    MOST_RELEASES,
    Account,
    ChangedFile,
    Commit,
    Comparison,
    File,
    GitIdentity,
    HookDelivery,
    Issue,
    IssueAct,
    IssueComment,
    NotModified,
    Permission,
    PullRequest,
    Reaction,
    Release,
    Repo,
    Review,
)

__all__ = [
    "MOST_FILES",
    "MOST_RELEASES",
    "Account",
    "Action",
    "Annotation",
    "ChangedFile",
    "Check",
    "Comment",
    "Commit",
    "Comparison",
    "Conclusion",
    "File",
    "GitHub",
    "GitHubError",
    "GitIdentity",
    "HookDelivery",
    "Inaccessible",
    "Incomplete",
    "Issue",
    "IssueAct",
    "IssueComment",
    "Label",
    "NotFound",
    "NotModified",
    "OpenIssue",
    "Permission",
    "PullRequest",
    "RateLimited",
    "Reaction",
    "Refused",
    "Release",
    "Repo",
    "Review",
    "SetState",
    "Suspended",
    "Unavailable",
]
