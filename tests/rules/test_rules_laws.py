"""Laws of the judgement: never green unless everybody signed or is exempt, whatever is given."""

from hypothesis import example, given
from hypothesis import strategies as st

from core.github import Account, Commit
from licensing import trailers
from licensing.rules import judge
from licensing.verdict import Exemptions, Facts
from tests.rules.commits import ADA, BO, CHEN, DEPENDABOT, MARA, WEB_FLOW, address, commit

PEOPLE = (ADA, BO, CHEN, MARA)
BOT = Exemptions(bots={"dependabot[bot]": None})

accounts = st.sampled_from([*PEOPLE, DEPENDABOT, None])
emails = st.sampled_from(
    [
        None,
        *(address(who) for who in (*PEOPLE, DEPENDABOT)),
        "x@example.com",
        "ada@users.noreply.github.com",
        "",
    ]
)
messages = st.sampled_from(
    [
        "Change",
        *(f"Change\n\nCo-authored-by: X <{address(who)}>" for who in PEOPLE),
        "Change\n\nCo-Authored-By: X <x@example.com>",
        "Change\r\n\r\nCO-AUTHORED-BY: X <>",
    ]
)


@st.composite
def commit_lists(draw: st.DrawFn) -> tuple[Commit, ...]:
    return tuple(
        commit(
            draw(accounts),
            email=draw(emails),
            committer=draw(st.sampled_from([None, MARA, WEB_FLOW, DEPENDABOT])),
            message=draw(messages),
            verified=draw(st.booleans()),
        )
        for _ in range(draw(st.integers(1, 5)))
    )


people_sets = st.frozensets(st.sampled_from([who.id for who in PEOPLE]))
openers = st.sampled_from([*PEOPLE, DEPENDABOT])


def named(opener: Account, commits: tuple[Commit, ...]) -> set[int]:
    """Everybody who must be covered, counted once more in the plainest way."""
    found = {opener.id}
    for one in commits:
        if one.author_account:
            found.add(one.author_account.id)
        claims = [trailers.noreply(one.author.email)]
        claims += [trailers.noreply(item.email) for item in trailers.co_authors(one.message)]
        found |= {claim.id for claim in claims if claim}
    return found


@example(DEPENDABOT, (commit(DEPENDABOT, email=address(ADA)),), frozenset())
@given(openers, commit_lists(), people_sets)
def test_green_means_that_everybody_signed_or_is_the_exempt_bot(
    opener: Account, commits: tuple[Commit, ...], signed: frozenset[int]
) -> None:
    found = judge(Facts(opener, commits), signed, BOT)

    if found.conclusion == "success":
        assert named(opener, commits) <= signed | {DEPENDABOT.id}
        assert not any(
            one.author_account is None and trailers.noreply(one.author.email) is None
            for one in commits
        )


@given(openers, commit_lists(), people_sets, st.randoms())
def test_the_order_of_the_commits_changes_nothing(
    opener: Account, commits: tuple[Commit, ...], signed: frozenset[int], dice: object
) -> None:
    shuffled = list(commits)
    dice.shuffle(shuffled)  # type: ignore[attr-defined] # hypothesis' Random

    one = judge(Facts(opener, commits), signed, BOT)
    other = judge(Facts(opener, tuple(shuffled)), signed, BOT)

    assert (one.conclusion, one.signed, one.missing) == (
        other.conclusion,
        other.signed,
        other.missing,
    )
    assert {item.problem for item in one.unresolved} == {item.problem for item in other.unresolved}


@given(openers, commit_lists(), people_sets, people_sets)
def test_one_more_signature_never_makes_it_worse(
    opener: Account, commits: tuple[Commit, ...], signed: frozenset[int], more: frozenset[int]
) -> None:
    before = judge(Facts(opener, commits), signed, BOT)
    after = judge(Facts(opener, commits), signed | more, BOT)

    assert len(after.missing) <= len(before.missing)
    assert after.unresolved == before.unresolved
    assert not (before.conclusion == "success" and after.conclusion != "success")


@given(openers, commit_lists(), commit_lists(), people_sets)
def test_one_more_commit_never_makes_it_better(
    opener: Account,
    commits: tuple[Commit, ...],
    more: tuple[Commit, ...],
    signed: frozenset[int],
) -> None:
    before = judge(Facts(opener, commits), signed, BOT)
    after = judge(Facts(opener, (*commits, *more)), signed, BOT)

    if after.conclusion == "success":
        # Only a co-author's address may become known by a commit that GitHub links.
        assert not before.missing
        assert all(item.problem == "no_account" for item in before.unresolved)
