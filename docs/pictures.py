"""Make the pictures of the README and the guides: `python -m docs.pictures`, or `make screenshots`.

With names, `python -m docs.pictures figures changelog`, only those are made.

They are taken of the real thing: the service, with a sandbox GitHub in which a small story was
played, in the headless browser that the tests use. Headings look as in the committed pictures
where the URW fonts are installed (Debian: fonts-urw-base35).
"""

import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, sync_playwright

from bot import running
from bot.migrate import migrate
from bot.sandbox.seed import wishes
from core.config import load
from tests.bank import BankHouse
from tests.browser.conftest import ARGUMENTS
from tests.browser.site import make, served
from tests.browser.tab import SIZES
from tests.house import House
from tests.prepare import browser as installed_browser
from tests.scenarios.pledges.promising import promise
from tests.scenarios.selling import RULES, buy, open_shop
from tests.scenarios.selling.test_sharing import SHARING, credit, share
from tests.visitor import Visitor

FOLDER = Path(__file__).parent / "pictures"
PULLS = 2
"""The pull requests of the story come before its requests."""

BELOW = {"pull-request": 140, "request": 420, "milestone": 300}
"""So many pixels below the first screen are seen: the check, what people say, the requests."""

SANDBOX = {"POTLUCK_SANDBOX_URL": "http://127.0.0.1:9"}


def main() -> int:
    """Take every picture at the sizes of a phone and of a desktop; says which."""
    path = installed_browser()
    if path is None:
        print("No Chromium was found; install the package `chromium`.", file=sys.stderr)
        return 1
    FOLDER.mkdir(exist_ok=True)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        browser = stack.enter_context(sync_playwright()).chromium.launch(
            executable_path=path, args=ARGUMENTS
        )
        stack.callback(browser.close)
        site = stack.enter_context(served(make(folder / "site", SANDBOX)))
        house = stack.enter_context(played(folder / "house"))
        garden = f"/{house.garden.repo.full_name}"
        for name, address in (
            ("home", f"{site}/"),
            ("setup", f"{site}/setup"),
            ("styleguide", f"{site}/styleguide"),
            ("project", f"{house.url}{garden}/"),
            ("cla", f"{house.url}{garden}/cla"),
            ("requests", f"{house.url}{garden}/requests"),
            ("request", f"{house.url}{garden}/requests/{PULLS + 1}"),
            ("roadmap", f"{house.url}{garden}/roadmap"),
            ("fund", f"{house.url}{garden}/fund?request={PULLS + 1}"),
            ("pull-request", f"{house.sandbox.web_url}{garden}/pull/1"),
        ):
            both(browser, name, address, more=BELOW.get(name, 0))
        signed_in(browser, house)
        agreed(browser, house)
        later(browser, house)
        selling(browser, house)
    return 0


def signed_in(browser: Browser, house: House) -> None:
    """Take the pictures of pages that somebody sees who is signed in."""
    with Visitor(house) as bo:
        bo.sign_in(house.garden.bo)
        cookies = cookies_of(bo)
    for name, place in (("sign", f"/{house.garden.repo.full_name}/cla/sign"), ("you", "/you")):
        both(browser, name, f"{house.url}{place}", cookies=cookies)


def agreed(browser: Browser, house: House) -> None:
    """Take the pictures of what maintainers see of signatures, and of a company's own page."""
    garden, people = f"/{house.garden.repo.full_name}", house.garden
    house.world.add_email(people.bo, "bo@bar.com")
    with Visitor(house) as bo, Visitor(house) as mara:
        page = bo.sign_in(people.bo, addresses=True, after=f"{garden}/cla/company")
        given = {"address": "bo@bar.com", "name": "Bar Ltd", "authority": "yes", "agree": "yes"}
        here = bo.fill_in(page, given, form="company").url.path
        for rule, who in (("person", "ada"), ("domain", "bar.com")):
            bo.submit(here, {"rule": rule, "who": who}, form="add")
        both(browser, "company", f"{house.url}{here}", cookies=cookies_of(bo))
        mara.sign_in(people.mara)
        for name, place in (("signers", "signers"), ("waiting", "pull-requests")):
            address = f"{house.url}{garden}/maintain/{place}"
            # What is looked for stands below the tabs.
            both(browser, name, address, more=420, cookies=cookies_of(mara))


def cookies_of(somebody: Visitor) -> list[tuple[str, str]]:
    """Give the cookies of somebody's session, for a browser."""
    return [(one.name, str(one.value)) for one in somebody.http.cookies.jar]


def later(browser: Browser, house: BankHouse) -> None:
    """Take the pictures of what becomes of requests."""
    went_on(house)
    planned(house)
    for name, place in (
        ("board", "/roadmap"),
        ("figures", "/roadmap/figures"),
        ("calls", "/calls"),
        ("intent", f"/requests/{PULLS + 1}/intent"),
        ("why", f"/requests/{PULLS + 2}/why"),
        ("changelog", "/changelog"),
        ("contributors", "/contributors"),
        ("milestone", "/milestones/1"),
    ):
        address = f"{house.url}/{house.garden.repo.full_name}{place}"
        both(browser, name, address, more=BELOW.get(name, 0))


