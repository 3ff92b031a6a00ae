"""Teams, paths and agents from outside: who is not asked, and nobody more than that."""

from collections.abc import Iterable
from datetime import timedelta

from bot.sandbox import failures
from bot.sandbox.state import Seen
from tests.house import House
from tests.scenarios.agreement import conclusions, hidden, offer, reads, set_rules, sign

AGENT = ("Claude", "noreply@anthropic.com")


def test_members_of_a_team_are_not_asked_where_it_is_shown_that_it_is_them(house: House) -> None:
    garden = house.garden
    house.world.team(garden.repo.owner, "core", garden.bo)
    set_rules(house, 'exempt_teams = ["core"]')
    house.settle()
    sign(house, garden.ada)
    verified = {"author": garden.bo, "verified": True}
    pulls = {
        "opener, verified": offer(house, garden.bo, verified),
        "opener, unverified": offer(house, garden.bo, {"author": garden.bo}),
        "verified": offer(house, garden.ada, verified),
        "unverified": offer(house, garden.ada, {"author": garden.bo}),
        "trailer": offer(
            house, garden.ada, {"author": garden.ada, "co_authors": (hidden(garden.bo),)}
        ),
    }
    house.settle()

    assert conclusions(house, pulls) == {
        "opener, verified": "success",
        "opener, unverified": "action_required",
        "verified": "success",
        "unverified": "action_required",
        "trailer": "action_required",
    }
    assert "in an exempt team" in (house.check(pulls["verified"]).summary or "")


def test_a_team_is_read_once_an_hour_and_within_the_budget(house: House) -> None:
    garden = house.garden
    house.world.team(garden.repo.owner, "core", garden.bo)
    made = {"author": garden.bo, "verified": True}
    with house.calls() as seen:
        set_rules(house, 'exempt_teams = ["core"]')
        house.settle()
    assert len(about_teams(seen)) == 2, "its number and its members, as soon as rules name it"
    for wait, asked in ((timedelta(0), 0), (timedelta(minutes=50), 0), (timedelta(hours=1), 1)):
        house.advance(wait)
        with house.calls() as seen:
            pull = offer(house, garden.bo, made)
            house.settle()
        assert len(about_teams(seen)) == asked
        assert conclusions(house, {"": pull}) == {"": "success"}


def test_a_team_that_takes_the_name_of_another_exempts_nobody(house: House) -> None:
    garden, world = house.garden, house.world
    owner = garden.repo.owner
    meant = world.team(owner, "core", garden.bo)
    set_rules(house, 'exempt_teams = ["core"]')
    house.settle()
    world.rename_team(meant, "crew")
    other = world.team(owner, "core", garden.chen)
    house.advance(timedelta(hours=1))
    pulls = {
        "renamed": offer(house, garden.bo, {"author": garden.bo, "verified": True}),
        "takes the name": offer(house, garden.chen, {"author": garden.chen, "verified": True}),
    }
    house.settle()
    assert conclusions(house, pulls) == {
        "renamed": "success",
        "takes the name": "action_required",
    }
    del world.teams[owner.id, "crew"]
    set_rules(house, 'exempt_teams = ["core"]', 'exempt_paths = ["docs/**"]')
    house.advance(timedelta(hours=1))
    gone = offer(house, garden.bo, {"author": garden.bo, "verified": True})
    house.settle()
    found = conclusions(house, {**pulls, "gone": gone})
    assert set(found.values()) == {"action_required"}, "other words in the rules approve nothing"
    assert f"`core#{other.id}`" in (house.check(gone).summary or "").replace("\\", "")

    set_rules(house, f'exempt_teams = ["core#{other.id}"]')
    house.settle()
    assert conclusions(house, {"": pulls["takes the name"]}) == {"": "success"}
    set_rules(house)
    house.settle()
    assert conclusions(house, {"": pulls["takes the name"]}) == {"": "action_required"}
    set_rules(house, 'exempt_teams = ["core"]')
    house.settle()
    assert conclusions(house, {"": pulls["takes the name"]}) == {"": "success"}, "named anew"


def about_teams(seen: Iterable[Seen]) -> list[Seen]:
    """The calls about teams, or their members."""
    return [call for call in reads(seen) if "/team" in call.path]


def test_nobody_is_exempt_because_a_team_could_not_be_read(house: House) -> None:
    garden = house.garden
    set_rules(house, 'exempt_teams = ["core", "elsewhere/core"]')
    house.settle()
    made = {"author": garden.bo, "verified": True}
    missing = offer(house, garden.bo, made)
    house.settle()
    house.world.team(garden.repo.owner, "core", garden.bo)
    pulls = {"missing": missing}
    for name, how in (("down", failures.status(502)), ("short", failures.malformed())):
        failure = house.sandbox.fail("GET", "/teams?/", how, times=99)
        pulls[name] = offer(house, garden.bo, made)
        house.settle()
        failure.times = 0

    assert set(conclusions(house, pulls).values()) == {"action_required"}
    assert "GitHub did not say who is in the team `core`" in (house.check(missing).summary or "")
    house.world.comment(missing, garden.bo, "/recheck")
    house.settle()
    assert conclusions(house, {"": missing}) == {"": "success"}


def test_files_and_agents_that_nobody_is_asked_for(house: House) -> None:
    garden = house.garden
    set_rules(
        house,
        'exempt_paths = ["docs/**"]',
        'agents = ["noreply@anthropic.com"]',
    )
    house.settle()
    sign(house, garden.ada)
    bo, ada = garden.bo, garden.ada
    pulls = {
        "docs": offer(house, bo, {"author": bo, "files": {"docs/a/b.md": "New.\n"}}),
        "both": offer(house, bo, {"author": bo, "files": {"docs/a.md": "x\n", "a.py": "y\n"}}),
        "two": offer(
            house,
            bo,
            {"author": bo, "files": {"docs/a.md": "x\n"}},
            {"author": bo, "files": {"src/a.py": "y\n"}},
        ),
        "many": offer(
            house, bo, {"author": bo, "files": {f"docs/{n}.md": f"{n}\n" for n in range(301)}}
        ),
        "agent": offer(house, ada, {"author": ada, "co_authors": (AGENT,)}),
        "by agent": offer(house, ada, {"author": AGENT}),
    }
    house.settle()

    assert conclusions(house, pulls) == {
        "docs": "success",
        "both": "action_required",
        "two": "action_required",
        "many": "action_required",
        "agent": "success",
        "by agent": "action_required",
    }
    assert house.comments(pulls["docs"]) == []
    assert "an AI agent; whoever used it answers" in (house.check(pulls["agent"]).summary or "")
    assert "cannot answer for a commit" in (house.check(pulls["by agent"]).summary or "")


def test_an_agreement_about_some_files_asks_nobody_about_others(house: House) -> None:
    bo = house.garden.bo
    set_rules(house, 'paths = ["ee/**"]', 'version = "1.1"')
    house.settle()
    pulls = {
        "core": offer(house, bo, {"author": bo, "files": {"src/a.py": "x\n"}}),
        "ee": offer(house, bo, {"author": bo, "files": {"ee/a.py": "x\n", "src/b.py": "y\n"}}),
    }
    house.settle()

    assert conclusions(house, pulls) == {"core": "success", "ee": "action_required"}
    assert house.check(pulls["core"]).title == "No signature needed for these files"
