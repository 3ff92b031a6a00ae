"""Promises for what one person offered: charged when that was chosen and the work accepted, and theirs."""

from datetime import timedelta

from bot.outcomes import store as outcomes
from bot.roadmap.intents import ledger as said_of
from bot.roadmap.intents.values import Act
from bot.sandbox.records import Account, Issue
from donations.giving import store as gifts
from donations.pledges import store
from tests.bank import BankHouse
from tests.scenarios.asking import found, said, say
from tests.scenarios.intents.calling import DAY, about, answer
from tests.scenarios.payouts.paying import accept, account_of, balances, marks
from tests.scenarios.pledges.promising import GARDEN, garden, ledger, page, pass_time, promise
from tests.scenarios.test_api import GARDEN as API
from tests.scenarios.test_api import Program
from tests.visitor import Visitor

CALL = "/intend\nneed: water\ntest: it runs\nbudget: 20-400 EUR\nuntil: 1d"


def called(house: BankHouse) -> Issue:
    """Open a call that Bo and Chen answer."""
    issue, people = garden(house), house.garden
    say(house, issue, people.ada, CALL)
    assert "/pledge" not in about(issue, "Call for offers, until")
    say(house, issue, people.bo, "/bid 280 EUR 8d a clock and a valve")
    call = about(issue, "Call for offers, until")
    assert "To promise money for one offer, write `/pledge 50 EUR @login`" in call
    assert f"/requests/{issue.number}/intent" in call
    say(house, issue, people.chen, "/bid 90 EUR 3d a hose")
    return issue


def end_call(house: BankHouse) -> None:
    house.advance(DAY + timedelta(minutes=5))
    house.tick("sweep_intents")
    house.settle()


def states(house: BankHouse, issue: Issue, bidder: Account) -> list[str]:
    """Give how the promises for somebody's offer stand."""
    asked = found(house, issue)
    assert asked is not None
    with house.app.read() as connection:
        of = store.of_request(connection, outcomes.of_offer(asked, bidder.id).about)
        return [gifts.standing(connection, one).state for one in of]


def shown_everywhere(house: BankHouse, issue: Issue) -> None:
    """Each page, and the API, says what is promised for whom."""
    asked = page(house, f"{GARDEN}/requests/{issue.number}")
    assert "€10.00</span> promised by 1 person" in asked
    assert "€70.00</span> promised if" in asked
    assert "€45.00</span> promised if" in asked
    offered = page(house, f"{GARDEN}/requests/{issue.number}/intent")
    assert offered.count("promised for this offer by 1 person") == 2
    assert 'value="25"' in offered  # 70 of 280
    told = Program(house).ask(f"{API}/requests/{issue.number}/funding").json()
    assert told["promised"] == [{"minor": 1000, "currency": "EUR"}]
    assert [(one["bidder"]["login"], one["promised"][0]["minor"]) for one in told["offers"]] == [
        (house.garden.bo.login, 7000),
        (house.garden.chen.login, 4500),
    ]


def hear_late(house: BankHouse, issue: Issue, said: Act) -> None:
    """Hear what somebody did on a request, after what they did since."""
    asked = found(house, issue)
    assert asked is not None
    with house.app.write() as connection:
        assert said_of.record(connection, asked.id, said, said_of.Words(), house.now)


def accept_late(house: BankHouse, issue: Issue) -> None:
    """Accept long after the work was done; whoever did it gives it back then."""
    house.world.close(issue, house.garden.mara)
    house.advance(15 * DAY)  # What waits for a maintainer’s word is no silence of whoever did it.
    house.tick("sweep_intents")
    house.settle(longest=5 * DAY)
    say(house, issue, house.garden.mara, "/accept")
    say(house, issue, house.garden.bo, "/release")
    accept(house, issue)


def test_only_the_promise_for_whoever_was_chosen_is_charged_and_it_is_paid_to_them_alone(
    bank_house: BankHouse,
) -> None:
    house = bank_house
    issue, bo, chen, mara = called(house), house.garden.bo, house.garden.chen, house.garden.mara
    say(house, issue, mara, f"/split @{house.garden.ada.login} 1")
    say(house, issue, chen, f"/pledge 70 EUR @{bo.login.upper()}")
    assert f"request={issue.number}&offer={bo.id}&amount=own&own=70" in answer(issue, chen)
    say(house, issue, chen, "/pledge @nobody-here")
    assert "no offer by `nobody-here` that stands" in answer(issue, chen)
    mine = promise(house, issue, "70", offer=bo, giver=bo)
    promise(house, issue, "45", offer=chen)
    promise(house, issue, "10")
    assert "this person’s offer" in page(house, mine)
    shown_everywhere(house, issue)
    end_call(house)
    say(house, issue, mara, f"/choose @{bo.login}")
    assert "money for the chosen offer" in about(issue, "An offer is chosen")
    assert states(house, issue, chen) == ["saved"]
    accept_late(house, issue)
    assert (states(house, issue, bo), states(house, issue, chen)) == (["paid"], ["over"])
    owed = balances(house)
    # Seventy and ten, less what each payment cost.
    assert (owed[account_of(bo)], owed[account_of(house.garden.ada)]) == (6870, 960)
    assert account_of(chen) not in owed
    assert "self_paid" in marks(house)
    assert not any(name.startswith("request:") for name in ledger(house))
    became = page(house, f"{GARDEN}/requests/{issue.number}/split")
    assert "€68.70" in became
    assert "€9.60" in became
    (told,) = [body for body in said(issue) if "€68.70" in body]
    assert "€9.60" in told  # In one comment, whatever it was promised for.


def test_neither_what_was_accepted_before_the_choice_nor_an_offer_taken_back_charges_anybody(
    bank_house: BankHouse,
) -> None:
    house = bank_house
    issue, bo, chen, mara = called(house), house.garden.bo, house.garden.chen, house.garden.mara
    promise(house, issue, "20", offer=bo)
    say(house, issue, bo, "/bid 290 EUR 8d a clock and a valve")
    promise(house, issue, "70", offer=bo, giver=bo)
    promise(house, issue, "45", offer=chen)
    say(house, issue, bo, "/bid 285 EUR 9d a clock and a valve")
    say(house, issue, chen, "/withdraw-bid")
    with Visitor(house) as visitor:
        path = f"{GARDEN}/pledge?request={issue.number}&offer={chen.id}"
        refused = visitor.submit(path, {"amount": "own", "own": "5"}, "promise")
        assert (refused.status_code, "does not stand any more" in refused.text) == (422, True)
        assert visitor.get(f"{path[:-1]}999").status_code == 404
        assert visitor.get(f"{GARDEN}/pledge?request={issue.number}&offer=-3").status_code == 404
    house.world.close(issue, mara)
    say(house, issue, mara, "/accept")
    # Whoever promised for a lower price is let go; asking for less lets nobody go.
    assert states(house, issue, bo) == ["over", "saved"]
    assert states(house, issue, chen) == ["saved"]
    house.world.reopen(issue, mara)
    end_call(house)
    say(house, issue, mara, f"/choose @{bo.login}")
    pass_time(house, DAY)
    assert states(house, issue, bo) == ["over", "saved"]  # They did not do what was accepted.
    say(house, issue, mara, "/accept")
    assert states(house, issue, bo) == ["over", "paid"]
    hear_late(house, issue, Act("release", bo.id, "late", house.now - timedelta(hours=1)))
    pass_time(house, 15 * DAY)
    assert states(house, issue, chen) == ["over"]
    assert states(house, issue, bo) == ["over", "given_back"]  # They had given it back before.
    assert account_of(bo) not in balances(house)
