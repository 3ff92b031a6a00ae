"""What can be had back still is shared with nobody, and what is on its way back is not sold."""

from datetime import timedelta

from sqlalchemy import update

from bot.credits import names
from bot.selling import settling
from core.github import Account
from donations import calls
from tests.bank import BankHouse
from tests.scenarios.agreement import push_files
from tests.scenarios.selling import BUY, RULES, buy, certify, last_sale, licence, open_shop
from tests.scenarios.selling.test_sharing import PAGE, SHARING, credit, share
from tests.visitor import Visitor


def test_nothing_is_shared_that_can_be_had_back_and_nobody_is_named_who_hides(
    bank_house: BankHouse,
) -> None:
    ada = bank_house.garden.ada
    rules = RULES.replace("[[selling.products]]", SHARING + "\n[[selling.products]]", 1)
    # Buyers are given longer than the rule waits.
    open_shop(bank_house, rules.replace("[selling]\n", "[selling]\nrefund_days = 100\n"))
    credit(bank_house, ada.id, "code", "pull/1", bank_house.garden.mara.id)
    with bank_house.app.write() as connection:
        named = Account(ada.id, ada.login, "User")
        names.hide(connection, named, bank_house.now, hides=True)
    with Visitor(bank_house) as visitor:
        visitor.sign_in(ada)
        buy(bank_house, visitor)
        assert share(bank_house, 80) == []
        (said,) = share(bank_house, 21)
        assert ada.id in dict(said["shares"])  # type: ignore[call-overload] # pairs
    with Visitor(bank_house) as stranger:
        shown = stranger.get(PAGE).text
    assert "@ada" not in shown
    assert f"account {ada.id}" in shown


def test_another_currency_is_no_way_to_another_rule(bank_house: BankHouse) -> None:
    rules = RULES.replace("[[selling.products]]", SHARING + "\n[[selling.products]]", 1)
    open_shop(bank_house, rules)
    with Visitor(bank_house) as visitor:
        buy(bank_house, visitor)
        other = rules.replace("[selling]\n", '[selling]\ncurrency = "USD"\n')
        other = other.replace("contributors = 60", "contributors = 0")
        push_files(bank_house, {".github/potluck.toml": other})
        bank_house.settle()
        bank_house.advance(timedelta(days=1))
        buy(bank_house, visitor)
    euros, dollars = share(bank_house, 80)
    assert {euros["currency"], dollars["currency"]} == {"EUR", "USD"}
    assert euros["rule_sha256"] == dollars["rule_sha256"]


def hear(house: BankHouse) -> None:
    """Let everything be heard that others tell, and ask the bank nothing."""
    moved = 1
    while moved:
        moved = len(house.sandbox.deliver_all()) + len(house.bank.hooks.deliver_all())
        moved += house.worker.sort() + house.worker.work()


def test_what_is_on_its_way_back_is_not_sold_and_what_the_bank_refused_is_asked_again(
    bank_house: BankHouse,
) -> None:
    commit = open_shop(bank_house)
    with Visitor(bank_house) as acme:
        chosen = {"licensee": "Acme Ltd", "accept": "yes"}
        url = acme.submit(f"{BUY}/pro", chosen, "buy", follow=False).headers["location"]
    strict = RULES.replace('mode = "cla"', 'mode = "cla"\nexempt_users = [7]')
    push_files(bank_house, {".github/potluck.toml": strict})
    bank_house.settle()
    bank_house.pay(url)
    sale, secret = last_sale(bank_house), bank_house.settings.secret_key
    # Money came, and the bank has yet to hear that it goes back.
    hear(bank_house)
    certify(bank_house, commit)
    with bank_house.app.write() as connection:
        settling.settle(connection, sale, secret, bank_house.now)
    assert licence(bank_house, sale) is None
    # The bank says no: it is asked again, and not for ever nothing.
    push_files(bank_house, {".github/potluck.toml": strict.replace("[7]", "[7, 8]")})
    hear(bank_house)
    with bank_house.app.write() as connection:
        (asked,) = calls.asked_about(connection, sale.name, "back:")
        refused = update(calls.stripe_call).where(calls.stripe_call.c.id == asked.id)
        connection.execute(refused.values(state="failed", finished_at=bank_house.now))
        settling.settle(connection, sale, secret, bank_house.now)
        (asked,) = calls.asked_about(connection, sale.name, "back:")
    assert asked.state == "due"
    bank_house.advance(timedelta(hours=1))
    bank_house.settle()
    assert licence(bank_house, sale) is None
