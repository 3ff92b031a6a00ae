"""The worker looks at every line by itself: clones, judges, certifies, and again when things change."""

from datetime import timedelta

from bot.audit import runs
from tests.scenarios.agreement import offer, push_files, sign
from tests.scenarios.audit.served import BASE, LICENCE, OFFERED, Looks, looking
from tests.scenarios.merging import land

__all__ = ["looking"]
RULES = ".github/potluck.toml"


def test_releases_and_the_tip_are_looked_at_when_they_move(looking: Looks) -> None:
    house, garden = looking, looking.garden
    house.record(OFFERED + LICENCE + house.owned())
    push_files(house, {RULES: BASE})
    house.settle()
    first = house.tip
    assert house.state(first) == "fresh"
    assert (house.run().state, house.run().commit_sha) == ("done", first)
    kept = (house.clones.at(garden.repo.id) / "config").read_text()
    assert "token" not in kept
    assert "ghs_" not in kept

    # A release is looked at by itself; somebody unsigned then lands, and only the tip is blocked.
    shipped = house.world.publish_release(garden.repo, garden.mara, "v1")
    house.settle()
    assert house.run(runs.release(shipped.id)).state == "done"
    pull = offer(house, garden.bo, {"author": garden.bo})
    house.settle()
    newer = land(house, pull)
    assert house.run().commit_sha == newer
    assert house.state(newer) == "blocked"
    assert house.state(first) == "fresh", "what was merged since changes nothing of the release"

    # Somebody signs: within a minute all is judged again, without a clone.
    began, before = house.run(), house.now
    certificate = house.certificate(first)
    sign(house, garden.chen)
    assert house.state(first) == "fresh"
    assert house.certificate(first) != certificate
    assert house.run() == began
    assert house.now - before < timedelta(minutes=3)


def test_a_price_changes_nothing_and_an_outbound_rule_has_it_looked_at_again(
    looking: Looks,
) -> None:
    house = looking
    house.record(OFFERED + LICENCE + house.owned())
    push_files(house, {RULES: BASE})
    house.settle()
    house.world.publish_release(house.garden.repo, house.garden.mara, "v1")
    house.settle()
    release, certificate = house.tip, house.certificate(house.tip)
    assert certificate is not None
    push_files(house, {RULES: BASE + '[funding]\nsuggested = ["7"]\n'})
    house.settle()
    assert house.certificate(release) == certificate
    narrower = BASE.replace('"any_plus_original"', '"osi"').replace('"1.0"', '"1.1"')
    push_files(house, {RULES: narrower, "CLA.md": "Another text, under open licences only.\n"})
    house.happen()
    assert house.state(release) == "stale"
    house.settle()
    house.tick("sweep_audits")
    house.settle()
    assert house.state(release) == "fresh"
    assert house.certificate(release) != certificate
