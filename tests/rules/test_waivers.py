"""What is done for one pull request: waivers, consent, confirmation; agents, teams and addresses."""

from dataclasses import replace

import pytest

from core.github import Account, Commit
from licensing.roll import open_addresses
from licensing.verdict import Acts, Agent, Exemptions, Facts, Terms, Verdict, Waiver
from tests.rules.commits import (
    ADA,
    BO,
    CHEN,
    MARA,
    WEB_FLOW,
    address,
    commit,
    missing,
    problems,
    verdict,
    with_co_author,
)

CONSENT, CONFIRM = Terms(consent=True), Terms(confirm=True)
CLAUDE = "noreply@anthropic.com"
AGENTS = Exemptions(agents=frozenset({CLAUDE}))


def waived(*commits: Commit) -> Acts:
    return Acts(tuple(Waiver(one.sha, MARA, "One typo only") for one in commits))


def declares(found: Verdict) -> dict[int, tuple[str, ...]]:
    return {one.id: one.declares for one in (*found.signed, *found.missing) if one.declares}


@pytest.mark.parametrize("author", [None, BO])
def test_a_waiver_lets_one_commit_pass_and_no_other(author: Account | None) -> None:
    one, two = commit(author), commit(author)

    assert verdict(one, signed=(ADA,), acts=waived(one)).conclusion == "success"
    found = verdict(one, two, signed=(ADA,), acts=waived(one))
    assert found.conclusion == "action_required"
    assert [it.shas for it in found.unresolved] in ([], [(two.sha,)])
    assert missing(found) == ({BO.id} if author else set())
    assert found.waived == waived(one).waivers


def test_a_waiver_never_waives_the_opener() -> None:
    one = commit(ADA)
    found = verdict(one, acts=waived(one))

    assert (missing(found), found.missing[0].roles) == ({ADA.id}, ("opener",))


def test_a_waiver_of_a_commit_that_is_gone_is_worth_nothing() -> None:
    gone, here = commit(None), commit(None)
    found = verdict(here, signed=(ADA,), acts=waived(gone))

    assert (found.conclusion, found.waived) == ("action_required", ())


def test_whoever_is_waived_still_belongs_to_those_who_wrote_it() -> None:
    one = commit(BO)

    assert verdict(one, acts=waived(one)).people == {ADA.id, BO.id}


def test_everybody_but_the_opener_consents_once_they_have_signed() -> None:
    one = commit(BO, message=with_co_author(address(CHEN)))
    found = verdict(one, signed=(ADA, BO, CHEN), terms=CONSENT)

    assert found.conclusion == "action_required"
    assert declares(found) == {BO.id: ("consent",), CHEN.id: ("consent",)}
    mine = verdict(commit(ADA), signed=(ADA,), terms=CONSENT)
    assert mine.conclusion == "success"
    assert [person.id for person in found.undeclared] == [BO.id, CHEN.id]


def test_an_opener_without_a_commit_needs_the_authors_consent() -> None:
    one = commit(BO)
    acts = Acts(consents={BO.id: frozenset({one.sha})})

    assert verdict(one, signed=(ADA, BO)).conclusion == "success"
    assert verdict(one, signed=(ADA, BO), terms=CONSENT).conclusion == "action_required"
    assert verdict(one, signed=(ADA, BO), terms=CONSENT, acts=acts).conclusion == "success"
    assert missing(verdict(one, signed=(ADA,), terms=CONSENT, acts=acts)) == {BO.id}


def test_new_commits_ask_for_consent_again_and_anothers_consent_is_worth_nothing() -> None:
    one, two = commit(BO), commit(BO)
    seen = frozenset({one.sha})

    for acts in (Acts(consents={BO.id: seen}), Acts(consents={CHEN.id: seen | {two.sha}})):
        found = verdict(one, two, signed=(ADA, BO), terms=CONSENT, acts=acts)
        assert declares(found) == {BO.id: ("consent",)}
    fewer = Acts(consents={BO.id: frozenset({one.sha, two.sha})})
    found = verdict(two, signed=(ADA, BO), terms=CONSENT, acts=fewer)
    assert found.conclusion == "success"


def test_everybody_confirms_each_pull_request_where_that_is_asked() -> None:
    found = verdict(commit(BO), signed=(ADA, BO), terms=CONFIRM)
    assert declares(found) == {ADA.id: ("confirmation",), BO.id: ("confirmation",)}

    done = Acts(confirmed=frozenset({ADA.id, BO.id}))
    found = verdict(commit(BO), commit(BO), signed=(ADA, BO), terms=CONFIRM, acts=done)
    assert found.conclusion == "success"
    assert missing(verdict(commit(BO), terms=CONFIRM, acts=done)) == {ADA.id, BO.id}


