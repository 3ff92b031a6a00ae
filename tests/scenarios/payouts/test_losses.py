"""What comes back after it was paid out: in the announced order, each thing once, nobody below zero."""

from datetime import timedelta

from bot.sandbox.records import Account, Issue
from bot.sandbox.stripe import troubles
from tests.bank import BankHouse
from tests.scenarios.asking import ask, say
from tests.scenarios.intents.calling import DAY
from tests.scenarios.payouts import proving
from tests.scenarios.payouts.paying import (
    accept,
    account_of,
    balances,
    join,
    reversals,
    states,
    sweep,
    transfers,
)
from tests.scenarios.pledges.promising import garden, give, node, pass_time, promise


def test_a_dispute_lost_after_payout_is_borne_by_reserve_accounts_with_consent_and_later_shares(
    bank_house: BankHouse,
) -> None:
    house, bank = bank_house, bank_house.bank.bank
    ada, chen, mara = house.garden.ada, house.garden.chen, house.garden.mara
    issue, project = garden(house), f"project:{house.garden.repo.id}"
    people = (ada, chen, mara)
    say(house, issue, mara, "/split " + " ".join(f"@{one.login} 1" for one in people))
    give(house, issue, "10")
    promise(house, issue, "90")
    accept(house, issue)
    for one in people:
        join(house, one, consents=one is not chen)
    sweep(house)
    assert sorted(one["amount"] for one in transfers(house)) == [2946, 2947, 2947]
    assert balances(house)[project] == 960
    made = troubles.disputed(bank, next(bank.all("charge")))
    house.settle()
    assert reversals(house) == []
    assert balances(house)[f"request:{node(house, issue)}"] == -10500
    troubles.dispute_ends(bank, made, won=False)
    for _again in range(2):
        pass_time(house, DAY)
        house.bank.hooks.again(bank.events[-1])
        house.settle()
    sums = balances(house)
    assert sorted(one["amount"] for one in reversals(house)) == [2626, 2627]
    assert len({one["transfer"] for one in reversals(house)}) == 2
    assert (sums["loss:disputes"], sums["loss:fees"]) == (-2627, -1660)
    assert not {project, f"request:{node(house, issue)}", account_of(ada)} & set(sums)
    _earns_again(house, chen, 2627)


def _earns_again(house: BankHouse, who: Account, lent: int) -> None:
    other = ask(house, house.garden.ada, "A bench in the shade")
    say(house, other, house.garden.mara, f"/split @{who.login} 100")
    promise(house, other, "100")
    accept(house, other)
    sweep(house)
    assert transfers(house)[-1]["amount"] == 9825 - lent
    assert not {"loss:disputes", account_of(who)} & set(balances(house))
    proving.every_alteration_is_found(house)


def test_an_open_dispute_holds_what_was_not_sent_and_winning_it_pays_that_once(
    bank_house: BankHouse,
) -> None:
    house, bank = bank_house, bank_house.bank.bank
    ada, chen = house.garden.ada, house.garden.chen
    issue = _two_shares(house, ada, chen)
    join(house, ada)
    sweep(house)
    made = troubles.disputed(bank, next(bank.all("charge")))
    house.settle()
    join(house, chen)
    sweep(house, DAY)
    assert states(house, issue) == {ada.id: "sent", chen.id: "owed"}
    troubles.dispute_ends(bank, made, won=True)
    house.settle()
    for _again in range(2):
        pass_time(house, DAY)
        sweep(house, DAY)
    assert [one["amount"] for one in transfers(house)] == [1465, 1465]
    sums = balances(house)
    assert sums == {"stripe:balance": 1500, "loss:fees": -1500}


