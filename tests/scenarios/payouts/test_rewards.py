"""From an accepted request to a person's account: by a split that was public before the work."""

from tests.bank import BankHouse
from tests.scenarios.asking import say
from tests.scenarios.intents.calling import DAY, answer
from tests.scenarios.payouts.paying import (
    accept,
    account_of,
    balances,
    join,
    marks,
    merge,
    own_page,
    press,
    standing,
    states,
    sweep,
    transfers,
)
from tests.scenarios.pledges.promising import (
    GARDEN,
    deeds,
    garden,
    ledger,
    page,
    pass_time,
    promise,
)
from tests.visitor import Visitor


def test_a_split_said_before_the_work_pays_each_person_once_and_to_the_cent(
    bank_house: BankHouse,
) -> None:
    house = bank_house
    issue, ada, chen = garden(house), house.garden.ada, house.garden.chen
    say(house, issue, ada, "/split @ada 100")
    assert "`/split` is for maintainers" in answer(issue, ada)
    say(house, issue, house.garden.mara, f"/split @{ada.login} 60 @{chen.login} 40")
    assert "written down" in answer(issue, house.garden.mara)
    assert "60%" in page(house, f"{GARDEN}/requests/{issue.number}")
    promise(house, issue, "50.03")
    accept(house, issue)
    assert (balances(house)[account_of(ada)], balances(house)[account_of(chen)]) == (2942, 1961)
    account = join(house, ada)
    sweep(house)
    (sent,) = transfers(house)
    assert (sent["amount"], sent["destination"]) == (2942, account)
    assert sent["source_transaction"] == next(house.bank.bank.all("charge"))["id"]
    assert sent["transfer_group"].startswith("reward:")
    for _again in range(2):
        sweep(house)
        house.bank.hooks.again(house.bank.bank.events[-1])
    assert len(transfers(house)) == 1
    assert balances(house)[account_of(chen)] == 1961
    assert account_of(ada) not in ledger(house)
    assert "You can be paid" in own_page(house, ada)
    say(house, issue, house.garden.mara, f"/split @{ada.login} 1")
    assert "stays as it was" in answer(issue, house.garden.mara)


def test_two_merged_pull_requests_are_one_reward_that_is_proposed_alike_and_may_be_changed_with_a_reason(
    bank_house: BankHouse,
) -> None:
    house = bank_house
    issue, ada, chen, mara = garden(house), house.garden.ada, house.garden.chen, house.garden.mara
    promise(house, issue, "30")
    merge(house, ada, issue)
    assert "share alike" in page(house, f"{GARDEN}/requests/{issue.number}")
    second = merge(house, chen, issue)
    (said,) = [one.body for one in issue.comments if "Several people" in one.body]
    assert "50 %" in said
    assert "one reward, not one for each" in said
    say(house, issue, mara, f"/split @{ada.login} 2 @{chen.login} 1")
    assert "needs a reason" in answer(issue, mara)
    _say_on_the_page(house, f"{GARDEN}/requests/{issue.number}/split")
    shown = page(house, f"{GARDEN}/requests/{issue.number}/split")
    assert "ada wrote the tests" in shown
    accept(house, issue)
    found = standing(house, issue)
    assert [one.money.minor for one in found.values()] == [1953, 977]
    assert deeds(house, issue).count("awarded") == 1
    assert "this stays as it was then" in page(house, f"{GARDEN}/requests/{issue.number}/split")
    merge(house, mara, issue, f"Reverts #{second.number}")
    assert deeds(house, issue).count("reverted") == 1
    assert len(standing(house, issue)) == 2


def _say_on_the_page(house: BankHouse, path: str) -> None:
    """Say who gets what by the form, with the rules of the comment; others have no form there."""
    names = (house.garden.ada.login, house.garden.chen.login)
    words = {"people": "@{} 2\n@{} 1".format(*names), "reason": "ada wrote the tests"}
    with Visitor(house) as visitor:
        assert "Say who gets what" not in visitor.get(path).text
        visitor.sign_in(house.garden.mara)
        shown = visitor.get(path)
        assert f"@{names[1]} 1" in shown.text
        for wrong, told in (
            ({"reason": " "}, "needs a reason"),
            ({"people": f"@{names[0]} 60% @{names[1]} 30%"}, "make a hundred"),
            ({"people": "@nobody-of-that-name 1"}, "no person’s account"),
            ({"people": f"@{names[0]} 1 @{names[1]}"}, "one person a line"),
        ):
            refused = visitor.submit(path, words | wrong, "say", follow=False)
            assert (refused.status_code, told in refused.text) == (422, True), told
        assert visitor.submit(path, words, "say", follow=False).status_code == 303
    house.settle()


def test_what_was_merged_and_taken_out_again_in_time_has_to_be_accepted_again(
    bank_house: BankHouse,
) -> None:
    house, hooks = bank_house, bank_house.sandbox.hooks
    issue, ada, mara = garden(house, "hold_days = 60\n"), house.garden.ada, house.garden.mara
    promise(house, issue, "30")
    hooks.drop(99)
    known = len(hooks.attempts)
    work = merge(house, ada, issue)
    hooks.drop(0)
    late = list(hooks.attempts)[known:]
    say(house, issue, mara, "/accept")
    pass_time(house, 3 * DAY)
    merge(house, mara, issue, f"Reverts {house.garden.repo.full_name}#{work.number}")
    assert "reverted" not in deeds(house, issue)
    for attempt in late:  # That it was merged at all is heard of after what took it out.
        hooks.redeliver(attempt)
    house.settle()
    assert deeds(house, issue).count("reverted") == 1
    pass_time(house, 20 * DAY)
    assert "awarded" not in deeds(house, issue)
    say(house, issue, mara, "/accept")
    pass_time(house, 14 * DAY)
    assert deeds(house, issue).count("awarded") == 1
    assert states(house, issue) == {ada.id: "owed"}


def test_who_pays_and_is_paid_or_accepts_their_own_is_marked_for_everybody(
    bank_house: BankHouse,
) -> None:
    house = bank_house
    issue, mara = garden(house), house.garden.mara
    say(house, issue, mara, f"/split @{mara.login} 100")
    promise(house, issue, "30", giver=mara)
    accept(house, issue)
    assert marks(house) == {"self_approved", "self_paid"}
    assert "Accepted by somebody who is paid" in page(house, f"{GARDEN}/requests/{issue.number}")
    assert "The backer is paid" in page(house, f"{GARDEN}/ledger")


def test_what_somebody_declines_goes_to_the_others_and_from_the_last_to_the_project(
    bank_house: BankHouse,
) -> None:
    house = bank_house
    issue, ada, chen = garden(house), house.garden.ada, house.garden.chen
    say(house, issue, house.garden.mara, f"/split @{ada.login} 1 @{chen.login} 1")
    promise(house, issue, "30.01")
    accept(house, issue)
    assert "Owed" in own_page(house, ada)
    press(house, ada, "decline")
    assert balances(house)[account_of(chen)] == 2931
    assert account_of(ada) not in ledger(house)
    project = f"project:{house.garden.repo.id}"
    press(house, chen, "give")
    press(house, chen, "decline")
    sums = balances(house)
    assert sums[project] == 2931
    assert account_of(chen) not in sums
    join(house, chen)
    sweep(house)
    assert transfers(house) == []
