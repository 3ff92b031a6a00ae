"""Repositories, commits and pushes: what people do with git and GitHub's repository settings."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from bot.sandbox import code_shapes, shapes
from bot.sandbox.git import Commit, Objects, Stamp
from bot.sandbox.records import Account, Happening, Issue, PullRequest, Repository
from bot.sandbox.repo_shapes import pushed_repository
from bot.sandbox.shapes import Json
from bot.sandbox.state import Author, State, act

Files = Mapping[str, bytes | str | None]
"""Path to content; None takes the file away."""

NOWHERE = "0" * 40


class Code(State):
    """Git as people use it. `commit` is what somebody has on their disk; `push` publishes it."""

    @act
    def repository(
        self,
        owner: Account,
        name: str,
        *,
        private: bool = False,
        files: Files | None = None,
        id: int | None = None,
    ) -> Repository:
        """Create a repository with one commit on `main` by its owner."""
        self._free_name(f"{owner.login}/{name}")
        number = id or self.new_id()
        repo = Repository(number, owner, name, private, self.now(), Objects())
        self.repositories[repo.id] = repo
        first = {"README.md": f"# {name}\n"} if files is None else files
        self.commit(repo, "main", message="Initial commit", author=owner, files=first)
        repo.announced = dict(repo.branches)
        repo.pushed_at = self.now()
        return repo

    def _free_name(self, full_name: str) -> None:
        taken = self.find_repository(full_name)
        if taken and taken.full_name.casefold() == full_name.casefold():
            raise ValueError(f"{full_name} exists already")
        if taken:
            taken.former_names.discard(full_name.casefold())

    @act
    def fork(self, repo: Repository, owner: Account) -> Repository:
        """Fork a repository: an own place for branches, the same store of objects."""
        self._free_name(f"{owner.login}/{repo.name}")
        fork = Repository(
            self.new_id(), owner, repo.name, repo.private, self.now(), repo.objects, parent=repo
        )
        fork.branches = dict(repo.branches)
        fork.announced = dict(repo.branches)
        self.repositories[fork.id] = fork
        return fork

    def collaborate(self, repo: Repository, who: Account, permission: str = "push") -> None:
        """Give somebody a permission: `pull`, `triage`, `push`, `maintain` or `admin`."""
        repo.permissions[who.id] = permission

    def may(self, repo: Repository, who: Account) -> str:
        """Say what somebody may do: one of the permissions, the owner being `admin`."""
        if who is repo.owner:
            return "admin"
        return repo.permissions.get(who.id, "none" if repo.private else "pull")

    @act
    def branch(self, repo: Repository, name: str, at: str = "HEAD") -> str:
        """Point a branch (new or not) at what `at` names, and give the commit's id."""
        commit = self.resolve(repo, at)
        if commit is None:
            raise ValueError(f"{at} names nothing in {repo.full_name}")
        repo.branches[name] = commit.sha
        return commit.sha

    @act
    def commit(
        self,
        repo: Repository,
        branch: str,
        *,
        message: str,
        author: Author,
        files: Files | None = None,
        committer: Author | None = None,
        co_authors: Iterable[Author] = (),
        parents: Iterable[str] | None = None,
        verified: bool = False,
        at: datetime | None = None,
    ) -> Commit:
        """Commit on top of `branch` (made from the default branch if new), telling nobody yet.

        `parents` sets them by id, the first of them giving the files that `files` change.
        `co_authors` become trailers: an account with its noreply address, a pair as it is.
        """
        if parents is None:
            tip = repo.branches.get(branch) or repo.branches.get(repo.default_branch)
            parents = (tip,) if tip else ()
        parents = tuple(parents)
        base = repo.objects.commits[parents[0]].tree if parents else {}
        tree = repo.objects.changed(base, _as_bytes(files or {}))
        commit = repo.objects.commit(
            tree,
            parents,
            self.stamp(author, at),
            self.stamp(committer or author, at),
            with_trailers(message, map(self._trailed, co_authors)),
            verified=verified,
        )
        repo.branches[branch] = commit.sha
        return commit

    def _trailed(self, who: Author) -> Stamp:
        # GitHub offers the noreply address of an account as its co-author line.
        return self.stamp((who.name, who.noreply) if isinstance(who, Account) else who)

    @act
    def merge_commit(
        self,
        repo: Repository,
        branch: str,
        other: str,
        *,
        author: Author,
        files: Files | None = None,
        message: str | None = None,
    ) -> Commit:
        """Merge what `other` names into `branch`, as `git merge` and an editor do.

        `files` settle conflicts and may smuggle in more; without them a conflict raises
        `git.MergeConflict`.
        """
        theirs = self.resolve(repo, other)
        if theirs is None:
            raise ValueError(f"{other} names nothing in {repo.full_name}")
        ours = repo.branches[branch]
        tree = repo.objects.merged(ours, theirs.sha, _as_bytes(files or {}))
        text = message or f"Merge {other} into {branch}"
        stamp = self.stamp(author)
        commit = repo.objects.commit(tree, (ours, theirs.sha), stamp, stamp, text)
        repo.branches[branch] = commit.sha
        return commit

    @act
    def push(self, repo: Repository, branch: str, pusher: Account, to: str | None = None) -> str:
        """Publish a branch (moved to the commit `to` if given) and give the commit's id.

        Everybody is told of the push, and of the new head of each open pull request from there.
        """
        if to is not None:
            self.branch(repo, branch, to)
        before, after = repo.announced.get(branch, NOWHERE), repo.branches[branch]
        repo.announced[branch] = after
        repo.pushed_at = self.now()
        self._tell_push(repo, branch, before, after, pusher)
        for pull in self.pulls_from(repo, branch):
            self._synchronize(pull, after, pusher)
        return after

    @act
    def delete_branch(self, repo: Repository, branch: str, by: Account) -> None:
        """Take a branch away."""
        before = repo.branches.pop(branch)
        repo.announced.pop(branch, None)
        self._tell_push(repo, branch, before, NOWHERE, by)

    def pulls_from(self, repo: Repository, branch: str) -> list[PullRequest]:
        """List the open pull requests whose head is this branch."""
        return [
            pull
            for other in self.repositories.values()
            for pull in other.threads.values()
            if isinstance(pull, PullRequest)
            and pull.state == "open"
            and pull.head_repo is repo
            and pull.head_ref == branch
        ]

    def _synchronize(self, pull: PullRequest, after: str, sender: Account) -> None:
        before, pull.head_sha, pull.updated_at = pull.head_sha, after, self.now()
        if before != after:
            self.tell_pull(pull, "synchronize", sender, {"before": before, "after": after})

    def tell_pull(self, pull: PullRequest, action: str, by: Account, more: Json) -> None:
        """Tell of something that happened to a pull request, and write it on its timeline."""
        self._remember(pull, action, by, pull.head_sha)

        def body() -> Json:
            shown = code_shapes.pull_request_in_full(self.place, pull)
            return {"number": pull.number, "pull_request": shown} | more

        self.emit("pull_request", action, pull.repo, by, body)

    def _remember(self, thread: Issue, action: str, by: Account, head: str = "") -> None:
        thread.history.append(Happening(self.new_id(), action, by, self.now(), head))

    def _remember_more(self, issue: Issue, action: str, by: Account, more: Json) -> None:
        about = more.get("label") or more.get("milestone") or {}
        name = str(about.get("name") or about.get("title") or "")
        reason = (issue.state_reason or "") if action == "closed" else ""
        closer = int(more.pop("closer", 0))
        made = Happening(self.new_id(), action, by, self.now(), "", name, reason, closer)
        issue.history.append(made)

    def tell_issue(self, name: str, issue: Issue, action: str, by: Account, more: Json) -> None:
        """Tell of something that happened to an issue, or in its conversation."""
        if name == "issues":
            self._remember_more(issue, action, by, more)
        shown = {"issue": shapes.issue(self.place, issue)}
        self.emit(name, action, issue.repo, by, lambda: shown | more)

    def _tell_push(
        self, repo: Repository, branch: str, before: str, after: str, pusher: Account
    ) -> None:
        objects = repo.objects
        created, deleted = before == NOWHERE, after == NOWHERE
        forced = not created and not deleted and before not in objects.ancestors(after)
        known = repo.announced.get(repo.default_branch) if created else before
        fresh = [] if deleted else objects.between(known or after, after)

        def body() -> Json:
            commits = [self._pushed(repo, commit) for commit in fresh[-20:]]
            head = None if deleted else self._pushed(repo, objects.commits[after])
            compare = f"{self.place.web}/{repo.full_name}/compare/{before[:12]}...{after[:12]}"
            return {
                "ref": f"refs/heads/{branch}",
                "before": before,
                "after": after,
                "created": created,
                "deleted": deleted,
                "forced": forced,
                "base_ref": None,
                "compare": compare,
                "commits": commits,
                "head_commit": head,
                "pusher": {"name": pusher.login, "email": pusher.email},
            }

        self.emit("push", None, repo, pusher, body, pushed_repository(self.place, repo))

    def _pushed(self, repo: Repository, commit: Commit) -> Json:
        first = commit.parents[0] if commit.parents else None
        changes = repo.objects.diff(repo.objects.commits[first].tree if first else {}, commit.tree)
        return code_shapes.pushed_commit(
            self.place, repo, commit, self.commit_accounts(commit), changes
        )


def with_trailers(message: str, co_authors: Iterable[Stamp]) -> str:
    """Add a `Co-authored-by` line for each of `co_authors` to a commit message."""
    lines = [f"Co-authored-by: {who.name} <{who.email}>" for who in co_authors]
    return "\n\n".join([message, "\n".join(lines)]) if lines else message


def _as_bytes(files: Files) -> dict[str, bytes | None]:
    return {
        path: content.encode() if isinstance(content, str) else content
        for path, content in files.items()
    }
