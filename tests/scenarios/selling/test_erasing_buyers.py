"""Whoever tried, holds and shares sees all of it in their export; erasing keeps what money rests on."""

import json

from sqlalchemy import select

from bot.selling import tables as sale_tables
from donations.sharing import tables as sharing_tables
from licensing.sold import proof
from licensing.sold import tables as sold_tables
from tests.bank import BankHouse
from tests.scenarios.selling import BUY, licences, open_shop
from tests.visitor import Visitor

PERSONAL = ("sale", "sale_trial", "licence", "licence_holder", "licence_file", "sharing_choice")


def test_what_somebody_tried_and_chose_is_told_and_only_the_choice_stays(
    bank_house: BankHouse,
) -> None:
    open_shop(bank_house)
    with Visitor(bank_house) as ada:
        ada.sign_in(bank_house.garden.ada)
        ada.submit(f"{BUY}/pro", {"licensee": "Ada Park", "accept": "yes"}, "try")
        ada.submit("/potluck-sandbox/garden/sharing", {"choice": "give"}, "choice")
        rows = json.loads(ada.get("/you/data.json").text)["rows"]
        assert set(PERSONAL) <= set(rows)
        assert rows["licence_holder"][0]["licensee"] == "Ada Park"
        assert [one["choice"] for one in rows["sharing_choice"]] == ["give"]

        ada.submit("/you/erase", {"confirm": "ada"}, "erase")

    with bank_house.app.read() as connection:
        assert connection.execute(select(sale_tables.trial)).all() == []
        holders = set(connection.scalars(select(sold_tables.holder.c.licensee)))
        assert "Ada Park" not in holders
        assert set(connection.scalars(select(sold_tables.file.c.token))) == {""}
        kept = connection.execute(select(sharing_tables.choice)).one()
        assert (kept.github_id, kept.choice) == (bank_house.garden.ada.id, "give")
        assert list(proof.problems(connection)) == []
    assert licences(bank_house) == 1
