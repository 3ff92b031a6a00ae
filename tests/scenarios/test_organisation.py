"""One agreement for an organisation: signed once, it serves every repository of its scope."""

from collections.abc import Iterable
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot import rechecks, tasks
from bot.sandbox.records import Account, PullRequest, Repository
from bot.signing.acts import Occasion
from licensing import signing, store
from licensing.tables import agreement, agreement_version, signature
from tests.house import House
from tests.scenarios.agreement import conclusion, push_files, replay, set_rules

RULES = '[agreement]\nscope = "organisation"\nversion = "1.0"\n'
TEXT = "# The agreement of all our projects\n"


def rules(*lines: str) -> str:
    return RULES + "".join(f"{line}\n" for line in lines)


def shared(house: House, *lines: str) -> Repository:
    """The organisation's `.github` repository with rules for all, known to the App."""
    files = {".github/potluck.toml": rules(*lines), "CLA.md": TEXT}
    return plant(house, ".github", files)


def plant(
    house: House,
    name: str,
    files: dict[str, str] | None = None,
    owner: Account | None = None,
) -> Repository:
    """One more repository of the organisation, or of another owner who installs the App too."""
    world, garden = house.world, house.garden
    files = files or {"README.md": "Hello\n"}
    repo = world.repository(owner or garden.organization, name, files=files)
    if owner is None:
        world.add_repositories(garden.installation, repo)
    else:
        world.install(repo, by=owner)
    house.settle()
    return repo


def propose(house: House, repo: Repository, who: Account) -> PullRequest:
    """A pull request, judged."""
    files = {f"{house.world.new_id()}.txt": "New.\n"}
    pull = house.world.propose(repo, who, files)
    house.settle()
    return pull


def conclusions(house: House, pulls: Iterable[PullRequest]) -> list[str | None]:
    return [conclusion(house, pull) for pull in pulls]


def scopes(house: House) -> list[tuple[str, int]]:
    with house.app.read() as connection:
        rows = connection.execute(select(agreement).order_by(agreement.c.scope))
        return [(row.scope, row.scope_id) for row in rows]


def test_one_signature_serves_all_repositories_and_a_new_one_inherits(house: House) -> None:
    ada = house.garden.ada
    shared(house)
    shed, barn = plant(house, "shed"), plant(house, "barn")
    pulls = [propose(house, shed, ada), propose(house, barn, ada)]
    assert conclusions(house, pulls) == ["action_required"] * 2

    house.world.comment(pulls[0], ada, "/sign")
    house.settle()
    assert conclusions(house, pulls) == ["success"] * 2
    with house.app.read() as connection:
        assert connection.scalars(select(signature.c.github_id)).all() == [ada.id]
    assert ("organisation", house.garden.organization.id) in scopes(house)

    mill = plant(house, "mill")
    assert conclusion(house, propose(house, mill, ada)) == "success"
    assert conclusion(house, propose(house, mill, house.garden.bo)) == "action_required"


def test_a_withdrawal_is_looked_at_in_every_repository(house: House) -> None:
    ada = house.garden.ada
    shared(house)
    shed, barn = plant(house, "shed"), plant(house, "barn")
    pulls = [propose(house, shed, ada), propose(house, barn, ada)]
    house.world.comment(pulls[0], ada, "/sign")
    house.settle()

    act = signing.Withdrawal(ada.id, ada.id, "changed", house.now)
    with house.app.write() as connection:
        version = store.agreement_in_force(connection, shed.id)
        assert version is not None
        assert signing.withdraw(connection, version.agreement_id, act, house.now)
        again = rechecks.after_act(Occasion(house.now), connection, version.agreement_id, ada.id)
        for task in again:
            tasks.put(connection, task, house.now)
    house.settle()

    assert conclusions(house, pulls) == ["action_required"] * 2


def test_a_repository_with_a_file_of_its_own_keeps_its_own(house: House) -> None:
    ada, garden = house.garden.ada, house.garden.repo
    shared(house)
    shed = plant(house, "shed")
    pull = propose(house, shed, ada)
    house.world.comment(pull, ada, "/sign")
    house.settle()
    assert conclusion(house, pull) == "success"

    assert conclusion(house, propose(house, garden, ada)) == "action_required"
    assert ("repository", garden.id) in scopes(house)

    # A file of its own, later: from then on it asks for its own.
    set_rules(house, repo=shed, **{"CLA.md": "# Of the shed alone\n"})
    house.settle()
    assert conclusion(house, propose(house, shed, ada)) == "action_required"


def test_only_the_repositories_that_are_named_are_served(house: House) -> None:
    ada = house.garden.ada
    hub = shared(house, 'repositories = ["Shed"]')
    shed, barn = plant(house, "shed"), plant(house, "barn")
    pulls = [propose(house, shed, ada), propose(house, barn, ada)]
    assert conclusions(house, pulls) == ["action_required", "neutral"]

    push_files(house, {".github/potluck.toml": rules('repositories = ["barn"]')}, hub)
    house.settle()
    assert conclusions(house, pulls) == ["neutral", "action_required"]


