"""What a command writes stands there whole, or what stood there before stands there still."""

from pathlib import Path
from typing import IO

import pytest

from bot.commandline.whole_files import whole
from core.errors import UserError


def test_what_is_written_stands_there_and_nothing_beside_it(tmp_path: Path) -> None:
    with whole(tmp_path / "export.json") as out:
        out.write("one\n")
        assert not (tmp_path / "export.json").exists()

    assert (tmp_path / "export.json").read_text() == "one\n"
    assert [one.name for one in tmp_path.iterdir()] == ["export.json"]


def test_whoever_is_stopped_in_the_middle_leaves_what_was_there(tmp_path: Path) -> None:
    file = tmp_path / "export.json"
    file.write_text("before\n")
    with pytest.raises(KeyboardInterrupt), whole(file) as out:
        _stopped(out)

    assert file.read_text() == "before\n"
    assert [one.name for one in tmp_path.iterdir()] == ["export.json"]


@pytest.mark.parametrize("place", ["none/export.json", "file/export.json", "folder"])
def test_a_place_where_nothing_can_be_written_is_one_sentence(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()
    with pytest.raises(UserError, match="cannot be written"), whole(tmp_path / place) as out:
        out.write("one")


def _stopped(out: IO[str]) -> None:
    out.write("half")
    raise KeyboardInterrupt
