"""Where webhooks may go, and how they are signed: rules, without a network."""

import socket
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.hooks_out.targets import Refused, place, resolved
from bot.hooks_out.wire import headers

PUBLIC = ("93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c")
INSIDE = (
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "203.0.113.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fec0::1",
    "fd00:ec2::254",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:a9fe:a9fe",
    "::7f00:1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::",
    "2001:0:7f00:1::",
    "2001:db8::1",
)


def answering(*addresses: str) -> Any:
    """A resolver that knows these addresses for every name."""

    def resolve(_host: str, port: int, **_more: object) -> list[Any]:
        return [(socket.AF_INET, 1, 6, "", (one, port)) for one in addresses]

    return resolve


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_inside_is_refused_alone_and_beside_a_public_one(address: str) -> None:
    where = place("https://receiver.example/", near=False)
    for answer in ((address,), (PUBLIC[0], address), (address, PUBLIC[1])):
        with pytest.raises(Refused) as told:
            resolved(where, near=False, resolve=answering(*answer))
        assert told.value.reason == "private"


def test_public_addresses_may_be_called() -> None:
    where = place("https://receiver.example:8443/a/b?c=d", near=False)

    found = resolved(where, near=False, resolve=answering(*PUBLIC))

    assert tuple(map(str, found)) == PUBLIC
    assert (where.path, where.host_header) == ("/a/b?c=d", "receiver.example:8443")


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("http://receiver.example/", "https"),
        ("ftp://receiver.example/", "form"),
        ("https://", "form"),
        ("https://user:word@receiver.example/", "form"),
        ("https://receiver.example/#part", "form"),
        ("https://receiver.example:99999/", "form"),
        ("https://receiver.example/a b", "form"),
        ("https://receiver.example/\r\nHost: other", "form"),
        ("https://receiver.example\\@127.0.0.1/", "form"),
        ("https://réceiver.example/", "form"),
        ("https://-receiver.example/", "form"),
        ("https://receiver.example/" + "a" * 500, "form"),
        ("receiver.example", "form"),
        ("", "form"),
        ("https://[::1", "form"),
    ],
)
def test_what_is_no_address_is_refused(address: str, reason: str) -> None:
    with pytest.raises(Refused) as told:
        place(address, near=False)

    assert told.value.reason == reason


def test_this_machine_may_be_called_only_by_a_service_that_is_for_it_alone() -> None:
    where = place("http://localhost:8080/", near=True)

    assert list(map(str, resolved(where, near=True, resolve=answering("127.0.0.1")))) == [
        "127.0.0.1"
    ]
    for neighbour in ("10.0.0.1", "169.254.169.254"):
        with pytest.raises(Refused):
            resolved(where, near=True, resolve=answering(neighbour))
    with pytest.raises(Refused) as told:
        resolved(where, near=True, resolve=answering(PUBLIC[0]))
    assert told.value.reason == "https"


def test_a_message_is_signed_as_in_the_example_of_the_specification() -> None:
    found = headers(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        datetime.fromtimestamp(1614265330, UTC),
        b'{"test": 2432232314}',
    )

    assert found == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
