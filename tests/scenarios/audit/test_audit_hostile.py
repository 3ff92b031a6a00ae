"""Clones that were made to run something, to lie about history, or to be too much: none succeeds."""

import subprocess
import zlib
from pathlib import Path

import pytest

from bot.audit import taking
from core.errors import UserError
from core.git import GitFailed, entries, opened
from core.git import command as git_command
from core.git import table as git_table
from core.git.commits import parsed
from tests.gityard import ADA, MAL, Yard, text
from tests.scenarios.audit.looking import ADA_GRANTS, look, stated

SHA = "a" * 40


@pytest.fixture
def yard(tmp_path: Path) -> Yard:
    """An empty clone."""
    return Yard(tmp_path / "clone")


def test_settings_of_a_clone_run_nothing_to_fetch_what_is_missing(
    yard: Yard, tmp_path: Path
) -> None:
    yard.commit(ADA, {"a.c": "a\n"})
    yard.set(
        "\trepositoryformatversion = 1\n[extensions]\n\tpartialClone = origin\n"
        '[protocol "ext"]\n\tallow = always\n[protocol]\n\tallow = always\n'
        '[remote "origin"]\n\tpromisor = true\n'
        f'\turl = "ext::sh -c touch% {tmp_path}/ran"\n'
    )
    (yard.path / "refs/heads/main").write_text(f"{SHA}\n")
    with pytest.raises(UserError):
        look(yard, stated(ADA_GRANTS), at="main")
    assert not (tmp_path / "ran").exists()


def test_a_forged_table_of_commits_moves_no_line_and_ours_is_made_without_it(
    yard: Yard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    his = text("his", many=5)
    yard.commit(MAL, {"a.c": his})
    yard.commit(ADA, {"a.c": his, "b.c": "hers\n"})
    clone = ["git", "-C", str(yard.path)]
    subprocess.run([*clone, "commit-graph", "write", "--reachable"], check=True, env={})
    table = yard.path / "objects/info/commit-graph"
    content = bytearray(table.read_bytes())
    place = content.index(b"CDAT")
    rows = int.from_bytes(content[place + 4 : place + 12], "big")
    for row in (rows, rows + 36):  # "no parent", behind the hash of each commit's tree
        content[row + 20 : row + 24] = bytes.fromhex("70000000")
    table.chmod(0o644)
    table.write_bytes(content)
    assert look(yard, stated(ADA_GRANTS)).held("mail:mal@example.org") == 5
    # Nor where we write a table of our own, nor in a clone that borrows from the forged one.
    monkeypatch.setattr(git_table, "ENOUGH_COMMITS", 1)
    monkeypatch.setattr(taking, "MANY_FILES", 1)
    borrower = Yard(tmp_path / "borrower")
    (borrower.path / "objects/info/alternates").write_text(f"{yard.path}/objects\n")
    for clone in (yard, borrower):
        kept = clone.path.with_suffix(".db")
        found = look(clone, stated(ADA_GRANTS), at=yard.head, kept=kept)
        assert found.held("mail:mal@example.org") == 5
        assert kept.with_suffix(".graph").is_file()
    yard.commit(MAL, {"a.c": his + "more\n"})
    found = look(yard, stated(ADA_GRANTS), kept=yard.path.with_suffix(".db"))
    assert (found.held("mail:mal@example.org"), found.audit.blamed) == (6, 1)


def test_a_small_clone_that_is_a_mountain_is_refused(
    yard: Yard, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Ten folders that are the same ten folders, and so on: ten names come to ten thousand million.
    tree = yard.write("blob", b"x\n")
    mode = "100644"
    for _ in range(10):
        rows = [f"{mode} {n}\0".encode() + bytes.fromhex(tree) for n in range(10)]
        tree, mode = yard.write("tree", b"".join(rows)), "40000"
    who = "author Mal <m@x> 1 +0000\ncommitter Mal <m@x> 1 +0000\n\nbomb\n"
    head = yard.write("commit", f"tree {tree}\n{who}".encode())
    monkeypatch.setattr(git_command, "MOST_SAID", 1_000_000)
    with opened(yard.path) as view, pytest.raises(GitFailed, match="more than"):
        entries(view, head)


def test_one_damaged_object_takes_nothing_else_with_it(yard: Yard) -> None:
    yard.commit(ADA, {"a.c": "fine\n", "b.c": "broken\n", "c.c": "fine too\n"})
    sha = yard.write("blob", b"broken\n")
    place = yard.path / "objects" / sha[:2] / sha[2:]
    place.write_bytes(zlib.compress(b"blob 7\0broken\n")[:-6] + b"\xff" * 6)
    found = look(yard, stated(ADA_GRANTS))
    assert found.blockers.keys() == {"file:b.c"}
    assert found.lines("GRANT") == 2
    place.write_bytes(b"nothing of git's")
    assert look(yard, stated(ADA_GRANTS)).blockers.keys() == {"file:b.c"}


@pytest.mark.parametrize("name", ["idna", "punycode", "utf-7", "unicode_escape", "undefined"])
def test_no_name_of_an_encoding_hides_or_breaks_anything(name: str) -> None:
    words = b"m\xff\n\nCo-authored-by: Ben <ben@x.org>\xe9"
    found = parsed(
        SHA, b"author A\xff <+AGEAZABh-@x> 1 +0000\nencoding %s\n\n%s" % (name.encode(), words)
    )
    assert found.author.email == "+AGEAZABh-@x"
    assert "Co-authored-by: Ben <ben@x.org>" in found.message
