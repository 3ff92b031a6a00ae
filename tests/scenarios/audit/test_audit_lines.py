"""Whose a line is: moves, reverts, changes of form, merges, files of others, and what is not there."""

from pathlib import Path

import pytest

from core.errors import UserError
from tests.gityard import ADA, BEN, MAL, Yard, text
from tests.scenarios.audit.looking import ADA_GRANTS, explain, grant, look, stated

BOTH = ADA_GRANTS + grant("ben@example.org")
FORM = '[[format]]\ncommit = "{}"\nsteward = "Stella"\nreason = "black was run"\n'


@pytest.fixture
def yard(tmp_path: Path) -> Yard:
    """An empty clone."""
    return Yard(tmp_path / "clone")


def test_who_reverts_a_deletion_wrote_nothing(yard: Yard) -> None:
    hers = text("hers", many=40)
    yard.commit(MAL, {"a.c": "top\n" + hers + "end\n"})
    gone = yard.commit(ADA, {"a.c": "top\nend\n"}, "Clean up")
    back = f"Revert “Clean up”\n\nThis reverts commit {gone}."
    yard.commit(ADA, {"a.c": "new\ntop\nend\n"})
    yard.commit(ADA, {"a.c": "new\ntop\n" + hers + "end\n"}, back)
    assert look(yard, stated(ADA_GRANTS)).held("mail:mal@example.org") == 42
    line = explain(yard, stated(ADA_GRANTS), "a.c", 20)
    assert line["origins"][0]["holders"][0]["who"] == "mail:mal@example.org"
    # Putting it back a second time leads through both reverts.
    again = yard.commit(ADA, {"a.c": "new\ntop\nend\n"}, "Again")
    yard.commit(
        ADA, {"a.c": "new\ntop\n" + hers + "end\n"}, f"Back\n\nThis reverts commit {again[:12]}."
    )
    assert look(yard, stated(ADA_GRANTS)).held("mail:mal@example.org") == 42


def test_a_revert_that_slips_something_in_is_no_revert(yard: Yard) -> None:
    yard.commit(MAL, {"a.c": "top\n" + text("his", many=10)})
    gone = yard.commit(ADA, {"a.c": "top\n"})
    more = "top\n" + text("his", many=10) + "a line more\n"
    yard.commit(ADA, {"a.c": more}, f"This reverts commit {gone}.")
    # Then the lines are also Ada's as far as git knows: she answers for them.
    assert look(yard, stated(ADA_GRANTS)).held("mail:mal@example.org") == 1


def test_moves_and_new_indentation_relabel_nothing(yard: Yard) -> None:
    block = text("int something_long_enough_to_be_followed", many=12)
    yard.commit(MAL, {"a.c": block + text("rest of the file", many=12)})
    moved = text("rest of the file", many=12) + "".join(
        f"    {line}\n" for line in block.splitlines()
    )
    yard.commit(ADA, {"a.c": moved})
    yard.commit(ADA, {"b/a.c": moved}, gone=["a.c"])
    assert look(yard, stated(ADA_GRANTS)).held("mail:mal@example.org") == 24


def test_a_change_of_form_hides_nobody(yard: Yard) -> None:
    yard.commit(ADA, {"a.c": "".join(f"call_{n}(first, second, third);\n" for n in range(10))})
    broken = "".join(f"call_{n}(\n    first,\n    second, third);\n" for n in range(10))
    form = yard.commit(BEN, {"a.c": broken})
    # Unapproved, both hold them: git only says whom it names, the words say whose they are.
    found = look(yard, stated(grant("ben@example.org"))).blockers
    assert found["mail:ada@example.org"][1] >= 10
    assert look(yard, stated(ADA_GRANTS)).held("mail:ben@example.org") > 0
    assert look(yard, stated(BOTH)).audit.sellable
    approved = look(yard, stated(ADA_GRANTS, FORM.format(form)))
    assert approved.held("mail:ben@example.org") < 30
    assert approved.audit.tally.waived
    hers = look(yard, stated(grant("ben@example.org"), FORM.format(form)))
    assert hers.held("mail:ada@example.org") >= 10, "an approval takes nobody off the list"


def test_lines_of_a_merge_are_the_mergers(yard: Yard) -> None:
    base = yard.commit(ADA, {"a.c": text("a", many=5)})
    side = yard.commit(BEN, {"b.c": text("b", many=5)}, parents=[base])
    main = yard.commit(ADA, {"c.c": text("c", many=5)}, parents=[base])
    merged = {"b.c": text("b", many=5), "a.c": text("a", many=5) + text("merger", many=3)}
    yard.commit(MAL, merged, "Merge", parents=[main, side])
    found = look(yard, stated(BOTH)).blockers
    assert found == {"mail:mal@example.org": ("NO_SIGNATURE", 3)}


