"""Where the story of money is played: our service in this process, a bank, and a clock that skips."""

import logging
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from bot import running, tasks
from bot.app import create_app
from bot.migrate import migrate
from bot.sandbox.demo_browser import Browser
from bot.sandbox.demo_story import Story, Unfulfilled
from bot.sandbox.records import Account, Repository
from bot.sandbox.server import Sandbox
from bot.sandbox.stripe.server import StripeSandbox
from bot.server import Web
from bot.server import running as serving
from core.clock import system_clock
from core.config import load
from core.context import Task
from core.db import Database
from core.log import start_logging
from core.money import Money, shown
from donations import store as books
from donations.ledger import CASH
from donations.pledges.tables import purse_act

DAY = timedelta(days=1)
PAYS = "4242424242424242"
SWEEPS = ("sweep_pledges", "sweep_payouts")
Sums = dict[tuple[str, str], int]


@dataclass
class Days:
    """A clock that can skip."""

    skipped: timedelta = timedelta(0)

    def __call__(self) -> datetime:
        """Give the present instant of the story."""
        return system_clock() + self.skipped


@dataclass(frozen=True)
class Stage:
    """Everything that the story needs: our service, a GitHub and a bank."""

    story: Story
    bank: StripeSandbox
    app: Database
    url: str
    days: Days

    def skip(self, span: timedelta, *more: str) -> None:
        """Let days pass, with what the schedule would do at their end."""
        self.days.skipped += span
        self.tick(*SWEEPS, *more)

    def tick(self, *jobs: str) -> None:
        """Let jobs of the schedule run now."""
        now = self.days()
        with self.app.write() as connection:
            for job in jobs:
                due = Task(job, f"demo:{job}:{now.isoformat()}", now, f"tick:{job}")
                tasks.put(connection, due, now)

    def sums(self, repo: Repository) -> Sums:
        """Give what stands in the project's book, by account and currency, in minor units."""
        with self.app.read() as connection:
            return books.in_book(connection, f"project:{repo.id}")

    def is_with_the_bank(self, repo: Repository) -> bool:
        """Say whether the ledger says of the bank what the bank says: all that moved is written down."""
        with self.bank.bank.lock:
            moved = sum(int(one["net"]) for one in self.bank.bank.all("balance_transaction"))
        return self.sums(repo).get((CASH, "EUR"), 0) == moved

    def ledger(self, repo: Repository) -> None:
        """Show the project's ledger; every currency sums to nothing."""
        found = self.sums(repo)
        print("    The ledger:" if found else "    The ledger:  empty. Nobody holds anything.")
        totals: dict[str, int] = {}
        for (account, code), minor in sorted(found.items()):
            print(
                f"        {shown(Money(minor, code), 'en'):>12}  {account}{self._whose(account)}"
            )
            totals[code] = totals.get(code, 0) + minor
        if any(totals.values()):
            raise Unfulfilled("the ledger does not sum to zero")
        for code in totals:
            print(f"        {shown(Money(0, code), 'en'):>12}  is the sum")

    def _whose(self, account: str) -> str:
        _, is_person, number = account.partition(":person-")
        people = self.story.sandbox.world.accounts
        return f" ({people[int(number)].login})" if is_person else ""

    def until_said(self, deed: str) -> None:
        """Wait until something was decided about the request's money."""
        wanted = select(purse_act.c.id).where(purse_act.c.deed == deed)

        def is_there() -> bool:
            with self.app.read() as connection:
                return connection.scalar(wanted.limit(1)) is not None

        self.story.until(is_there, f"the request’s money is {deed}")

    def signed_in(self, who: Account) -> Browser:
        """Give the browser of somebody who signed in with GitHub."""
        browser = Browser()
        asked = browser.get(f"{self.url}/sign-in")
        browser.send(asked, "/login/oauth/authorize", login=who.login)
        return browser


@contextmanager
def stage(github: Sandbox, given: dict[str, str], days: Days) -> Iterator[Stage]:
    """Run our service in this process, beside a bank, on a fresh database, by the clock `days`."""
    with ExitStack() as stack:
        stack.enter_context(_logged(Path(given["POTLUCK_VAR"]) / "service.log"))
        bank = stack.enter_context(StripeSandbox.start(clock=days, live=True))
        settings = load(
            given
            | {
                "GITHUB_CLIENT_ID": github.app.client_id,
                "GITHUB_CLIENT_SECRET": github.app.client_secret,
                "STRIPE_API_KEY": bank.api_key,
                "STRIPE_API_BASE": bank.url,
                "STRIPE_WEBHOOK_SECRET": bank.webhook_secret,
            }
        )
        migrate(settings)
        app, inbox = Database(settings.database_url), Database(settings.inbox_database_url)
        stack.callback(app.close)
        stack.callback(inbox.close)
        pages = create_app(settings, app, inbox, days)
        web = Web(settings, pages.wsgi_app, inbox, days)
        url = stack.enter_context(serving(web, port=settings.port))
        bank.hooks.url = f"{url}/webhooks/stripe"
        stop = threading.Event()
        worker = threading.Thread(target=running.run, args=(settings, app, inbox, days, stop))
        worker.start()
        stack.callback(worker.join)
        stack.callback(stop.set)
        yield Stage(Story(github, url), bank, app, url, days)


@contextmanager
def _logged(place: Path) -> Iterator[None]:
    """Let what is logged stand in a file: on the screen it would stand between the lines of the story."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    with place.open("a", encoding="utf-8") as log:
        start_logging(stream=log)
        try:
            yield
        finally:
            root.handlers[:] = before
            root.setLevel(level)
