"""Every end of a request has an exit, with nobody doing anything: decided by when people acted."""

from datetime import timedelta

from click.testing import CliRunner, Result
from sqlalchemy import update

from bot.__main__ import cli
from bot.sandbox import failures
from bot.sandbox.seed import CONFIGURATION
from bot.sandbox.stripe import troubles
from donations.giving import handed, proof, tables
from donations.ledger import CASH
from tests.bank import BankHouse
from tests.scenarios.agreement import push_files
from tests.scenarios.asking import RULES, say
from tests.scenarios.intents.calling import DAY, answer
from tests.scenarios.pledges.promising import (
    FUNDING,
    GARDEN,
    all_gifts,
    campaign,
    deeds,
    garden,
    give,
    going_on,
    ledger,
    node,
    page,
    pass_time,
    press,
    promise,
    states,
    taken,
)
from tests.visitor import Visitor

SENT = ("--reference", "B-2026/17", "--by", "Mara", "--note", "by order of Bo, to their account")
SECOND = timedelta(seconds=1)
ALL = "split = { feature = 1 }\n"
SPLIT = "split = { feature = 60, builders = 30, project = 10 }\n"


def test_a_bots_closing_pays_nobody_and_a_maintainers_word_decides_by_when_it_was_said(
    bank_house: BankHouse,
) -> None:
    issue, garden_ = garden(bank_house), bank_house.garden
    path = promise(bank_house, issue, "50")
    bank_house.world.close(issue, garden_.dependabot)
    pass_time(bank_house, 2 * DAY)
    assert taken(bank_house) == []
    bank_house.world.reopen(issue, garden_.mara)
    say(bank_house, issue, garden_.chen, "/accept")
    assert "`/accept` is for maintainers" in answer(issue, garden_.chen)
    (promised,) = all_gifts(bank_house, issue)
    bank_house.advance(promised.said_at + 365 * DAY - SECOND - bank_house.now)
    bank_house.tick("reconcile_deliveries")
    bank_house.settle()
    bank_house.world.comment(issue, garden_.mara, "/accept")
    # Nobody is there to hear it for hours, and then the sweep comes first.
    bank_house.sandbox.hooks.drop(99)
    bank_house.settle()
    bank_house.sandbox.hooks.drop(0)
    bank_house.advance(timedelta(hours=3))
    for name in ("sweep_pledges", "reconcile_deliveries"):
        bank_house.tick(name)
        bank_house.settle()
    assert taken(bank_house) == [5000]
    assert "has arrived" in page(bank_house, path)
    say(bank_house, issue, garden_.mara, "/accept")
    pass_time(bank_house, 15 * DAY)
    assert taken(bank_house) == [5000]


def test_accepted_work_is_given_out_after_the_days_for_objections_and_reopening_stops_that(
    bank_house: BankHouse,
) -> None:
    issue, garden_ = garden(bank_house, SPLIT), bank_house.garden
    give(bank_house, issue, "10")
    promise(bank_house, issue, "50")
    say(bank_house, issue, garden_.mara, f"/split @{garden_.ada.login} 100")
    bank_house.world.close(issue, garden_.mara)
    say(bank_house, issue, garden_.mara, "/accept")
    assert states(bank_house, issue) == ["paid", "paid"]
    pass_time(bank_house, 5 * DAY)
    bank_house.world.reopen(issue, garden_.mara)
    bank_house.settle()
    pass_time(bank_house, 20 * DAY)
    assert "awarded" not in deeds(bank_house, issue)
    bank_house.world.close(issue, garden_.mara)
    say(bank_house, issue, garden_.mara, "/accept")
    before = ledger(bank_house)[f"request:{node(bank_house, issue)}"]
    pass_time(bank_house, 14 * DAY)
    pass_time(bank_house, DAY)
    assert deeds(bank_house, issue).count("awarded") == 1
    sums = ledger(bank_house)
    assert f"request:{node(bank_house, issue)}" not in sums
    assert sums[f"owed:person-{garden_.ada.id}"] == before < 0


