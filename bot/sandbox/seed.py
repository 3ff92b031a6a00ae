"""The little world that a newcomer finds: an organisation, a garden, and four people."""

from dataclasses import dataclass
from datetime import UTC, datetime

from bot.sandbox import shop
from bot.sandbox.records import Account, Installation, Repository
from bot.sandbox.server import Sandbox
from licensing import drafting

ORGANIZATION = "potluck-sandbox"
JOINED = datetime(2015, 3, 21, 9, 0, tzinfo=UTC)
REPOSITORY = "garden"

README = """\
# Garden

Plans beds, counts days and tells you when to water.

```python
from garden import days_until_harvest

days_until_harvest("tomato")
```

Everybody is welcome to bring something. We ask contributors to sign [our agreement](CLA.md)
once; Potluck does the rest on your pull request.
"""
AGREEMENT = drafting.draft(
    drafting.chosen("cla"),
    {
        "project": "Garden",
        "steward": "the Garden association",
        "licence": shop.LICENCE,
        "law": "Switzerland",
        "place": "Geneva",
        "contact": "hello@garden.example",
    },
).text
CONFIGURATION = """\
# The rules of this repository, read by Potluck from the default branch.
language = "en"

[agreement]
mode = "cla"
document = "CLA.md"
version = "1.0"
"""
ROADMAP = """
[roadmap]
votes_per_person = 3
discussions = "Ideas"

[funding]
split = { feature = 60, builders = 30, project = 10 }
"""
APPEAL = """
[[funding.appeals]]
slug = "frost"
title = "A greenhouse before the frost"
says = "What grows early has to be kept warm."
ends = YEAR-03-31
costs = [{ name = "Glass", amount = "300" }, { name = "Heating", amount = "120" }]

[[funding.memberships]]
slug = "friend"
name = "Friend of the garden"
thanks = "your name on the page of members, if you want"
amount = "5"
least = "2"
"""
CODE = '''\
"""When to harvest what."""

DAYS = {"radish": 28, "lettuce": 55, "tomato": 75}


def days_until_harvest(plant: str) -> int:
    """Give the days from sowing to harvest."""
    return DAYS[plant]
'''
FILES = {
    "README.md": README,
    "CLA.md": AGREEMENT,
    ".github/potluck.toml": CONFIGURATION,
    "garden.py": CODE,
}


@dataclass(frozen=True)
class Garden:
    """What was planted: `mara` maintains, the others contribute, `dependabot` is a bot."""

    organization: Account
    repo: Repository
    installation: Installation
    mara: Account
    ada: Account
    bo: Account
    chen: Account
    dependabot: Account


def seed(sandbox: Sandbox) -> Garden:
    """Make the organisation and its garden, with the App installed on it."""
    world = sandbox.world
    mara = world.by_login("mara") or world.account("mara", name="Mara Lindqvist", id=1901)
    organization = world.organization(ORGANIZATION)
    people = {
        "ada": world.account("ada", name="Ada Park", id=1815, emails=("ada@example.com",)),
        "bo": world.account("bo", name="Bo Ruiz", id=1954, emails=("bo@example.com",)),
        "chen": world.account("chen", name="Chen Wei", id=1978, emails=("chen@example.com",)),
        "dependabot": world.account("dependabot[bot]", "Bot", id=49_699_333),
    }
    for who in (mara, *people.values()):
        # Nobody comes to a garden on the day on which they were born.
        who.created_at = JOINED
    repo = world.repository(organization, REPOSITORY, files=FILES)
    world.collaborate(repo, mara, "admin")
    installation = world.install(repo, by=mara)
    return Garden(organization, repo, installation, mara, **people)


def wishes(sandbox: Sandbox, garden: Garden) -> None:
    """Open roadmap and shop, with a few requests and votes as people would have left them."""
    world, repo = sandbox.world, garden.repo
    appeal = APPEAL.replace("YEAR", str(world.clock().year + 1))
    rules = CONFIGURATION + ROADMAP + appeal + shop.rules(garden.mara)
    files = {".github/potluck.toml": rules, "COMMERCIAL.md": shop.TERMS}
    message = "Open the roadmap and a shop"
    world.commit(repo, "main", message=message, author=garden.mara, files=files)
    world.push(repo, "main", garden.mara)
    world.publish_release(repo, garden.mara, "v1.0")
    for author, title, body, voters in (
        (garden.bo, "Tell me when frost is near", "My tomatoes froze twice.", "ada chen mara"),
        (garden.chen, "Print a plan of the beds", "To pin it on the shed.", "ada"),
        (garden.mara, "Days until harvest for beans", "", "bo chen"),
    ):
        issue = world.open_issue(repo, author, title, body, labels=["request"])
        for login in voters.split():
            world.react(issue, getattr(garden, login))
        if issue.author is not garden.chen:
            # A plan can be printed at any time of the year.
            world.set_milestone(issue, garden.mara, "Before the first frost")
