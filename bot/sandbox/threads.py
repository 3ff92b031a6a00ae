"""Issues, pull requests, comments and checks: what people do on GitHub's pages."""

import re
from collections.abc import Iterable

from bot.sandbox import code_shapes, shapes
from bot.sandbox.records import (
    Account,
    App,
    CheckRun,
    Comment,
    Issue,
    PullRequest,
    Repository,
)
from bot.sandbox.shapes import Json
from bot.sandbox.source import Code, Files
from bot.sandbox.state import Author, act


class Threads(Code):
    """Conversations. Each method is one person's act and tells the Apps about it."""

    @act
    def open_issue(
        self,
        repo: Repository,
        author: Account,
        title: str,
        body: str = "",
        *,
        labels: Iterable[str] = (),
        app: App | None = None,
    ) -> Issue:
        """Open an issue; `app` is the App that does it, if one does."""
        number, now = len(repo.threads) + 1, self.now()
        issue = Issue(self.new_id(), number, repo, title, body, author, now, now, app=app)
        issue.labels = list(labels)
        repo.threads[number] = issue
        self.tell_issue("issues", issue, "opened", author, {})
        for name in issue.labels:
            shown = {"label": shapes.label(self.place, repo, name)}
            self.tell_issue("issues", issue, "labeled", author, shown)
        return issue

    @act
    def open_pull_request(
        self,
        repo: Repository,
        opener: Account,
        head: str,
        *,
        head_repo: Repository | None = None,
        base: str | None = None,
        title: str = "A change",
        body: str = "",
        draft: bool = False,
    ) -> PullRequest:
        """Ask to pull branch `head` (of the fork `head_repo`, if given) into `base`."""
        source = head_repo or repo
        number, now = len(repo.threads) + 1, self.now()
        pull = PullRequest(self.new_id(), number, repo, title, body, opener, now, now)
        pull.issue_id = self.new_id()
        pull.head_repo, pull.head_ref, pull.head_owner = source, head, source.owner.login
        pull.head_sha = source.announced[head] = source.branches[head]
        pull.base_ref = base or repo.default_branch
        pull.draft = draft
        repo.threads[number] = pull
        self.tell_pull(pull, "opened", opener, {})
        return pull

    @act
    def propose(
        self,
        repo: Repository,
        opener: Account,
        files: Files,
        *,
        title: str = "A change",
        author: Author | None = None,
        co_authors: Iterable[Author] = (),
        draft: bool = False,
    ) -> PullRequest:
        """Do it all: branch (in a fork, unless the opener may push), commit, pull request."""
        source = repo
        if self.may(repo, opener) not in {"push", "maintain", "admin"}:
            existing = self.find_repository(f"{opener.login}/{repo.name}")
            source = existing if existing and existing.parent is repo else self.fork(repo, opener)
            self.branch(source, source.default_branch, repo.branches[repo.default_branch])
        branch = "-".join(re.findall(r"[a-z0-9]+", title.lower())) or "change"
        if branch in source.branches:
            branch = f"{branch}-{self.new_id()}"
        self.branch(source, branch, repo.default_branch)
        self.commit(
            source,
            branch,
            message=title,
            author=author or opener,
            files=files,
            co_authors=co_authors,
        )
        return self.open_pull_request(
            repo, opener, branch, head_repo=source, title=title, draft=draft
        )

    @act
    def push_to(
        self,
        pull: PullRequest,
        *,
        author: Author | None = None,
        pusher: Account | None = None,
        files: Files | None = None,
        message: str = "Go on",
        co_authors: Iterable[Author] = (),
        committer: Author | None = None,
        verified: bool = False,
    ) -> str:
        """Add one commit to a pull request, push it, and give the new head's id."""
        self.commit(
            self._head_repo(pull),
            pull.head_ref,
            message=message,
            author=author or pull.author,
            files={"notes.txt": f"{self.new_id()}\n"} if files is None else files,
            co_authors=co_authors,
            committer=committer,
            verified=verified,
        )
        return self.push(self._head_repo(pull), pull.head_ref, pusher or pull.author)

    @act
    def force_push(self, pull: PullRequest, to: str, pusher: Account | None = None) -> str:
        """Point a pull request's branch at another commit, whatever was there."""
        return self.push(self._head_repo(pull), pull.head_ref, pusher or pull.author, to)

    def _head_repo(self, pull: PullRequest) -> Repository:
        if pull.head_repo is None:
            raise ValueError("the repository that this pull request came from is gone")
        return pull.head_repo

    @act
    def close(
        self, thread: Issue, by: Account, reason: str | None = None, closer: int = 0
    ) -> None:
        """Close an issue (`completed` or `not_planned`), or a pull request without merging it.

        `closer` is the merged pull request that closes the issue, if one does.
        """
        thread.closed_at = thread.updated_at = self.now()
        is_pull = isinstance(thread, PullRequest)
        thread.state_reason = None if is_pull else reason or "completed"
        self.tell_thread(thread, "closed", by, {"closer": closer} if closer else None)

    @act
    def reopen(self, thread: Issue, by: Account) -> None:
        """Open a closed issue or pull request again."""
        thread.closed_at, thread.updated_at = None, self.now()
        thread.state_reason = None if isinstance(thread, PullRequest) else "reopened"
        if isinstance(thread, PullRequest):
            thread.head_sha = self._head_repo(thread).branches[thread.head_ref]
        self.tell_thread(thread, "reopened", by)

    @act
    def set_draft(self, pull: PullRequest, by: Account, *, draft: bool) -> None:
        """Turn a pull request into a draft, or say that it is ready."""
        pull.draft, pull.updated_at = draft, self.now()
        self.tell_pull(pull, "converted_to_draft" if draft else "ready_for_review", by, {})

    @act
    def edit_title(self, thread: Issue, by: Account, title: str) -> None:
        """Give an issue or pull request another title."""
        changes = {"changes": {"title": {"from": thread.title}}}
        thread.title, thread.updated_at = title, self.now()
        self.tell_thread(thread, "edited", by, changes)

    @act
    def edit_base(self, pull: PullRequest, by: Account, base: str) -> None:
        """Ask to pull into another branch."""
        sha = pull.repo.branches[pull.base_ref]
        changes = {"base": {"ref": {"from": pull.base_ref}, "sha": {"from": sha}}}
        pull.base_ref, pull.updated_at = base, self.now()
        self.tell_pull(pull, "edited", by, {"changes": changes})

    def tell_thread(
        self, thread: Issue, action: str, by: Account, more: Json | None = None
    ) -> None:
        """Tell of something that happened to an issue or pull request."""
        if isinstance(thread, PullRequest):
            self.tell_pull(thread, action, by, more or {})
        else:
            self.tell_issue("issues", thread, action, by, more or {})

    @act
    def comment(
        self, thread: Issue, author: Account, body: str, app: App | None = None
    ) -> Comment:
        """Comment on an issue or pull request; `app` is the App that does it, if one does."""
        now = self.now()
        comment = Comment(self.new_id(), thread, author, body, now, now, app)
        thread.comments.append(comment)
        thread.updated_at = now
        self.comments[comment.id] = comment
        self._tell_comment(comment, "created", author)
        return comment

    @act
    def edit_comment(self, comment: Comment, editor: Account, body: str) -> None:
        """Change what a comment says: a maintainer can do that to anybody's."""
        changes = {"changes": {"body": {"from": comment.body}}}
        comment.rewrite(editor, body, self.now())
        self._tell_comment(comment, "edited", editor, changes)

    @act
    def delete_comment(self, comment: Comment, by: Account) -> None:
        """Take a comment away."""
        comment.thread.comments.remove(comment)
        del self.comments[comment.id]
        self._tell_comment(comment, "deleted", by)

    def _tell_comment(
        self, comment: Comment, action: str, by: Account, more: Json | None = None
    ) -> None:
        shown = {"comment": shapes.comment(self.place, comment)} | (more or {})
        self.tell_issue("issue_comment", comment.thread, action, by, shown)

    @act
    def check(self, run: CheckRun, action: str, by: Account | None = None) -> None:
        """Tell of a check run: `created`, `completed` or `rerequested`."""
        self.emit("check_run", action, run.repo, by or run.app.bot, lambda: self._check_body(run))

    def rerequest_check(self, run: CheckRun, by: Account) -> None:
        """Press “Re-run” on one check."""
        self.check(run, "rerequested", by)

    @act
    def rerequest_suite(self, repo: Repository, sha: str, app: App, by: Account) -> None:
        """Press “Re-run all checks” of an App on a commit."""
        suite = self._suite(repo, sha, app)
        suite["latest_check_runs_count"] = len(self.runs_at(repo, sha))
        suite["head_commit"] = shapes.head_commit(repo.objects.commits[sha])
        self.emit("check_suite", "rerequested", repo, by, lambda: {"check_suite": suite})

    def runs_at(self, repo: Repository, sha: str) -> list[CheckRun]:
        """List the check runs on a commit, newest first."""
        runs = [it for it in self.check_runs.values() if it.repo is repo and it.head_sha == sha]
        return sorted(runs, key=lambda run: run.id, reverse=True)

    def pulls_at(self, repo: Repository, sha: str) -> list[PullRequest]:
        """List the open pull requests of `repo` whose head is this commit."""
        return [
            it
            for it in repo.threads.values()
            if isinstance(it, PullRequest) and it.state == "open" and it.head_sha == sha
        ]

    def suite_id(self, repo: Repository, sha: str, app: App) -> int:
        """Give the number of an App's check suite on a commit."""
        key = (app.id, repo.id, sha)
        return self.suites.get(key) or self.suites.setdefault(key, self.new_id())

    def _check_body(self, run: CheckRun) -> Json:
        pulls = self.pulls_at(run.repo, run.head_sha)
        shown = code_shapes.check_run(self.place, run, pulls)
        shown["check_suite"] = self._suite(run.repo, run.head_sha, run.app)
        return {"check_run": shown}

    def _suite(self, repo: Repository, sha: str, app: App) -> Json:
        number = self.suite_id(repo, sha, app)
        runs = [run for run in self.runs_at(repo, sha) if run.app is app]
        pulls = self.pulls_at(repo, sha)
        done = bool(runs) and all(run.status == "completed" for run in runs)
        commit = repo.objects.commits[sha]
        return {
            "id": number,
            "node_id": shapes.node_id("CS", number),
            "head_branch": pulls[0].head_ref if pulls else None,
            "head_sha": sha,
            "status": "completed" if done else "queued",
            "conclusion": runs[0].conclusion if done else None,
            "url": f"{self.place.api}/repos/{repo.full_name}/check-suites/{number}",
            "before": commit.parents[0] if commit.parents else None,
            "after": sha,
            "pull_requests": [code_shapes.pull_request_in_brief(self.place, it) for it in pulls],
            "app": shapes.app(self.place, app),
            "created_at": shapes.when(commit.committer.at),
            "updated_at": shapes.when(self.now()),
        }
