"""Two at once, and deaths at the seams: one transfer, and of a click and the cashier one wins."""

from threading import Barrier, Thread

from bot.payouts import sending
from bot.sandbox import failures
from bot.sandbox.stripe import troubles
from core.queue import Claim
from donations.calls import queue
from tests.bank import BankHouse
from tests.scenarios.asking import say
from tests.scenarios.intents.calling import DAY
from tests.scenarios.payouts.paying import (
    accept,
    account_of,
    balances,
    join,
    press,
    standing,
    states,
    sweep,
    transfers,
)
from tests.scenarios.pledges.promising import garden, promise
from tests.scenarios.pledges.test_races import context


def test_two_workers_and_a_death_between_transfer_and_commit_make_one_transfer(
    bank_house: BankHouse,
) -> None:
    house, ada = bank_house, bank_house.garden.ada
    issue = garden(house)
    say(house, issue, house.garden.mara, f"/split @{ada.login} 100")
    promise(house, issue, "30")
    accept(house, issue)
    troubles.warned(house.bank.bank, next(house.bank.bank.all("charge")))
    house.settle()
    join(house, ada)
    sweep(house, DAY)
    assert transfers(house) == []
    house.advance(30 * DAY)
    share = standing(house, issue)[ada.id].id
    both = Barrier(2 if "postgresql" in house.app.url else 1)

    def settle() -> None:
        with house.app.write() as connection:
            both.wait(timeout=20)
            sending.settle(context(house), share, connection)

    threads = [Thread(target=settle) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(timeout=30)
    house.bank.fail("POST", "/v1/transfers$", failures.reset_after())
    house.cashier.step()
    house.restart()
    house.settle()
    assert [one["amount"] for one in transfers(house)] == [2930]
    assert states(house, issue) == {ada.id: "sent"}
    assert account_of(ada) not in balances(house)


def test_of_a_click_and_the_cashier_one_wins(bank_house: BankHouse) -> None:
    house, ada, chen = bank_house, bank_house.garden.ada, bank_house.garden.chen
    issue = garden(house)
    say(house, issue, house.garden.mara, f"/split @{ada.login} 1 @{chen.login} 1")
    promise(house, issue, "30")
    for one in (ada, chen):
        join(house, one)
    accept(house, issue, sweeping=False)
    with house.app.write() as connection:
        for one in standing(house, issue).values():
            sending.settle(context(house), one.id, connection)
    with house.app.write() as connection:
        claimed: list[Claim] = queue.claim(connection, "another", house.now, 1)
    assert len(claimed) == 1
    outcomes = {press(house, one, "give", settle=False) for one in (ada, chen)}
    assert outcomes == {303, 409}
    house.settle()
    (sent,) = transfers(house)
    assert sorted(states(house, issue).values()) == ["over", "sent"]
    assert balances(house)[f"project:{house.garden.repo.id}"] == 2930 - sent["amount"]