def test_a_file_that_says_whose_it_is_cannot_be_sold(yard: Yard) -> None:
    hidden = text("code", many=900) + "// SPDX-License-Identifier: GPL-2.0-only\n"
    yard.commit(ADA, {"a.c": hidden, "b.c": "// SPDX-License-Identifier: MIT\nx\n"})
    found = look(yard, stated(ADA_GRANTS))
    assert found.blockers == {"notice:GPL-2.0-only": ("THIRD_PARTY", 901)}
    words = text("ours", many=2) + "Copyright (c) 2019 Acme Inc.\n"
    yard.commit(ADA, {"a.c": words})
    assert look(yard, stated(ADA_GRANTS)).audit.sellable
    theirs = look(yard, stated('copyright = ["Ada"]\n', ADA_GRANTS)).blockers
    assert theirs == {"notice:Copyright (c) 2019 Acme Inc.": ("THIRD_PARTY", 3)}


def test_files_of_others_count_by_the_licence_that_is_declared(yard: Yard) -> None:
    yard.commit(MAL, {"lib/x.c": text("x", many=4), "gen/y.c": text("y", many=3)})
    gen = '[[generated]]\npaths = ["gen/**"]\n'
    mit = stated(ADA_GRANTS, gen, '[[vendored]]\npaths = ["lib/**"]\nlicence = "MIT"\n')
    found = look(yard, mit)
    assert found.audit.sellable
    assert (found.lines("PERMISSIVE_INBOUND"), found.lines("OWNED")) == (4, 3)
    gpl = stated(ADA_GRANTS, gen, '[[vendored]]\npaths = ["lib/**"]\nlicence = "GPL-3.0-only"\n')
    assert look(yard, gpl).blockers == {"licence:GPL-3.0-only": ("THIRD_PARTY", 4)}


def test_what_is_not_in_the_clone_is_unknown_and_not_sellable(yard: Yard) -> None:
    old = text("old", many=6)
    yard.commit(ADA, {"a.c": old, "ok.c": "fine\n"})
    yard.commit(ADA, {"a.c": old + "new\n"})
    yard.lose(old)
    found = look(yard, stated(ADA_GRANTS))
    assert not found.audit.sellable
    assert found.blockers == {"file:a.c": ("UNKNOWN", 7)}
    yard.lose("fine\n")
    assert look(yard, stated(ADA_GRANTS)).held("file:ok.c") == 1


def test_commits_at_the_edge_of_a_shallow_clone_are_nobodys(yard: Yard) -> None:
    first = yard.commit(ADA, {"a.c": text("a", many=5)})
    edge = yard.commit(ADA, {"a.c": text("a", many=6)})
    (yard.path / "shallow").write_text(f"{edge}\n")
    (yard.path / "objects" / first[:2] / first[2:]).unlink()
    assert look(yard, stated(ADA_GRANTS)).blockers == {"mail:ada@example.org": ("UNKNOWN", 6)}


def test_binaries_links_and_braces_are_told_apart(yard: Yard) -> None:
    yard.commit(MAL, {"x.png": b"\x89PNG\0\0", "a.c": "{\n\n}\n", "odd\nname\t.c": "int x;\n"})
    found = look(yard, stated(ADA_GRANTS))
    assert found.audit.tally.aside["binary"] == ["x.png"]
    assert found.lines("TRIVIAL") == 2
    assert found.blockers == {"mail:mal@example.org": ("NO_SIGNATURE", 1)}


def test_an_import_is_its_importers_statement(yard: Yard) -> None:
    svn = yard.commit("import <svn@localhost>", {"a.c": text("a", many=5)})
    told = f'[[holder]]\ncommit = "{svn}"\npeople = ["ada@example.org"]\n'
    assert look(yard, stated(ADA_GRANTS)).held("mail:svn@localhost") == 5
    assert look(yard, stated(ADA_GRANTS, told)).audit.sellable


def test_a_folder_that_is_no_clone_is_one_sentence(tmp_path: Path, yard: Yard) -> None:
    yard.commit(ADA, {"a.c": "a\n"})
    with pytest.raises(UserError, match="no commit called nothing"):
        look(yard, stated(ADA_GRANTS), at="nothing")
    with pytest.raises(UserError, match="no line 2"):
        explain(yard, stated(ADA_GRANTS), "a.c", 2)
    yard.path = tmp_path
    with pytest.raises(UserError):
        look(yard, stated(ADA_GRANTS))
