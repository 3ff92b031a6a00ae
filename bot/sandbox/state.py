"""The ground of the sandbox: what exists, by which number, and who is told when it changes."""

import functools
import json
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Concatenate, ParamSpec, TypeVar

from bot.sandbox import shapes
from bot.sandbox.git import Commit, Stamp
from bot.sandbox.records import (
    NOREPLY,
    Account,
    App,
    CheckRun,
    Comment,
    Installation,
    PullRequest,
    Repository,
    id_in_noreply,
)
from bot.sandbox.repo_shapes import repository
from bot.sandbox.shapes import Json, Place
from core.clock import Clock

Author = Account | tuple[str, str]
"""Who wrote a commit: an account, or any (name, e-mail) that somebody typed into git."""

WEB_FLOW = 19_864_447
MERGE_QUEUE = 118_344_674
REQUESTS_KEPT = 100_000
ALWAYS_SENT = frozenset({"installation", "installation_repositories", "installation_target"})

P = ParamSpec("P")
R = TypeVar("R")
S = TypeVar("S", bound="State")


def act(method: Callable[Concatenate[S, P], R]) -> Callable[Concatenate[S, P], R]:
    """Let a method run alone, so that no answer shows half a change."""

    @functools.wraps(method)
    def alone(self: S, /, *args: P.args, **kwargs: P.kwargs) -> R:
        with self.lock:
            try:
                return method(self, *args, **kwargs)
            finally:
                self.acts += 1
                self.stirred_at = self.clock()
                self.stirred.notify_all()

    return alone


@dataclass(frozen=True)
class Event:
    """Something that an App is to be told: `body` is what is sent, byte for byte."""

    app: App
    name: str
    action: str | None
    installation_id: int | None
    repository_id: int | None
    body: bytes

    @property
    def payload(self) -> Json:
        """The body, read."""
        payload: Json = json.loads(self.body)
        return payload


@dataclass(frozen=True)
class Seen:
    """One API request: `installation` is None where the App itself, or nobody, asked."""

    method: str
    path: str
    status: int
    installation: int | None
    at: datetime


