"""Scenarios of promises for one offer and for a milestone, whose events are told in every order."""

from datetime import timedelta
from pathlib import Path

from bot.sandbox.stripe import troubles
from tests.bank import PAYS, BankHouse
from tests.orders.scenes import DAY, Scene, begin_unheard, newest, say_without_money
from tests.orders.telling import Recording, recorded
from tests.scenarios.asking import say
from tests.scenarios.giving.test_gifts import DISPUTES
from tests.scenarios.pledges.promising import ASKS, campaign, garden, promise

CALL = "/intend\nneed: water\ntest: it runs\nuntil: 1d"


def the_chosen_offer_is_charged(house: BankHouse, folder: Path) -> Recording:
    """Two cards stand for two offers and one for the request: two are charged, and one is disputed."""
    issue, people = garden(house), house.garden
    say(house, issue, people.ada, CALL)
    for who in (people.bo, people.chen):
        say(house, issue, who, "/bid 80 EUR 8d a clock and a valve")
    promise(house, issue, "50", DISPUTES, offer=people.bo)
    promise(house, issue, "40", offer=people.chen)
    promise(house, issue, "10")
    house.advance(DAY + timedelta(minutes=5))
    house.tick("sweep_intents")
    house.settle()
    say(house, issue, people.mara, f"/choose @{people.bo.login}")
    say_without_money(house, lambda: house.world.comment(issue, people.mara, "/accept"))
    heard = begin_unheard(house)
    house.bank.bank.turn()
    troubles.dispute_ends(house.bank.bank, newest(house, "dispute"), won=True)
    return recorded(house, heard, folder)


def a_milestone_collects(house: BankHouse, folder: Path) -> Recording:
    """A milestone's campaign is at its goal: two cards are charged, and one asks for its holder."""
    issue, mara = garden(house), house.garden.mara
    house.world.open_milestone(house.garden.repo, mara, "Version 2")
    house.world.set_milestone(issue, mara, "Version 2")
    house.settle()
    campaign(house, issue, "80", 5, milestone=1)
    for amount, card in (("60", PAYS), ("30", PAYS), ("25", ASKS)):
        promise(house, issue, amount, card, milestone=1)
    house.advance(5 * DAY)
    house.tick("sweep_pledges")
    say_without_money(house, lambda: None)
    heard = begin_unheard(house)
    return recorded(house, heard, folder)


SCENES: dict[str, Scene] = {
    one.__name__.replace("_", "-"): one
    for one in (the_chosen_offer_is_charged, a_milestone_collects)
}
"""Each by its name."""
