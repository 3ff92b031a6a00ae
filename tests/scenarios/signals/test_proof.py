"""Whoever has an export checks ballots and calls with it alone; nobody sees in it who is ahead."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from sqlalchemy import text

from bot import proofs
from bot.__main__ import cli
from bot.roadmap import proof
from bot.roadmap.intents import proof as intents
from bot.sandbox.records import Issue
from tests.house import House
from tests.scenarios.asking import ask, found, say, steer, sweep
from tests.scenarios.intents.calling import DAY, pass_time

CALL = "need: water\ntest: at six the water runs\nbudget: 200-400 EUR\nuntil: 2d\nchoice: backers"


def test_ballots_and_calls_are_exported_and_an_altered_line_is_found(
    house: House, tmp_path: Path
) -> None:
    steer(house)
    garden = house.garden
    other, issue = ask(house, garden.ada, "Dig a pond"), ask(house, garden.ada)
    for one in (other, issue):
        house.world.react(one, garden.chen)
    sweep(house)
    say(house, issue, garden.chen, f"/rank #{issue.number} #{other.number}")
    say(house, issue, garden.ada, f"/intend\n{CALL}")
    say(house, issue, garden.bo, "/bid 300 EUR 10d a clock")
    pass_time(house, 2 * DAY + timedelta(minutes=5))
    say(house, issue, garden.chen, "/choose @bo")
    running = exported(house)
    assert not [one for one in running["ballots"] if one["subject"].startswith("yes:")]
    pass_time(house, 20 * DAY)

    data = exported(house)
    kinds = sorted(one["subject"].partition(":")[0] for one in data["ballots"])
    assert kinds == ["ranking", "request", "request", "yes"]
    with house.app.read() as connection:
        assert tuple(proof.problems(connection)) == intents.problems(connection) == ()
        said = intents.extents(connection) + proof.extents(connection)
    assert recounted(data) == {
        f"request:{node_of(house, one)}": {garden.chen.id} for one in (other, issue)
    }
    assert verified(tmp_path, data)[0] == 0
    assert all(line in verified(tmp_path, data)[1] for line in said)
    altered_lines_are_found(tmp_path, data)
    wrong_counts_are_found(house)


def altered_lines_are_found(folder: Path, data: dict[str, Any]) -> None:
    """Change one act of each list, and verify again."""
    for name in ("ballots", "calls"):
        altered = json.loads(json.dumps(data))
        act = altered[name][0]["acts"][0]
        act["record"] = act["record"].replace("202", "203", 1)
        assert "was changed" in " ".join(
            proof.export_problems(altered) + intents.export_problems(altered)
        )
        assert verified(folder, altered)[0] == 1


def wrong_counts_are_found(house: House) -> None:
    """Change what is counted, and check again."""
    chen = house.garden.chen
    with house.app.write() as connection:
        connection.execute(text("UPDATE request SET supporters = 7"))
        connection.execute(text("DELETE FROM supporter"))
    with house.app.read() as connection:
        wrong = " ".join(proof.problems(connection))
    assert "says 7 votes, but 0 count for it" in wrong
    assert f"the vote of {chen.id} on request" in wrong


def recounted(data: dict[str, Any]) -> dict[str, set[int]]:
    """Count the votes for requests in an export, by none of the product's own code."""
    counts: dict[str, set[int]] = {}
    for part in data["ballots"]:
        acts = [json.loads(it["record"]) for it in part["acts"]]
        if not part["subject"].startswith("request:"):
            continue
        gone = {(it["door"], it["evidence"]) for it in acts if it["deed"] == "undone"}
        cast = [it for it in acts if it["deed"] == "cast"]
        there = [it for it in cast if (it["door"], it["evidence"]) not in gone]
        last = {
            it["github_id"]: it["choice"] for it in sorted(there, key=lambda it: it["acted_at"])
        }
        counts[part["subject"]] = {who for who, choice in last.items() if choice == "for"}
    return counts


def node_of(house: House, issue: Issue) -> str:
    """Give the node id of a request."""
    asked = found(house, issue)
    assert asked is not None
    return asked.node_id


def exported(house: House) -> dict[str, Any]:
    """Give what `potluck export` writes."""
    with house.app.read() as connection:
        data: dict[str, Any] = json.loads("".join(proofs.pieces(connection)))
    return data


def verified(folder: Path, data: dict[str, Any]) -> tuple[int, str]:
    """Run `potluck verify` on a file with this; gives its status and what it says."""
    file = folder / "export.json"
    file.write_text(json.dumps(data))
    done = CliRunner().invoke(cli, ["verify", str(file)])
    return done.exit_code, done.output
