"""The JSON API: every answer is what the OpenAPI document says, and nobody reads what is not theirs."""

import json
from datetime import timedelta
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import httpx
import openapi_core
import pytest
from openapi_core.contrib.requests import RequestsOpenAPIRequest, RequestsOpenAPIResponse
from openapi_spec_validator import validate
from requests import Request, Response

from bot.maintaining import tokens
from tests.economy import PLAIN
from tests.house import House
from tests.scenarios.agreement import mine
from tests.scenarios.maintaining import signed
from tests.visitor import Visitor

GARDEN = "/api/v1/repos/potluck-sandbox/garden"
PUBLIC = ("/agreement", "/pull-requests", "/coverage")
GUARDED = ("/signatures", "/signatures/1000", "/companies")


@cache
def described(document: str) -> openapi_core.OpenAPI:
    """Read the document, once for all tests."""
    problems = {"application/problem+json": json.loads}
    read = openapi_core.Config(extra_media_type_deserializers=problems)
    return openapi_core.OpenAPI.from_dict(json.loads(document), config=read)


class Program:
    """A program that asks the API, and holds each answer against the document."""

    def __init__(self, house: House, token: str = "") -> None:
        self.house = house
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}
        self.document = httpx.get(f"{house.url}/api/v1/openapi.json", verify=PLAIN).json()

    def ask(self, path: str, **query: Any) -> httpx.Response:
        """Ask, and check the answer's shape (its status too)."""
        address = str(httpx.URL(self.house.url + path).copy_merge_params(query))
        answer = httpx.get(address, headers=self.headers, timeout=30, verify=PLAIN)
        (server,) = self.document["servers"]
        public = address.replace(self.house.url, server["url"])
        asked = RequestsOpenAPIRequest(Request("GET", public, headers=self.headers).prepare())
        api = described(json.dumps(self.document))
        api.validate_response(asked, RequestsOpenAPIResponse(_answer(answer)))
        return answer


def _answer(answer: httpx.Response) -> Response:
    made = Response()
    made.status_code = answer.status_code
    made._content = answer.content
    made.headers.update(answer.headers)
    return made


def token_of(house: House, repo_id: int | None = None) -> str:
    """Make a token of the garden, or of another repository."""
    with house.app.write() as connection:
        made = tokens.make(
            connection, repo_id or house.garden.repo.id, "ci", house.garden.mara.id, house.now
        )
    assert made
    return made


@pytest.fixture
def program(house: House) -> Program:
    """A program with a token of the garden, where three people signed and one withdrew."""
    mine(house)
    signed(house, "grace", "gracie", "=cmd()", withdrawn=(1001,))
    return Program(house, token_of(house))


def test_the_document_is_openapi_and_lists_what_there_is(program: Program) -> None:
    validate(program.document)
    assert {path.rpartition("{repo}")[2] for path in program.document["paths"]} == {
        *PUBLIC,
        "/signatures",
        "/signatures/{github_id}",
        "/companies",
        "/requests",
        "/requests/{number}",
        "/requests/{number}/moves",
        *("/requests/{number}/signals", "/calls", "/contributors"),
        *("/funding", "/requests/{number}/funding"),
        *("/milestones", "/milestones/{number}/funding"),
        *("/requests/{number}/updates", "/milestones/{number}/updates"),
        "/moves",
        "/stages",
        "/changelog",
        *(f"/licences/{one}" for one in ("keys", "revocations", "validate")),
        *("/licences/activate", "/licences/deactivate", "/releases", "/audit"),
    }
    page = httpx.get(f"{program.house.url}/api", verify=PLAIN)
    assert page.status_code == 200
    assert all(path in page.text for path in program.document["paths"])
    assert "<script" not in page.text


def test_every_endpoint_answers_as_the_document_says(program: Program) -> None:
    for path in (*PUBLIC, *GUARDED, "/audit"):
        assert program.ask(GARDEN + path).status_code == 200, path

    assert program.ask(f"{GARDEN}/agreement").json()["version"] == "1.0"
    standing = program.ask(f"{GARDEN}/signatures/1000").json()
    assert standing == {
        "github_id": 1000,
        "covered": True,
        "in_force": "1.0",
        "rule": "signature",
        "version": "1.0",
        "company": None,
        "record": 2,
    }
    assert program.ask(f"{GARDEN}/signatures/1001").json()["covered"] is False
    (waiting,) = program.ask(f"{GARDEN}/pull-requests").json()["items"]
    assert waiting["conclusion"] == "action_required"
    assert waiting["to_sign"] == ["ada"]


def test_lists_are_followed_to_their_end_by_their_links(program: Program) -> None:
    seen = []
    address = f"{GARDEN}/signatures?per_page=1"
    while address:
        page = program.ask(address).json()
        seen += [one["login"] for one in page["items"]]
        target = urlsplit(page["next"] or "")
        address = f"{target.path}?{target.query}" if target.path else ""

    assert seen == ["=cmd()", "gracie", "grace"]


