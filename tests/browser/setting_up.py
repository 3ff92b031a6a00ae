"""What a person does to set the App up, and a GitHub that plays along."""

import json
import re
from collections.abc import Mapping
from html import unescape
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bot import credentials
from bot.setup import setup_code
from tests.browser.site import CREDENTIALS

HOME = "https://potluck.example"
PUBLIC = {"PUBLIC_URL": HOME, "HOST": "0.0.0.0"}


class Visitor(FlaskClient):
    """Somebody who comes by the site's public address."""

    def open(self, *args: Any, **more: Any) -> TestResponse:
        """Ask for a page."""
        more.setdefault("base_url", HOME)
        return super().open(*args, **more)


def opened(site: Flask) -> FlaskClient:
    """Give somebody who has read the set-up code of a site that GitHub can reach."""
    client = Visitor(site, site.response_class)
    assert unlock(client, setup_code(site.extensions["potluck"].settings)) == 303
    return client


class GitHub:
    """Gives the credentials of a new App for one code, and counts how often it was asked."""

    def __init__(self, error: Exception | None = None) -> None:
        """Fail with `error`, if one is given."""
        self.asked: list[str] = []
        self.error = error

    def exchange(self, code: str) -> Mapping[str, Any]:
        """Trade a code for credentials."""
        self.asked.append(code)
        if self.error:
            raise self.error
        return CREDENTIALS


def form(client: FlaskClient, path: str = "/setup") -> tuple[str, dict[str, Any]]:
    """Give the address and the manifest of the form that goes to GitHub."""
    page = client.get(path).text
    action = re.search(r'method="post" action="([^"]+)"', page)
    manifest = re.search(r'name="manifest" value="([^"]+)"', page)
    assert action
    assert manifest
    return unescape(action[1]), json.loads(unescape(manifest[1]))


def state(client: FlaskClient) -> str:
    """Ask for the form, and give the state in it."""
    return form(client)[0].partition("?state=")[2]


def come_back(client: FlaskClient, given: str, code: str = "c0de") -> int:
    """Come back from GitHub with a state and a code; gives the status."""
    return client.get("/setup/callback", query_string={"code": code, "state": given}).status_code


def stored(site: Flask) -> str | None:
    """Give the name of the App whose credentials are stored."""
    with site.extensions["potluck"].app.read() as connection:
        return credentials.slug(connection)


def unlock(client: FlaskClient, code: str) -> int:
    """Send the set-up code on the page that asks for it; gives the status."""
    page = client.get("/setup", base_url=HOME).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    return client.post(
        "/setup/code",
        base_url=HOME,
        headers={"Referer": f"{HOME}/setup"},
        data={"code": code, "csrf_token": token[1]},
    ).status_code
