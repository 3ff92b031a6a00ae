"""What licences brought is shared when a period is over, by the rule that was written before."""

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from bot.credits import store as credits_store
from bot.credits.store import Given
from bot.sandbox.stripe import troubles
from donations import store as books
from donations.payouts import shares
from donations.sharing import store
from tests.bank import BankHouse
from tests.scenarios.agreement import push_files, sign
from tests.scenarios.merging import land
from tests.scenarios.selling import RULES, buy, open_shop
from tests.visitor import Visitor

SHARING = """
[selling.sharing]
contributors = 60
maintainers = 20
project = 20
points = { code = 5, doc = 5 }
maintainer_ids = [1901]
cap_percent = 100
least = "1"
wait_days = 30
"""
PAGE = "/potluck-sandbox/garden/sharing"
SCRIPT = Path(__file__).parents[3] / "docs/check_sharing.py"


def credit(house: BankHouse, who: int, kind: str, thread: str, by: int | None = None) -> None:
    given = Given(house.garden.repo.id, who, kind, "given", thread, thread, house.now, by)
    with house.app.write() as connection:
        credits_store.give(connection, given, None, house.now)


def balances(house: BankHouse) -> dict[str, int]:
    with house.app.read() as connection:
        found = books.in_book(connection, f"project:{house.garden.repo.id}")
    assert sum(found.values()) == 0
    return {account: -minor for (account, _code), minor in found.items()}


def share(house: BankHouse, days: int) -> list[dict[str, object]]:
    """Let days pass and the daily task run; gives the statements, oldest first."""
    house.advance(timedelta(days=days))
    house.tick("share_income")
    house.settle()
    with house.app.read() as connection:
        made = store.statements(connection, house.garden.repo.id)
    return [one.record for one in reversed(made)]


def reckon_again(house: BankHouse, folder: Path, said: dict[str, object]) -> None:
    """Read what is published, and reckon it again with the script that is shipped."""
    with Visitor(house) as visitor:
        page = visitor.get(PAGE)
        assert "held for 2026-Q4" in page.text
        assert "holds for 2027-Q1" in page.text
        assert "holds since 2027-Q1" in page.text
        published = visitor.get(f"{PAGE}/2026-Q4-EUR.json")
    file = folder / "statement.json"
    file.write_text(published.text, encoding="utf-8")
    run = [sys.executable, str(SCRIPT), str(file)]
    assert subprocess.run(run, check=False).returncode == 0
    file.write_text(json.dumps(said | {"project": 0}), encoding="utf-8")
    assert subprocess.run(run, check=False, stderr=subprocess.DEVNULL).returncode == 1


def owed(house: BankHouse, who: int) -> list[int]:
    with house.app.read() as connection:
        return [one.money.minor for one in shares.of_person(connection, who)]


def contribute(house: BankHouse) -> None:
    """Let three people contribute; the third only says so, of themselves."""
    garden = house.garden
    for who, kind, thread, by in (
        (garden.ada.id, "code", "pull/1", garden.mara.id),
        (garden.bo.id, "doc", "pull/2", None),
        (garden.chen.id, "code", "pull/3", garden.chen.id),
    ):
        credit(house, who, kind, thread, by)
    pull = house.propose(garden.ada)
    house.settle()
    assert "contributors share 60" in house.comments(pull)[0]


def change_while_it_runs(house: BankHouse, visitor: Visitor, rules: str) -> None:
    """Change the rule: it holds from the next quarter on, and the page says so."""
    push_files(house, {".github/potluck.toml": rules.replace("= 60", "= 1")})
    house.settle()
    now, coming = visitor.get(PAGE).text.split('id="coming"')
    assert "contributors share 60, " in now
    assert "holds for 2026-Q4" in now
    assert "1 January 2027" in coming
    assert "contributors share 2.44, " in coming
    agreement = visitor.get("/potluck-sandbox/garden/cla").text
    assert "contributors share 2.44, " in agreement
    assert "It holds from 1 January 2027 on" in agreement


def test_a_quarter_is_shared_and_anybody_can_reckon_it_again(
    bank_house: BankHouse, tmp_path: Path
) -> None:
    garden = bank_house.garden
    rules = RULES.replace("[[selling.products]]", SHARING + "\n[[selling.products]]", 1)
    open_shop(bank_house, rules)
    contribute(bank_house)
    with Visitor(bank_house) as visitor:
        buy(bank_house, visitor)
        assert "contributors share 60" in visitor.get("/potluck-sandbox/garden/cla").text
        signing = visitor.sign_in(garden.bo, after="/potluck-sandbox/garden/cla/sign")
        assert "contributors share 60" in signing.text
        visitor.submit(PAGE, {"choice": "give"}, "choice")
        change_while_it_runs(bank_house, visitor, rules)
    income = balances(bank_house)[f"licences:{garden.repo.id}"]
    assert share(bank_house, 60) == []

    (said,) = share(bank_house, 15)
    assert said["income"] == income
    # Chen's own word for themselves counts nothing; Bo gives theirs to the project.
    people = dict(said["shares"])  # type: ignore[call-overload] # pairs
    assert set(people) == {garden.ada.id, garden.mara.id}
    assert sum(people.values()) + said["project"] == income
    found = balances(bank_house)
    assert f"licences:{garden.repo.id}" not in found
    assert found[f"owed:person-{garden.ada.id}"] == people[garden.ada.id]
    assert owed(bank_house, garden.ada.id) == [people[garden.ada.id]]

    reckon_again(bank_house, tmp_path, said)

    # A payment that goes back later is carried: nobody falls below nothing.
    bank = bank_house.bank.bank
    troubles.disputed(bank, list(bank.all("charge"))[-1])
    bank_house.settle()
    lost = balances(bank_house)[f"licences:{garden.repo.id}"]
    assert lost < 0
    *_, last = share(bank_house, 90)
    assert (last["shares"], last["project"], last["carried"]) == ([], 0, lost)


def test_what_somebody_merges_alone_is_confirmed_by_nobody(bank_house: BankHouse) -> None:
    garden = bank_house.garden
    rules = RULES.replace("[[selling.products]]", SHARING + "\n[[selling.products]]", 1)
    open_shop(bank_house, "[roadmap]\n" + rules.replace('language = "en"', ""))
    for who in (garden.ada, garden.mara):
        sign(bank_house, who)
        pull = bank_house.propose(who)
        bank_house.settle()
        land(bank_house, pull)
    with bank_house.app.read() as connection:
        found = credits_store.of_repo(connection, garden.repo.id)
    given = {one.github_id: one.by_id for one in found if one.deed == "coded"}
    assert given == {garden.ada.id: None, garden.mara.id: garden.mara.id}
