"""The page on which everybody sees whether a project may be sold, and if not, why not."""

import shutil

from tests.scenarios.agreement import offer, push_files, sign
from tests.scenarios.audit.served import BASE, LICENCE, OFFERED, Looks, looking
from tests.scenarios.merging import land
from tests.visitor import Visitor, forms

__all__ = ["looking"]
RULES = ".github/potluck.toml"
PAGE = "/potluck-sandbox/garden/audit"


def certified(house: Looks, stranger: Visitor) -> None:
    """Everything may be sold, and it is shown on what that rests."""
    assert "lines may be sold under another licence" in stranger.get(PAGE).text
    certificate = house.certificate(house.tip)
    assert certificate is not None
    text = stranger.get(f"{PAGE}/certificates/{certificate.sha256}.txt").text
    assert text.startswith("-----BEGIN POTLUCK AUDIT CERTIFICATE-----")
    notice = stranger.get(f"{PAGE}/NOTICE.txt").text
    assert notice.startswith("potluck-sandbox/garden, commit ")
    assert notice.endswith("asks for a notice.\n")


def blocked(stranger: Visitor) -> None:
    """Something stands in the way: who, where, and no address of anybody."""
    said = stranger.get(PAGE).text
    assert "stand in the way" in said
    assert "src/" in said
    assert "ada@old.example" not in said
    assert "How do you know?" not in said
    line = stranger.get(f"{PAGE}/line?path=src/old.py&line=3").text
    assert "May not" in line
    assert "ada@old.example" not in line
    assert "May be sold" in stranger.get(f"{PAGE}/line?path=garden.py&line=1").text
    assert stranger.get(f"{PAGE}/line?path=garden.py&line=400").status_code == 422
    assert stranger.get(f"{PAGE}/line?path=../../etc/passwd&line=1").status_code == 422
    (tip,) = stranger.get("/api/v1/repos/potluck-sandbox/garden/audit").json()["items"]
    assert (tip["sellable"], tip["release"], tip["blocked"]) == (False, None, 12)
    assert [one["reason"] for one in tip["blockers"]] == ["NO_SIGNATURE", "UNKNOWN"]


def without_the_code(stranger: Visitor) -> None:
    """What was written down explains lines where the copy of the code is on another machine."""
    two = stranger.get(f"{PAGE}/line?path=src/old.py&line=3").text
    assert "This is about the whole file" in two
    assert "12 lines" in two
    assert "Ada Parker" in two
    assert "ada@old.example" not in two
    one = stranger.get(f"{PAGE}/line?path=garden.py&line=1").text
    assert "May be sold" in one
    assert "whole file" not in one, "all of its lines are from one commit"
    for place in ("path=no.py&line=1", "path=src/old.py&line=14"):
        assert stranger.get(f"{PAGE}/line?{place}").status_code == 422


def test_the_page_answers_explains_asks_and_keeps_addresses_to_itself(looking: Looks) -> None:
    house, garden = looking, looking.garden
    house.settle()
    with Visitor(house) as stranger, Visitor(house) as mara:
        assert "Nobody has looked at this project’s lines" in stranger.get(PAGE).text
        push_files(house, {RULES: BASE})
        house.record(OFFERED + LICENCE + house.owned())
        house.settle()
        certified(house, stranger)
        # A commit from an address that nobody proved, much like Ada's login.
        ghost = ("Ada Parker", "ada@old.example")
        files = {"src/old.py": "".join(f"line_{number} = {number}\n" for number in range(12))}
        pull = offer(house, garden.ada, {"author": ghost, "files": files})
        house.settle()
        land(house, pull)
        blocked(stranger)
        push_files(house, {"src/old.py": files["src/old.py"] + "more = 1\n"})
        mara.sign_in(garden.mara)
        assert mara.get(PAGE).status_code == 200
        mara.submit(PAGE, form="again")
        assert house.run().asked_by == garden.mara.id
        assert "It is being looked at" in stranger.get(PAGE).text
        house.settle()
        assert house.run().state == "done"
        assert stranger.post(f"{PAGE}/again").status_code in {400, 403, 404}
        shutil.rmtree(house.clones.at(garden.repo.id))
        without_the_code(stranger)


def test_a_private_repository_shows_nothing_to_strangers(looking: Looks) -> None:
    house, garden = looking, looking.garden
    garden.repo.private = True
    push_files(house, {RULES: BASE})
    house.record(OFFERED + LICENCE + house.owned())
    house.settle()
    assert house.run().state == "done", "it is cloned with the installation's token"
    with Visitor(house) as stranger, Visitor(house) as mara:
        for path in ("", "/line?path=garden.py&line=1", "/NOTICE.txt"):
            assert stranger.get(PAGE + path).status_code == 404, path
        mara.sign_in(garden.mara)
        assert "lines may be sold" in mara.get(PAGE).text


def test_a_maintainer_says_who_is_the_same_person_with_a_reason(looking: Looks) -> None:
    house, garden = looking, looking.garden
    push_files(house, {RULES: BASE})
    house.record(OFFERED + LICENCE + house.owned())
    house.settle()
    sign(house, garden.chen)
    old = ("Chen Wei", "chen@old.example")
    pull = offer(house, garden.chen, {"author": old, "files": {"chen.py": "days = 3\n"}})
    house.settle()
    tip = land(house, pull)
    assert house.state(tip) == "blocked"
    with Visitor(house) as mara:
        mara.sign_in(garden.mara)
        page = mara.get(PAGE)
        assert "Is this <bdi>@chen</bdi>?" in page.text
        (form,) = [one.id for one in forms(page.text) if one.id.startswith("same-")]
        why = {"reason": "short", "decision": "same"}
        assert mara.submit(PAGE, why, form).status_code == 422
        foreign = {"reason": "I know both of them", "decision": "same", "same_as": "github:1"}
        assert mara.submit(PAGE, foreign, form).status_code == 400
        mara.submit(PAGE, foreign | {"same_as": f"github:{garden.chen.id}"}, form)
        began = house.run()
        house.settle()
        assert house.state(tip) == "fresh"
        assert house.run() == began, "no clone was needed"
        assert "I know both of them" in mara.get(PAGE).text
    with Visitor(house) as stranger:
        assert "chen@old.example" not in stranger.get(PAGE).text
