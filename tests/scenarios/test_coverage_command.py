"""`potluck coverage`, `check`, `export` and `verify` on a ledger that was really made."""

import copy
import csv
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from bot.__main__ import cli
from licensing import chain, store
from licensing import ledger as ledgers
from licensing.exports import export_chain
from licensing.proof import verify_chain
from licensing.versions import Offer
from tests.house import House
from tests.scenarios.agreement import hidden, mine, offer, sign
from tests.scenarios.maintaining import BASE
from tests.scenarios.merging import land, ledger
from tests.visitor import Visitor

ELSEWHERE = 770077
Potluck = Callable[..., Result]


@pytest.fixture
def potluck(house: House, tmp_path: Path) -> Potluck:
    """Run a command in this process, on the house's database."""
    surroundings = {"DATABASE_URL": house.settings.database_url, "POTLUCK_VAR": str(tmp_path)}
    return lambda *words: CliRunner().invoke(cli, words, env=surroundings)


def some_history(house: House) -> None:
    garden = house.garden
    sign(house, garden.ada)
    made = {"author": garden.ada, "co_authors": (hidden(garden.bo),)}
    pull = offer(house, garden.ada, {"author": garden.ada}, made)
    house.settle()
    land(house, pull, "squash")
    land(house, mine(house))


def test_who_covers_a_commit_and_what_rests_on_a_signature(
    house: House, potluck: Potluck, tmp_path: Path
) -> None:
    house.settle()
    before = potluck("coverage")
    assert (before.exit_code, before.output) == (0, "Nothing has been merged yet.\n")
    some_history(house)
    rows = ledger(house)
    commit = potluck("coverage", "--commit", rows[-1].sha[:10])
    person = potluck("coverage", "--person", str(house.garden.bo.id))
    assert potluck("coverage", "--person", "@BO").output == person.output
    signature = potluck("coverage", "--signature", "2", "--repo", "potluck-sandbox/garden")
    file = tmp_path / "out.csv"
    whole = potluck("coverage", "--csv", str(file))

    assert (commit.exit_code, len(commit.output.splitlines())) == (0, 1)
    assert f"version 1.0, comment {rows[-1].comment_id}" in commit.output
    assert (person.exit_code, "missing" in person.output) == (1, True)
    assert (signature.exit_code, len(signature.output.splitlines())) == (0, 3)
    assert whole.exit_code == 0
    for words, said in (
        (("--repo", "no/where"), "There is no repository no/where here."),
        (("--signature", "99"), "There is no record 99"),
        (("--person", "nobody-here"), "Nobody called nobody-here was seen here lately"),
        (("--commit", "0000"), "Nothing that was merged fits."),
    ):
        answer = potluck("coverage", *words)
        assert (answer.exit_code != 0, said in answer.output) == (True, True), answer.output
    with file.open(encoding="utf-8", newline="") as lines:
        assert len(list(csv.DictReader(lines))) == len(rows) == 4


def test_an_export_is_checked_elsewhere_and_says_where_it_ends(
    house: House, potluck: Potluck, tmp_path: Path
) -> None:
    some_history(house)
    file = tmp_path / "export.json"
    assert potluck("export", "--output", str(file)).exit_code == 0
    here, there = potluck("check"), potluck("verify", str(file))

    assert (here.exit_code, there.exit_code) == (0, 0)
    assert here.output == there.output
    assert (
        f"coverage of repository {house.garden.repo.id}: 4 rows of 2 pull requests" in there.output
    )


