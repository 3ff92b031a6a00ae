"""What lies under a comment, read from GitHub when a command first needs it, and once."""

from bot import covering, repositories
from bot.gathering import gather
from bot.scenes import Scene
from core.context import Context
from core.github import (
    Inaccessible,
    Incomplete,
    Issue,
    NotFound,
    Permission,
    PullRequest,
    Refused,
    Unavailable,
)
from webhooks.events import CommentWritten

MOST_CALLS = 6
"""A person who acts is worth a second look at the rules."""


class Stage:
    """Reads the thread once, when the first command needs it."""

    def __init__(self, event: CommentWritten, ctx: Context) -> None:
        """Nothing is read yet."""
        self._event = event
        self._ctx = ctx
        self._scene: Scene | None = None
        self._role: list[Permission | None] = []
        self._issue: list[Issue | None] = []

    def issue(self) -> Issue | None:
        """Read the issue; None where there is none (any more). Raises `GitHubError`."""
        if not self._issue:
            repo, number = self._event.repo, self._event.number
            github = self._ctx.github(repo)
            read = github.discussion if self._event.discussion else github.issue
            try:
                self._issue.append(read(repo, number))
            except NotFound:
                self._issue.append(None)
        return self._issue[0]

    def role(self) -> Permission | None:
        """Ask GitHub once; None where it does not say, and nobody has a role by a failure."""
        if not self._role:
            self._role.append(self._ask_role())
        return self._role[0]

    def _ask_role(self) -> Permission | None:
        event = self._event
        try:
            return self._ctx.github(event.repo).permission(event.repo, event.author)
        except (Incomplete, Refused, Inaccessible):
            return None
        except Unavailable:
            # At first the worker tries again; then the person is told.
            if self._ctx.attempts == 1:
                raise
            return None

    def scene(self) -> Scene:
        """Read the pull request, and judge what is there. Raises `GitHubError`."""
        if self._scene is None:
            repo, number = self._event.repo, self._event.number
            with self._ctx.database.read() as connection:
                known = repositories.pull(connection, repo.id, number)
                pull = covering.as_merged(connection, repo.id, known) if known else None
            spent = 0
            if pull is None:
                pull, spent = self._fresh(), 1
            scene = gather(self._ctx, repo, pull, spent, most=MOST_CALLS)
            if scene.comparison and not scene.comparison.commits and not spent:
                # The base has all of it: it may have been merged without our having heard.
                pull = self._fresh()
                scene = gather(self._ctx, repo, pull) if pull.merged_at else scene
            self._scene = scene
        return self._scene

    def _fresh(self) -> PullRequest:
        event = self._event
        return self._ctx.github(event.repo).pull_request(event.repo, event.number)
