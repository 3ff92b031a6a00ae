"""Ends that are no closing: private, a discussion, gone to others, the same as another, taken back out."""

from datetime import timedelta

from bot.sandbox.seed import CONFIGURATION
from bot.sandbox.stripe import troubles
from donations.ledger import CASH
from tests.bank import BankHouse
from tests.scenarios.agreement import push_files
from tests.scenarios.asking import RULES, ask, say
from tests.scenarios.intents.calling import DAY, answer
from tests.scenarios.pledges.promising import (
    FUNDING,
    GARDEN,
    campaign,
    garden,
    give,
    ledger,
    node,
    page,
    pass_time,
    press,
    promise,
    states,
    taken,
)

ALL = "split = { feature = 1 }\n"


def test_a_project_that_is_made_private_keeps_its_word_and_so_may_its_givers(
    bank_house: BankHouse,
) -> None:
    issue, garden_ = garden(bank_house, ALL), bank_house.garden
    given = give(bank_house, issue, "10")
    stays, leaves = (promise(bank_house, issue, amount) for amount in ("20", "30"))
    bank_house.world.set_private(garden_.repo, private=True)
    pass_time(bank_house, 3 * DAY)
    seen = page(bank_house, leaves)
    assert "not public any more" in seen
    assert "garden" not in seen
    assert press(bank_house, leaves, "withdraw").status_code == 303
    assert press(bank_house, given, "back").status_code == 303
    bank_house.settle()
    assert states(bank_house, issue) == ["given_back", "saved", "over"]
    say(bank_house, issue, garden_.mara, "/accept")
    assert "the work is accepted" in answer(issue, garden_.mara)
    assert states(bank_house, issue) == ["given_back", "paid", "over"]
    assert "withdraw" not in page(bank_house, stays)
    assert f"request:{node(bank_house, issue)}" in ledger(bank_house)


def test_an_issue_that_becomes_a_discussion_takes_its_promises_along(
    bank_house: BankHouse,
) -> None:
    issue, garden_ = garden(bank_house, ALL), bank_house.garden
    promise(bank_house, issue, "20")
    bank_house.advance(timedelta(hours=1))
    campaign(bank_house, issue, "50", 4)
    promise(bank_house, issue, "60")
    about = node(bank_house, issue)
    into = bank_house.world.convert_issue(issue, garden_.mara, "Chat")
    bank_house.settle()
    assert node(bank_house, into) == about
    pass_time(bank_house, 4 * DAY)
    pass_time(bank_house, DAY)
    assert taken(bank_house) == [6000]
    bank_house.world.say_in_discussion(into, garden_.mara, "/accept")
    bank_house.settle()
    pass_time(bank_house, DAY)
    assert sorted(taken(bank_house)) == [2000, 6000]
    assert states(bank_house, into) == ["paid", "paid"]


def test_what_is_transferred_to_where_we_are_not_is_given_back_in_time(
    bank_house: BankHouse,
) -> None:
    issue, garden_, world = garden(bank_house, ALL), bank_house.garden, bank_house.world
    give(bank_house, issue, "10")
    promise(bank_house, issue, "20")
    other = world.repository(garden_.bo, "orchard")
    world.transfer_issue(issue, other, garden_.mara)
    bank_house.settle()
    pass_time(bank_house, 13 * DAY)
    assert states_of_all(bank_house) == ["paid", "saved"]
    pass_time(bank_house, DAY)
    pass_time(bank_house, DAY)
    assert states_of_all(bank_house) == ["given_back", "over"]
    assert taken(bank_house) == [1000]


def states_of_all(house: BankHouse) -> list[str]:
    """Give how each gift of the garden stands, in order."""
    from donations.giving import store as gifts

    with house.app.read() as connection:
        found = [gifts.by_name(connection, f"gift:{number}") for number in (1, 2)]
        return [gifts.standing(connection, one).state for one in found if one is not None]


def test_what_is_the_same_as_another_waits_the_days_for_objections_and_goes_back(
    bank_house: BankHouse,
) -> None:
    issue, garden_ = garden(bank_house, ALL), bank_house.garden
    stays = give(bank_house, issue, "10")
    give(bank_house, issue, "15")
    saved = promise(bank_house, issue, "20")
    other = ask(bank_house, garden_.ada, "Water all beds")
    say(bank_house, issue, garden_.mara, f"/duplicate #{other.number}")
    pass_time(bank_house, 5 * DAY)
    say(bank_house, issue, garden_.mara, "/unduplicate")
    pass_time(bank_house, 20 * DAY)
    assert states(bank_house, issue) == ["paid", "paid", "saved"]
    say(bank_house, issue, garden_.mara, f"/duplicate #{other.number}")
    assert "built instead" in page(bank_house, f"{GARDEN}/pledge?request={issue.number}")
    say(bank_house, issue, garden_.mara, "/accept")
    assert "the same as another request" in answer(issue, garden_.mara)
    assert press(bank_house, stays, "leave").status_code == 303
    pass_time(bank_house, 13 * DAY)
    assert states(bank_house, issue) == ["paid", "paid", "saved"]
    pass_time(bank_house, DAY)
    pass_time(bank_house, DAY)
    assert states(bank_house, issue) == ["paid", "given_back", "over"]
    assert "This promise is over" in page(bank_house, saved)
    sums = ledger(bank_house)
    assert sums[f"project:{garden_.repo.id}"] == -sums[CASH]


def test_work_that_is_merged_and_taken_back_out_charges_nobody_unless_it_is_accepted(
    bank_house: BankHouse,
) -> None:
    issue, garden_ = garden(bank_house, ALL), bank_house.garden
    push_files(bank_house, {RULES: CONFIGURATION + FUNDING + ALL + "[agreement]\nmode = 'off'\n"})
    promise(bank_house, issue, "20")
    world = bank_house.world
    pull = bank_house.propose(garden_.ada, title=f"Water, closes #{issue.number}")
    bank_house.settle()
    world.merge(pull, garden_.mara)
    bank_house.settle()
    revert = bank_house.propose(garden_.mara, title=f'Revert "{pull.title}"')
    bank_house.settle()
    world.merge(revert, garden_.mara)
    pass_time(bank_house, 20 * DAY)
    assert taken(bank_house) == []
    assert states(bank_house, issue) == ["saved"]
    pass_time(bank_house, 345 * DAY + timedelta(hours=2))
    pass_time(bank_house, DAY)
    assert states(bank_house, issue) == ["over"]


def test_what_went_back_at_the_dashboard_is_not_given_back_again_at_the_projects_cost(
    bank_house: BankHouse,
) -> None:
    issue = garden(bank_house, "split = { feature = 50, project = 50 }\n")
    give(bank_house, issue, "10")
    bank = bank_house.bank.bank
    troubles.refunded(bank, next(bank.all("charge")), 300, {})
    bank_house.settle()
    bank_house.world.delete_issue(issue, bank_house.garden.mara)
    bank_house.settle()
    for _day in range(2):
        pass_time(bank_house, DAY)
    # Of the seven that were left, half was for the request.
    assert sorted(one["amount"] for one in bank.all("refund")) == [300, 350]
