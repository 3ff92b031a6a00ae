"""Badges and widgets of what is given and promised: true sums, no name, nothing of a private project."""

from tests.bank import BankHouse
from tests.scenarios.intents.calling import DAY
from tests.scenarios.pledges.promising import GARDEN, campaign, garden, give, promise
from tests.visitor import Visitor

APPEAL = """
[[funding.appeals]]
slug = "winter"
title = "A <winter>"
says = "Somebody has to answer at night."
ends = 2027-12-20
costs = [{ name = "Server", amount = "30" }]
"""


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


def test_widgets_show_goal_sum_people_and_last_day_to_other_sites_and_name_nobody(
    bank_house: BankHouse,
) -> None:
    issue = garden(bank_house, APPEAL)
    of_project = f"{GARDEN}/fund/widget"
    of_request = f"{GARDEN}/requests/{issue.number}/fund/widget"
    give(bank_house, issue, "10")
    campaign(bank_house, issue, "100", 5)
    promise(bank_house, issue, "40", giver=bank_house.garden.chen)
    with Visitor(bank_house) as bo:
        bo.sign_in(bank_house.garden.ada)
        found = {one: bo.get(one) for one in (of_project, of_request)}
        for answer in found.values():
            assert "frame-ancestors http: https:;" in answer.headers["content-security-policy"]
            assert "set-cookie" not in answer.headers
            assert "private" not in answer.headers["cache-control"]
            assert not any(tag in answer.text for tag in ("<form", "<script", "<input", "<button"))
            assert answer.text.count("<a ") == answer.text.count('target="_blank" rel="noopener"')
            assert not any(one in answer.text for one in ("chen", "Chen", "Bo Backer", "ada"))
        project, request = (one.text for one in found.values())
        assert ("€10.00" in project, "given by 1 person" in project) == (True, True)
        assert "A &lt;winter&gt;" in project
        assert "of €30.00" in project
        assert "Until" in project
        last_day = f"{bank_house.now + 4 * DAY:%Y-%m-%d}"
        assert ("€40.00" in request, "promised of €100.00" in request) == (True, True)
        assert ("by 1 person" in request, last_day in request) == (True, True)
        french = bo.get(f"{of_request}?language=fr&theme=dark").text
        assert '<html lang="fr" data-theme="dark">' in french
        assert bo.get(f"{GARDEN}/requests/9999/fund/widget").status_code == 404
        bo.sign_out()
        bo.sign_in(bank_house.garden.mara)
        share = bo.get(f"{GARDEN}/maintain/share").text
        assert f"{of_project}&#34; title=" in share
        assert f"{of_request}&#34; title=" in share
        bank_house.world.set_private(bank_house.garden.repo, private=True)
        bank_house.settle()
        for path in (of_project, of_request):
            assert bo.get(path).status_code == 404