def test_what_waits_too_long_goes_back_by_itself_and_only_what_was_for_the_request(
    bank_house: BankHouse,
) -> None:
    issue = garden(bank_house, SPLIT + "hold_days = 30\n")
    path = give(bank_house, issue, "10")
    before = ledger(bank_house)
    pass_time(bank_house, 29 * DAY)
    assert states(bank_house, issue) == ["paid"]
    pass_time(bank_house, DAY + timedelta(hours=1))
    pass_time(bank_house, DAY)
    assert [one["amount"] for one in bank_house.bank.bank.all("refund")] == [600]
    sums = ledger(bank_house)
    name = f"owed:builders-{bank_house.garden.repo.id}"
    assert sums[name] == before[name]
    assert f"request:{node(bank_house, issue)}" not in sums
    assert "loss:fees" not in sums
    refund = next(bank_house.bank.bank.all("refund"))
    troubles.refund_fails(bank_house.bank.bank, refund)
    bank_house.settle()
    pass_time(bank_house, DAY)
    (gift,) = all_gifts(bank_house, issue)
    assert ledger(bank_house)[f"refund:gift-{gift.id}"] == -600
    assert "Your bank did not take €6.00 back" in page(bank_house, path)
    a_part_is_paid_by_hand_and_the_rest_by_another_refund(bank_house, path, gift.id)


def a_part_is_paid_by_hand_and_the_rest_by_another_refund(
    house: BankHouse, path: str, number: int
) -> None:
    before, name = ledger(house), f"gift-{number}"
    listed = potluck(house, "list").output
    since = house.bank.bank.clock().date() - DAY
    assert f"{name}  6.00 EUR  since {since}  {GARDEN[1:]}  bo@example.org\n" == listed
    assert potluck(house, "paid", name, "--amount", "6.01", *SENT).exit_code == 2
    for said in ("Booked: 2.50 EUR", "Booked before: 2.50 EUR"):
        assert said in potluck(house, "paid", name, "--amount", "2.50", *SENT).output
    assert potluck(house, "paid", name, "--amount", "2.00", *SENT).exit_code == 2
    sums = ledger(house)
    assert sums == before | {f"refund:{name}": -350, "bank": -250}
    shown = page(house, path)
    assert "Your bank did not take €3.50 back" in shown
    assert "€2.50 that your bank had not taken back was sent to you by hand on" in shown
    troubles.refunded(house.bank.bank, next(house.bank.bank.all("charge")), 350, {})
    for _day in range(2):
        pass_time(house, DAY)
    del sums[f"refund:{name}"]
    assert ledger(house) == sums | {CASH: sums[CASH] - 350}
    assert "Nothing is owed" in potluck(house, "list").output
    with Visitor(house) as bo:
        assert "by order of Bo" in bo.get(f"/you/gifts/{path[-32:]}/kept.json").text
        bo.submit(path, {"sure": "yes"}, "forget")
    with house.app.write() as connection:
        assert [one.note for one in handed.of_gift(connection, number)] == [""]
        assert list(proof.problems(connection)) == []
        connection.execute(update(tables.handed).values(minor=251))
        assert len(list(proof.problems(connection))) == 1
        connection.rollback()


def potluck(house: BankHouse, *words: str) -> Result:
    """Run a command about what is owed to givers, on the house's database."""
    surroundings = {"DATABASE_URL": house.settings.database_url}
    return CliRunner().invoke(cli, ["owed", *words], env=surroundings)


def test_not_planned_lets_go_after_the_days_for_objections_or_the_giver_leaves_it(
    bank_house: BankHouse,
) -> None:
    issue, garden_ = garden(bank_house), bank_house.garden
    campaign(bank_house, issue, "10", 2)
    stays = promise(bank_house, issue, "30")
    promise(bank_house, issue, "20")
    pass_time(bank_house, 2 * DAY)
    assert sorted(taken(bank_house)) == [2000, 3000]
    saved = promise(bank_house, issue, "40")
    bank_house.world.close(issue, garden_.mara, "not_planned")
    bank_house.settle()
    say(bank_house, issue, garden_.mara, "/accept")
    assert "GitHub shows this as not planned" in answer(issue, garden_.mara)
    assert "This will not be built" in page(bank_house, stays)
    assert press(bank_house, stays, "leave").status_code == 303
    assert "You left it to the project" in page(bank_house, stays)
    pass_time(bank_house, 13 * DAY)
    assert states(bank_house, issue) == ["paid", "paid", "saved"]
    pass_time(bank_house, DAY)
    pass_time(bank_house, DAY)
    assert states(bank_house, issue) == ["paid", "given_back", "over"]
    assert "This promise is over" in page(bank_house, saved)
    sums = ledger(bank_house)
    assert f"request:{node(bank_house, issue)}" not in sums
    assert sums[f"project:{garden_.repo.id}"] == -sums[CASH]
    assert sorted(taken(bank_house)) == [2000, 3000]


