"""Who sends too many forms that cost a row and a page at the bank is told when to go on."""

import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.app import create_app
from core.config import load
from core.db import Database
from tests.databases import Urls

FUND = "/potluck-sandbox/garden/fund"


def test_forms_are_counted_by_whom_the_trusted_proxy_saw(
    databases: Urls, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    given = {"SECRET_KEY": secrets.token_hex(32), "POTLUCK_VAR": str(tmp_path)}
    settings = load(given | {"DATABASE_URL": databases[0], "TRUSTED_PROXIES": "1"})
    now = [datetime(2026, 11, 20, 10, tzinfo=UTC)]
    request.addfinalizer((database := Database(databases[0])).close)
    app = create_app(settings, database, database, lambda: now[0])
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()

    def sent(path: str, address: str) -> int:
        # What stands before the last address was written by whoever asks.
        headers = {"X-Forwarded-For": f"{secrets.token_hex(2)}, {address}"}
        return client.post(path, headers=headers).status_code

    assert {sent(FUND, "198.51.100.7") for _form in range(60)} == {404}
    refused = client.post(FUND, headers={"X-Forwarded-For": "198.51.100.7"})
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "2")
    assert "was not kept" in refused.text
    for other in ("pledge", "buy/kettle", "bought/key/renew"):
        assert sent(FUND.replace("fund", other), "198.51.100.7") == 429
    assert sent(FUND, "198.51.100.8") == 404
    now[0] += timedelta(seconds=2)
    assert sent(FUND, "198.51.100.7") == 404
