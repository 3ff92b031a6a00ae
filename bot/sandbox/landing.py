"""How pull requests land: merge, squash and rebase, by hand or through the merge queue."""

import re

from bot.sandbox import shapes
from bot.sandbox.git import Commit, Stamp
from bot.sandbox.records import Account, MergeGroup, PullRequest, Repository
from bot.sandbox.shapes import Json
from bot.sandbox.source import with_trailers
from bot.sandbox.state import MERGE_QUEUE, WEB_FLOW, act
from bot.sandbox.threads import Threads

_CLOSES = re.compile(r"\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+#(\d+)", re.IGNORECASE)
METHODS = ("merge", "squash", "rebase")


class Landing(Threads):
    """Merging."""

    @act
    def merge(self, pull: PullRequest, by: Account, method: str = "merge") -> str:
        """Merge a pull request by hand and give the new tip of its base."""
        tip = pull.repo.branches[pull.base_ref]
        landed = self._land(pull, tip, by, method)
        self._settle(pull, by, landed)
        return landed

    @act
    def enqueue(self, pull: PullRequest, by: Account, method: str = "merge") -> MergeGroup:
        """Add a pull request to the merge queue: its group builds on the one ahead of it."""
        repo = pull.repo
        ahead = [group for group in repo.queue if group.pull.base_ref == pull.base_ref]
        base = ahead[-1].head_sha if ahead else repo.branches[pull.base_ref]
        head = self._land(pull, base, by, method)
        branch = f"gh-readonly-queue/{pull.base_ref}/pr-{pull.number}-{base}"
        group = MergeGroup(pull, method, branch, base, head)
        repo.queue.append(group)
        self.tell_pull(pull, "enqueued", by, {})
        queue = self.accounts[MERGE_QUEUE]
        self.push(repo, branch, queue, head)
        self._tell_group(group, "checks_requested", queue, {})
        return group

    @act
    def leave_queue(self, group: MergeGroup, reason: str = "merged") -> None:
        """End a merge group: `merged` lands it, `dequeued` and `invalidated` do not."""
        repo, queue = group.pull.repo, self.accounts[MERGE_QUEUE]
        repo.queue.remove(group)
        self._tell_group(group, "destroyed", queue, {"reason": reason})
        self.delete_branch(repo, group.branch, queue)
        cause = "MERGE" if reason == "merged" else "MANUAL"
        self.tell_pull(group.pull, "dequeued", queue, {"reason": cause})
        if reason == "merged":
            self._settle(group.pull, queue, group.head_sha)

    def _settle(self, pull: PullRequest, by: Account, landed: str) -> None:
        pull.merged_onto, pull.merge_commit_sha = pull.repo.branches[pull.base_ref], landed
        pull.merged_at = pull.closed_at = pull.updated_at = self.now()
        pull.merged_by = by
        self.push(pull.repo, pull.base_ref, by, landed)
        self.tell_pull(pull, "closed", by, {})
        for number in _CLOSES.findall(pull.body):
            issue = pull.repo.threads.get(int(number))
            if issue is not None and issue.state == "open" and not isinstance(issue, PullRequest):
                self.close(issue, by, closer=pull.number)

    def _tell_group(self, group: MergeGroup, action: str, by: Account, more: Json) -> None:
        repo = group.pull.repo
        shown = {
            "head_sha": group.head_sha,
            "head_ref": f"refs/heads/{group.branch}",
            "base_sha": group.base_sha,
            "base_ref": f"refs/heads/{group.pull.base_ref}",
            "head_commit": shapes.head_commit(repo.objects.commits[group.head_sha]),
        }
        self.emit("merge_group", action, repo, by, lambda: {"merge_group": shown} | more)

    def _land(self, pull: PullRequest, onto: str, by: Account, method: str) -> str:
        if method not in METHODS:
            raise ValueError(f"there is no way to merge called {method}")
        if method == "rebase":
            return self._rebased(pull, onto)
        objects = pull.repo.objects
        tree = objects.merged(onto, pull.head_sha)
        github = self.stamp(self.accounts[WEB_FLOW])
        if method == "merge":
            source = f"{pull.head_owner}/{pull.head_ref}"
            message = f"Merge pull request #{pull.number} from {source}\n\n{pull.title}"
            parents = [onto, pull.head_sha]
            return objects.commit(
                tree, parents, self.stamp(by), github, message, verified=True
            ).sha
        message, author = self._squash_message(pull, onto), self.stamp(pull.author)
        return objects.commit(tree, [onto], author, github, message, verified=True).sha

    def _squash_message(self, pull: PullRequest, onto: str) -> str:
        commits = pull.repo.objects.between(onto, pull.head_sha)
        title = f"{pull.title} (#{pull.number})"
        said = "\n\n".join(f"* {commit.message}" for commit in commits)
        others: dict[str, Stamp] = {}
        for commit in commits:
            if self.linked(commit.author.email) is not pull.author:
                others.setdefault(commit.author.email, commit.author)
        return with_trailers(f"{title}\n\n{said}", others.values())

    def _rebased(self, pull: PullRequest, onto: str) -> str:
        objects, github = pull.repo.objects, self.stamp(self.accounts[WEB_FLOW])
        for commit in objects.between(onto, pull.head_sha):
            if len(commit.parents) < 2:
                tree = _picked(pull.repo, commit, onto)
                copy = objects.commit(tree, [onto], commit.author, github, commit.message)
                onto = copy.sha
        return onto


def _picked(repo: Repository, commit: Commit, onto: str) -> dict[str, str]:
    objects = repo.objects
    before = objects.commits[commit.parents[0]].tree if commit.parents else {}
    tree = dict(objects.commits[onto].tree)
    for path in before.keys() | commit.tree.keys():
        if before.get(path) == commit.tree.get(path):
            continue
        if path in commit.tree:
            tree[path] = commit.tree[path]
        else:
            tree.pop(path, None)
    return tree
