"""The second story on the screen: people promise, a goal is met, work is paid for and paid out.

After each step the project's ledger is shown: it sums to nothing.
"""

from bot.sandbox import demo_payouts, demo_selling
from bot.sandbox.demo_browser import Browser
from bot.sandbox.demo_stage import DAY, PAYS, Stage
from bot.sandbox.demo_story import Unfulfilled
from bot.sandbox.records import Account, Issue, Repository
from bot.sandbox.seed import CONFIGURATION

FUNDING = """
[roadmap]
on = true
[funding]
suggested = ["5", "20", "50"]
split = { feature = 1 }
"""


def tell(play: Stage) -> None:
    """Play the story; raises `Unfulfilled` where it does not go on."""
    world = play.story.sandbox.world
    people = {name: world.by_login(name) for name in ("mara", "ada", "bo", "chen", "dora")}
    garden = world.find_repository("potluck-sandbox/garden")
    if garden is None or None in people.values():
        raise Unfulfilled("the sandbox has no garden")
    mara, ada, bo, chen, dora = (one for one in people.values() if one)
    issue = _wished(play, garden, mara, ada)
    _promised(play, garden, issue, mara, (bo, chen))
    _worked(play, garden, issue, mara, (ada, dora))
    demo_payouts.tell(play, garden, ada)
    demo_selling.tell(play, garden, mara, CONFIGURATION + FUNDING)


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
    desk = play.signed_in(mara)
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


def _worked(
    play: Stage, garden: Repository, issue: Issue, mara: Account, people: tuple[Account, Account]
) -> None:
    world, story = play.story.sandbox.world, play.story
    ada, dora = people
    story.step("Mara says who shall get it, Ada’s work is merged, and Mara accepts it.")
    world.comment(issue, mara, f"/split @{ada.login} 70 @{dora.login} 30")
    pull = world.propose(garden, ada, {"water.py": "1\n"}, title="Water the beds")
    story.check(garden, pull.head_sha, "success")
    world.merge(pull, mara)
    world.close(issue, mara)
    world.comment(issue, mara, "/accept")
    play.until_said("accepted")
    story.step("Fourteen days for objections pass: it is owed to Ada and Dora.")
    play.skip(15 * DAY)
    play.until_said("awarded")
    play.ledger(garden)
