"""All deliveries of a history, told to an empty database in any order, make the same ledger."""

import json
import random
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from click.testing import CliRunner, Result

from bot.__main__ import cli
from bot.sandbox.hooks import Delivery
from bot.server import Web
from bot.server import running as serving
from licensing import chain, coverage_proof
from licensing.exports import export_chain, pieces
from licensing.proof import verify_chain
from tests.house import MOMENT, House
from tests.scenarios.agreement import (
    ACCEPTED,
    add,
    fork_of,
    hidden,
    mine,
    offer,
    push_files,
    set_rules,
)
from tests.scenarios.merging import land

LATER = timedelta(hours=5)


@contextmanager
def beside(house: House, files: Path, folder: Path) -> Iterator[House]:
    """Open a second house at the same GitHub, with empty databases; from now on GitHub tells it."""
    folder.mkdir()
    for file in files.glob("*.db"):
        shutil.copy(file, folder)
    settings = replace(
        house.settings,
        database_url=f"sqlite:///{folder / 'potluck.db'}",
        inbox_database_url=f"sqlite:///{folder / 'inbox.db'}",
    )
    with ExitStack() as stack:
        other = House(settings, house.sandbox, house._now)
        stack.callback(other.app.close)
        stack.callback(other.inbox.close)
        web = Web(settings, other._lazy_pages, other.inbox, other.clock)
        other.url = stack.enter_context(serving(web, parting_s=0))
        other.garden = house.garden
        house.sandbox.webhook_url = f"{other.url}/webhooks/github"
        yield other


def history(house: House) -> None:
    """Some weeks of a project: every way to land, and every kind of person."""
    garden, world = house.garden, house.world
    helper = world.account("helper[bot]", "Bot")
    set_rules(house, 'exempt_bots = ["helper[bot]"]', f"exempt_users = [{garden.mara.id}]")
    house.settle()
    squashed = offer(house, garden.ada, *[{"author": garden.ada}] * 2)
    shared = offer(house, garden.ada, {"author": garden.ada, "co_authors": (hidden(garden.bo),)})
    house.settle()
    world.comment(squashed, garden.ada, "/sign")
    world.comment(shared, garden.bo, "/sign")
    house.settle()
    land(house, squashed, "squash")
    house.advance(LATER)
    land(house, shared, "merge")
    house.advance(LATER)
    rebased = offer(house, garden.chen, {"author": garden.chen}, {"author": garden.ada})
    house.settle()
    world.comment(rebased, garden.chen, "/sign")
    world.comment(rebased, garden.ada, "/sign")
    house.settle()
    land(house, rebased, "rebase")
    house.advance(LATER)
    strangers(house)
    land(house, offer(house, helper, {"author": helper}), "squash")
    nobody = offer(house, garden.ada, {"author": ("Nobody", "no@example.org")})
    house.settle()
    # Out of order, a few digits alone could be aimed at another commit, and are refused.
    world.comment(nobody, garden.mara, f"/waive {nobody.head_sha} A typo that anybody mends")
    house.settle()
    house.advance(LATER)
    land(house, nobody, "merge")
    stacked(house)
    carried(house)
    renewed(house, 'exempt_bots = ["helper[bot]"]', f"exempt_users = [{garden.mara.id}]")


def renewed(house: House, *rules: str) -> None:
    """Another MAJOR: what one signs counts for it, what both signed before does no more."""
    garden = house.garden
    house.advance(LATER)
    set_rules(house, *rules, 'version = "2.0"', **{"CLA.md": "All new terms.\n"})
    house.settle()
    house.advance(LATER)
    pull = offer(house, garden.ada, {"author": garden.ada}, {"author": garden.chen})
    house.settle()
    house.world.comment(pull, garden.ada, "/sign")
    house.settle()
    land(house, pull, "merge")