FOUND: list[tuple[dict[str, str], list[str]]] = [
    ({"who": "GRAC"}, ["gracie", "grace"]),
    ({"who": "@grace"}, ["grace"]),
    ({"who": "1001"}, ["gracie"]),
    ({"who": "%"}, []),
    ({"who": "_race"}, []),
    ({"who": "' OR 1=1 --"}, []),
    ({"who": "\0"}, []),
    ({"who": "\U0010ffff"}, []),
    ({"version": "1.0", "state": "standing"}, ["=cmd()", "grace"]),
    ({"state": "withdrawn"}, ["gracie"]),
    ({"version": "9.9"}, []),
    ({"method": "web"}, []),
    ({"method": "comment", "capacity": "self"}, ["=cmd()", "gracie", "grace"]),
    ({"since": "2126-01-01"}, []),
    ({"until": "2026-11-20T10:01:00+00:00"}, ["grace"]),
]
UNREADABLE = [
    ("/signatures", {"before": "-1"}),
    ("/signatures", {"before": "9" * 40}),
    ("/signatures", {"per_page": "201"}),
    ("/signatures", {"method": "telepathy"}),
    ("/signatures", {"since": "yesterday"}),
    ("/signatures", {"since": "0001-01-01T00:00:00+14:00"}),
    ("/signatures", {"who": "a" * 101}),
    ("/coverage", {"commit": "xyz"}),
    ("/coverage", {"record": "x"}),
    ("/pull-requests", {"state": "closed"}),
]


def test_filters_find_what_they_say_and_nothing_else(program: Program) -> None:
    for query, logins in FOUND:
        items = program.ask(f"{GARDEN}/signatures", **query).json()["items"]
        assert [one["login"] for one in items] == logins, query


def test_what_cannot_be_read_is_told_as_a_problem(program: Program) -> None:
    for path, query in UNREADABLE:
        answer = program.ask(GARDEN + path, **query)
        assert answer.status_code == 400, query
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["detail"].startswith(next(iter(query)))


def test_without_a_token_only_what_is_public_can_be_read(house: House, program: Program) -> None:
    anybody = Program(house)
    for path in PUBLIC:
        assert anybody.ask(GARDEN + path).status_code == 200
    for path in GUARDED:
        answer = anybody.ask(GARDEN + path)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Bearer")
        # Nobody learns by this whether a repository is there.
        assert anybody.ask(f"/api/v1/repos/nobody/nothing{path}").json() == answer.json()

    house.world.set_private(house.garden.repo, private=True)
    house.settle()

    for path in PUBLIC:
        answer = anybody.ask(GARDEN + path)
        assert answer.status_code == 404
        assert answer.json() == anybody.ask(f"/api/v1/repos/nobody/nothing{path}").json()
        assert program.ask(GARDEN + path).status_code == 200


def test_a_token_opens_its_own_repository_and_no_other(house: House) -> None:
    house.settle()
    other = Program(house, token_of(house, house.garden.repo.id + 1))
    for path in (*PUBLIC, *GUARDED, "/audit"):
        assert other.ask(GARDEN + path).status_code == 404, path
    for bad in ("potluck_" + "x" * 43, "nonsense", "potluck_", "x" * 5_000):
        assert Program(house, bad).ask(f"{GARDEN}/agreement").status_code == 401


def test_a_token_is_made_on_the_page_shown_once_and_ends_when_it_is_revoked(house: House) -> None:
    house.settle()
    page = "/potluck-sandbox/garden/maintain/tokens"
    with Visitor(house) as mara:
        mara.sign_in(house.garden.mara)
        made = mara.submit(page, {"name": "<b>ci</b>"}, form="make")
        token = made.text.split('<pre class="code">potluck_')[1].split("<")[0]
        assert "<b>ci" not in made.text
        program = Program(house, f"potluck_{token}")
        assert program.ask(f"{GARDEN}/signatures").status_code == 200
        again = mara.get(page).text
        assert token not in again
        assert "20 Nov 2026" in again
        with house.app.read() as connection:
            (kept,) = tokens.all_of(connection, house.garden.repo.id)
        assert kept.last_used_on == house.now.date()
        mara.submit(page, form=f"revoke-{kept.id}")

    assert program.ask(f"{GARDEN}/signatures").status_code == 401
    assert token not in str(kept)


def test_whoever_asks_too_often_is_told_when_to_go_on(house: House) -> None:
    house.settle()
    anybody, program = Program(house), Program(house, token_of(house))
    with httpx.Client(base_url=house.url, verify=PLAIN) as http:
        statuses = [http.get(f"{GARDEN}/agreement").status_code for _ in range(31)]
    assert statuses == [200] * 30 + [429]
    # A token has a rate of its own.
    assert program.ask(f"{GARDEN}/agreement").status_code == 200
    slow = anybody.ask(f"{GARDEN}/agreement")
    assert slow.headers["retry-after"] == "2"

    house.advance(timedelta(seconds=2))

    assert anybody.ask(f"{GARDEN}/agreement").status_code == 200


def test_other_addresses_and_methods_are_problems_too(house: House) -> None:
    house.settle()
    with httpx.Client(base_url=house.url, verify=PLAIN) as http:
        for method, path, status in (
            ("GET", "/api/v1/nothing", 404),
            ("GET", "/api/v1/repos/a/b", 404),
            ("POST", f"{GARDEN}/signatures", 405),
            ("DELETE", f"{GARDEN}/companies", 405),
        ):
            answer = http.request(method, path)
            assert answer.status_code == status, path
            assert answer.json()["status"] == status
