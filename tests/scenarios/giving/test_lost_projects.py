"""What comes again and again ends: by who gave, without an account, or by itself where a project is lost."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from bot import tasks
from bot.money import lost
from bot.money.lost import project_lost
from core.money import Money
from donations.calls import stripe_call
from donations.giving import store
from donations.giving.rules import Act, Deed
from donations.giving.store import Giver, Said
from donations.giving.terms import Terms
from tests.bank import BankHouse
from tests.house import House
from tests.scenarios.giving.test_fund_page import FUND, switch_on
from tests.visitor import Visitor

DAY = timedelta(days=1)


def monthly(house: BankHouse) -> str:
    """Give monthly without an account; gives the path of the gift's page."""
    switch_on(house)
    with Visitor(house) as bo:
        fields = {"amount": "20.00", "rhythm": "month"}
        url = bo.submit(FUND, fields, "give", follow=False).headers["location"]
    page = str(house.pay(url).headers["location"])
    house.settle()
    return page


def status(house: BankHouse) -> str:
    return str(next(house.bank.bank.all("subscription"))["status"])


def night(house: BankHouse) -> None:
    house.advance(DAY)
    house.tick("end_lost_giving")
    house.settle()


def test_whoever_gave_without_an_account_ends_it_though_the_project_has_another_name(
    bank_house: BankHouse,
) -> None:
    page = monthly(bank_house)
    bank_house.world.rename_repository(bank_house.garden.repo, "meadow")
    bank_house.settle()
    with Visitor(bank_house) as bo:
        seen = bo.get(page)
        assert seen.status_code == 200
        bo.fill_in(seen, {}, "end")
    bank_house.settle()
    assert status(bank_house) == "canceled"


def test_a_deleted_project_takes_nothing_more(bank_house: BankHouse) -> None:
    monthly(bank_house)
    world, garden = bank_house.world, bank_house.garden
    world.delete_repository(garden.repo)
    bank_house.settle()
    night(bank_house)
    assert status(bank_house) == "canceled"


@pytest.mark.parametrize("how", ["private", "uninstalled"])
def test_what_may_come_back_has_the_days_of_the_terms_and_then_it_ends(
    bank_house: BankHouse, how: str
) -> None:
    page = monthly(bank_house)
    world, garden = bank_house.world, bank_house.garden
    installation = world.installation_for(garden.repo)

    def lose(away: bool) -> None:
        if how == "private":
            world.set_private(garden.repo, private=away)
        elif away:
            world.suspend(installation)
        else:
            world.unsuspend(installation)
        bank_house.settle()

    lose(True)
    for _ in range(10):
        night(bank_house)
    lose(False)
    night(bank_house)
    with bank_house.app.read() as connection:
        assert connection.scalars(select(project_lost.c.repo_id)).all() == []
    if how == "private":
        lose(True)
    else:
        world.uninstall(installation)
        bank_house.settle()
    for _ in range(14):
        night(bank_house)
    assert status(bank_house) == "active"
    night(bank_house)
    assert status(bank_house) == "canceled"
    night(bank_house)
    with Visitor(bank_house) as bo:
        assert "End it" not in bo.get(page).text


def test_many_gifts_are_looked_at_in_pages_and_a_death_between_them_changes_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lost, "AT_A_TIME", 3)
    terms = Terms("donation", (("project", 1),))
    with house.app.write() as connection:
        for place in range(8):
            words = (f"{place:032x}", 1 + place % 2, "", "donation", "month")
            said = Said(*words, Money(500, "BGN"), terms)  # type: ignore[arg-type]  # two of the words
            gift = store.say(connection, said, Giver(), house.now)
            store.know(connection, gift.id, subscription_id=f"sub_{place}")
            deeds: tuple[Deed, ...] = ("began", "ended") if place == 4 else ("began",)
            for deed in deeds:
                store.note(connection, gift, Act(deed, f"sub_{place}", house.now), house.now)

    def ended() -> list[str]:
        with house.app.read() as connection:
            return sorted(connection.scalars(select(stripe_call.c.effect_key)))

    all_but_one = [f"end:sub_{place}" for place in range(8) if place != 4]
    for name in ("end_lost_giving", "retire_currencies"):
        for days in (0, 31):
            house.advance(days * DAY)
            house.tick(name)
            house.worker.work()
            if days:
                assert ended() == all_but_one[:3], "what is one page, and one transaction"
            house.restart()
            house.settle()
        assert ended() == all_but_one
        with house.app.write() as connection:
            pages = connection.scalars(select(tasks.task.c.key).where(tasks.task.c.name == name))
            assert len([*pages]) == 2 * 3
            connection.execute(delete(stripe_call))
