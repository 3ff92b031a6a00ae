"""Those who are paid: without an account, with one that dies, and with one that comes in time."""

from sqlalchemy import select

from bot.mail.tables import mail
from bot.sandbox.seed import CONFIGURATION
from bot.sandbox.stripe import connect, payouts, troubles
from tests.bank import BankHouse
from tests.scenarios.agreement import push_files
from tests.scenarios.asking import RULES, said, say
from tests.scenarios.intents.calling import DAY
from tests.scenarios.payouts.paying import (
    accept,
    account_of,
    balances,
    join,
    merge,
    own_page,
    reversals,
    states,
    sweep,
    transfers,
)
from tests.scenarios.pledges.promising import (
    FUNDING,
    GARDEN,
    garden,
    give,
    page,
    pass_time,
    promise,
    taken,
)


def test_without_an_account_a_share_waits_with_reminders_and_lapses_to_the_project(
    bank_house: BankHouse,
) -> None:
    house, ada = bank_house, bank_house.garden.ada
    issue = garden(house, "owed_days = 60\n")
    say(house, issue, house.garden.mara, f"/split @{ada.login} 100")
    promise(house, issue, "30")
    accept(house, issue)
    (told,) = [one for one in said(issue) if "waits for people" in one]
    assert f"@{ada.login}: €29.30" in told
    assert "Waits for you until" in own_page(house, ada)
    join(house, ada, able=False)
    assert "who you are" in own_page(house, ada)
    sweep(house, 59 * DAY)
    assert states(house, issue) == {ada.id: "owed"}
    sweep(house, 2 * DAY)
    sweep(house, 2 * DAY)
    assert states(house, issue) == {ada.id: "over"}
    assert balances(house)[f"project:{house.garden.repo.id}"] == 2930
    assert transfers(house) == []


def test_where_the_terms_say_so_it_lapses_to_those_who_paid(bank_house: BankHouse) -> None:
    house, ada, chen = bank_house, bank_house.garden.ada, bank_house.garden.chen
    issue = garden(house, 'owed_days = 30\nlapse = "backers"\n')
    say(house, issue, house.garden.mara, f"/split @{ada.login} 1 @{chen.login} 1")
    for _ in range(2):
        promise(house, issue, "20")
    accept(house, issue)
    join(house, ada)
    sweep(house)
    sweep(house, 31 * DAY)
    pass_time(house, DAY)
    assert states(house, issue) == {ada.id: "sent", chen.id: "over"}
    refunds = [one["amount"] for one in house.bank.bank.all("refund")]
    assert sum(refunds) == sum(taken(house)) - 110 - transfers(house)[0]["amount"]
    assert account_of(chen) not in balances(house)
    assert balances(house) == {}


def test_what_an_account_could_not_pay_out_is_owed_again_and_sent_to_another(
    bank_house: BankHouse,
) -> None:
    house, bank, ada = bank_house, bank_house.bank.bank, bank_house.garden.ada
    issue = garden(house)
    say(house, issue, house.garden.mara, f"/split @{ada.login} 100")
    promise(house, issue, "30")
    accept(house, issue)
    first = bank.objects[join(house, ada)]
    sweep(house)
    payouts.pay_out_fails(bank, first)
    house.settle()
    assert states(house, issue) == {ada.id: "owed"}
    assert balances(house)[account_of(ada)] == 2930
    assert len(reversals(house)) == 1
    connect.onboarded(bank, first)
    house.settle()
    assert states(house, issue) == {ada.id: "sent"}
    connect.deauthorized(bank, first)
    house.settle()
    assert balances(house)[account_of(ada)] == 2930
    second = join(house, ada)
    assert second != first["id"]
    sweep(house)
    assert [one["destination"] for one in transfers(house)] == [first["id"]] * 2 + [second]
    payouts.pay_out(bank, bank.objects[second])
    house.settle()
    assert states(house, issue) == {ada.id: "settled"}
    connect.deauthorized(bank, bank.objects[second])
    house.settle()
    assert states(house, issue) == {ada.id: "settled"}
    assert account_of(ada) not in balances(house)


def test_what_was_given_for_all_who_build_is_shared_among_them_each_month(
    bank_house: BankHouse,
) -> None:
    house, ada = bank_house, bank_house.garden.ada
    issue = garden(house, "split = { builders = 1 }\nowed_days = 30\n")
    give(house, issue, "10")
    pot = f"owed:builders-{house.garden.repo.id}"
    merge(house, ada, issue, "Some work")
    house.tick("share_pots")
    house.settle()
    assert balances(house)[pot] == 960
    less = "split = { builders = 1 }\ndispute_days = 1\nowed_days = 1\n"
    push_files(house, {RULES: CONFIGURATION + FUNDING + less})
    give(house, issue, "5")
    doubtful, *_others = house.bank.bank.all("charge")
    troubles.warned(house.bank.bank, doubtful)
    both = balances(house)[pot]
    house.advance(2 * DAY)
    house.tick("share_pots")
    house.settle()
    assert balances(house)[pot] == both, "what was told before holds, whatever is changed later"
    house.advance(13 * DAY)
    for _again in range(2):
        house.tick("share_pots")
        house.settle()
    sums = balances(house)
    assert (sums[account_of(ada)], sums[pot]) == (both - 500, 500), "what may be fraud waits"
    sweep(house)
    with house.app.read() as connection:
        letter = select(mail.c.facts).where(mail.c.letter == "share_owed")
        assert '"project": "potluck-sandbox/garden"' in connection.scalars(letter).one()
    assert "For all who build here" in page(house, f"{GARDEN}/ledger")
