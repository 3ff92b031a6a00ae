"""Licences as a seller's books and a customer's product meet them, on both databases."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from core.errors import UserError
from licensing.sold import acts, checking, keys, reading, seats, store
from licensing.sold.acts import Cause
from licensing.sold.checking import Asked
from licensing.sold.claims import Audit
from licensing.sold.days import end_of
from licensing.sold.purposes import Purpose
from licensing.sold.reading import Licence, Terms
from licensing.sold.tables import activation, file, key, licence
from tests.economy import PLAIN
from tests.house import House
from tests.scenarios.test_api import Program

API = "/api/v1/repos/potluck-sandbox/garden/licences"
PRO = "garden-pro"
ENDS = end_of(date(2027, 11, 20))
SOLD = Terms(
    product=PRO,
    edition="team",
    licensee="Ada Lovelace",
    order="ORD-1",
    text_sha256="7" * 64,
    audit=Audit("potluck-sandbox/garden", "a" * 40, "b" * 64, "c" * 64),
    entitlements=("ee/reports",),
    seats=1,
    expires_at=ENDS,
    holder_id=4_200,
)


@pytest.fixture(autouse=True)
def installed(house: House) -> None:
    """Let the house hear of the garden before anything is sold there."""
    house.settle()


def issue(house: House, cause: str = "cs_1", **changes: Any) -> Licence:
    with house.app.write() as connection:
        return store.issue(
            connection,
            house.garden.repo.id,
            replace(SOLD, **changes),
            Cause("stripe", cause),
            house.settings.secret_key,
            house.now,
        )


def text_of(house: House, of: Licence) -> str:
    with house.app.read() as connection:
        found = reading.text_of(connection, of.id)
    assert found
    return found


def post(house: House, act: str, given: str, **body: Any) -> Any:
    asked = {"licence": given, "product": PRO, **body}
    answer = httpx.post(f"{house.url}{API}/{act}", json=asked, timeout=30, verify=PLAIN)
    assert answer.status_code == 200, answer.text
    return answer.json()


def listed(house: House) -> Any:
    answer = httpx.get(f"{house.url}{API}/revocations", verify=PLAIN)
    known = {one["kid"]: one["public"] for one in keys_of(house)}
    found = checking.revocations(
        answer.json()["list"], {kid: keys.paseto.decoded_key(one) for kid, one in known.items()}
    )
    assert found.number == answer.json()["number"]
    return found


def keys_of(house: House) -> Any:
    return httpx.get(f"{house.url}{API}/keys", verify=PLAIN).json()["items"]


def stored(house: House) -> list[Any]:
    tables = (licence, activation, file, key, acts.act, acts.book)
    with house.app.read() as connection:
        return [sorted(map(str, connection.execute(select(table)))) for table in tables]


def test_the_last_seat_goes_to_one_of_twenty_and_comes_back(house: House) -> None:
    of = issue(house)
    text = text_of(house, of)

    with ThreadPoolExecutor(20) as crowd:
        asked = [
            crowd.submit(post, house, "activate", text, fingerprint=f"m{n}") for n in range(20)
        ]
        answers = [one.result() for one in asked]

    codes = [one["code"] for one in answers]
    assert sorted(set(codes)) == ["ACTIVE", "NO_SEAT"]
    assert codes.count("ACTIVE") == 1
    winner = f"m{codes.index('ACTIVE')}"
    house.advance(timedelta(minutes=5))
    again = post(house, "activate", text, fingerprint=winner)
    assert (again["code"], again["seat"]) == ("ACTIVE", 1)
    assert again["licence"]["seats_used"] == 1

    before = stored(house)
    assert post(house, "validate", text, fingerprint=winner)["code"] == "VALID"
    assert post(house, "validate", of.id, fingerprint="another")["code"] == "NOT_ACTIVATED"
    assert post(house, "validate", of.id)["licence"]["seats_used"] == 1
    assert stored(house) == before

    assert post(house, "deactivate", text, fingerprint=winner)["code"] == "RELEASED"
    assert post(house, "deactivate", text, fingerprint=winner)["code"] == "RELEASED"
    assert post(house, "activate", text, fingerprint="new one")["code"] == "ACTIVE"
    assert post(house, "activate", text, fingerprint=winner)["code"] == "NO_SEAT"
    _let_one_more_pass(house)


def _let_one_more_pass(house: House) -> None:
    lenient = issue(house, "cs_grace", grace_seats=1, order="ORD-2")
    with house.app.write() as connection:
        found = [seats.activate(connection, lenient, name, house.now) for name in "abc"]
    assert [one.code for one in found] == ["ACTIVE", "ACTIVE", "NO_SEAT"]
    assert [one.warnings for one in found] == [(), ("SEAT_GRACE",), ()]


def test_events_that_come_twice_or_in_any_order_leave_one_licence_and_the_same_standing(
    house: House,
) -> None:
    with ThreadPoolExecutor(6) as crowd:
        made = [one.result() for one in [crowd.submit(issue, house) for _ in range(6)]]
    assert len({one.id for one in made}) == 1
    of, now = made[0], house.now
    text = text_of(house, of)
    refund, dispute, early = (Cause("stripe", name) for name in ("re_1", "dp_1", "dp_0"))
    assert listed(house).ids == frozenset()
    first = listed(house).number

    with house.app.write() as connection:
        assert store.revoke(connection, of.id, "refunded", refund, now)
        assert not store.revoke(connection, of.id, "refunded", refund, now)
        assert store.revoke(connection, of.id, "disputed", dispute, now)
    assert post(house, "validate", text)["code"] == "REVOKED"
    assert (listed(house).number, len(listed(house).ids)) == (first + 1, 1)
    with house.app.write() as connection:
        assert store.reinstate(connection, of.id, dispute, now)
        assert reading.reasons(connection, of.id) == (("refunded", refund),)
    assert post(house, "validate", text)["code"] == "REVOKED"
    with house.app.write() as connection:
        assert store.reinstate(connection, of.id, refund, now)
        assert not store.reinstate(connection, of.id, refund, now)
        assert not store.reinstate(connection, of.id, early, now)
        assert not store.revoke(connection, of.id, "disputed", early, now)
    assert post(house, "validate", text)["code"] == "VALID"
    assert (listed(house).number, listed(house).ids) == (first + 2, frozenset())
    with house.app.read() as connection:
        assert [one.kind for one in acts.of_licence(connection, of.id)] == [
            *("issued", "revoked", "revoked", "reinstated", "reinstated", "reinstated")
        ]
        assert list(acts.problems(connection, house.garden.repo.id)) == []
    with pytest.raises(DBAPIError), house.app.write() as connection:
        connection.execute(text_update())


def text_update() -> Any:
    return text("UPDATE licence_act SET source = 'x'")


def test_keys_are_two_from_the_first_day_sealed_rotated_and_retired(house: House) -> None:
    of, repo_id = issue(house), house.garden.repo.id
    secret, now = house.settings.secret_key, house.now
    first, second = keys_of(house)
    built_then = {one["kid"]: keys.paseto.decoded_key(one["public"]) for one in (first, second)}
    old = text_of(house, of)
    with house.app.write() as connection:
        sealed = connection.execute(select(key.c.sealed)).scalars().all()
        assert all(one.startswith("gAAAA") for one in sealed)
        with pytest.raises(UserError, match="rotate first"):
            keys.retire(connection, repo_id, first["kid"], Cause("command", "1"), now)
        for _ in range(2):
            keys.rotate(connection, repo_id, secret, Cause("command", "2"), now)
        with pytest.raises(UserError, match="SECRET_KEY"):
            keys.sign(connection, repo_id, Purpose.LICENCE, {}, "another key" * 4)
    later = issue(house, "cs_2", order="ORD-2")
    assert [one["state"] for one in keys_of(house)] == ["verifying", "signing", "standby"]

    # A product that was built before the rotation reads files from after it.
    for given in (old, text_of(house, later)):
        assert checking.judged(given, built_then, Asked(PRO, now)).code == "VALID"
    with house.app.write() as connection:
        assert reading.signed_by(connection, first["kid"]) == (of.id,)
        store.refile(connection, of.id, Cause("command", "3"), secret, now)
        assert reading.signed_by(connection, first["kid"]) == ()
        keys.retire(connection, repo_id, first["kid"], Cause("command", "4"), now)
        pinned = keys.pinned(connection, repo_id)
    assert checking.judged(old, pinned, Asked(PRO, now)).code == "UNKNOWN_KEY"
    answer = post(house, "validate", old)
    assert answer["code"] == "VALID"
    assert {one["code"] for one in answer["warnings"]} == {"KEY_RETIRED", "NEWER_FILE"}
    assert answer["newer_file"] == text_of(house, of)
    assert checking.judged(answer["newer_file"], pinned, Asked(PRO, now)).code == "VALID"


def test_a_renewal_makes_a_newer_file_and_erasing_takes_the_name_away(house: House) -> None:
    of = issue(house)
    old, secret = text_of(house, of), house.settings.secret_key
    house.advance(timedelta(days=300))
    with house.app.write() as connection:
        changes = {"expires_at": end_of(date(2028, 11, 20)), "seats": 3}
        for _ in range(2):
            store.renew(connection, of.id, changes, Cause("stripe", "in_2"), secret, house.now)
    house.advance(timedelta(days=100))

    answer = post(house, "validate", old)
    assert (answer["valid"], answer["code"]) == (False, "EXPIRED")
    renewed = post(house, "validate", answer["newer_file"])
    assert (renewed["code"], renewed["licence"]["seats"]) == ("VALID", 3)
    assert "Ada" not in json.dumps(renewed)

    with house.app.write() as connection:
        assert store.forget(connection, 4_200) == 4
        assert reading.of_holder(connection, 4_200) == ()
        assert reading.text_of(connection, of.id) is None
        whole = connection.execute(text("SELECT record FROM licence_act")).scalars().all()
        assert list(acts.problems(connection, house.garden.repo.id)) == []
    assert not any("Ada" in one for one in whole)
    assert post(house, "validate", renewed["licence"]["id"])["code"] == "VALID"


HOSTILE: list[tuple[bytes, str]] = [
    (b"", "application/json"),
    (b"{", "application/json"),
    (b"[" * 20_000, "application/json"),
    (b'{"licence": "x"}', "application/json"),
    (b'{"licence": 5, "product": "p"}', "application/json"),
    (b'{"licence": "x", "product": "p", "more": 1}', "application/json"),
    (b'{"licence": "x", "product": "p", "built_at": "2026-01-01T00:00:00"}', "application/json"),
    (
        b'{"licence": "x", "product": "p", "built_at": "0001-01-01T00:00:00+14:00"}',
        "application/json",
    ),
    (b'{"licence": "x", "product": "p", "release": "v404"}', "application/json"),
    (b'{"licence": "' + b"x" * 20_000 + b'", "product": "p"}', "application/json"),
    (b'{"licence": "\xff", "product": "p"}', "application/json"),
    (b'{"licence": "x", "product": "p"}', "text/plain"),
]


def test_hostile_input_is_answered_in_a_sentence_and_the_document_fits(house: House) -> None:
    of = issue(house)
    url = f"{house.url}{API}/validate"
    for content, kind in HOSTILE:
        answer = httpx.post(url, content=content, headers={"Content-Type": kind}, verify=PLAIN)
        assert answer.status_code == 400, content[:60]
        assert answer.json()["detail"].endswith(".")
        house.advance(timedelta(seconds=3))
    for given in ("x", "\0", of.id.replace("-", "x"), of.id.upper(), "v4.public.A.A"):
        assert post(house, "validate", given)["valid"] is False
        house.advance(timedelta(seconds=3))
    with pytest.raises(UserError, match="e-mail"):
        issue(house, "cs_9", licensee="Ada <ada@example.org>")

    program = Program(house)
    base = API.removesuffix("/licences")
    for path in (f"{API}/keys", f"{API}/revocations", f"{base}/releases"):
        assert program.ask(path).status_code == 200
    public = program.document["servers"][0]["url"]
    assert (
        f"{base.replace('potluck-sandbox/garden', '{owner}/{repo}')}/licences/validate"
        in (program.document["paths"])
    )
    assert public
    for _ in range(40):
        answer = httpx.post(url, json={"licence": "x", "product": "p"}, verify=PLAIN)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) >= 1
