"""What a company covers, in the ledger: every way to ask names the company and the record."""

import csv
import io
import json
from pathlib import Path

from click.testing import CliRunner

from bot.__main__ import cli
from bot.sandbox.records import PullRequest
from licensing.companies.tables import acknowledgement
from tests.house import House
from tests.scenarios.company_pages import ada, bo, joined, listed, pull, signed, whole
from tests.scenarios.merging import land, ledger
from tests.visitor import Visitor

__all__ = ["ada", "bo", "pull"]

LEDGER = "/potluck-sandbox/garden/cla/coverage"


def test_a_merge_that_a_company_covers_names_the_company_and_the_record(
    house: House, bo: Visitor, ada: Visitor, pull: PullRequest, tmp_path: Path
) -> None:
    here = signed(house, bo)
    listed(bo, here, "person", "ada")
    joined(ada, house.garden.ada, here)
    house.settle()
    land(house, pull)
    with house.app.read() as connection:
        said = connection.execute(acknowledgement.select()).one()
    (row,) = ledger(house)
    client = house.pages.test_client()
    page = " ".join(client.get(LEDGER).get_data(as_text=True).split())
    (cells,) = csv.DictReader(io.StringIO(client.get(f"{LEDGER}.csv").get_data(as_text=True)))
    (told,) = client.get(f"{LEDGER}.json").get_json()
    (item,) = client.get("/api/v1/repos/potluck-sandbox/garden/coverage").get_json()["items"]
    surroundings = {"DATABASE_URL": house.settings.database_url, "POTLUCK_VAR": str(tmp_path)}
    line = CliRunner().invoke(cli, ["coverage"], env=surroundings)

    assert (row.rule, row.method, row.acted_at) == ("company", "web", said.acknowledged_at)
    assert f"<bdi>Bar Ltd</bdi>, record {said.sequence}, version 1.0" in page
    assert (cells["company"], cells["record"]) == ("Bar Ltd", str(said.sequence))
    for named in (told, item):
        assert (named["company"], named["record"]) == ("Bar Ltd", said.sequence), json.dumps(named)
    assert f"company  Bar Ltd, record {said.sequence}, version 1.0" in line.output
    assert line.exit_code == 0
    assert whole(house)
