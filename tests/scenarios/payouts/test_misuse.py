"""Those who want more than their part, and news that comes late: nobody is paid for it."""

from sqlalchemy import insert

from bot.awards import deciding
from bot.payouts import sending
from bot.sandbox.records import Account
from bot.sandbox.stripe import payouts, troubles
from core.money import Money
from donations import calls
from donations.asked import TakeBack
from donations.payouts import shares, splits, store
from donations.payouts.rules import Split
from donations.payouts.store import Owing
from donations.payouts.tables import debt
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
    reversals,
    standing,
    states,
    sweep,
    transfers,
)
from tests.scenarios.pledges.promising import deeds, garden, node, pass_time, promise
from tests.scenarios.pledges.test_races import context


def test_words_put_into_a_merged_pull_request_afterwards_neither_pay_nor_revert(
    bank_house: BankHouse,
) -> None:
    house, world = bank_house, bank_house.world
    issue, ada, chen = garden(house), house.garden.ada, house.garden.chen
    promise(house, issue, "30")
    theirs = merge(house, chen, issue)
    other = merge(house, ada, issue, f"Reverts #{theirs.number + 2}")  # It is not there yet.
    for words in (f"Closes #{issue.number}", f"Reverts #{theirs.number}"):
        other.body = words
        world.edit_title(other, ada, "Work, and more")
        house.settle()
    house.world.close(issue, house.garden.mara)
    say(house, issue, house.garden.mara, "/accept")
    assert merge(house, ada, issue).number == theirs.number + 2
    pass_time(house, DAY)
    # Accepted again, with others' work merged since: no days begin anew, and nobody else shares.
    say(house, issue, house.garden.mara, "/accept")
    pass_time(house, 12 * DAY)
    assert states(house, issue) == {}
    pass_time(house, DAY)
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
    # What they would have, had it been known: when it happened counts, not when it was heard of.
    assert left_to(house, ada) == 2930 - 1000


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


def test_what_waits_to_be_sent_when_a_dispute_comes_is_held_back(bank_house: BankHouse) -> None:
    house, ada = bank_house, bank_house.garden.ada
    issue = garden(house)
    say(house, issue, house.garden.mara, f"/split @{ada.login} 1")
    promise(house, issue, "30")
    join(house, ada)
    accept(house, issue, sweeping=False)
    with house.app.write() as connection:
        for one in standing(house, issue).values():
            sending.settle(context(house), one.id, connection)
    assert states(house, issue) == {ada.id: "wanted"}
    troubles.disputed(house.bank.bank, next(house.bank.bank.all("charge")))
    house.settle()
    assert (transfers(house), states(house, issue)) == ([], {ada.id: "owed"})


def test_an_account_that_dies_while_money_is_on_its_way_to_its_bank_has_it_owed_anew(
    bank_house: BankHouse,
) -> None:
    house, bank, ada = bank_house, bank_house.bank.bank, bank_house.garden.ada
    issue = garden(house, "owed_days = 30\n")
    say(house, issue, house.garden.mara, f"/split @{ada.login} 1")
    promise(house, issue, "30")
    accept(house, issue)
    (told,) = [one for one in issue.comments if "waits for people" in one.body]
    theirs = bank.objects[join(house, ada)]
    before = bank.make("po", "payout", amount=0, currency="eur", status="paid")
    before |= {"sandbox_account": theirs["id"], "created": bank.now - 86_400}
    sweep(house)
    bank.tell("payout.paid", before, account=theirs["id"])
    house.settle()
    assert states(house, issue) == {ada.id: "sent"}
    sweep(house, 60 * DAY)
    assert "can be paid now" in told.body
    house.bank.hooks.lose()
    payouts.pay_out(bank, theirs)
    theirs["payouts_enabled"] = False
    bank.tell("account.updated", theirs, account=theirs["id"])
    house.settle()
    assert (reversals(house), states(house, issue)) == ([], {ada.id: "sent"})
    payouts.pay_out_fails(bank, theirs)
    house.settle()
    sweep(house)
    assert len(reversals(house)) == 1
    assert states(house, issue) == {ada.id: "owed"}
    assert f"@{ada.login}: €29.30, until 2027-03" in told.body
    sweep(house, 31 * DAY)
    assert balances(house)[f"project:{house.garden.repo.id}"] == 2930


def test_what_lapsed_and_cannot_be_given_back_is_left_to_the_project(
    bank_house: BankHouse,
) -> None:
    house, bank, ada = bank_house, bank_house.bank.bank, bank_house.garden.ada
    issue = garden(house, 'owed_days = 30\nlapse = "backers"\n')
    say(house, issue, house.garden.mara, f"/split @{ada.login} 1")
    promise(house, issue, "30")
    accept(house, issue)
    next(bank.all("charge"))["disputed"] = True
    sweep(house, 31 * DAY)
    sums = balances(house)
    assert sums[f"project:{house.garden.repo.id}"] == 2930
    assert f"request:{node(house, issue)}" not in sums


def test_a_debt_is_not_made_good_twice_and_of_two_splits_the_later_words_count(
    bank_house: BankHouse,
) -> None:
    house, now, who = bank_house, bank_house.now, bank_house.garden.ada.id

    def earn(cause: str) -> int:
        shares_ = ((who, Money(1000, "EUR")),)
        owing = Owing(cause, "project:1", "request:N", shares_)
        with house.app.write() as connection:
            made = store.owe(connection, owing, now)
            assert made is not None
            (found,) = shares.of_reward(connection, made.id)
        return found.standing.left

    assert earn("first") == 1000
    with house.app.write() as connection:
        values = {"share_id": 1, "evidence": "du_1", "github_id": who, "book": "project:1"}
        lost = {"currency": "EUR", "minor": 400, "bearer": "loss:disputes", "at": now}
        connection.execute(insert(debt).values(**values, **lost))
        calls.put(connection, TakeBack("debt:1", "tr_1", 400), "take:1:debt:1", now)
    assert earn("while-it-may-be-taken") == 1000
    with house.app.write() as connection:
        assert calls.cancel(connection, "take:1:debt:1", now)
    assert earn("once-refused") == 600

    with house.app.write() as connection:
        for at, weight in ((now + DAY, 2), (now, 1)):
            said = Split(((who, weight),), by_id=1, said_at=at)
            assert splits.say(connection, "N", said, f"comment:{weight}", now)
        found = deciding.decided(connection, "N", (now + 2 * DAY,)).split
    assert found is not None
    assert found.shares[0] == (who, 2)
