"""Releases are sold, or not, by what the service's own audits found: without anybody's command."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot import running
from bot.__main__ import cli
from tests.bank import BankHouse
from tests.scenarios.agreement import offer, push_files, sign
from tests.scenarios.audit.served import LICENCE, Looks
from tests.scenarios.merging import land
from tests.scenarios.selling import BUY, RULES, TEXT
from tests.visitor import Visitor

AGPL = '[licence]\noffered = "AGPL-3.0-only"\n'


class Shop(Looks, BankHouse):
    """A house that looks by itself, beside a bank."""


@pytest.fixture
def shop(databases: tuple[str, str], tmp_path: Path) -> Iterator[Shop]:
    running.register_handlers()
    with Shop.open(databases, tmp_path) as opened:
        opened.connect()
        yield opened
        assert opened.sandbox.violations == []


def buying(shop: Shop) -> int:
    """Try to buy, and give the answer; where it may not be, the bank hears nothing."""
    before = len(shop.bank.requests)
    with Visitor(shop) as buyer:
        page = buyer.get(f"{BUY}/pro")
        fields = {"licensee": "Acme", "accept": "yes"}
        if 'id="buy"' not in page.text:
            return page.status_code
        status = buyer.fill_in(page, fields, "buy", follow=False).status_code
    if status != 303:
        assert len(shop.bank.requests) == before
    return status


def opened(shop: Shop) -> tuple[str, str]:
    """Begin to sell and release what Ada signed for; gives the rules and the release's commit."""
    garden = shop.garden
    rules = RULES.replace('version = "1.0"', 'version = "1.0"\noutbound = "any_plus_original"')
    shop.record(LICENCE + shop.owned())
    push_files(shop, {".github/potluck.toml": rules + AGPL, "COMMERCIAL.md": TEXT})
    sign(shop, garden.ada)
    pull = offer(shop, garden.ada, {"author": garden.ada})
    shop.settle()
    release = land(shop, pull)
    shop.world.publish_release(garden.repo, garden.mara, "v1")
    shop.settle()
    return rules, release


def read(shop: Shop) -> str:
    """The page of the audit, as a stranger sees it."""
    with Visitor(shop) as reader:
        return reader.get("/potluck-sandbox/garden/audit").text


def test_a_release_is_sold_by_what_was_found_and_the_open_promise_stops_it(shop: Shop) -> None:
    garden = shop.garden
    rules, release = opened(shop)
    assert shop.state(release) == "fresh"
    # Somebody unsigned lands: the release is sold still, a release of the new tip is not.
    both = offer(shop, garden.bo, {"author": garden.bo})
    shop.settle()
    newer = land(shop, both)
    assert (shop.state(release), shop.state(newer)) == ("fresh", "blocked")
    assert buying(shop) == 303
    shop.world.publish_release(garden.repo, garden.mara, "v2")
    shop.settle()
    text = read(shop)
    assert "Release <bdi>v2</bdi>" in text
    assert "stands in the way" in text
    # The open licence is no longer what releases come out under: nothing is sold any more.
    push_files(shop, {".github/potluck.toml": rules + AGPL.replace("AGPL-3.0-only", "MIT")})
    shop.settle()
    shop.tick("sweep_audits")
    shop.settle()
    assert (shop.state(release), shop.state(newer)) == ("blocked", "blocked")
    assert buying(shop) != 303
    assert "Work came under AGPL-3.0-only, which was promised to stay on offer" in read(shop)
    given = {
        "DATABASE_URL": shop.settings.database_url,
        "INBOX_DATABASE_URL": shop.settings.inbox_database_url,
        "POTLUCK_VAR": str(shop.settings.var),
    }
    notice = CliRunner().invoke(cli, ["notice", "potluck-sandbox/garden"], env=given)
    assert notice.exit_code == 0, notice.output
    assert "asks for a notice" in notice.stdout
