"""Webhooks out: what happened is told once, signed, again until it is heard, and to no neighbour."""

from collections.abc import Iterator
from datetime import timedelta
from ipaddress import ip_address
from typing import Any

import pytest
from sqlalchemy import func, select

from bot import tasks
from bot.hooks_out import store, wire
from bot.hooks_out.store import EVENTS, Hook, Message
from bot.hooks_out.tables import hook_message
from bot.hooks_out.targets import place
from licensing import signing
from licensing import store as agreements
from licensing.companies import acts
from licensing.companies.values import (
    Acknowledging,
    CompanyAct,
    Contact,
    Ending,
    Found,
    Wanted,
)
from licensing.signing import Act, Withdrawal
from tests.house import House
from tests.scenarios.agreement import mine
from tests.scenarios.maintaining import BASE, signed
from tests.scenarios.receiver import Receiver, is_signed, receiving
from tests.visitor import Visitor

PAGE = f"{BASE}/hooks"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A program that wants to be told."""
    with receiving() as found:
        yield found


@pytest.fixture
def mara(house: House) -> Iterator[Visitor]:
    """The garden's maintainer, signed in."""
    house.settle()
    with Visitor(house) as somebody:
        somebody.sign_in(house.garden.mara)
        yield somebody


def add(mara: Visitor, receiver: Receiver, *events: str) -> str:
    """Add the receiver on the page, and give the secret that was shown."""
    fields: dict[str, Any] = {"address": receiver.address, "event": list(events or EVENTS)}
    page = mara.submit(PAGE, fields, form="make")
    assert page.status_code == 200, page.text
    return "whsec_" + page.text.split("whsec_")[1].split("<")[0]


def only(house: House) -> tuple[Hook, tuple[Message, ...]]:
    """Give the one webhook and its messages, newest first."""
    with house.app.read() as connection:
        (found,) = store.all_of(connection, house.garden.repo.id)
        return found, store.last_messages(connection, found.id)


def test_a_signature_and_what_it_sets_free_are_told_and_can_be_verified(
    house: House, mara: Visitor, receiver: Receiver
) -> None:
    secret = add(mara, receiver)
    pull = mine(house)
    house.world.comment(pull, house.garden.ada, "/sign")
    house.settle()

    assert sorted(receiver.types) == ["pull_request.ready", "signature.created"]
    created = next(one for one in receiver.got if one.said["type"] == "signature.created")
    assert all(is_signed(one, secret) for one in receiver.got)
    assert not is_signed(created, secret[:-4] + "AAA=")
    assert created.path == "/hooks?of=garden"
    data = created.said["data"]
    assert data["repository"]["name"] == "potluck-sandbox/garden"
    assert data["github_id"] == house.garden.ada.id
    assert data["pull_request"] == pull.number
    assert b"ada" not in created.body
    ready = next(one for one in receiver.got if one is not created).said["data"]
    assert (ready["number"], ready["head_sha"]) == (pull.number, pull.head_sha)
    assert secret not in mara.get(PAGE).text
    house.tick("tell_hooks")
    house.settle()
    assert len(receiver.got) == 2


def test_what_was_before_is_not_told_and_what_nobody_announced_is_found_by_the_sweep(
    house: House, mara: Visitor, receiver: Receiver
) -> None:
    signed(house, "early")
    house.advance(timedelta(minutes=1))
    add(mara, receiver, "signature.created", "signature.withdrawn")
    leaves(house, 2000)
    house.tick("tell_hooks")
    house.settle()

    assert receiver.types == ["signature.created", "signature.withdrawn"]
    assert receiver.got[0].said["data"]["github_id"] == 2000


def test_what_companies_and_their_people_do_is_told(
    house: House, mara: Visitor, receiver: Receiver
) -> None:
    add(mara, receiver)
    listing = acts_of_a_company(house)
    house.tick("tell_hooks")
    house.settle()

    said = {one.said["type"]: one.said["data"] for one in receiver.got}
    assert set(said) == {
        "company.signed",
        "company.joined",
        "company.left",
        "company.entry_ended",
    }
    assert said["company.joined"]["github_id"] == said["company.left"]["github_id"] == 2000
    ended = said["company.entry_ended"]
    assert (ended["listing"], ended["reason"]) == (listing, "moved")


def acts_of_a_company(house: House) -> int:
    """Let a company sign and list somebody, who comes and goes, and end it; gives the listing."""
    now, who = house.now, Contact(2000, "late")
    with house.app.write() as connection:
        version = agreements.agreement_in_force(connection, house.garden.repo.id)
        assert version is not None
        signs = CompanyAct(version, 1, "Bar", "bar.com", Contact(1, "m"), now, now)
        bar = acts.sign(connection, signs, now).sequence
        agreement_id = version.agreement_id
        wanted = Wanted(bar, "person", 1, now, github_id=2000)
        listing = acts.add(connection, agreement_id, wanted, now).sequence
        joins = Acknowledging(version, bar, who, Found(2000), now, now)
        assert acts.acknowledge(connection, joins, now).outcome == "done"
        acts.take_back(connection, agreement_id, bar, 2000, now)
        acts.end(connection, agreement_id, Ending(listing, now, 1, "moved"), now)
    return listing


