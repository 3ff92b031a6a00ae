"""The audit with the register: what was merged through Potluck, withdrawals, rules, certificates."""

import json
from pathlib import Path

from click.testing import CliRunner, Result

from bot.__main__ import cli
from bot.audit import certificates, facts, stated
from bot.audit.stated import Stated
from bot.sandbox.records import Account
from licensing import signing, store
from licensing.sold import keys
from licensing.sold.purposes import Purpose
from tests.gityard import Yard
from tests.house import House
from tests.scenarios.agreement import offer, set_rules, sign
from tests.scenarios.audit.looking import Looked, look
from tests.scenarios.merging import land

RULES = ('mode = "cla"', 'version = "1.0"', 'outbound = "any_plus_original"')
SECRET = "a secret of the house that is long enough"


def record(house: House, text: str) -> None:
    """Let Mara state something about the garden."""
    files = {"audit.toml": text.encode()}
    act = Stated(house.garden.mara.id, "It is written in the minutes.", "", house.now, files)
    with house.app.write() as connection:
        stated.record(connection, house.garden.repo.id, act, house.now)


def begin(house: House) -> None:
    """Let the garden have an agreement that allows selling, and say who its owners are."""
    garden = house.garden
    set_rules(house, *RULES)
    house.settle()
    licence = 'offered = ["AGPL-3.0-only"]\n[[licence]]\nid = "AGPL-3.0-only"\n'
    owners = (garden.mara.id, garden.repo.owner.id)
    record(house, licence + "".join(f"[[owner]]\nperson = {one}\n" for one in owners))


def audited(house: House, yard: Yard, tip: str) -> Looked:
    """Clone the garden and audit it, as a server does, and keep what came out."""
    yard.take(house.garden.repo.objects, tip)
    repo_id = house.garden.repo.id
    with house.app.read() as connection:
        inputs = facts.inputs(connection, repo_id)
    found = look(yard, inputs, kept=yard.path / "kept.db")
    with house.app.write() as connection:
        certificates.keep(connection, repo_id, found.audit, found.matter, house.now)
        certificates.issue(connection, repo_id, found.audit, SECRET, house.now)
    return found


def fresh(house: House, tip: str) -> certificates.Certificate | None:
    with house.app.read() as connection:
        return certificates.fresh(connection, house.garden.repo.id, tip, "commercial")


def renew(house: House, tip: str) -> certificates.Certificate | None:
    with house.app.write() as connection:
        place = (house.garden.repo.id, tip, "commercial")
        return certificates.renew(connection, *place, SECRET, house.now)


def withdraw(house: House, person: Account) -> None:
    """Let somebody withdraw, as the maintainers' page does for them."""
    with house.app.write() as connection:
        version = store.agreement_in_force(connection, house.garden.repo.id)
        assert version is not None
        said = signing.Withdrawal(person.id, person.id, "I asked for it", house.now)
        assert signing.withdraw(connection, version.agreement_id, said, house.now)


def test_what_was_merged_can_be_sold_until_somebody_unsigned_lands(
    house: House, tmp_path: Path
) -> None:
    garden, repo_id = house.garden, house.garden.repo.id
    begin(house)
    sign(house, garden.ada)
    pull = offer(house, garden.ada, {"author": garden.ada}, {"author": garden.ada})
    house.settle()
    tip = land(house, pull, "squash")
    yard = Yard(tmp_path / "clone")
    found = audited(house, yard, tip)
    assert found.audit.sellable, found.blockers
    certificate = fresh(house, tip)
    assert certificate is not None
    assert certificate.claims["ledger_sha256"] == found.audit.ledger_sha256
    with house.app.read() as connection:
        assert (
            keys.opened(connection, repo_id, Purpose.AUDIT, certificate.token)
            == certificate.claims
        )

    # Somebody unsigned lands beside her: the head is refused, the release that was sold is not.
    both = offer(house, garden.ada, {"author": garden.bo}, {"author": garden.ada})
    house.settle()
    newer = land(house, both, "squash")
    blocked = audited(house, yard, newer)
    assert set(blocked.blockers) == {f"github:{garden.bo.id}"}
    assert blocked.blockers[f"github:{garden.bo.id}"][0] == "NO_SIGNATURE"
    assert fresh(house, newer) is renew(house, newer) is None
    assert fresh(house, tip) is None, "what people granted and wrote is not what it was"
    again = renew(house, tip)
    assert again is not None
    assert fresh(house, tip) == again


def test_a_withdrawal_and_new_rules_stop_the_sale_at_once(house: House, tmp_path: Path) -> None:
    garden = house.garden
    begin(house)
    sign(house, garden.ada, garden.bo)
    pull = offer(house, garden.ada, {"author": garden.ada})
    house.settle()
    tip = land(house, pull)
    yard = Yard(tmp_path / "clone")
    assert audited(house, yard, tip).audit.sellable
    # Somebody who has nothing here signs: a moment later it goes on, without a clone.
    sign(house, garden.chen)
    assert fresh(house, tip) is None
    assert renew(house, tip) is not None
    other = offer(house, garden.ada, {"author": garden.ada})
    house.settle()
    withdraw(house, garden.ada)
    # What landed before stays covered, what comes after does not.
    assert renew(house, tip) is not None
    newer = land(house, other)
    after = audited(house, yard, newer)
    assert after.blockers[f"github:{garden.ada.id}"][0] == "WITHDRAWN"
    with house.app.read() as connection:
        place = (garden.repo.id, newer, "commercial")
        assert certificates.state(connection, *place) == "blocked"
    # The open licence is taken off the offer: nothing may be sold, whoever signed.
    record(house, '[[licence]]\nid = "AGPL-3.0-only"\n')
    assert fresh(house, tip) is renew(house, tip) is None
    assert audited(house, yard, tip).audit.broken == ("AGPL-3.0-only",)


def test_the_command_line_tells_explains_and_certifies(house: House, tmp_path: Path) -> None:
    begin(house)
    yard = Yard(tmp_path / "clone")
    yard.take(house.garden.repo.objects, house.garden.repo.branches["main"])
    surroundings = {
        "DATABASE_URL": house.settings.database_url,
        "INBOX_DATABASE_URL": house.settings.inbox_database_url,
        "POTLUCK_VAR": str(tmp_path / "var"),
        "SECRET_KEY": SECRET,
    }
    named = ["audit", "potluck-sandbox/garden", "--clone", str(yard.path)]

    def potluck(*words: str) -> Result:
        return CliRunner().invoke(cli, [*named, *words], env=surroundings)

    said = potluck()
    assert said.exit_code == 0, said.output
    assert said.stdout.startswith("SELLABLE")
    assert "Certificate " in said.stdout
    found = json.loads(potluck("--json").stdout)
    assert (found["sellable"], found["certificate"][:10]) == (True, "v4.public.")
    line = potluck("--explain", "README.md:1").stdout
    assert line.startswith("OWNED for commercial")
    assert "audit.toml: owner" in line
    unknown = potluck("--target", "GPL-3.0")
    assert (unknown.exit_code, "do you mean GPL-3.0-" in unknown.stderr) == (2, True)
    empty = tmp_path / "statements"
    empty.mkdir()
    bare = ["audit", str(yard.path), "--grants", str(empty), "--target", "MIT"]
    said = CliRunner().invoke(cli, bare, env=surroundings)
    assert said.exit_code == 1
    assert said.stdout.startswith("NOT COVERED for MIT")
    assert "→ ask for a grant" in said.stdout