def test_whoever_is_exempt_declares_nothing_and_a_small_change_asks_nobody() -> None:
    both = Terms(consent=True, confirm=True)
    exempt = Exemptions(users=frozenset({ADA.id, BO.id}))

    assert verdict(commit(BO), terms=both, exempt=exempt).conclusion == "success"


def test_an_agents_address_in_a_trailer_is_flagged_and_not_asked() -> None:
    message = with_co_author("NoReply@Anthropic.com", "Claude")
    one = commit(ADA, message=message)
    found = verdict(one, signed=(ADA,), exempt=AGENTS)

    assert found.conclusion == "success"
    assert found.agents == (Agent("Claude", CLAUDE, (one.sha,)),)
    assert problems(verdict(one, signed=(ADA,))) == ["no_account"]


@pytest.mark.parametrize(
    "email", ["noreply@anthropic.com.evil.example", "x.noreply@anthropic.com", "bo@example.com"]
)
def test_another_address_is_no_agent(email: str) -> None:
    found = verdict(commit(ADA, message=with_co_author(email)), signed=(ADA,), exempt=AGENTS)

    assert (found.agents, problems(found)) == ((), ["no_account"])


def test_an_agent_is_never_a_commits_author() -> None:
    proven = {CLAUDE: BO}
    for author in (None, BO):
        one = commit(author, email=CLAUDE.upper())
        found = verdict(one, signed=(ADA, BO), exempt=AGENTS, proven=proven)
        assert (found.conclusion, problems(found)) == ("action_required", ["agent"])


def test_a_teams_member_who_opened_it_or_committed_verified_is_not_asked() -> None:
    team = Exemptions(members=frozenset({ADA.id, BO.id}))
    found = verdict(commit(BO, verified=True), exempt=team)

    assert found.conclusion == "success"
    assert [(one.id, one.reason) for one in found.exempt] == [(ADA.id, "team"), (BO.id, "team")]


@pytest.mark.parametrize(
    "made",
    [
        commit(BO),
        commit(BO, verified=True, committer=ADA),
        commit(BO, verified=True, committer=WEB_FLOW),
        commit(None, email=address(BO), verified=True),
        commit(ADA, message=with_co_author(address(BO)), verified=True),
    ],
    ids=["unverified", "by another", "by the website", "unlinked", "in a trailer"],
)
def test_a_teams_member_whom_only_an_address_names_is_asked(made: Commit) -> None:
    team = Exemptions(members=frozenset({BO.id}))

    assert BO.id in missing(verdict(made, signed=(ADA,), exempt=team))


def test_an_address_that_an_account_has_proven_counts_as_that_account() -> None:
    proven = {"bo@work.example": BO}
    author = commit(None, email="Bo@Work.example")
    named = commit(ADA, message=with_co_author("bo@work.example"))

    for one in (author, named):
        assert problems(verdict(one, signed=(ADA,))) != []
        assert missing(verdict(one, signed=(ADA,), proven=proven)) == {BO.id}
        assert verdict(one, signed=(ADA, BO), proven=proven).conclusion == "success"


def test_a_proven_address_changes_nothing_where_github_links_one() -> None:
    proven = {"bo@work.example": CHEN, address(BO): CHEN}
    linked = commit(BO, email="bo@work.example")
    numbered = commit(None, email=address(BO))

    named = commit(ADA, message=with_co_author("bo@work.example"))
    for made in ((linked,), (numbered,), (linked, named)):
        found = verdict(*made, signed=(ADA, CHEN), proven=proven)
        assert (missing(found), found.people) == ({BO.id}, {ADA.id, BO.id})


def test_the_addresses_that_are_still_open() -> None:
    made = (
        commit(None, email="One@example.com"),
        commit(BO, email="two@example.com", message=with_co_author("three@example.com")),
        commit(ADA, message=with_co_author("two@example.com") + with_co_author(address(CHEN))),
        commit(None, email=""),
    )

    assert open_addresses(Facts(ADA, made)) == {"one@example.com", "three@example.com"}


def test_a_listed_person_under_a_proven_address_is_not_asked() -> None:
    renamed = replace(BO, login="robert")
    exempt = Exemptions(users=frozenset({BO.id}))
    found = verdict(
        commit(None, email="bo@work.example"),
        signed=(ADA,),
        exempt=exempt,
        proven={"bo@work.example": renamed},
    )

    assert found.conclusion == "success"
