"""What the ledger says of sign-offs: that one stands there only where a commit really bears it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from core.github import Account, Commit
from licensing import coverage
from licensing.provenance import Landing, work_of
from licensing.rules import judge
from licensing.verdict import Acts, Exemptions, Facts, Terms, Waiver
from licensing.versions import AgreementVersion
from tests.rules.commits import ADA, BO, MARA, commit, file

SIGN_OFFS = Terms(signoffs=True)
NOW = datetime(2026, 3, 1, tzinfo=UTC)
WHERE = Landing(7, 1, ADA.id, "a" * 40, "b" * 40, "c" * 40, NOW)
VERSION = AgreementVersion(1, 1, "1.0", "dco", "/sign", "en", "DCO.md", b"DCO", "0" * 64, NOW, NOW)


def rules(
    *commits: Commit, exempt: Exemptions | None = None, acts: Acts | None = None, **more: object
) -> list[str]:
    """The rule of each row, under a certificate of origin."""
    facts = replace(Facts(opener=ADA, commits=commits), **more)  # type: ignore[arg-type] # named
    found = judge(facts, frozenset(), exempt or Exemptions(), SIGN_OFFS, acts)
    basis = coverage.Basis(VERSION, {}, signoffs=True)
    return [row.rule for row in coverage.rows(WHERE, work_of(facts, found), basis)]


def signed_off(who: Account | None, **more: str) -> Commit:
    bare = commit(who, **more)
    line = f"Signed-off-by: {bare.author.name} <{bare.author.email}>"
    return replace(bare, message=f"Change\n\n{line}")


def test_what_a_maintainer_waived_bears_no_sign_off() -> None:
    one = commit(ADA)
    acts = Acts((Waiver(one.sha, MARA, "One typo only"),))

    assert rules(one, acts=acts) == ["missing"]
    assert rules(signed_off(ADA), acts=acts) == ["sign_off"]


def test_what_asks_nobody_bears_no_sign_off() -> None:
    small = Exemptions(files_below=3, lines_below=10)
    paths = Exemptions(paths=("docs/**",))
    files = {"files": (file("docs/a.md"),), "files_complete": True}

    assert rules(commit(BO), exempt=small, **files) == ["small"]
    assert rules(commit(BO), exempt=paths, **files) == ["path"]
    assert rules(signed_off(BO), exempt=paths, **files) == ["sign_off"]


def test_a_merge_of_the_base_bears_no_sign_off() -> None:
    merge = commit(ADA, parents=("a", "b"))

    assert rules(merge, signed_off(ADA), ignorable=frozenset({merge.sha})) == [
        "base_merge",
        "sign_off",
    ]


@pytest.mark.parametrize("email", ["kim@nowhere.example", "kim@users.noreply.github.com"])
def test_a_sign_off_counts_for_whoever_has_no_account(email: str) -> None:
    assert rules(signed_off(None, email=email, name="Kim")) == ["sign_off"]
    assert rules(commit(None, email=email, name="Kim")) == ["missing"]


def test_what_was_judged_before_sign_offs_were_asked_for_bears_none() -> None:
    facts = Facts(opener=ADA, commits=(commit(ADA),))
    for judged in (judge(facts, {ADA.id}, Exemptions()), None):
        work = work_of(facts, judged)
        basis = coverage.Basis(VERSION, {}, signoffs=True)
        assert [row.rule for row in coverage.rows(WHERE, work, basis)] == ["missing"]
