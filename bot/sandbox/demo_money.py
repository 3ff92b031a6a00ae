"""The second story on the screen: people promise, a goal is met, work is paid for, and a payment is disputed.

Our service runs in this process, by a clock that skips the days in which nothing happens. After
each step the project's ledger is shown: it sums to nothing.
"""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from bot import running, tasks
from bot.app import create_app
from bot.sandbox.demo_browser import Browser
from bot.sandbox.demo_story import Story, Unfulfilled
from bot.sandbox.records import Account, Issue, Repository
from bot.sandbox.seed import CONFIGURATION
from bot.sandbox.stripe import troubles
from bot.sandbox.stripe.server import StripeSandbox
from bot.server import Web
from bot.server import running as serving
from core.clock import system_clock
from core.config import load
from core.context import Task
from core.db import Database
from core.money import Money, shown
from donations import store as books
from donations.ledger import CASH
from donations.pledges.tables import purse_act

DAY = timedelta(days=1)
PAYS = "4242424242424242"
FUNDING = """
[roadmap]
on = true
[funding]
suggested = ["5", "20", "50"]
split = { feature = 1 }
"""


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

    def skip(self, span: timedelta) -> None:
        """Let days pass, with what the schedule would do at their end."""
        self.days.skipped += span
        now = self.days()
        with self.app.write() as connection:
            tick = Task("sweep_pledges", f"demo:{now.isoformat()}", now)
            tasks.put(connection, tick, now)

    def ledger(self, repo: Repository) -> None:
        """Show the project's ledger; every currency sums to nothing."""
        with self.app.read() as connection:
            found = books.in_book(connection, f"project:{repo.id}")
        if not found:
            print("    The ledger:  empty. Nobody holds anything.")
            return
        print("    The ledger:")
        for (account, code), minor in sorted(found.items()):
            print(f"        {shown(Money(minor, code), 'en'):>12}  {account}")
        if sum(found.values()):
            raise Unfulfilled("the ledger does not sum to zero")
        print(f"        {shown(Money(0, 'EUR'), 'en'):>12}  is the sum")

    def until_said(self, deed: str) -> None:
        """Wait until something was decided about the request's money."""
        wanted = select(purse_act.c.id).where(purse_act.c.deed == deed)

        def is_there() -> bool:
            with self.app.read() as connection:
                return connection.scalar(wanted.limit(1)) is not None

        self.story.until(is_there, f"the request’s money is {deed}")


@contextmanager
def stage(story: Story, given: dict[str, str], days: Days) -> Iterator[Stage]:
    """Run our service in this process, beside a bank, on what the first story left."""
    github = story.sandbox
    with ExitStack() as stack:
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
        yield Stage(story, bank, app, url, days)


def tell(story: Story, given: dict[str, str], days: Days) -> None:
    """Play the story; raises `Unfulfilled` where it does not go on."""
    world = story.sandbox.world
    people = {name: world.by_login(name) for name in ("mara", "ada", "bo", "chen")}
    garden = world.find_repository("potluck-sandbox/garden")
    if garden is None or None in people.values():
        raise Unfulfilled("the sandbox has no garden")
    mara, ada, bo, chen = (one for one in people.values() if one)
    with stage(story, given, days) as play:
        issue = _wished(play, garden, mara, ada)
        _promised(play, garden, issue, mara, (bo, chen))
        _worked(play, garden, issue, mara, ada)
        _disputed(play, garden)


def _wished(play: Stage, garden: Repository, mara: Account, ada: Account) -> Issue:
    world, story = play.story.sandbox.world, play.story
    story.step("Mara switches requests and funding on; Ada wishes for something.")
    files = {".github/potluck.toml": CONFIGURATION + FUNDING}
    world.commit(garden, garden.default_branch, message="Fund", author=mara, files=files)
    world.push(garden, garden.default_branch, mara)
    issue = world.open_issue(garden, ada, "Water the beds", "", labels=("request",))
    story.until(lambda: _is_there(play, garden, issue), "the request has a page")
    return issue


def _is_there(play: Stage, garden: Repository, issue: Issue) -> bool:
    try:
        Browser().get(f"{play.url}/{garden.full_name}/pledge?request={issue.number}")
    except OSError:
        return False
    return True


def _promised(
    play: Stage, garden: Repository, issue: Issue, mara: Account, people: tuple[Account, ...]
) -> None:
    story, here = play.story, f"{play.url}/{garden.full_name}"
    story.step("Mara opens a campaign: 100 EUR in three days, or nobody pays anything.")
    desk = _signed_in(play, mara)
    until = (play.days() + 2 * DAY).date().isoformat()
    desk.send(
        desk.get(f"{here}/requests/{issue.number}/campaign"), "start", goal="100", until=until
    )
    for who, amount in zip(people, ("60", "55"), strict=True):
        story.step(f"{who.name} promises {amount} EUR and leaves a card.")
        browser = Browser()
        form = browser.get(f"{here}/pledge?request={issue.number}")
        bank = browser.send(form, "promise", amount="own", own=amount)
        left = {"email": "x@example.org", "name": who.name or who.login, "card": PAYS}
        browser.post(bank.url, bank.url, left | {"by": "card", "bank": "seen"})
    play.until_said("reached")
    play.ledger(garden)
    story.step("Three days later the goal is met: each card is charged, once.")
    play.skip(3 * DAY)
    play.until_said("collected")
    play.ledger(garden)


def _worked(play: Stage, garden: Repository, issue: Issue, mara: Account, ada: Account) -> None:
    world, story = play.story.sandbox.world, play.story
    story.step("Mara says who shall get it, Ada’s work is merged, and Mara accepts it.")
    world.comment(issue, mara, "/split @ada 100")
    pull = world.propose(garden, ada, {"water.py": "1\n"}, title="Water the beds")
    story.check(garden, pull.head_sha, "success")
    world.merge(pull, mara)
    world.close(issue, mara)
    world.comment(issue, mara, "/accept")
    play.until_said("accepted")
    story.step("Fourteen days for objections pass: it is owed to Ada.")
    play.skip(15 * DAY)
    play.until_said("awarded")
    play.ledger(garden)


def _disputed(play: Stage, garden: Repository) -> None:
    bank, story = play.bank.bank, play.story
    story.step("One who paid disputes it; the bank takes the money back, and a fee.")
    with bank.lock:
        dispute = troubles.disputed(bank, next(one for one in bank.all("charge") if one["paid"]))
    before = _moved(play, garden)
    story.until(lambda: _moved(play, garden) != before, "the dispute is in the books")
    play.ledger(garden)
    story.step("The project wins: the money comes back, the fee stays paid.")
    before = _moved(play, garden)
    with bank.lock:
        troubles.dispute_ends(bank, dispute, won=True)
    story.until(lambda: _moved(play, garden) != before, "the victory is in the books")
    play.ledger(garden)


def _moved(play: Stage, garden: Repository) -> int:
    with play.app.read() as connection:
        found = books.in_book(connection, f"project:{garden.id}")
    return found.get((CASH, "EUR"), 0)


def _signed_in(play: Stage, who: Account) -> Browser:
    browser = Browser()
    asked = browser.get(f"{play.url}/sign-in")
    browser.send(asked, "/login/oauth/authorize", login=who.login)
    return browser
