"""Badges of what is given and promised: true sums, nobody's name, nothing of a private project."""

from tests.bank import BankHouse
from tests.scenarios.pledges.promising import GARDEN, campaign, garden, give, promise
from tests.visitor import Visitor


def test_badges_show_what_is_promised_of_the_goal_and_what_was_given(
    bank_house: BankHouse,
) -> None:
    issue = garden(bank_house)
    of_request = f"{GARDEN}/requests/{issue.number}/fund.svg"
    with Visitor(bank_house) as bo:
        assert "nothing yet" in bo.get(of_request).text
        assert ">open<" in bo.get(f"{GARDEN}/fund/badge.svg").text
        give(bank_house, issue, "10")
        assert "€10.00 from 1 person" in bo.get(of_request).text
        assert "€10.00 from 1 person" in bo.get(f"{GARDEN}/fund/badge.svg").text
        campaign(bank_house, issue, "100", 5)
        promise(bank_house, issue, "40")
        drawn = bo.get(of_request)
        assert drawn.headers["content-type"].startswith("image/svg+xml")
        assert "€40.00 of €100.00" in drawn.text
        assert "40,00" in bo.get(f"{of_request}?language=fr").text
        bo.sign_in(bank_house.garden.mara)
        assert f"/requests/{issue.number}/fund.svg" in bo.get(f"{GARDEN}/maintain/share").text
        bank_house.world.set_private(bank_house.garden.repo, private=True)
        bank_house.settle()
        for path in (of_request, f"{GARDEN}/fund/badge.svg"):
            assert bo.get(path).status_code == 404
