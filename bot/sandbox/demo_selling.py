"""The last story on the screen: a release that may be sold is sold, and what it brought is shared."""

from datetime import timedelta

from bot.audit import certificates, stated
from bot.audit.stated import Stated
from bot.sandbox import shop
from bot.sandbox.demo_browser import Browser
from bot.sandbox.demo_stage import PAYS, Stage
from bot.sandbox.records import Account, Repository
from licensing.audit.targets import COMMERCIAL

LONGEST_WAIT = timedelta(days=125)
"""A quarter ends within 92 days, and is shared a month after that."""


def tell(play: Stage, garden: Repository, mara: Account, rules: str) -> None:
    """Open a shop and play on; raises `Unfulfilled` where it does not go on."""
    _opened(play, garden, mara, rules)
    _bought(play, garden)
    _shared(play, garden)


def _opened(play: Stage, garden: Repository, mara: Account, rules: str) -> None:
    story, world = play.story, play.story.sandbox.world
    story.step(
        "Mara says whose the first lines are, signs too, opens a shop, and releases a version."
    )
    files = {
        ".github/potluck.toml": rules + shop.rules(mara),
        "COMMERCIAL.md": shop.TERMS,
    }
    _say_whose(play, garden, mara)
    pull = world.propose(garden, mara, files, title="Sell licences")
    world.comment(pull, mara, "/sign")
    story.check(garden, pull.head_sha, "success")
    world.merge(pull, mara)
    world.publish_release(garden, mara, "v1.0")
    commit = garden.tags["v1.0"]
    play.tick("share_income")
    story.until(lambda: _is_certified(play, garden, commit), "the release may be sold")
    print(
        f"    Every line of {commit[:7]} was looked at: it may be sold, and there is a certificate."
    )


def _say_whose(play: Stage, garden: Repository, mara: Account) -> None:
    owners = "".join(f"[[owner]]\nperson = {one}\n" for one in (mara.id, garden.owner.id))
    files = {"audit.toml": f'[[licence]]\nid = "{shop.LICENCE}"\n{owners}'.encode()}
    now = play.days()
    act = Stated(mara.id, "It is written in the association’s minutes.", "", now, files)
    with play.app.write() as connection:
        stated.record(connection, garden.id, act, now)


def _is_certified(play: Stage, garden: Repository, commit: str) -> bool:
    with play.app.read() as connection:
        return certificates.fresh(connection, garden.id, commit, COMMERCIAL) is not None


def _bought(play: Stage, garden: Repository) -> None:
    story = play.story
    story.step("Acme buys a licence of it.")
    buyer = Browser()
    form = buyer.get(f"{play.url}/{garden.full_name}/buy/pro")
    bank = buyer.send(form, "buy", licensee="Acme Ltd", accept="yes")
    left = {"email": "x@example.org", "name": "Acme Ltd", "card": PAYS, "by": "card"}
    page = buyer.post(bank.url, bank.url, left | {"bank": "seen"})
    sold = f"licences:{garden.id}"
    story.until(lambda: (sold, "EUR") in play.sums(garden), "the price is in the books")
    story.until(lambda: "Here is your licence" in buyer.get(page.url).text, "Acme has a licence")
    print("    Acme has a signed licence, which anybody can check without us.")
    play.ledger(garden)


def _shared(play: Stage, garden: Repository) -> None:
    play.story.step("The quarter ends: what the licence brought is shared by the rule of before.")
    play.skip(LONGEST_WAIT, "share_income")
    sold = f"licences:{garden.id}"
    play.story.until(lambda: (sold, "EUR") not in play.sums(garden), "the quarter is shared")
    play.story.until(lambda: play.is_with_the_bank(garden), "what was sent is in the books")
    play.ledger(garden)
