"""Bots: exempt only where the project lists them and something shows that it is they."""

import pytest

from core.github import Account, Commit
from licensing.verdict import Exemptions
from tests.rules.commits import (
    ADA,
    BO,
    DEPENDABOT,
    MARA,
    WEB_FLOW,
    address,
    commit,
    missing,
    problems,
    verdict,
    with_co_author,
)

LISTED = Exemptions(bots={"dependabot[bot]": None})


def test_a_bot_is_exempt_when_it_opened_the_pull_request() -> None:
    found = verdict(commit(DEPENDABOT), opener=DEPENDABOT, exempt=LISTED)

    assert found.conclusion == "success"
    assert [(one.id, one.reason) for one in found.exempt] == [(DEPENDABOT.id, "bot")]


def test_a_bot_is_exempt_when_it_is_the_verified_committer() -> None:
    found = verdict(commit(DEPENDABOT, verified=True), signed=(ADA,), exempt=LISTED)

    assert found.conclusion == "success"


@pytest.mark.parametrize(
    "forged",
    [
        commit(DEPENDABOT),
        commit(DEPENDABOT, committer=MARA, verified=True),
        commit(DEPENDABOT, committer=WEB_FLOW, verified=False),
        commit(DEPENDABOT, committer=WEB_FLOW, verified=True),
        commit(DEPENDABOT, committer=Account(5, "web-flow"), verified=True),
    ],
    ids=["unverified", "somebody's own key", "web-flow unverified", "web-flow", "a false one"],
)
def test_a_bot_is_not_exempt_for_what_nothing_shows_to_be_its_own(forged: Commit) -> None:
    found = verdict(forged, signed=(ADA, MARA), exempt=LISTED)

    assert (found.conclusion, problems(found)) == ("action_required", ["unproven_bot"])


def test_a_bots_number_in_the_list_of_people_needs_the_same_proof() -> None:
    listed = Exemptions(users=frozenset({DEPENDABOT.id}))
    unlinked = commit(None, email=address(DEPENDABOT))

    assert problems(verdict(commit(DEPENDABOT), signed=(ADA,), exempt=listed)) == ["unproven_bot"]
    assert verdict(unlinked, signed=(ADA,), exempt=listed).conclusion == "action_required"
    assert verdict(commit(DEPENDABOT, verified=True), signed=(ADA,), exempt=listed).conclusion == (
        "success"
    )


def test_a_bot_that_is_not_listed_stops_the_pull_request() -> None:
    found = verdict(commit(DEPENDABOT, verified=True), signed=(ADA,))

    assert (found.conclusion, problems(found)) == ("action_required", ["bot"])


def test_a_bot_without_the_suffix_is_a_bot() -> None:
    bot = Account(7, "helper", "Bot")

    assert problems(verdict(commit(bot), signed=(ADA, bot))) == ["bot"]


def test_a_person_in_the_list_of_bots_is_asked() -> None:
    found = verdict(commit(BO), signed=(ADA,), exempt=Exemptions(bots={"bo": None}))

    assert missing(found) == {BO.id}


def test_the_old_bot_stays_exempt_under_a_new_login_and_the_new_bearer_is_not() -> None:
    pinned = Exemptions(bots={"dependabot[bot]": DEPENDABOT.id})
    renamed = Account(DEPENDABOT.id, "dependabot-2[bot]", "Bot")
    usurper = Account(666, "dependabot[bot]", "Bot")

    assert verdict(commit(renamed), opener=renamed, exempt=pinned).conclusion == "success"
    assert problems(verdict(commit(usurper), opener=usurper, exempt=pinned)) == ["bot"]


def test_logins_of_bots_are_compared_whole_and_without_case() -> None:
    shouting = Account(DEPENDABOT.id, "Dependabot[bot]", "Bot")
    longer = Account(8, "dependabot[bot]x[bot]", "Bot")

    assert verdict(commit(shouting), opener=shouting, exempt=LISTED).conclusion == "success"
    assert verdict(commit(longer), opener=longer, exempt=LISTED).conclusion == "action_required"


def test_naming_an_exempt_bot_as_co_author_asks_nobody_more() -> None:
    pinned = Exemptions(bots={"dependabot[bot]": DEPENDABOT.id})
    made = commit(ADA, message=with_co_author(address(DEPENDABOT)))

    found = verdict(made, signed=(ADA,), exempt=pinned, accounts={DEPENDABOT.id: DEPENDABOT})

    assert found.conclusion == "success"


def test_a_person_who_hides_behind_a_bots_login_in_a_trailer_is_asked() -> None:
    pinned = Exemptions(bots={"dependabot[bot]": DEPENDABOT.id})
    made = commit(ADA, message=with_co_author("1954+dependabot[bot]@users.noreply.github.com"))

    found = verdict(made, signed=(ADA,), exempt=pinned, accounts={BO.id: BO})
    unknown = verdict(made, signed=(ADA,), exempt=pinned)

    assert missing(found) == {BO.id}
    assert unknown.conclusion == "action_required"
