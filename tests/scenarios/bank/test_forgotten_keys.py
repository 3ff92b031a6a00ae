"""A call whose outcome was never heard is not made again once the processor may have forgotten its key."""

from datetime import timedelta

import pytest

from bot.cashier import Cashier
from bot.sandbox import failures
from donations import calls
from donations.asked import ChargeCard
from donations.calls import Kept
from donations.processor import Processor
from tests.bank import BankHouse


class Gone(BaseException):
    """The process ends between the call and the transaction behind it."""


class Ends:
    """A processor that carries out a call, and whose caller then ends."""

    def __init__(self, inner: Processor) -> None:
        self._inner = inner

    def perform(self, call: calls.Call, key: str) -> None:
        self._inner.perform(call, key)
        raise Gone


def kept(house: BankHouse) -> Kept:
    with house.app.read() as connection:
        found = calls.by_key(connection, "charge:1")
    assert found is not None
    return found


@pytest.mark.parametrize("away", [timedelta(hours=20), timedelta(days=3)])
def test_a_cashier_that_was_away_for_days_charges_nobody_twice(
    bank_house: BankHouse, away: timedelta, caplog: pytest.LogCaptureFixture
) -> None:
    call = ChargeCard("gift:9", 2500, "EUR", "", "pm_card_visa", "A promise")
    with bank_house.app.write() as connection:
        calls.put(connection, call, "charge:1", bank_house.now)
    processor = bank_house.worker.world.processor
    assert processor is not None
    ends = Cashier(bank_house.app, Ends(processor), bank_house.clock, "ends")  # type: ignore[arg-type]  # only performs
    with pytest.raises(Gone):
        ends.step()
    assert kept(bank_house).state == "running"
    bank_house.advance(away)
    bank_house.settle()
    assert len(list(bank_house.bank.bank.all("payment_intent"))) == 1
    state = kept(bank_house).state
    assert state == ("done" if away < calls.REMEMBERED else "dead")
    assert ("call not made" in caplog.text) == (state == "dead")
    with bank_house.app.write() as connection:
        again = calls.again(connection, "charge:1", bank_house.now)
    bank_house.settle()
    assert (again, kept(bank_house).state) == (state == "dead", state)
    assert len(list(bank_house.bank.bank.all("payment_intent"))) == 1


def test_a_refusal_begins_anew_however_late(bank_house: BankHouse) -> None:
    call = ChargeCard("gift:9", 2500, "EUR", "", "pm_card_visa", "A promise")
    bank_house.bank.fail("POST", "/v1/payment_intents", failures.status(400))
    with bank_house.app.write() as connection:
        calls.put(connection, call, "charge:1", bank_house.now)
    bank_house.settle()
    assert kept(bank_house).state == "failed"
    bank_house.advance(timedelta(days=3))
    with bank_house.app.write() as connection:
        assert calls.again(connection, "charge:1", bank_house.now)
    bank_house.settle()
    assert kept(bank_house).state == "done"
