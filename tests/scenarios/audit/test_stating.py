"""Maintainers state on a page whose the first lines are; what was stated decides, and stays on record."""

from bot.audit import stated
from tests.scenarios.agreement import push_files
from tests.scenarios.audit.served import BASE, Looks, looking
from tests.visitor import Visitor

__all__ = ["looking"]
PAGE = "/potluck-sandbox/garden/audit/statements"
REASON = {"reason": "It is written\0 in the minutes."}


def test_what_a_maintainer_states_decides_and_nobody_else_states_anything(looking: Looks) -> None:
    house, garden = looking, looking.garden
    push_files(house, {".github/potluck.toml": BASE})
    house.settle()
    assert house.certificate(house.tip) is None
    with Visitor(house) as mara, Visitor(house) as ada:
        ada.sign_in(garden.ada)
        assert ada.get(PAGE).status_code == 404
        mara.sign_in(garden.mara)
        page = mara.get(PAGE)
        assert f"person = {garden.mara.id}" in page.text
        for text, said in (
            ("[[owner]\n", "audit.toml"),
            ("[[owner]]\nperson = 1\ncolour = 3\n", "colour"),
        ):
            refused = mara.fill_in(page, REASON | {"text": text}, "state")
            assert refused.status_code == 422
            assert said in refused.text
        assert mara.fill_in(page, {"reason": "so"}, "state").status_code == 422
        owned = house.owned().replace("\n", "\r\n")
        sent = mara.fill_in(page, REASON | {"text": owned}, "state", follow=False)
        assert sent.status_code == 303
        # The same page, sent once more, was overtaken by what was just stated: nothing is lost.
        late = mara.fill_in(page, REASON | {"text": owned + "# late\n"}, "state")
        assert late.status_code == 409
        assert "# late" in late.text
        house.settle()
    assert house.certificate(house.tip) is not None
    with house.app.read() as connection:
        known = stated.newest(connection, garden.repo.id)
    assert known is not None
    assert (known.steward_id, known.reason) == (
        garden.mara.id,
        "It is written\ufffd in the minutes.",
    )
    assert b"\r" not in known.files["audit.toml"]