def selling(browser: Browser, house: BankHouse) -> None:
    """Take the pictures of buying a licence, of what was bought, and of who shares in it."""
    open_shop(house, RULES.replace("[[selling.products]]", f"{SHARING}\n[[selling.products]]", 1))
    people, mara = house.garden, house.garden.mara.id
    for who, kind, thread in ((people.ada, "code", "pull/1"), (people.bo, "doc", "pull/2")):
        credit(house, who.id, kind, thread, mara)
    garden = f"/{house.garden.repo.full_name}"
    both(browser, "buy", f"{house.url}{garden}/buy/pro")
    with Visitor(house) as acme:
        both(browser, "bought", house.url + urlsplit(buy(house, acme, seats="3")).path)
    share(house, 75)
    both(browser, "sharing", f"{house.url}{garden}/sharing")


def both(
    browser: Browser,
    name: str,
    address: str,
    more: int = 0,
    cookies: Sequence[tuple[str, str]] = (),
) -> None:
    """Take a picture at the size of a phone and of a desktop, if it is wanted."""
    if name in (sys.argv[1:] or [name]):
        for size in ("phone", "desktop"):
            take(browser, address, size, FOLDER / f"{name}-{size}.png", more, cookies)


@contextmanager
def played(folder: Path) -> Iterator[BankHouse]:
    """Open a house in which two people wrote and signed a pull request, and a third has yet to sign."""
    folder.mkdir()
    urls = (f"sqlite:///{folder}/potluck.db", f"sqlite:///{folder}/inbox.db")
    migrate(load({"DATABASE_URL": urls[0], "POTLUCK_VAR": str(folder)}))
    running.register_handlers()
    with BankHouse.open(urls, folder) as house:
        house.connect()
        ada, chen = house.garden.ada, house.garden.chen
        files = {"seeds.md": "# Seeds\n"}
        pull = house.propose(ada, files=files, title="List the seeds", co_authors=[chen])
        house.settle()
        for person in (ada, chen):
            house.world.comment(pull, person, "/sign")
            house.settle()
        house.propose(house.garden.bo, title="Say when to water")
        wishes(house.sandbox, house.garden)
        house.settle()
        house.tick("sweep_votes")
        house.settle()
        steered(house)
        yield house


def steered(house: House) -> None:
    """Let the maintainer move two requests on the board, each with a reason."""
    numbers = {"/move planned because winter is near": 1, "/move in_progress": 3}
    for words, number in numbers.items():
        thread = house.garden.repo.threads[number + PULLS]
        house.world.comment(thread, house.garden.mara, words)
        house.settle()


def went_on(house: House) -> None:
    """Let offers be made for one request, another one ship and be answered, and people be credited."""
    garden, threads = house.garden, house.garden.repo.threads
    frost, plan = threads[PULLS + 1], threads[PULLS + 2]
    call = "/intend\nneed: A word the evening before\ntest: I am told by eight when it freezes"
    for thread, who, words in (
        (frost, garden.bo, f"{call}\nbudget: 200-400 EUR\nuntil: 14d"),
        (frost, garden.chen, "/bid 280 EUR 8d read the forecast each evening, with tests"),
        (frost, garden.ada, "/bid 350 EUR 5d the same, and a page that shows the last nights"),
        (plan, garden.mara, "/move in_progress because Ada draws it"),
        (plan, garden.mara, "/credit @ada for design, code and @bo for user testing, docs"),
        (plan, garden.mara, "/move shipped because it hangs on the shed"),
        (plan, garden.ada, "/works yes it is on our wall"),
    ):
        house.advance(timedelta(hours=7))
        house.world.comment(thread, who, words)
        house.settle()


def planned(house: BankHouse) -> None:
    """Put what has shipped into the milestone too, and let two people promise for it."""
    garden, threads = house.garden, house.garden.repo.threads
    (made,) = house.world.milestones_of(garden.repo)
    house.world.set_milestone(threads[PULLS + 2], garden.mara, made.title)
    house.settle()
    for amount in ("60", "25"):
        promise(house, threads[PULLS + 1], amount, milestone=made.number)


def take(
    browser: Browser,
    address: str,
    size: str,
    file: Path,
    more: int = 0,
    cookies: Sequence[tuple[str, str]] = (),
) -> None:
    """Take one picture of the first screen, and of `more` pixels below it."""
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height + more}, locale="en")
    for name, value in cookies:
        context.add_cookies([{"name": name, "value": value, "url": address}])
    page = context.new_page()
    page.goto(address)
    page.screenshot(path=file)
    context.close()
    print(file.relative_to(Path.cwd()))


if __name__ == "__main__":
    sys.exit(main())
