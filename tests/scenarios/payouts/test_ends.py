"""Nothing rests for ever: refused accounts, small change that no payout carries, pots below nothing."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, select, update

from bot.mail.tables import mail
from bot.payouts import builders, levelling, resting
from bot.sandbox import failures
from bot.sandbox.stripe import troubles
from core.db import Database
from core.money import Money
from donations import store as books
from donations.giving import store as gifts
from donations.giving.rules import Act as Nothing
from donations.giving.store import Giver, Said
from donations.giving.terms import Terms
from donations.ledger import CASH, Cause, Entry, Transaction
from donations.payouts import paying, proof, shares, store
from donations.payouts.rules import Act
from donations.payouts.store import Owing
from donations.payouts.tables import payee
from tests.bank import BankHouse
from tests.databases import Urls
from tests.scenarios.asking import say
from tests.scenarios.intents.calling import DAY
from tests.scenarios.payouts.paying import accept, balances, join, own_page, states, sweep
from tests.scenarios.pledges.promising import garden, give, node, pass_time, promise

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
ADA, BOOK, POT = 7, "project:1", "owed:builders-1"


@pytest.fixture
def database(databases: Urls) -> Iterator[Database]:
    """A migrated database with nothing in it."""
    with closing(Database(databases[0])) as opened:
        yield opened


def test_an_account_that_always_refuses_is_told_when_it_ends_and_then_goes_by_the_terms(
    bank_house: BankHouse,
) -> None:
    house, ada = bank_house, bank_house.garden.ada
    issue = garden(house, "owed_days = 30\n")
    say(house, issue, house.garden.mara, f"/split @{ada.login} 100")
    promise(house, issue, "30")
    join(house, ada)
    no = house.bank.fail("POST", "/v1/transfers$", failures.status(400), times=1_000)
    accept(house, issue)
    sweep(house, DAY + timedelta(minutes=5))
    assert states(house, issue) == {ada.id: "owed"}
    shown = own_page(house, ada)
    assert "did not take it" in shown
    assert "Waits for you until" in shown
    with house.app.read() as connection:
        letters = list(connection.scalars(select(mail.c.letter)))
    assert letters.count("share_refused") == 1
    sweep(house, 29 * DAY)
    sweep(house)
    assert no.used > 1
    assert states(house, issue) == {ada.id: "over"}
    assert balances(house)[f"project:{house.garden.repo.id}"] == 2930


def test_what_is_to_go_back_and_cannot_is_owed_to_its_giver_until_it_went_another_way(
    bank_house: BankHouse,
) -> None:
    house, bank = bank_house, bank_house.bank.bank
    issue = garden(house, "split = { feature = 1 }\n")
    give(house, issue, "30")
    charge = next(bank.all("charge"))
    charge["disputed"] = True
    house.world.close(issue, house.garden.mara, "not_planned")
    for _ in range(2):
        pass_time(house, 14 * DAY)
        pass_time(house, DAY)
    request = f"request:{node(house, issue)}"
    owed = {one: sum_ for one, sum_ in balances(house).items() if one.startswith("refund:")}
    assert list(owed.values()) == [3000]
    assert request not in balances(house)
    charge["disputed"] = False
    troubles.refunded(bank, charge, 3000, {})
    house.settle()
    pass_time(house, DAY)
    assert not {request, *owed} & set(balances(house))


def test_change_that_no_payout_carries_goes_with_the_next_share_or_ends_with_the_project(
    database: Database,
) -> None:
    with database.write() as connection:
        for at, (cause, owed, sent) in enumerate(
            (("one", 12_345, 12_300), ("two", 12_390, 12_400))
        ):
            _earn(connection, cause, owed, sent, NOW + at * DAY)
        assert _owed(connection, "HUF") == 35
        (rest,) = resting.of_person(connection, ADA)
        assert (rest.money, rest.until) == (Money(35, "HUF"), NOW + 31 * DAY)
        assert resting.leave(connection, NOW + 30 * DAY) == 0
        assert resting.leave(connection, NOW + 31 * DAY) == 1
        assert resting.leave(connection, NOW + 32 * DAY) == 0
        assert books.balances_in(connection, BOOK, BOOK) == (Money(-35, "HUF"),)
        assert [*proof.problems(connection)] == []
        # What comes back then is what was sent: nobody falls below nothing for the rest.
        of = shares.of_person(connection, ADA)[0]
        _move(connection, of, Act("returned", "trr_1", NOW + 40 * DAY, 12_300, "payout:1"))
        (again, _other) = shares.of_person(connection, ADA)
        assert again.standing.state == "owed"
        assert _owed(connection, "HUF") == 12_300
        assert [*proof.problems(connection)] == []


def _earn(connection: Connection, cause: str, owed: int, sent: int, at: datetime) -> None:
    money = Money(owed, "HUF")
    weights = ((ADA, 1),)
    wanted = Owing(
        cause, BOOK, "request:N", ((ADA, money),), owed_days=30, weights=weights, version=0
    )
    made = store.owe(connection, wanted, at)
    assert made is not None
    connection.execute(update(payee).values(payable=True, stripe_id="acct_1"))
    (of,) = shares.of_reward(connection, made.id)
    name = paying.want(connection, of, Money(sent, "HUF"), "", at)
    assert name is not None
    _move(connection, of, Act("sent", f"tr_{cause}", at, sent, name.name))


def _move(connection: Connection, of: shares.Share, done: Act) -> None:
    """Write down that a transfer was made or came back, as what is seen at the bank does."""
    money = Money(done.minor if done.deed == "sent" else -done.minor, of.money.currency)
    kind = "transfer" if done.deed == "sent" else "transfer_returned"
    entries = (Entry(store.account_of(ADA), money), Entry(CASH, -money))
    cause = Cause("stripe", f"txn_{done.evidence}", kind)
    books.post(connection, Transaction(BOOK, cause, done.at, entries), done.at)
    shares.note(connection, of.id, done, done.at)


def _owed(connection: Connection, code: str) -> int:
    return store.owed_in(connection, BOOK, store.account_of(ADA), code).minor


def test_a_pot_of_builders_below_nothing_is_made_good_by_the_project_and_by_what_comes_next(
    database: Database,
) -> None:
    with database.write() as connection:
        _post(connection, "gift", (BOOK, -300), (POT, 1_000), (CASH, -700))
        for day in range(3):
            # Who gives nothing, which costs nothing, keeps no loss from being borne.
            terms = Terms("donation", (("builders", 1),))
            said = Said(f"{day:032x}", 1, "", "donation", "once", Money(0, "EUR"), terms)
            gift = gifts.say(connection, said, Giver(), NOW + day * DAY)
            gifts.note(connection, gift, Nothing("nothing", gift.key, NOW), NOW + day * DAY)
            builders.share(connection, NOW + day * DAY)
        assert _pot(connection) == {CASH: -700, levelling.LENDER: 700}
        _post(connection, "more", (CASH, 500), (POT, -500))
        builders.share(connection, NOW + 4 * DAY)
        assert _pot(connection) == {CASH: -200, levelling.LENDER: 200}
        _post(connection, "again", (CASH, 900), (POT, -900))
        builders.share(connection, NOW + 5 * DAY)
        builders.share(connection, NOW + 6 * DAY)
        assert _pot(connection) == {CASH: 700, POT: -700}
        # So it is for the project's own money.
        _post(connection, "back", (CASH, -400), (BOOK, 400))
        for day in range(2):
            levelling.projects(connection, NOW + day * DAY)
        assert _pot(connection) == {CASH: 300, POT: -700, levelling.LENDER: 400}
        _post(connection, "next", (CASH, 500), (BOOK, -500))
        for day in range(2):
            levelling.projects(connection, NOW + day * DAY)
        assert _pot(connection) == {CASH: 800, POT: -700, BOOK: -100}


def _post(connection: Connection, name: str, *lines: tuple[str, int]) -> None:
    entries = tuple(Entry(account, Money(minor, "EUR")) for account, minor in lines)
    cause = Cause("stripe", name, "gift")
    books.post(connection, Transaction(BOOK, cause, NOW, entries), NOW)


def _pot(connection: Connection) -> dict[str, int]:
    return {account: minor for (account, _code), minor in books.in_book(connection, BOOK).items()}
