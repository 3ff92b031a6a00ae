"""Milestones in the sandbox: what people do with them, and how GitHub tells of it."""

from dataclasses import dataclass
from datetime import datetime

from bot.sandbox.records import Account, Issue, Repository
from bot.sandbox.releases import Releasing
from bot.sandbox.shapes import Json, Place, account, node_id, when
from bot.sandbox.state import act
from core.clock import Clock


@dataclass(eq=False)
class Milestone:
    """A milestone. Its number is not given again, so one that was deleted stays here, `gone`.

    `form` begins its node id: GitHub once gave all of them another one.
    """

    id: int
    number: int
    repo: Repository
    creator: Account
    title: str
    description: str
    created_at: datetime
    updated_at: datetime
    due_on: datetime | None = None
    closed_at: datetime | None = None
    gone: bool = False
    form: str = "MI"

    @property
    def state(self) -> str:
        """`open` or `closed`."""
        return "closed" if self.closed_at else "open"

    @property
    def issues(self) -> list[Issue]:
        """The issues that are in it."""
        return [it for it in self.repo.threads.values() if it.milestone is self and not it.gone]

    def shown(self, place: Place) -> Json:
        """Give it as lists, issues and webhooks carry it."""
        api = f"{place.api}/repos/{self.repo.full_name}/milestones/{self.number}"
        closed = sum(it.state == "closed" for it in self.issues)
        return {
            "url": api,
            "html_url": f"{place.web}/{self.repo.full_name}/milestone/{self.number}",
            "labels_url": f"{api}/labels",
            "id": self.id,
            "node_id": node_id(self.form, self.id),
            "number": self.number,
            "title": self.title,
            "description": self.description or None,
            "creator": account(place, self.creator),
            "open_issues": len(self.issues) - closed,
            "closed_issues": closed,
            "state": self.state,
            "created_at": when(self.created_at),
            "updated_at": when(self.updated_at),
            "due_on": when(self.due_on),
            "closed_at": when(self.closed_at),
        }


class Milestoning(Releasing):
    """Milestones. Each method is one person's act and tells the Apps about it."""

    def __init__(self, clock: Clock, base_id: int | None = None) -> None:
        """Start without any."""
        super().__init__(clock, base_id)
        self._milestones: dict[int, list[Milestone]] = {}

    def milestones_of(self, repo: Repository) -> list[Milestone]:
        """List the milestones of a repository by number, without those that were deleted."""
        return [it for it in self._milestones.get(repo.id, ()) if not it.gone]

    @act
    def open_milestone(
        self,
        repo: Repository,
        by: Account,
        title: str,
        due_on: datetime | None = None,
        description: str = "",
    ) -> Milestone:
        """Make a milestone; no two of a repository have one title."""
        self._free_title(repo, title)
        known, now = self._milestones.setdefault(repo.id, []), self.now()
        number = len(known) + 1
        made = Milestone(self.new_id(), number, repo, by, title, description, now, now, due_on)
        known.append(made)
        self._tell_milestone(made, "created", by)
        return made

    @act
    def edit_milestone(
        self,
        it: Milestone,
        by: Account,
        title: str = "",
        due_on: datetime | None = None,
        description: str = "",
    ) -> None:
        """Give it another title, day or description; what is not given stays as it is."""
        changes: Json = {}
        if title and title != it.title:
            self._free_title(it.repo, title)
            changes["title"], it.title = {"from": it.title}, title
        if due_on and due_on != it.due_on:
            changes["due_on"], it.due_on = {"from": when(it.due_on)}, due_on
        if description and description != it.description:
            changes["description"], it.description = {"from": it.description}, description
        self._tell_milestone(it, "edited", by, {"changes": changes})

    def _free_title(self, repo: Repository, title: str) -> None:
        if any(it.title == title for it in self.milestones_of(repo)):
            raise ValueError(f"{repo.full_name} has a milestone {title} already")

    @act
    def close_milestone(self, it: Milestone, by: Account) -> None:
        """Close it; its issues stay as they are."""
        it.closed_at = self.now()
        self._tell_milestone(it, "closed", by)

    @act
    def reopen_milestone(self, it: Milestone, by: Account) -> None:
        """Open it again."""
        it.closed_at = None
        self._tell_milestone(it, "opened", by)

    @act
    def delete_milestone(self, it: Milestone, by: Account) -> None:
        """Delete it for good; its issues are in none then."""
        for issue in it.issues:
            self._put(issue, by, None)
        it.gone = True
        self._tell_milestone(it, "deleted", by)

    @act
    def set_milestone(self, issue: Issue, by: Account, title: str) -> None:
        """Give an issue a milestone, made if there is none of that title; empty takes it away."""
        known = self.milestones_of(issue.repo)
        found = next((it for it in known if it.title == title), None)
        if title and found is None:
            found = self.open_milestone(issue.repo, by, title)
        self._put(issue, by, found)

    def _put(self, issue: Issue, by: Account, into: Milestone | None) -> None:
        # One that takes the place of another is told of as two acts.
        before = issue.milestone
        for it, action in ((before, "demilestoned"), (into, "milestoned")):
            if it is not None and before is not into:
                issue.milestone = into
                issue.updated_at = it.updated_at = self.now()
                more = {"milestone": it.shown(self.place)}
                self.tell_issue("issues", issue, action, by, more)

    def _tell_milestone(
        self, it: Milestone, action: str, by: Account, more: Json | None = None
    ) -> None:
        it.updated_at = self.now()
        body = {"milestone": it.shown(self.place)} | (more or {})
        self.emit("milestone", action, it.repo, by, lambda: body)
