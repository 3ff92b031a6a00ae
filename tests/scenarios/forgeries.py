"""Forged commits: whatever somebody can write into a commit to pass for somebody else."""

from bot.sandbox.records import NOREPLY
from tests.house import House
from tests.scenarios.agreement import Made, hidden, set_rules, sign

STRANGE = ("Carol", "carol@nowhere.example")
GITHUB = ("GitHub", "noreply@github.com")
RULES = ('exempt_bots = ["dependabot[bot]"]', "exempt_users = [4711]")
Attempts = dict[str, tuple[Made, ...]]


class Cast:
    """The people of the play, after everybody honest has signed."""

    def __init__(self, house: House) -> None:
        world = house.world
        self.house = house
        self.mara = house.garden.mara
        self.dependabot = house.garden.dependabot
        self.mallory = world.account("mallory", emails=("mallory@example.com",))
        self.carol = world.account("carol", emails=("carol@example.com",))
        self.helper = world.account("helper", "Bot", id=4711)
        self.namesake = world.account("dependabot")
        set_rules(house, *RULES)
        house.settle()
        sign(house, self.mallory, self.mara)


def authors(cast: Cast) -> Attempts:
    """Authors who are not who they say."""
    mara = cast.mara
    by_mallory = {"author": cast.mallory}
    return {
        "a signer's login as name": ({"author": ("mara", "x@y.example")},),
        "a signer's full name": ({"author": (mara.name, "x@y.example")},),
        "her own name": (by_mallory, {"author": ("mallory", "x@y.example")}),
        "committed by a signer": ({"author": STRANGE, "committer": mara},),
        "committed by herself": ({"author": STRANGE, "committer": cast.mallory},),
        "verified by a signer": ({"author": STRANGE, "committer": mara, "verified": True},),
        "committed by GitHub": ({"author": STRANGE, "committer": GITHUB},),
        "verified by GitHub": (
            {
                "author": STRANGE,
                "committer": GITHUB,
                "verified": True,
            },
        ),
        "authored by GitHub": ({"author": GITHUB},),
        "an unsigned person with a signer's login": ({"author": hidden(cast.carol, "mara")},),
        "another host behind": ({"author": ("mara", f"{mara.id}+mara@{NOREPLY}.evil.example")},),
        "another host before": ({"author": ("mara", f"{mara.id}+mara@evil.{NOREPLY}")},),
        "no address": ({"author": ("mara", "")},),
        "only an at sign": ({"author": ("mara", "@")},),
        "a number for an address": ({"author": ("mara", str(mara.id))},),
        "an unsigned author among signed ones": (
            by_mallory,
            {"author": cast.carol},
            by_mallory,
        ),
    }


def bots(cast: Cast) -> Attempts:
    """Commits that say that a bot made them."""
    bot = cast.dependabot
    return {
        "a bot's name": ({"author": ("dependabot[bot]", "x@y.example")},),
        "a bot's address": ({"author": hidden(bot)},),
        "a bot's number with another login": ({"author": hidden(bot, "carol")},),
        "a bot's address in the old form": ({"author": (bot.login, f"{bot.login}@{NOREPLY}")},),
        "a bot's address, verified by herself": (
            {"author": hidden(bot), "committer": cast.mallory, "verified": True},
        ),
        "a bot's address, committed by GitHub without proof": (
            {"author": hidden(bot), "committer": GITHUB},
        ),
        "a bot as committer without proof": ({"author": STRANGE, "committer": bot},),
        "a bot's address, verified by GitHub": (
            {"author": hidden(bot), "committer": GITHUB, "verified": True},
        ),
        "a bot that exists nowhere": (
            {"author": ("github-actions[bot]", f"41898282+github-actions[bot]@{NOREPLY}")},
        ),
        "a listed bot without the suffix": ({"author": hidden(cast.helper)},),
        "a person called like a bot": ({"author": hidden(cast.namesake)},),
    }


def co_authors(cast: Cast) -> Attempts:
    """Co-authors who are hidden, or somebody else."""
    mara = cast.mara
    by_mallory = {"author": cast.mallory}
    return {
        "a co-author on a host that only looks alike": (
            by_mallory | {"co_authors": (("mara", f"{mara.id}+mara@users.noreply.gıthub.com"),)},
        ),
        "a co-author in digits of another script": (
            by_mallory | {"co_authors": (("mara", f"١٩٠١+mara@{NOREPLY}"),)},
        ),
        "an unsigned co-author": (by_mallory | {"co_authors": (hidden(cast.carol),)},),
        "an unsigned co-author with a signer's login": (
            by_mallory | {"co_authors": (hidden(cast.carol, "mara"),)},
        ),
        "an unsigned co-author with a bot's login": (
            by_mallory | {"co_authors": (hidden(cast.carol, "dependabot[bot]"),)},
        ),
        "a co-author whom nobody knows": (by_mallory | {"co_authors": (STRANGE,)},),
        "a co-author with a signer's name": (
            by_mallory | {"co_authors": (("mara", "x@y.example"),)},
        ),
        "a co-author with the old form of address": (
            by_mallory | {"co_authors": (("mara", f"mara@{NOREPLY}"),)},
        ),
        "a co-author on another host": (
            by_mallory | {"co_authors": (("mara", f"{mara.id}+mara@{NOREPLY}.evil.example"),)},
        ),
        "a co-author with a leading zero": (
            by_mallory | {"co_authors": (("mara", f"0{mara.id}+mara@{NOREPLY}"),)},
        ),
    }


def trailers(cast: Cast) -> Attempts:
    """Co-authors in lines that are hard to read."""
    by_mallory = {"author": cast.mallory}
    return {
        "a co-author without an address": (
            by_mallory | {"message": "Change\n\nCo-authored-by: mara"},
        ),
        "two co-authors on one line": (
            by_mallory
            | {"message": "Change\n\nCo-authored-by: mara <mara@x>, Carol <carol@example.com>"},
        ),
        "a co-author in capitals and CRLF": (
            by_mallory
            | {
                "message": "Change\r\n\r\nCO-AUTHORED-BY: C <{1}>\r\n".replace(
                    "{1}", hidden(cast.carol)[1]
                )
            },
        ),
        "a co-author in the middle": (
            by_mallory
            | {"message": f"* a\n\nCo-authored-by: C <{hidden(cast.carol)[1]}>\n\n* b\n\nEnd."},
        ),
    }
