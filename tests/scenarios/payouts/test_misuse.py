"""Those who want more than their part, and news that comes late: nobody is paid for it."""

from bot.sandbox.records import Account
from bot.sandbox.stripe import troubles
from donations.payouts import shares
from tests.bank import BankHouse
from tests.scenarios.asking import say
from tests.scenarios.intents.calling import DAY
from tests.scenarios.payouts.paying import (
    accept,
    account_of,
    balances,
    join,
    merge,
    press,
    states,
    sweep,
    transfers,
)
from tests.scenarios.pledges.promising import deeds, garden, pass_time, promise


def test_words_put_into_a_merged_pull_request_afterwards_neither_pay_nor_revert(
    bank_house: BankHouse,
) -> None:
    house, world = bank_house, bank_house.world
    issue, ada, chen = garden(house), house.garden.ada, house.garden.chen
    promise(house, issue, "30")
    theirs = merge(house, chen, issue)
    other = merge(house, ada, issue, "Some other work")
    for words in (f"Closes #{issue.number}", f"Reverts #{theirs.number}"):
        other.body = words
        world.edit_title(other, ada, "Work, and more")
        house.settle()
    accept(house, issue)
    assert states(house, issue) == {chen.id: "owed"}
    assert "reverted" not in deeds(house, issue)


def test_what_went_back_before_the_award_and_is_heard_of_after_it_is_borne_once(
    bank_house: BankHouse,
) -> None:
    house, bank = bank_house, bank_house.bank.bank
    issue, ada = garden(house), house.garden.ada
    say(house, issue, house.garden.mara, f"/split @{ada.login} 1")
    promise(house, issue, "30")
    house.world.close(issue, house.garden.mara)
    say(house, issue, house.garden.mara, "/accept")
    charge = next(bank.all("charge"))
    house.bank.hooks.lose(times=2)
    troubles.refunded(bank, charge, 1000, {})
    late = bank.events[-2]
    pass_time(house, 14 * DAY)
    assert left_to(house, ada) == 2930
    house.bank.hooks.again(late)
    house.settle()
    pass_time(house, DAY)
    # Of the 30, 0.70 were a fee, which is not theirs to bear.
    assert left_to(house, ada) == 2930 - 977


def left_to(house: BankHouse, who: Account) -> int:
    with house.app.read() as connection:
        return sum(one.standing.left for one in shares.of_person(connection, who.id))


def test_a_share_that_is_declined_while_a_payment_is_disputed_is_clawed_back_all_the_same(
    bank_house: BankHouse,
) -> None:
    house, bank = bank_house, bank_house.bank.bank
    issue, ada, chen = garden(house), house.garden.ada, house.garden.chen
    say(house, issue, house.garden.mara, f"/split @{ada.login} 1 @{chen.login} 1")
    promise(house, issue, "30")
    accept(house, issue)
    made = troubles.disputed(bank, next(bank.all("charge")))
    house.settle()
    press(house, ada, "decline")
    troubles.dispute_ends(bank, made, won=False)
    house.settle()
    pass_time(house, DAY)
    join(house, chen)
    sweep(house)
    assert transfers(house) == []
    assert account_of(chen) not in balances(house)
