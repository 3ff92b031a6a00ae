"""Discussions: what people do there, and issues that become one."""

from bot.sandbox import shapes
from bot.sandbox.records import Account, App, Comment, Discussion, Issue, Repository
from bot.sandbox.shapes import Json
from bot.sandbox.signs import Signs
from bot.sandbox.state import act


class Discussing(Signs):
    """Discussions. Each method is one person's act and tells the Apps about it."""

    @act
    def open_discussion(
        self, repo: Repository, author: Account, title: str, category: str = "Ideas"
    ) -> Discussion:
        """Begin a discussion of a category."""
        made = self._place_discussion(repo, author, title, category)
        self._tell_discussion(made, "created", author)
        return made

    def _place_discussion(
        self, repo: Repository, author: Account, title: str, category: str
    ) -> Discussion:
        number, now = len(repo.threads) + 1, self.now()
        made = Discussion(self.new_id(), number, repo, title, "", author, now, now)
        made.category = category
        repo.threads[number] = made
        return made

    @act
    def change_discussion(
        self, it: Discussion, by: Account, action: str, title: str = "", category: str = ""
    ) -> None:
        """Let an act happen to a discussion, named as GitHub names its action."""
        changes: Json = {}
        it.updated_at = self.now()
        if action == "edited":
            changes, it.title = {"changes": {"title": {"from": it.title}}}, title
        elif action == "category_changed":
            changes = {"changes": {"category": {"from": {"name": it.category}}}}
            it.category = category
        elif action in {"closed", "reopened"}:
            it.closed_at = self.now() if action == "closed" else None
        elif action in {"locked", "unlocked"}:
            it.locked = action == "locked"
        it.gone = it.gone or action == "deleted"
        self._tell_discussion(it, action, by, changes)

    @act
    def convert_issue(
        self, issue: Issue, by: Account, category: str, *, keeps_reactions: bool = True
    ) -> Discussion:
        """Turn an issue into a discussion: it is closed and locked, and says what it became.

        What people said comes along, as of when they said it, under other numbers.
        """
        made = self._place_discussion(issue.repo, issue.author, issue.title, category)
        made.body = issue.body
        for said in (it for it in issue.comments if it.app is None):
            at = said.created_at, said.updated_at
            copy = Comment(self.new_id(), made, said.author, said.body, *at)
            made.comments.append(copy)
            self.comments[copy.id] = copy
        if keeps_reactions:
            for key, given in issue.reactions.items():
                kept = type(given)(self.new_id(), given.user, given.content, given.created_at)
                made.reactions[key] = kept
        issue.became = made
        self._tell_discussion(made, "created", by)
        self.close(issue, by)
        self.lock_thread(issue, by)
        return made

    @act
    def say_in_discussion(
        self,
        it: Discussion,
        author: Account,
        body: str,
        app: App | None = None,
        *,
        below: Comment | None = None,
    ) -> Comment:
        """Comment on a discussion, or answer `below` a comment on it."""
        now = self.now()
        made = Comment(self.new_id(), it, author, body, now, now, app)
        made.parent = below
        it.comments.append(made)
        self.comments[made.id] = made
        self._tell_said(made, "created", author)
        return made

    @act
    def edit_in_discussion(self, comment: Comment, editor: Account, body: str) -> None:
        """Change a comment on a discussion."""
        changes = {"changes": {"body": {"from": comment.body}}}
        comment.rewrite(editor, body, self.now())
        self._tell_said(comment, "edited", editor, changes)

    def _tell_discussion(
        self, it: Discussion, action: str, by: Account, more: Json | None = None
    ) -> None:
        shown = {"discussion": shown_discussion(self, it)}
        self.emit("discussion", action, it.repo, by, lambda: shown | (more or {}))

    def _tell_said(
        self, comment: Comment, action: str, by: Account, more: Json | None = None
    ) -> None:
        thread = comment.thread
        assert isinstance(thread, Discussion)  # noqa: S101 - only discussions come here
        above = comment.parent.id if comment.parent else None
        said = shapes.comment(self.place, comment) | {"node_id": node_of(comment)}
        said |= {"parent_id": above}
        shown = {"discussion": shown_discussion(self, thread), "comment": said}
        self.emit("discussion_comment", action, thread.repo, by, lambda: shown | (more or {}))


def node_of(it: Discussion | Comment) -> str:
    """Give the global id of a discussion, or of a comment on one."""
    return shapes.node_id("D" if isinstance(it, Discussion) else "DC", it.id)


def shown_discussion(world: Discussing, it: Discussion) -> Json:
    """Give a discussion as webhooks carry it."""
    place = world.place
    html = f"{place.web}/{it.repo.full_name}/discussions/{it.number}"
    return {
        "id": it.id,
        "node_id": node_of(it),
        "number": it.number,
        "title": it.title,
        "body": it.body,
        "html_url": html,
        "user": shapes.account(place, it.author),
        "state": "locked" if it.locked else it.state,
        "locked": it.locked,
        "comments": len(it.comments),
        "category": {"id": 1, "name": it.category, "slug": it.category.lower()},
        "created_at": shapes.when(it.created_at),
        "updated_at": shapes.when(it.updated_at),
        "author_association": shapes.association(it.repo, it.author),
        "reactions": shapes.rollup(f"{html}/reactions", it),
        "repository_url": f"{place.api}/repos/{it.repo.full_name}",
    }