def test_what_is_left_of_a_monthly_gift_is_what_came_until_then(bank_house: BankHouse) -> None:
    issue, garden_ = garden(bank_house, ALL), bank_house.garden
    stays = give(bank_house, issue, "10", "month")
    bank_house.advance(25 * DAY)
    bank_house.world.close(issue, garden_.mara, "not_planned")
    bank_house.settle()
    assert press(bank_house, stays, "leave").status_code == 303
    for _ in range(16):
        pass_time(bank_house, DAY)
    assert (taken(bank_house), going_on(bank_house)) == ([1000, 1000], ["canceled"])
    pass_time(bank_house, 2 * DAY)
    sums = ledger(bank_house)
    assert f"request:{node(bank_house, issue)}" not in sums, "what came since went back"
    assert sums[f"project:{garden_.repo.id}"] == -sums[CASH] < -800


def test_a_deleted_request_gives_back_at_once(bank_house: BankHouse) -> None:
    issue, garden_ = garden(bank_house, ALL), bank_house.garden
    path = give(bank_house, issue, "10", "month")
    promise(bank_house, issue, "20")
    bank_house.bank.fail("POST", "/v1/refunds", failures.status(400))
    press(bank_house, path, "back")
    bank_house.settle()
    assert states(bank_house, issue) == ["paid", "saved"], "their own click was refused"
    bank_house.world.delete_issue(issue, garden_.mara)
    bank_house.settle()
    assert states(bank_house, issue) == ["given_back", "over"]
    assert going_on(bank_house) == ["canceled"], "each month it would be taken and go back"
    pass_time(bank_house, DAY)
    assert f"request:{node(bank_house, issue)}" not in ledger(bank_house)


def test_promises_follow_a_request_to_another_repository_under_another_name(
    bank_house: BankHouse,
) -> None:
    issue, garden_, world = garden(bank_house, ALL), bank_house.garden, bank_house.world
    given = give(bank_house, issue, "10")
    promise(bank_house, issue, "20")
    about = node(bank_house, issue)
    other = world.repository(garden_.repo.owner, "orchard")
    world.collaborate(other, garden_.mara, "admin")
    world.add_repositories(world.installation_for(garden_.repo), other)
    push_files(bank_house, {RULES: CONFIGURATION + FUNDING, "CLA.md": "# It\n"}, other)
    bank_house.settle()
    moved = world.transfer_issue(issue, other, garden_.mara)
    bank_house.settle()
    world.rename_repository(garden_.repo, "meadow")
    bank_house.settle()
    pass_time(bank_house, 2 * DAY)
    say(bank_house, moved, garden_.mara, "/accept")
    assert "the work is accepted" in answer(moved, garden_.mara)
    assert node(bank_house, moved) == about
    assert states(bank_house, moved) == ["paid", "paid"]
    assert "has arrived" in page(bank_house, given.replace("garden", "meadow"))


def test_without_the_app_nothing_new_is_promised_and_all_goes_back_in_time(
    bank_house: BankHouse,
) -> None:
    issue, garden_ = garden(bank_house, ALL), bank_house.garden
    given = give(bank_house, issue, "10")
    promise(bank_house, issue, "20")
    world = bank_house.world
    installation = world.installation_for(garden_.repo)
    world.suspend(installation)
    pass_time(bank_house, DAY)
    assert "The project is out of sight" in page(
        bank_house, f"/potluck-sandbox/garden/pledge?request={issue.number}"
    )
    world.unsuspend(installation)
    pass_time(bank_house, 14 * DAY)
    assert states(bank_house, issue) == ["paid", "saved"]
    world.uninstall(installation)
    pass_time(bank_house, timedelta(minutes=5))
    pass_time(bank_house, 13 * DAY)
    assert states(bank_house, issue) == ["paid", "saved"]
    assert page(bank_house, given)
    pass_time(bank_house, DAY)
    pass_time(bank_house, DAY)
    assert states(bank_house, issue) == ["given_back", "over"]
    assert taken(bank_house) == [1000]
