"""Who holds a commit: what was kept of the pull request, and what the commit itself says."""

from datetime import UTC, datetime

from bot.audit.facts import landed
from core.git.commits import RawCommit, Signature, parsed
from licensing.audit.holders import Landed, Origins, Part, work_of
from licensing.audit.people import Register
from licensing.provenance import Holder, Landing, Work, Written

THEN = datetime(2026, 3, 1, tzinfo=UTC)
SHA = "a" * 40
KNOWN = Register({"ada@x.org": 1, "ben@x.org": 2}, numbers=True)


def held(
    message: str, landed: Landed | None = None, parents: int = 1, **more: object
) -> list[str]:
    """Name the holders of a commit of Ada's, those that are nobody with a question mark."""
    who = Signature("Ada", "ada@x.org", THEN)
    commit = RawCommit(SHA, "t", ("p",) * parents, who, who, message)
    origins = Origins(KNOWN, {SHA: landed} if landed else {}, **more)  # type: ignore[arg-type] - by name
    return [one.key + "?" * bool(one.trouble) for one in work_of(commit, origins).people]


def squash(*parts: Part) -> Landed:
    return Landed(7, THEN, (*parts, Part(9, "opener")), squashed=True)


def test_a_squash_is_held_by_all_that_it_squashed() -> None:
    both = squash(Part(1), Part(2))
    assert held("No trailer is left", both) == ["github:1", "github:2", "github:9"]
    # GitHub's own trailers name those who are known already, by addresses that are not kept.
    theirs = "S\n\nCo-authored-by: A <a@home>\nCo-authored-by: B <b@home>"
    assert held(theirs, both) == ["github:1", "github:2", "github:9"]
    more = f"{theirs}\nCo-authored-by: C <c@home>"
    assert "mail:c@home?" in held(more, both), "one more than can be explained is somebody else"
    assert held("S", squash(Part(None, problem="unlinked"))) == [f"commit:{SHA}?", "github:9"]


def test_who_could_not_be_linked_then_may_be_known_now() -> None:
    landed = Landed(7, THEN, (Part(None, problem="unlinked"), Part(9, "opener")))
    assert held("x", landed) == ["github:1", "github:9"]
    named = "x\n\nCo-authored-by: Ben <ben@x.org>"
    with_ben = Landed(7, THEN, (Part(1), Part(None, "co-author", "no_account"), Part(9, "opener")))
    assert held(named, with_ben) == ["github:1", "github:9", "github:2"]


def test_a_merge_of_a_branch_is_the_mergers_alone() -> None:
    assert held("Merge", squash(Part(2)), parents=2) == ["github:1"]


def test_who_opens_another_pull_request_with_a_commit_takes_nobodys_place() -> None:
    commit = Written(SHA, holders=(Holder("author", 1),))
    merges = [
        (Landing(5, number, opener, SHA, "", f"{number}" * 40, THEN), Work((commit,)))
        for number, opener in ((3, 66), (4, 9))
    ]
    parts = landed(merges)[SHA].parts
    assert [(one.github_id, one.role) for one in parts] == [(1, "author"), (66, "opener")]


def test_agents_hold_nothing_and_strangers_are_nobody() -> None:
    message = "x\n\nCo-authored-by: Agent <agent@ai.example>"
    agents = frozenset({"agent@ai.example"})
    assert held(message, agents=agents) == ["github:1"]
    assert held("x", strangers=frozenset({SHA})) == ["github:1?"]
    assert held("x", stated={SHA: ("github:5",)}) == ["github:5"]


def test_a_commit_in_no_form_is_read_without_harm() -> None:
    found = parsed(
        SHA, b"tree x\nauthor \xff<\xfe> 99999999999999999 +9\nencoding no-such\n\n\xffm"
    )
    assert (found.author.at.year, found.committer.email) == (9999, "")
    rot13 = parsed(SHA, b"author A <a@x> 1 +0000\nencoding rot13\n\nm")
    assert (rot13.author.email, rot13.message) == ("a@x", "m")
    signed = parsed(SHA, b"gpgsig -----BEGIN\n author Mal <m@x> 2 +0000\n\nm")
    assert (signed.author.email, signed.signed) == ("", True)
