"""Erasing what is personal changes no verdict: whose a line is stays proven, by number and by hash."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from bot.audit import aliases, certificates, forgetting
from bot.audit.matter import unpacked
from bot.audit.tables import audit_alias, audit_alias_named, audit_matter, audit_result
from licensing.proof import verify_chain
from tests.gityard import Yard
from tests.house import House
from tests.scenarios.agreement import offer
from tests.scenarios.audit.test_audit_register import audited, begin, renew
from tests.scenarios.merging import land
from tests.scenarios.page_signing import AGREED, PAGE
from tests.visitor import Visitor

OLD, PROVEN = "bo@old.example", "bo@example.com"


def kept(house: House) -> str:
    """Give all that the database keeps of audits about people, as one text."""
    with house.app.read() as connection:
        found = [*connection.execute(select(audit_result.c.facts))]
        for table in (audit_alias, audit_alias_named):
            found += [*connection.execute(select(table))]
        matters = [unpacked(one) for one in connection.scalars(select(audit_matter.c.content))]
    return repr(found) + repr([one.commits for one in matters])


def test_erasing_a_signer_with_a_proven_address_leaves_every_verdict_as_it_was(
    house: House, tmp_path: Path
) -> None:
    garden = house.garden
    begin(house)
    with Visitor(house) as bo:
        bo.sign_in(garden.bo, addresses=True, after=PAGE)
        bo.submit(PAGE, AGREED | {"address": PROVEN}, form="sign")
        made = {"author": garden.bo, "co_authors": (("Somebody", PROVEN),)}
        land(house, offer(house, garden.bo, made), "squash")
        before_it = {"author": ("Bo the Old", OLD), "files": {"old.py": "days = 3\n"}}
        tip = land(house, offer(house, garden.bo, before_it))
        yard = Yard(tmp_path / "clone")
        assert f"mail:{OLD}" in repr(audited(house, yard, tip).blockers)
        why = f"{OLD} is on Bo’s card, says bo@card.example"
        said = (f"mail:{OLD}", f"github:{garden.bo.id}", True, garden.mara.id, why, house.now)
        with house.app.write() as connection:
            aliases.decide(connection, garden.repo.id, aliases.Said(*said))
        before = audited(house, yard, tip)
        assert before.audit.sellable, before.blockers
        assert all(one in kept(house) for one in (OLD, PROVEN, "Bo the Old"))
        assert "card.example" not in kept(house), "no address stays in a reason that does"
        bo.submit("/you/erase", {"confirm": "bo"}, form="erase")
        house.settle()

    gone = ("bo@", "Bo the Old")
    assert not [one for one in gone if one in kept(house)]
    # Which addresses are proven is part of what is signed: the certificate is made anew, unasked.
    assert renew(house, tip) is not None
    after = audited(house, yard, tip)
    assert after.audit.tally == before.audit.tally
    assert (after.audit.sellable, after.audit.broken) == (True, ())
    with house.app.write() as connection:
        certificates.keep(connection, garden.repo.id, before.audit, before.matter, house.now)
    assert not [one for one in gone if one in kept(house)], "nor does it come back with the code"
    with house.app.write() as connection:
        assert verify_chain(connection) == ()
        assert forgetting.prune(connection, house.now + forgetting.KEPT - timedelta(days=1)) == 0
        assert forgetting.prune(connection, house.now + forgetting.KEPT) > 0
        assert connection.scalar(select(audit_matter.c.commit_sha)) is None