def carried(house: House) -> None:
    """Work that is merged into a branch of its own first, and with that into the default branch."""
    garden, world, repo = house.garden, house.world, house.garden.repo
    world.branch(repo, "next", repo.branches["main"])
    world.push(repo, "next", garden.mara)
    first = offer(house, garden.ada, {"author": ("Nobody", "no@example.org")}, base="next")
    house.settle()
    world.comment(first, garden.mara, f"/waive {first.head_sha} A typo that anybody mends")
    house.settle()
    house.advance(LATER)
    land(house, first)
    house.advance(LATER)
    second = world.open_pull_request(repo, garden.mara, "next")
    house.settle()
    assert house.check(second).conclusion == "success"
    land(house, second)


def strangers(house: House) -> None:
    """What an administrator merges unsigned, and somebody who signs when it is too late."""
    garden, world = house.garden, house.world
    dora = world.account("dora")
    unsigned = offer(house, dora, {"author": dora}, {"author": ("Nobody", "no@example.org")})
    house.settle()
    land(house, unsigned, "merge")
    house.advance(LATER)
    world.comment(unsigned, dora, "/sign")
    house.settle()
    land(house, offer(house, dora, {"author": dora}), "squash")
    fork = fork_of(house, garden.ada)
    world.branch(fork, "updated", garden.repo.branches["main"])
    add(house, fork, "updated", author=garden.ada)
    tip = push_files(house, {"base.txt": "On.\n"})
    eve = world.account("eve")
    world.merge_commit(fork, "updated", tip, author=eve)
    pull = world.open_pull_request(garden.repo, garden.ada, "updated", head_repo=fork)
    house.settle()
    land(house, pull, "merge")


def stacked(house: House) -> None:
    """A pull request on top of another, both merged with their commits."""
    ada, fork = house.garden.ada, fork_of(house, house.garden.ada)
    first = mine(house)
    house.world.branch(fork, "stacked", first.head_sha)
    add(house, fork, "stacked", author=ada)
    second = house.world.open_pull_request(house.garden.repo, ada, "stacked", head_repo=fork)
    house.settle()
    land(house, first)
    house.advance(LATER)
    land(house, second)


def ledger_of(house: House) -> bytes:
    """The exported ledger, as it stands in the file."""
    with house.app.read() as connection:
        assert verify_chain(connection) == ()
        assert chain.verify_export(export_chain(connection)) == ()
        return json.dumps(list(coverage_proof.exported(connection)), indent=1).encode()


def handle_all(house: House) -> None:
    """Let everything be handled; what is to be said on GitHub was said already and stays unsent."""
    while True:
        while house.worker.sort() + house.worker.work():
            pass
        next_at = house.worker.next_at()
        if next_at is None:
            return
        house.advance(max(next_at - house.now, MOMENT))


def restored(house: House, export: Path) -> Result:
    """Put the texts in an export back, as one does before deliveries are told again."""
    surroundings = {"DATABASE_URL": house.settings.database_url}
    return CliRunner().invoke(cli, ["agreement", "restore", str(export)], env=surroundings)


def told(house: House) -> list[Delivery]:
    """Everything that GitHub delivered, once each, in its order."""
    return list({one.delivery.guid: one.delivery for one in house.sandbox.hooks.attempts}.values())


def test_the_same_deliveries_make_the_same_ledger_byte_for_byte(
    house: House, migrated_files: Path, tmp_path: Path
) -> None:
    history(house)
    deliveries = told(house)
    before = ledger_of(house)
    export = tmp_path / "export.json"
    with house.app.read() as connection:
        export.write_text("".join(pieces(connection)))
    rows = [json.loads(item["row"]) for item in json.loads(before)[0]["rows"]]
    rules = {row["rule"] for row in rows}
    assert rules == {"signature", "missing", "bot", "base_merge", "waiver", "listed", "merged"}
    for order in ("as they came", "shuffled"):
        with beside(house, migrated_files, tmp_path / order) as other:
            assert restored(other, export).output == "Put back 2 versions.\n"
            for one in deliveries:
                assert other.deliver(one.event.name, one.body) == ACCEPTED
            handle_all(other)
            assert ledger_of(other) == before, order
            assert restored(other, export).exit_code != 0, "only into an empty database"
        random.Random(1).shuffle(deliveries)
