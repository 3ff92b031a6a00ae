"""Reactions, labels, locks and moves: what people do to threads besides talking."""

from bot.sandbox import shapes
from bot.sandbox.people import People
from bot.sandbox.records import Account, Issue, PullRequest, Reaction, Repository, Review
from bot.sandbox.repo_shapes import repository
from bot.sandbox.state import act


class Signs(People):
    """What people do to issues and pull requests. Reactions have no webhook, on GitHub neither."""

    @act
    def react(self, thread: Issue, who: Account, content: str = "+1") -> Reaction:
        """Put a reaction under a thread; a second one of the same kind is the first."""
        given = Reaction(self.new_id(), who, content, self.now())
        return thread.reactions.setdefault((who.id, content), given)

    @act
    def unreact(self, thread: Issue, who: Account, content: str = "+1") -> None:
        """Take one's reaction away."""
        thread.reactions.pop((who.id, content), None)

    @act
    def review(self, pull: PullRequest, who: Account, state: str = "APPROVED") -> None:
        """Hand in a review; nobody here listens for its webhook."""
        pull.reviews.append(Review(self.new_id(), who, state, self.now()))

    @act
    def label(self, thread: Issue, by: Account, name: str) -> None:
        """Put a label on a thread."""
        if name not in thread.labels:
            thread.labels.append(name)
            self._tell_label(thread, "labeled", by, name)

    @act
    def unlabel(self, thread: Issue, by: Account, name: str) -> None:
        """Take a label off a thread."""
        if name in thread.labels:
            thread.labels.remove(name)
            self._tell_label(thread, "unlabeled", by, name)

    def _tell_label(self, thread: Issue, action: str, by: Account, name: str) -> None:
        thread.updated_at = self.now()
        shown = {"label": shapes.label(self.place, thread.repo, name)}
        self.tell_thread(thread, action, by, shown)

    @act
    def lock_thread(self, thread: Issue, by: Account, *, locked: bool = True) -> None:
        """Lock a conversation, or unlock it."""
        thread.locked, thread.updated_at = locked, self.now()
        self.tell_thread(thread, "locked" if locked else "unlocked", by)

    @act
    def delete_issue(self, issue: Issue, by: Account) -> None:
        """Delete an issue for good; its number is not used again."""
        issue.gone, issue.updated_at = True, self.now()
        self.tell_thread(issue, "deleted", by)

    @act
    def transfer_issue(self, issue: Issue, to: Repository, by: Account) -> Issue:
        """Move an issue to another repository: there it has another number and other ids."""
        number, now = len(to.threads) + 1, self.now()
        moved = Issue(
            self.new_id(), number, to, issue.title, issue.body, issue.author, issue.created_at, now
        )
        moved.comments, moved.reactions = issue.comments, issue.reactions
        for comment in moved.comments:
            comment.thread = moved
        to.threads[number] = moved
        issue.gone, issue.updated_at = True, now
        place = self.place
        there = {
            "new_issue": shapes.issue(place, moved),
            "new_repository": repository(place, to),
        }
        self.tell_issue("issues", issue, "transferred", by, {"changes": there})
        here = {
            "old_issue": shapes.issue(place, issue),
            "old_repository": repository(place, issue.repo),
        }
        self.tell_issue("issues", moved, "opened", by, {"changes": here})
        return moved