def test_a_maintainer_takes_the_projects_own_chain_away_and_it_verifies_elsewhere(
    house: House, potluck: Potluck, tmp_path: Path
) -> None:
    some_history(house)
    garden = house.garden
    with house.app.write() as connection:
        words = Offer("3.0", "cla", "I sign", "en", "CLA.md", b"Of another project")
        store.publish(connection, ELSEWHERE, words, house.now, house.now)
    with Visitor(house) as mara:
        mara.sign_in(garden.mara)
        assert "/maintain/chain.json" in mara.get(f"{BASE}/chain").text
        answer = mara.get(f"{BASE}/chain.json")
    here, there = tmp_path / "page.json", tmp_path / "command.json"
    here.write_bytes(answer.content)
    told = potluck("export", "--repo", garden.repo.full_name, "--output", str(there))
    everything = tmp_path / "all.json"
    assert potluck("export", "--output", str(everything)).exit_code == told.exit_code == 0

    assert here.read_bytes() == there.read_bytes()
    assert answer.headers["content-disposition"].endswith("potluck-sandbox-garden-chain.json")
    assert answer.headers["content-length"] == str(len(answer.content))
    verified = potluck("verify", str(here))
    assert (verified.exit_code, str(ELSEWHERE) in verified.output) == (0, False)
    assert f"agreement of repository {ELSEWHERE}" in potluck("verify", str(everything)).output
    assert "4 rows of 2 pull requests" in verified.output
    records = str([item["record"] for item in answer.json()["agreements"][0]["records"]])
    assert not any(f'"{one.login}"' in records for one in (garden.ada, garden.bo, garden.mara))
    here.write_bytes(answer.content.replace(str(garden.ada.id).encode(), b"77", 1))
    assert potluck("verify", str(here)).exit_code == 1
    assert potluck("export", "--repo", "no/where", "--output", str(here)).exit_code != 0


TAMPERED = (
    ("UPDATE coverage SET holder_id = 77 WHERE entry = 1", "its hash does not fit"),
    (f"UPDATE coverage SET evidence = '{'0' * 64}'", "not in the register"),
    ("DELETE FROM coverage WHERE entry = 1", "not those of the commits that were merged"),
    ("DELETE FROM coverage", "there are no rows"),
    (f"UPDATE landing SET merge_sha = '{'0' * 64}'", "another merge"),
    ("DELETE FROM landed_commits", "there are rows, but no merge"),
)


def test_a_ledger_that_was_tampered_with_is_found(house: House) -> None:
    some_history(house)
    for change, problem in TAMPERED:
        with house.app.engine.connect() as connection, connection.begin() as transaction:
            for table in ("coverage", "landing", "landed_commits"):
                _disarm(connection, table)
            connection.execute(text(change))
            found = verify_chain(connection)
            transaction.rollback()
        assert any(problem in one for one in found), (change, found)
    with house.app.read() as connection:
        assert verify_chain(connection) == ()


def _disarm(connection: Any, table: str) -> None:
    if connection.dialect.name == "sqlite":
        for act in ("update", "delete"):
            connection.execute(text(f"DROP TRIGGER {table}_no_{act}"))
    else:
        connection.execute(text(f"DROP TRIGGER {table}_no_change ON {table}"))


def test_a_row_that_rests_on_another_persons_record_is_found(house: House) -> None:
    some_history(house)
    sign(house, house.garden.bo)
    with house.app.read() as connection:
        data = export_chain(connection)
    (part,) = data["coverage"]
    row = chain.parsed(part["rows"][0]["row"])
    bos = chain.parsed(data["agreements"][0]["records"][2]["record"])
    row["evidence"] = ledgers.evidence(chain.canonical(bos))
    texts = [chain.canonical(row), *(item["row"] for item in part["rows"][1:])]
    data["coverage"] = [ledgers.exported(part["repository"], texts)]

    problems = chain.verify_export(chain.sealed(data))
    assert any("row 1 differs from its record in holder_id" in one for one in problems), problems


@pytest.fixture
def exported(house: House) -> dict[str, Any]:
    some_history(house)
    with house.app.read() as connection:
        data: dict[str, Any] = json.loads(json.dumps(export_chain(connection)))
    return data


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict | list):
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        for key, inner in pairs:
            yield from leaves(inner, (*path, key))
    else:
        yield path


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(dice=st.randoms(use_true_random=False))
def test_any_leaf_of_a_real_export_that_is_changed_is_found(
    exported: dict[str, Any], dice: random.Random
) -> None:
    assert chain.verify_export(exported) == ()
    changed = copy.deepcopy(exported)
    path = dice.choice(sorted(leaves(changed), key=str))
    inner = changed
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = another(inner[path[-1]], dice)

    assert chain.verify_export(changed), path


def another(value: Any, dice: random.Random) -> Any:
    """Give a value that is not this one: of the same kind, or of another."""
    if isinstance(value, bool) or value is None:
        return "something"
    if isinstance(value, int):
        return value + dice.choice([-1, 1, 1000])
    if not value:
        return "x"
    place = dice.randrange(len(value))
    letter = dice.choice([one for one in "0a9f{" if one != value[place]])
    return dice.choice([value[:place] + letter + value[place + 1 :], value + " ", value[:-1]])