def leaves(house: House, number: int) -> None:
    """Let somebody sign and withdraw, with nobody told of it."""
    with house.app.write() as connection:
        version = agreements.agreement_in_force(connection, house.garden.repo.id)
        assert version is not None
        act = Act(version, house.garden.repo.id, number, "late", house.now)
        signing.sign(connection, act, house.now)
        left = Withdrawal(number, number, "I leave.", house.now)
        signing.withdraw(connection, version.agreement_id, left, house.now)


def test_where_nobody_listens_nothing_is_done(house: House) -> None:
    pull = mine(house)
    house.world.comment(pull, house.garden.ada, "/sign")
    house.settle()

    with house.app.read() as connection:
        names = set(connection.scalars(select(tasks.task.c.name)))
        assert connection.scalar(select(func.count()).select_from(hook_message)) == 0
    assert not names & {"tell_hooks", "deliver_hook"}


@pytest.mark.parametrize("status", [500, 302])
def test_a_receiver_that_fails_is_asked_again_for_a_day_and_then_no_more(
    house: House, mara: Visitor, receiver: Receiver, status: int
) -> None:
    add(mara, receiver)
    receiver.status = status
    began = house.now
    mara.submit(PAGE, form=f"try-{only(house)[0].id}")
    house.settle()

    found, (message,) = only(house)
    assert (message.state, message.outcome, message.status) == ("failed", "status", status)
    assert message.attempts == len(receiver.got) == 10
    assert timedelta(hours=23) < house.now - began < timedelta(hours=25)
    # One message, however often it came: a redirect was not followed.
    assert len({one.headers["webhook-id"] for one in receiver.got}) == 1
    assert {one.path for one in receiver.got} == {"/hooks?of=garden"}
    assert found.off_reason == "silent"
    page = mara.sign_in(house.garden.mara, after=PAGE).text
    assert "It did not take a single message for a day." in page

    receiver.status = 204
    mara.submit(PAGE, form=f"on-{found.id}")
    mara.submit(PAGE, form=f"again-{message.id}")
    house.settle()
    assert only(house)[1][0].state == "delivered"
    assert len(receiver.got) == 11


def test_a_receiver_that_is_gone_is_left_alone_and_a_removed_one_forgotten(
    house: House, mara: Visitor, receiver: Receiver
) -> None:
    add(mara, receiver)
    receiver.status = 410
    mara.submit(PAGE, form=f"try-{only(house)[0].id}")
    house.settle()
    found, (message,) = only(house)
    assert (found.off_reason, message.attempts, len(receiver.got)) == ("gone", 1, 1)

    mara.submit(PAGE, form=f"remove-{found.id}")

    with house.app.read() as connection:
        assert store.all_of(connection, house.garden.repo.id) == ()
        assert store.message(connection, message.id) is None


def test_a_webhook_of_another_repository_cannot_be_touched(
    house: House, mara: Visitor, receiver: Receiver
) -> None:
    key = house.settings.secret_key
    with house.app.write() as connection:
        store.make(connection, 1, receiver.address, EVENTS, 1, key, house.now)
        (other,) = store.all_of(connection, 1)
        number = store.keep_message(connection, other.id, "msg_1", "ping", "{}", house.now)
        store.change_message(connection, number, state="delivered")
    token = mara.get(PAGE).text.split('name="csrf_token" value="')[1].split('"')[0]
    for act, target in (
        ("remove", other.id),
        ("on", other.id),
        ("try", other.id),
        ("again", number),
    ):
        fields = {"csrf_token": token, "number": str(target)}
        assert mara.post(f"{PAGE}/{act}", fields).status_code == 200
    house.settle()

    assert receiver.got == []
    with house.app.read() as connection:
        assert store.all_of(connection, 1) == (other,)
        assert store.secret_of(connection, other.id, "another key of the service, 32 long") is None


def test_a_receiver_that_hangs_is_hung_up_on(receiver: Receiver) -> None:
    receiver.status = None
    where = place(receiver.address, near=True)

    with pytest.raises(wire.Unanswered) as told:
        wire.post(where, ip_address("127.0.0.1"), {}, b"{}", seconds=0.2)

    assert told.value.outcome == "timeout"


def test_addresses_inside_a_network_are_refused_with_a_sentence(
    house: House, mara: Visitor
) -> None:
    for address, words in (
        ("https://10.0.0.1/x", "inside a network"),
        ("http://93.184.215.14/x", "not encrypted"),
        ("ftp://example.org/", "This is no address"),
        ("https://nobody.invalid/", "Nobody answers to this name"),
    ):
        page = mara.submit(PAGE, {"address": address}, form="make")
        assert page.status_code == 400, address
        assert words in page.text, address
    with house.app.read() as connection:
        assert store.all_of(connection, house.garden.repo.id) == ()
