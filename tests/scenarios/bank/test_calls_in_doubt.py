"""Calls of which nobody heard what came: looked up at the bank by their key, settled by a row that stays."""

from datetime import timedelta

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from bot.cashier import Cashier
from bot.commandline import calls as command
from donations import calls
from donations.asked import ChargeCard, EndGiving
from donations.calls import Kept
from tests.bank import BankHouse
from tests.scenarios.bank.test_forgotten_keys import Ends, Gone

WHO = ("--by", "Mara", "--reason", "Looked at the dashboard")


class Early:
    """A processor whose caller ends before anything is sent."""

    def perform(self, call: calls.Call, key: str) -> None:
        raise Gone


class Shell:
    """The command line beside a house, by the house's clock."""

    def __init__(self, house: BankHouse, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(command, "system_clock", house.clock)
        self.house = house
        self.env = {
            "DATABASE_URL": house.settings.database_url,
            "INBOX_DATABASE_URL": house.settings.inbox_database_url,
            "STRIPE_API_KEY": house.bank.api_key,
            "STRIPE_API_BASE": house.bank.url,
            "STRIPE_WEBHOOK_SECRET": house.bank.webhook_secret,
        }

    def run(self, *words: str) -> Result:
        return CliRunner().invoke(command.calls, words, env=self.env)


@pytest.fixture
def shell(bank_house: BankHouse, monkeypatch: pytest.MonkeyPatch) -> Shell:
    return Shell(bank_house, monkeypatch)


def give_up(house: BankHouse, *, happened: bool) -> Kept:
    """Lose what came of a charge, and come back after its key may be forgotten."""
    call = ChargeCard("gift:9", 2500, "EUR", "", "pm_card_visa", "A promise")
    with house.app.write() as connection:
        calls.put(connection, call, "charge:1", house.now)
    processor = house.worker.world.processor
    assert processor is not None
    ends = Cashier(house.app, Ends(processor) if happened else Early(), house.clock, "ends")  # type: ignore[arg-type]  # only performs
    with pytest.raises(Gone):
        ends.step()
    house.advance(timedelta(days=3))
    house.settle()
    assert kept(house).state == "dead"
    return kept(house)


def kept(house: BankHouse) -> Kept:
    with house.app.read() as connection:
        found = calls.by_key(connection, "charge:1")
    assert found is not None
    return found


def charged(house: BankHouse) -> int:
    return len(list(house.bank.bank.all("payment_intent")))


def test_what_happened_is_found_by_its_key_and_nothing_else_can_be_decided(
    bank_house: BankHouse, shell: Shell
) -> None:
    one = give_up(bank_house, happened=True)
    listed = shell.run("list", "--state", "dead").output
    assert "charge:1" in listed
    assert "potluck calls show" in listed
    shown = shell.run("show", str(one.id)).output
    assert "bears its key: it happened" in shown
    assert "What can be decided: happened." in shown
    for ruling in ("again", "refused"):
        no = shell.run("settle", str(one.id), ruling, *WHO)
        assert "Stripe contradicts that" in str(no.exception)
    done = shell.run("settle", str(one.id), "happened", *WHO)
    assert done.output == f"Call {one.id} is settled: happened.\n"
    bank_house.settle()
    settled = kept(bank_house)
    intent = next(bank_house.bank.bank.all("payment_intent"))
    assert (settled.state, settled.remote_id, charged(bank_house)) == ("done", intent["id"], 1)
    assert '"by": "Mara"' in shell.run("show", str(one.id)).output
    assert "only one that was given up" in str(
        shell.run("settle", str(one.id), "happened", *WHO).exception
    )
    with (
        pytest.raises(Exception, match="append-only"),
        bank_house.app.write() as connection,
    ):
        connection.execute(text("UPDATE stripe_call_ruling SET ruling = 'again'"))


def test_what_did_not_happen_is_refused_by_a_word_or_asked_again_by_itself(
    bank_house: BankHouse, shell: Shell
) -> None:
    one = give_up(bank_house, happened=False)
    assert "it did not happen" in shell.run("show", str(one.id)).output
    assert shell.run("settle", str(one.id), "refused", *WHO).exit_code == 0
    bank_house.settle()
    assert (kept(bank_house).state, kept(bank_house).code) == ("failed", "given_up")
    assert charged(bank_house) == 0
    assert "There is no call 99" in str(shell.run("show", "99").exception)


@pytest.mark.parametrize("happened", [True, False])
def test_nobody_has_to_do_anything_for_one_charge(bank_house: BankHouse, happened: bool) -> None:
    give_up(bank_house, happened=happened)
    bank_house.tick("settle_calls")
    bank_house.settle()
    assert (kept(bank_house).state, charged(bank_house)) == ("done", 1)


def test_what_only_looks_alike_waits_for_somebody_and_what_does_no_harm_is_asked_again(
    bank_house: BankHouse, shell: Shell, caplog: pytest.LogCaptureFixture
) -> None:
    one = give_up(bank_house, happened=True)
    intent = next(bank_house.bank.bank.all("payment_intent"))
    del intent["metadata"]["potluck_call"]
    bank_house.tick("settle_calls")
    bank_house.settle()
    assert kept(bank_house).state == "dead"
    assert "call needs somebody to judge" in caplog.text
    assert "is about the same, without a key" in shell.run("show", str(one.id)).output
    wrong = shell.run("settle", str(one.id), "happened", *WHO, "--object", "pi_other")
    assert "Say with --object" in str(wrong.exception)
    assert shell.run("settle", str(one.id), "happened", *WHO).exit_code == 0
    with bank_house.app.write() as connection:
        calls.put(connection, EndGiving("gift:9", "sub_9"), "end:9", bank_house.now)
        connection.execute(
            text(
                "UPDATE stripe_call SET state = 'dead', tried_at = created_at WHERE kind = 'EndGiving'"
            )
        )
    bank_house.advance(timedelta(days=2))
    bank_house.tick("settle_calls")
    bank_house.settle()
    with bank_house.app.read() as connection:
        ended = calls.by_key(connection, "end:9")
    assert ended is not None
    assert (ended.state, ended.code) == ("failed", "resource_missing")
