"""Erasing what is personal changes no verdict: whose a line is stays proven, by number."""

from pathlib import Path

from licensing.proof import verify_chain
from tests.gityard import Yard
from tests.house import House
from tests.scenarios.agreement import offer
from tests.scenarios.audit.test_audit_register import audited, begin, renew
from tests.scenarios.merging import land
from tests.scenarios.page_signing import AGREED, PAGE
from tests.visitor import Visitor


def test_erasing_a_signer_with_a_proven_address_leaves_every_verdict_as_it_was(
    house: House, tmp_path: Path
) -> None:
    garden = house.garden
    begin(house)
    with Visitor(house) as bo:
        bo.sign_in(garden.bo, addresses=True, after=PAGE)
        bo.submit(PAGE, AGREED | {"address": "bo@example.com"}, form="sign")
        made = {"author": garden.bo, "co_authors": (("Somebody", "bo@example.com"),)}
        pull = offer(house, garden.bo, made)
        house.settle()
        tip = land(house, pull, "squash")
        yard = Yard(tmp_path / "clone")
        before = audited(house, yard, tip)
        assert before.audit.sellable, before.blockers
        bo.submit("/you/erase", {"confirm": "bo"}, form="erase")
        house.settle()

    # Which addresses are proven is part of what is signed: the certificate is made anew, unasked.
    assert renew(house, tip) is not None
    after = audited(house, yard, tip)
    assert after.audit.tally == before.audit.tally
    assert (after.audit.sellable, after.audit.broken) == (True, ())
    with house.app.read() as connection:
        assert verify_chain(connection) == ()
