"""What companies sign where a project has a text of its own for them."""

import copy
import hashlib
import json

from bot.audit.agreed import agreed
from bot.sandbox.records import PullRequest
from licensing.chain import verify_export
from licensing.exports import export_chain
from tests.house import House
from tests.scenarios.agreement import conclusion, push_files, set_rules
from tests.scenarios.company_pages import (
    PAGE,
    SIGNS,
    ada,
    bo,
    joined,
    listed,
    pull,
    signed,
    whole,
)
from tests.scenarios.merging import land
from tests.visitor import Visitor

__all__ = ["ada", "bo", "pull"]

THEIRS = 'company_document = "CLA-entity.md"'
GARDEN = "/potluck-sandbox/garden/cla"


def test_companies_sign_a_text_of_their_own_where_there_is_one(
    house: House, bo: Visitor, ada: Visitor, pull: PullRequest
) -> None:
    text = b"Companies agree.\n"
    set_rules(house, THEIRS, 'version = "1.1"', **{"CLA-entity.md": text.decode()})
    house.settle()
    here = signed(house, bo)
    assert "Companies agree." in bo.get(PAGE).text
    assert "Companies agree." not in ada.get(GARDEN).text
    listed(bo, here, "person", "ada")
    joined(ada, house.garden.ada, here)
    house.settle()
    assert conclusion(house, pull) == "success"
    land(house, pull)
    with house.app.read() as connection:
        granted = agreed(connection, house.garden.repo.id)
    theirs = {granted.covered[key] for key in granted.covered if key[0] == pull.head_sha}
    assert {one.outbound for one in theirs} == {""}, "by the text that the company signed"
    with house.app.read() as connection:
        export = export_chain(connection)
    records = [json.loads(one["record"]) for one in export["agreements"][0]["records"]]
    digest = hashlib.sha256(text).hexdigest()
    named = {one["kind"]: one.get("document_sha256") == digest for one in records}
    assert (named["company"], named["acknowledgement"], named["version"]) == (True, True, False)
    assert bo.get(f"{GARDEN}/1.1-companies.md").content == text
    assert bo.get(f"{GARDEN}/1.0-companies.md").status_code == 404
    assert whole(house)
    for name in ("company_content", "company_sha256", "company_document"):
        forged = copy.deepcopy(export)
        forged["agreements"][0]["versions"][-1][name] = "AAAA"
        faults = " ".join(verify_export(forged))
        assert faults, name
        assert "seal" not in faults, "named, and not only by the seal of the whole"
    renewed(house, bo, here)


def renewed(house: House, bo: Visitor, here: str) -> None:
    """Neither text changes without the version; a new MAJOR shows the company what changed."""
    tip = push_files(house, {"CLA-entity.md": "Companies give all.\n"})
    house.settle()
    assert "CLA-entity.md` has changed" in policy_check(house, tip)
    assert "Companies agree." in bo.get(PAGE).text
    set_rules(house, THEIRS, 'version = "2.0"')
    house.settle()
    page = bo.get(f"{PAGE}?renew={here.rpartition('/')[2]}")
    assert "What changed from 1.1 to 2.0" in page.text
    done = bo.fill_in(page, {"address": "bo@bar.com", **SIGNS}, form="company")
    assert done.url.path == here
    assert whole(house)


def policy_check(house: House, sha: str) -> str:
    """What the check of the rules says on a commit."""
    runs = house.world.runs_at(house.garden.repo, sha)
    (found,) = [one for one in runs if one.name == "potluck/policy"]
    return " ".join(remark["message"] for remark in found.annotations).replace("\\", "")
