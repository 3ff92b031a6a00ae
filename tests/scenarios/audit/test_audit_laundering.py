"""The laundering attacks, with real repositories: none of them changes whose a line is."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from bot.audit import judging
from bot.audit.matter import packed, unpacked
from licensing.audit.decisions import Inputs
from licensing.audit.holders import Landed, Part
from licensing.audit.people import by_number
from tests.gityard import ADA, MAL, Yard, text
from tests.scenarios.audit.looking import ADA_GRANTS, explain, grant, look, stated

MAL_HOLDS = {"mail:mal@example.org": ("NO_SIGNATURE", 10)}
DEPENDABOT = 49_699_333


@pytest.fixture
def yard(tmp_path: Path) -> Yard:
    """Ada wrote a file, Mal a part of another."""
    made = Yard(tmp_path / "clone")
    made.commit(ADA, {"a.c": text("ada", many=20)})
    made.commit(MAL, {"m.c": text("mal", many=10)})
    return made


def test_without_any_trick_the_unsigned_author_stands_in_the_way(yard: Yard) -> None:
    found = look(yard, stated(ADA_GRANTS))
    assert found.blockers == MAL_HOLDS
    assert (found.lines("GRANT"), found.audit.sellable) == (20, False)
    assert look(yard, stated(ADA_GRANTS, grant("mal@example.org"))).audit.sellable


def test_a_mail_map_in_the_tree_turns_nobody_into_somebody_else_and_is_asked_about(
    yard: Yard,
) -> None:
    yard.commit(ADA, {".mailmap": "Ada <ada@example.org> Mal <mal@example.org>\n"})
    yard.set("[mailmap]\n\tblob = HEAD:.mailmap\n\tfile = x\n")
    inputs = stated(ADA_GRANTS)
    found = look(yard, inputs)
    assert found.blockers == MAL_HOLDS
    # It is asked whether that is so, and said who says it; also where it is judged anew.
    again = judging.judged(unpacked(packed(found.matter)), inputs)
    for one in (found.audit, again):
        (asked,) = one.tally.blockers["mail:mal@example.org"].suggestions
        assert (asked.same_as, asked.because) == ("mail:ada@example.org", judging.BY_MAILMAP)
    line = explain(yard, stated(ADA_GRANTS), "m.c", 3)
    assert line["origins"][0]["holders"][0]["address"] == "mal@example.org"


def test_a_list_of_commits_to_ignore_moves_no_line(yard: Yard) -> None:
    changed = yard.commit(MAL, {"a.c": text("ada", many=20).replace("ada 7", "mal was here 7")})
    listed = yard.commit(ADA, {".git-blame-ignore-revs": f"{changed}\n"})
    (yard.path / "ignored").write_text(f"{changed}\n")
    yard.set(f"[blame]\n\tignoreRevsFile = {yard.path}/ignored\n\tmarkIgnoredLines = true\n")
    assert look(yard, stated(ADA_GRANTS), at=listed).held("mail:mal@example.org") == 11


def test_attributes_hide_no_file(yard: Yard) -> None:
    yard.commit(ADA, {".gitattributes": "m.c linguist-vendored linguist-generated binary -diff\n"})
    (yard.path / "info").mkdir()
    (yard.path / "info/attributes").write_text("*.c binary -text diff=nothing\n")
    yard.commit(ADA, {"REUSE.toml": 'version = 1\n[[annotations]]\npath = "m.c"\n'})
    assert look(yard, stated(ADA_GRANTS)).blockers == MAL_HOLDS


def test_replacements_and_grafts_of_a_clone_change_nothing(yard: Yard) -> None:
    mine = yard.head
    other = yard.commit(ADA, {"m.c": text("mal", many=10)}, parents=[yard.head])
    (yard.path / "refs/replace").mkdir()
    (yard.path / "refs/replace" / mine).write_text(f"{other}\n")
    (yard.path / "info").mkdir()
    (yard.path / "info/grafts").write_text(f"{other}\n")
    assert look(yard, stated(ADA_GRANTS), at=other).blockers == MAL_HOLDS


def test_a_name_like_a_bots_makes_no_bot(yard: Yard) -> None:
    yard.commit("dependabot[bot] <support@example.net>", {"b.c": text("bot", many=3)})
    address = f"{DEPENDABOT}+dependabot[bot]@users.noreply.github.com"
    yard.commit(f"dependabot[bot] <{address}>", {"c.c": text("claims", many=4)})
    found = look(yard, stated(f"bots = [{DEPENDABOT}]\n", ADA_GRANTS)).blockers
    assert found["mail:support@example.net"] == ("NO_SIGNATURE", 3)
    # Anybody can write the number into an address: only what was shown to be the bot's counts.
    assert found[by_number(DEPENDABOT)] == ("UNKNOWN", 4)


def test_a_committer_holds_nothing_and_clears_nobody(yard: Yard) -> None:
    yard.commit(MAL, {"n.c": text("more", many=5)}, committer=ADA)
    assert look(yard, stated(ADA_GRANTS)).blockers == {
        "mail:mal@example.org": ("NO_SIGNATURE", 15)
    }
    yard.commit(ADA, {"o.c": text("hers", many=5)}, committer=MAL)
    assert look(yard, stated(ADA_GRANTS)).held("mail:mal@example.org") == 15


def test_a_co_author_holds_even_where_the_merge_trimmed_the_trailer(yard: Yard) -> None:
    trailer = "Squashed\n\nCo-authored-by: Ben <ben@example.org>"
    squash = yard.commit(ADA, {"s.c": text("both", many=6)}, trailer)
    assert look(yard, stated(ADA_GRANTS)).held("mail:ben@example.org") == 6
    trimmed = yard.commit(ADA, {"t.c": text("trimmed", many=7)}, "Squashed")
    parts = tuple(Part(number) for number in (*[1] * 254, 2, *[1] * 5))
    landed = Landed(3, yard.now, (*parts, Part(1, "opener")), squashed=True)
    inputs = _numbered(stated(ADA_GRANTS, grant(1)), {trimmed: landed}, squash)
    # The only unsigned author stands in commit 255 of 260, and in no line of the squash.
    assert look(yard, inputs).held("github:2") == 6 + 7
    both = _numbered(stated(ADA_GRANTS, grant(1), grant(2)), {trimmed: landed}, squash)
    assert look(yard, both).held("github:2") == 0


def test_somebody_elses_address_clears_nobody_who_pushed_it(yard: Yard) -> None:
    before = yard.head
    forged = yard.commit(ADA, {"f.c": text("forged", many=8)})
    yard.commit(ADA, {"g.c": text("pushed", many=9)})
    # GitHub links the address to Ada (1); it was Mal (66) who opened the pull request with it.
    landed = Landed(4, yard.now, (Part(1), Part(66, "opener")))
    inputs = _numbered(stated(ADA_GRANTS, grant(1)), {forged: landed}, before)
    found = look(yard, inputs).blockers
    assert found["github:66"] == ("NO_SIGNATURE", 10 + 8)
    # By no pull request at all: then the address is only a claim.
    assert found["github:1"] == ("UNKNOWN", 9)


def test_only_a_steward_says_that_two_are_one(yard: Yard) -> None:
    yard.commit("Ada <ada.other@example.net>", {"x.c": text("x", many=4)})
    found = look(yard, stated(ADA_GRANTS))
    assert found.held("mail:ada.other@example.net") == 4
    alias = '[[alias]]\nperson = "ada.other@example.net"\nsame_as = "ada@example.org"\n'
    assert look(yard, stated(ADA_GRANTS, alias)).blockers == MAL_HOLDS


def _numbered(inputs: Inputs, landed: Mapping[str, Landed], baseline: str) -> Inputs:
    """Give what is known where GitHub tells numbers, and what came before `baseline` is trusted."""
    accounts = {"ada@example.org": 1, "mal@example.org": 66, "ben@example.org": 2}
    register = replace(inputs.origins.register, numbers=True, accounts=accounts)
    origins = replace(inputs.origins, register=register, landed=landed, history=True)
    return replace(inputs, origins=origins, baseline=baseline)