def test_another_owners_repository_of_the_same_name_is_not_served(house: House) -> None:
    ada, elsewhere = house.garden.ada, house.world.organization("elsewhere")
    shared(house)
    shed = plant(house, "shed")
    pull = propose(house, shed, ada)
    house.world.comment(pull, ada, "/sign")
    house.settle()
    fork = house.world.find_repository("ada/shed")
    assert fork is not None
    house.world.rename_repository(fork, "first-shed")
    theirs = plant(house, "shed", owner=elsewhere)
    assert conclusion(house, propose(house, theirs, ada)) == "neutral"

    files = {".github/potluck.toml": RULES, "CLA.md": TEXT}
    hub = house.world.repository(elsewhere, ".github", files=files)
    house.world.add_repositories(
        next(it for it in house.world.installations.values() if it.account is elsewhere), hub
    )
    house.settle()
    push_files(house, {"README.md": "Hello\n"}, hub)
    house.settle()
    # The same words of another owner are another agreement.
    assert conclusion(house, propose(house, theirs, ada)) == "action_required"


def test_without_the_owners_repository_nobody_is_asked(house: House) -> None:
    hub = shared(house)
    shed = plant(house, "shed")
    pull = propose(house, shed, house.garden.ada)
    assert conclusion(house, pull) == "action_required"

    mara, gone = house.garden.mara, {".github/potluck.toml": None}
    house.world.commit(hub, hub.default_branch, message="Stop", author=mara, files=gone)
    house.world.push(hub, hub.default_branch, mara)
    house.settle()
    assert conclusion(house, pull) == "neutral"


def test_an_organisation_cannot_be_claimed_elsewhere(house: House) -> None:
    garden = house.garden.repo
    house.settle()
    sha = set_rules(house, 'scope = "organisation"', 'version = "2.0"')
    house.settle()

    (run,) = house.world.runs_at(garden, sha)
    assert (run.name, run.conclusion) == ("potluck/policy", "failure")
    assert [remark["start_line"] for remark in run.annotations] == [3]
    assert "repository “.github” only" in run.annotations[0]["message"]
    with house.app.read() as connection:
        version = store.agreement_in_force(connection, garden.id)
    assert version is not None
    assert (version.version, version.scope) == ("1.0", "repository")


def test_a_new_repository_inherits_what_is_in_force_while_a_change_is_refused(
    house: House,
) -> None:
    ada = house.garden.ada
    hub = shared(house)
    shed = plant(house, "shed")
    pull = propose(house, shed, ada)
    house.world.comment(pull, ada, "/sign")
    house.settle()
    push_files(house, {"CLA.md": "# Something else\n"}, hub)
    house.settle()

    barn = plant(house, "barn")
    assert conclusion(house, propose(house, barn, ada)) == "success"
    assert conclusion(house, propose(house, barn, house.garden.bo)) == "action_required"


@pytest.mark.parametrize("rises", [False, True])
def test_another_scope_needs_another_version(house: House, *, rises: bool) -> None:
    hub = plant(
        house,
        ".github",
        {".github/potluck.toml": '[agreement]\nversion = "1.0"\n', "CLA.md": TEXT},
    )
    shed = plant(house, "shed")
    text = RULES.replace("1.0", "2.0") if rises else RULES
    sha = push_files(house, {".github/potluck.toml": text}, hub)
    house.settle()

    (run,) = house.world.runs_at(hub, sha)
    with house.app.read() as connection:
        version = store.agreement_in_force(connection, shed.id)
    assert version is not None
    if rises:
        assert (run.conclusion, version.scope, version.version) == (
            "success",
            "organisation",
            "2.0",
        )
    else:
        assert "the terms are part of what people agreed to" in (run.summary or "")
        assert (run.conclusion, version.scope) == ("failure", "repository")


def test_a_renamed_and_transferred_repository_loses_nothing(house: House) -> None:
    world, ada = house.world, house.garden.ada
    shared(house)
    shed = plant(house, "shed")
    pull = propose(house, shed, ada)
    world.comment(pull, ada, "/sign")
    house.settle()
    world.rename_repository(shed, "hut")
    house.settle()
    assert conclusion(house, propose(house, shed, ada)) == "success"

    elsewhere = world.organization("elsewhere")
    world.install(elsewhere, by=ada)
    house.advance(timedelta(minutes=5))
    world.transfer(shed, elsewhere)
    house.settle()
    assert conclusion(house, propose(house, shed, house.garden.bo)) == "neutral"

    house.advance(timedelta(minutes=5))
    world.transfer(shed, house.garden.organization)
    world.add_repositories(house.garden.installation, shed)
    house.settle()
    assert conclusion(house, propose(house, shed, ada)) == "success"


def test_a_version_names_who_pushed_it(house: House) -> None:
    hub = shared(house)
    plant(house, "shed")
    push_files(house, {".github/potluck.toml": RULES.replace("1.0", "1.1")}, hub)
    house.settle()
    push_files(house, {"README.md": "x\n"}, hub)
    house.settle()
    replay(house, seed=3)

    with house.app.read() as connection:
        rows = connection.execute(
            select(agreement_version.c.minor, agreement_version.c.publisher_id)
            .join(agreement, agreement.c.id == agreement_version.c.agreement_id)
            .where(agreement.c.scope == "organisation")
            .order_by(agreement_version.c.minor)
        ).all()
    # The first was there before us: nobody told who had brought it.
    assert [tuple(row) for row in rows] == [(0, None), (1, house.garden.mara.id)]