def test_refunds_after_payout_shrink_what_was_not_sent_and_lend_the_rest(
    bank_house: BankHouse,
) -> None:
    house, bank = bank_house, bank_house.bank.bank
    ada, chen = house.garden.ada, house.garden.chen
    issue = _two_shares(house, ada, chen)
    join(house, ada)
    sweep(house)
    charge = next(bank.all("charge"))
    for amount in (1000, 2000):
        troubles.refunded(bank, charge, amount, {})
        house.settle()
    pass_time(house, DAY)
    sums = balances(house)
    # The odd cents of several refunds fall in turn: together they are what one would have been.
    assert (sums["loss:refunds"], sums["loss:fees"]) == (-1465, -70)
    assert account_of(chen) not in sums
    assert states(house, issue) == {ada.id: "sent", chen.id: "over"}
    assert reversals(house) == []
    _cannot_go_back(house, ada, chen)


def _cannot_go_back(house: BankHouse, ada: Account, chen: Account) -> None:
    """Hear of a refund and of its failure before it is borne, and after: it comes to the same."""
    bank, found = house.bank.bank, list[tuple[int, ...]]()
    for title, late in (("A bench in the shade", True), ("A pond for frogs", False)):
        issue = ask(house, ada, title)
        say(house, issue, house.garden.mara, f"/split @{chen.login} 1")
        promise(house, issue, "30")
        accept(house, issue)
        before = balances(house)
        troubles.refunded(bank, next(bank.all("charge")), 1000, {})
        if late:
            house.settle()
            pass_time(house, DAY)
        troubles.refund_fails(bank, next(bank.all("refund")))
        house.settle()
        pass_time(house, DAY)
        pass_time(house, DAY)
        after = balances(house)
        keys = (account_of(chen), f"project:{house.garden.repo.id}", "loss:refunds")
        owed = sum(minor for name, minor in after.items() if name.startswith("refund:gift-"))
        found.append((*(after.get(one, 0) - before.get(one, 0) for one in keys), owed))
    (chens, *_rest, owed), (chens_too, *_more, both) = found
    assert chens == chens_too == -977
    assert (owed, both) == (1000, 2000)
    assert found[0][1:3] == found[1][1:3]
    # Made once more it goes: nobody bears it twice, and nothing of it is owed to its giver.
    before = balances(house)
    troubles.refunded(bank, next(bank.all("charge")), 1000, {})
    house.settle()
    pass_time(house, DAY)
    after = balances(house)
    assert sum(minor for name, minor in after.items() if name.startswith("refund:gift-")) == 1000
    assert {one: after.get(one) for one in keys} == {one: before.get(one) for one in keys}
    _fails_unheard(house, ada, chen, tuple(found[0][:3]))


def _fails_unheard(house: BankHouse, ada: Account, chen: Account, once: tuple[int, ...]) -> None:
    """Hear of a refund's failure days after another gave it back: one of both is borne, as in time."""
    bank, project = house.bank.bank, f"project:{house.garden.repo.id}"
    keys = (account_of(chen), project, "loss:refunds")
    issue = ask(house, ada, "A hedge for hedgehogs")
    say(house, issue, house.garden.mara, f"/split @{chen.login} 1")
    promise(house, issue, "30")
    accept(house, issue)
    before, charge = balances(house), next(bank.all("charge"))
    troubles.refunded(bank, charge, 1000, {})
    house.settle()
    heard, bank.on_event = bank.on_event, lambda _event: None
    troubles.refund_fails(bank, next(bank.all("refund")))
    unheard, bank.on_event = bank.events[-1], heard
    house.advance(timedelta(minutes=5))
    troubles.refunded(bank, charge, 1000, {})
    house.settle()
    pass_time(house, 2 * DAY)
    house.bank.hooks.again(unheard)
    house.settle()
    pass_time(house, 2 * DAY)
    after = balances(house)
    assert tuple(after.get(one, 0) - before.get(one, 0) for one in keys) == once
    assert f"request:{node(house, issue)}" not in after


def _two_shares(house: BankHouse, one: Account, other: Account) -> Issue:
    issue = garden(house)
    say(house, issue, house.garden.mara, f"/split @{one.login} 50% @{other.login} 50%")
    promise(house, issue, "30")
    accept(house, issue)
    return issue
