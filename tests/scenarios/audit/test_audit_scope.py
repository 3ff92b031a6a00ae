"""What a grant or a waiver covers, in a clone: what was written in its folder, and what it names."""

from pathlib import Path

from tests.gityard import ADA, BEN, MAL, Yard, text
from tests.scenarios.audit.looking import ADA_GRANTS, LICENCE, OFFERED, grant, look, stated

EE = grant("ada@example.org", 'outbound = "any_plus_original"\npaths = ["ee/**"]')
WAIVED = '[[waiver]]\nperson = "mal@example.org"\ncommit = "{}"\nsteward = "Stella"\nreason = "a typo"\n'


def test_what_somebody_moves_into_the_folder_of_an_agreement_was_not_written_there(
    tmp_path: Path,
) -> None:
    yard = Yard(tmp_path / "clone")
    hers = text("written in the core", many=20)
    yard.commit(ADA, {"core/a.c": hers, "ee/b.c": text("written in its place", many=5)})
    yard.commit(BEN, {"ee/a.c": hers}, gone=["core/a.c"])
    found = look(yard, stated(OFFERED, LICENCE, EE, grant("ben@example.org")))
    assert found.blockers == {"mail:ada@example.org": ("PATH", 20)}


def test_two_words_in_two_commits_are_two_lines_that_a_named_steward_lets_pass(
    tmp_path: Path,
) -> None:
    yard = Yard(tmp_path / "clone")
    hers = text("a garden is a place", many=10)
    yard.commit(ADA, {"a.md": hers, "b.md": hers})
    typos = [
        yard.commit(MAL, {name: hers.replace(f"place {line}", f"plaice {line}")})
        for name, line in (("a.md", 3), ("b.md", 5))
    ]
    assert look(yard, stated(ADA_GRANTS)).held("mail:mal@example.org") == 2
    waivers = [WAIVED.format(one) for one in typos]
    one = look(yard, stated(ADA_GRANTS, waivers[0]))
    assert one.held("mail:mal@example.org") == 1
    both = look(yard, stated(ADA_GRANTS, *waivers)).audit
    assert both.sellable
    assert dict(both.tally.waived) == {("mail:mal@example.org", "Stella", "a typo"): 2}
    assert both.tally.standings["TRIVIAL"] == 2