class State:
    """Everything that exists. `lock` guards all of it.

    `acts` counts what was done, `stirred_at` is when last, and `stirred` wakes who waits for more.
    """

    def __init__(self, clock: Clock, base_id: int | None = None) -> None:
        """Start with GitHub's own two accounts; ids count up from `base_id`.

        The default base moves with the clock, a thousand a second: a restart never gives an id
        again that somebody stored before it.
        """
        self.clock = clock
        self.lock = threading.RLock()
        self.stirred = threading.Condition(self.lock)
        self.acts = 0
        self.stirred_at = clock()
        self.place = Place("http://sandbox.invalid/api/v3", "http://sandbox.invalid")
        if base_id is None:
            base_id = int((clock().timestamp() - 1_700_000_000) * 1000)
        self._last_id = base_id
        self.accounts: dict[int, Account] = {}
        self.repositories: dict[int, Repository] = {}
        self.apps: dict[int, App] = {}
        self.installations: dict[int, Installation] = {}
        self.comments: dict[int, Comment] = {}
        self.check_runs: dict[int, CheckRun] = {}
        self.suites: dict[tuple[int, int, str], int] = {}
        self.requests: deque[Seen] = deque(maxlen=REQUESTS_KEPT)
        self.noting: list[list[Seen]] = []
        self.on_event: Callable[[Event], None] = lambda event: None
        self.account("web-flow", id=WEB_FLOW, name="GitHub", emails=("noreply@github.com",))
        self.account("github-merge-queue[bot]", "Bot", id=MERGE_QUEUE)

    def note(self, seen: Seen) -> None:
        """Remember an API request, for a while, and for everybody who is noting them."""
        self.requests.append(seen)
        for notes in self.noting:
            notes.append(seen)

    def now(self) -> datetime:
        """Give the present second: GitHub keeps no fractions."""
        return self.clock().replace(microsecond=0)

    def new_id(self) -> int:
        """Give an id that nothing had before."""
        self._last_id += 1
        return self._last_id

    @act
    def account(
        self,
        login: str,
        type: str = "User",
        *,
        id: int | None = None,
        name: str | None = None,
        emails: tuple[str, ...] = (),
    ) -> Account:
        """Sign somebody up. `emails` are the addresses by which GitHub links commits."""
        if self.by_login(login):
            raise ValueError(f"the login {login} is taken")
        number = id or self.new_id()
        who = Account(number, login, type, name or login.capitalize(), set(emails), self.now())
        self.accounts[number] = who
        return who

    def organization(self, login: str, *, id: int | None = None) -> Account:
        """Found an organisation."""
        return self.account(login, "Organization", id=id)

    def by_login(self, login: str) -> Account | None:
        """Find the account that has this login now; case does not matter."""
        wanted = login.casefold()
        return next(
            (who for who in self.accounts.values() if who.login.casefold() == wanted), None
        )

    def linked(self, email: str) -> Account | None:
        """Find the account that GitHub links to a commit's e-mail: by address, nothing else."""
        address = email.casefold()
        number = id_in_noreply(address)
        if number is not None:
            return self.accounts.get(number)
        if address.endswith(f"@{NOREPLY}"):
            return self.by_login(address.removesuffix(f"@{NOREPLY}"))
        for who in self.accounts.values():
            if address in {known.casefold() for known in who.emails}:
                return who
        return None

    def commit_accounts(self, commit: Commit) -> tuple[Account | None, Account | None]:
        """Give the accounts linked to a commit's author and committer."""
        return self.linked(commit.author.email), self.linked(commit.committer.email)

    def stamp(self, author: Author, at: datetime | None = None) -> Stamp:
        """Write down who a commit claims to be from."""
        if isinstance(author, Account):
            return Stamp(author.name, author.email, at or self.now())
        return Stamp(*author, at or self.now())

    def find_repository(self, full_name: str) -> Repository | None:
        """Find a repository by its present or, failing that, a former name."""
        wanted = full_name.casefold()
        living = [repo for repo in self.repositories.values() if not repo.deleted]
        for repo in living:
            if repo.full_name.casefold() == wanted:
                return repo
        return next((repo for repo in living if wanted in repo.former_names), None)

    def resolve(self, repo: Repository, ref: str) -> Commit | None:
        """Find what `ref` names: branch, id, `pull/N/head`, or `owner:branch` of a fork."""
        owner, colon, branch = ref.partition(":")
        if colon:
            siblings = (it for it in self.repositories.values() if it.objects is repo.objects)
            repo = next((it for it in siblings if it.owner.login == owner), repo)
            ref = branch
        parts = ref.removeprefix("refs/").split("/")
        if len(parts) == 3 and parts[0] == "pull" and parts[1].isdecimal():
            pull = repo.threads.get(int(parts[1]))
            return repo.objects.commits[pull.head_sha] if isinstance(pull, PullRequest) else None
        sha = repo.resolve(ref)
        return repo.objects.commits[sha] if sha else None

    def installation_for(self, repo: Repository, app: App | None = None) -> Installation | None:
        """Find the living installation (of `app`) that covers `repo`."""
        for it in self.installations.values():
            if not it.deleted and it.covers(repo) and app in {None, it.app}:
                return it
        return None

    def emit(
        self,
        name: str,
        action: str | None,
        repo: Repository,
        sender: Account,
        body: Callable[[], dict[str, Any]] = dict,
        shown: Json | None = None,
    ) -> None:
        """Tell every App installed on `repo`; `body` is only made when somebody listens."""
        if name == "repository":
            repo.updated_at = self.now()
        for it in list(self.installations.values()):
            listens = name in it.events and not it.suspended_at and not it.deleted
            if not listens or not it.covers(repo):
                continue
            payload: Json = {"action": action} if action else {}
            payload |= body()
            payload["repository"] = shown or repository(self.place, repo)
            if repo.owner.type == "Organization":
                payload["organization"] = shapes.organization(self.place, repo.owner)
            self._tell(it, name, action, repo, sender, payload)

    def tell_owner(
        self, it: Installation, name: str, action: str, by: Account, body: Json
    ) -> None:
        """Tell an App about its own installation: that comes whatever it subscribed to."""
        payload = {"action": action, "installation": shapes.installation(self.place, it)} | body
        payload["sender"] = shapes.account(self.place, by)
        self.on_event(Event(it.app, name, action, it.id, None, _body(payload)))

    def _tell(
        self,
        it: Installation,
        name: str,
        action: str | None,
        repo: Repository,
        sender: Account,
        payload: Json,
    ) -> None:
        payload["sender"] = shapes.account(self.place, sender)
        node = shapes.node_id("GHI", it.id)
        payload["installation"] = {"id": it.id, "node_id": node}
        self.on_event(Event(it.app, name, action, it.id, repo.id, _body(payload)))


def _body(payload: Json) -> bytes:
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
