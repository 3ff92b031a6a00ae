"""Every move has a cause that is written down for good: the database refuses changes, `check` finds them."""

import json
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.roadmap.board import proof
from licensing import chain, exports
from tests.house import House
from tests.scenarios.asking import ask, steer
from tests.scenarios.board.table import click, later


def test_moves_are_chained_append_only_and_checked_inside_and_outside(
    house: House, tmp_path: Path
) -> None:
    steer(house)
    first, second = ask(house, house.garden.ada, "A"), ask(house, house.garden.bo, "B")
    for at, (issue, to) in enumerate(((first, "planned"), (second, "declined"), (first, "asked"))):
        later(house)
        click(house, issue, to, f"t{at}", "Because.")
    for change in ("UPDATE move SET words = 'x'", "DELETE FROM move"):
        with pytest.raises(DBAPIError, match="append-only"), house.app.write() as connection:
            connection.execute(text(change))

    with house.app.read() as connection:
        assert tuple(proof.problems(connection)) == ()
        (said,) = proof.boards(connection)
        written = "".join(exports.pieces(connection, None, {"boards": proof.pieces(connection)}))
    data = json.loads(written)
    assert (chain.verify_export(data), proof.export_problems(data)) == ((), ())
    assert (said,) == proof.exported(data)
    assert "5 moves" in said
    (board,) = data["boards"]
    board["moves"][2]["record"] = board["moves"][2]["record"].replace("planned", "shipped")
    assert "move 3 was changed" in " ".join(proof.export_problems(data)).replace("record", "move")
    assert chain.verify_export(data)  # the seal of it all

    with house.app.write() as connection:
        connection.execute(text("UPDATE request SET stage = 'shipped' WHERE number = 2"))
    with house.app.read() as connection:
        (found,) = proof.problems(connection)
    assert "its moves lead to" in found
