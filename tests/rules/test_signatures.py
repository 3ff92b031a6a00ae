"""Signatures: GitHub's and Stripe's, over the very bytes, and nothing that only looks like one."""

import hmac
from datetime import UTC, datetime, timedelta
from hashlib import sha1, sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webhooks import signatures
from webhooks.signatures import verify_github, verify_stripe
from webhooks.stripe import event_id

SECRET, OTHER = b"It's a Secret to Everybody", b"the one before it was rotated"
# GitHub's own example: https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
BODY = b"Hello, World!"
HEADER = b"sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def stripe_header(body: bytes, at: datetime, *secrets: bytes) -> bytes:
    seconds = str(int(at.timestamp())).encode()
    made = (hmac.new(secret, seconds + b"." + body, sha256).hexdigest() for secret in secrets)
    return b"t=" + seconds + b"".join(f",v1={digest}".encode() for digest in made)


def test_githubs_own_example_is_good() -> None:
    assert verify_github((SECRET,), HEADER, BODY)
    assert verify_github((OTHER, SECRET), HEADER, BODY)
    assert verify_github((SECRET, OTHER), HEADER, bytearray(BODY))


@pytest.mark.parametrize(
    "header",
    [
        None,
        b"",
        b"sha256=",
        b"sha256=" + b"0" * 64,
        HEADER[:-1],
        HEADER + b"0",
        HEADER + b"\n",
        HEADER.replace(b"sha256", b"sha1"),
        HEADER.replace(b"sha256", b"SHA256"),
        HEADER.removeprefix(b"sha256="),
        b" " + HEADER,
        # What bytes.fromhex would forgive.
        HEADER[:20] + b" " + HEADER[21:],
        b"sha256=\xff" + HEADER[8:],
        b"sha256=" + "７".encode() + HEADER[10:],
        b"sha1=" + hmac.new(SECRET, BODY, sha1).hexdigest().encode(),
    ],
)
def test_anything_else_is_not(header: bytes | None) -> None:
    assert not verify_github((SECRET,), header, BODY)


def test_a_digest_may_be_written_in_capitals() -> None:
    assert verify_github((SECRET,), b"sha256=" + HEADER[7:].upper(), BODY)


def test_an_empty_secret_signs_nothing() -> None:
    header = b"sha256=" + hmac.new(b"", BODY, sha256).hexdigest().encode()

    assert not verify_github((b"",), header, BODY)
    assert not verify_github((), header, BODY)
    assert not verify_stripe((b"",), stripe_header(BODY, NOW, b""), BODY, NOW)


@given(body=st.binary(max_size=200), at=st.integers(0, 199), bit=st.integers(0, 7))
def test_one_changed_bit_is_noticed(body: bytes, at: int, bit: int) -> None:
    header = b"sha256=" + hmac.new(SECRET, body, sha256).hexdigest().encode()
    changed = bytearray(body)
    if body:
        changed[at % len(body)] ^= 1 << bit

    assert verify_github((SECRET,), header, body)
    assert verify_github((SECRET,), header, changed) == (bytes(changed) == body)


@given(header=st.binary(max_size=120))
def test_no_header_makes_it_fail(header: bytes) -> None:
    assert not verify_github((SECRET,), header, BODY)
    assert not verify_stripe((SECRET,), header, BODY, NOW)


@pytest.mark.parametrize("secrets", [(SECRET, OTHER), (OTHER, SECRET), (OTHER, OTHER)])
def test_every_secret_is_compared_in_constant_time_whichever_is_right(
    secrets: tuple[bytes, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[bytes] = []
    original = hmac.compare_digest

    def compare(made: bytes, claimed: bytes) -> bool:
        compared.append(made)
        return original(made, claimed)

    monkeypatch.setattr(hmac, "compare_digest", compare)

    assert verify_github(secrets, HEADER, BODY) == (SECRET in secrets)
    assert compared == [hmac.new(secret, BODY, sha256).digest() for secret in secrets]


def test_stripe_signs_the_time_too() -> None:
    header = stripe_header(BODY, NOW, SECRET)

    assert verify_stripe((SECRET,), header, BODY, NOW)
    assert verify_stripe((OTHER, SECRET), header, BODY, NOW)
    assert not verify_stripe((OTHER,), header, BODY, NOW)
    assert not verify_stripe((SECRET,), header, BODY + b" ", NOW)
    later = header.replace(b"t=1", b"t=2")
    assert not verify_stripe((SECRET,), later, BODY, NOW)


@pytest.mark.parametrize("away", [-301, -300, -1, 0, 1, 300, 301])
def test_stripes_time_may_be_five_minutes_off_to_either_side(away: int) -> None:
    header = stripe_header(BODY, NOW + timedelta(seconds=away), SECRET)

    assert verify_stripe((SECRET,), header, BODY, NOW) == (abs(away) <= 300)


def test_stripe_signs_with_both_secrets_while_one_is_rolled() -> None:
    header = stripe_header(BODY, NOW, OTHER, SECRET)

    assert verify_stripe((SECRET,), header, BODY, NOW)
    assert verify_stripe((OTHER,), header, BODY, NOW)


@pytest.mark.parametrize(
    "header",
    [
        b"v1=" + b"0" * 64,
        b"t=1",
        b"t=,v1=" + b"0" * 64,
        b"t=-1,v1=" + b"0" * 64,
        b"t=99999999999999999999,v1=" + b"0" * 64,
        b"t=1e3,v1=" + b"0" * 64,
        b"t=1,v1=" + b"0" * 63,
        b"t=1,v1=" + b"\xff" * 64,
        b"," * 100_000,
        b"t=1," * 50_000 + b"v1=" + b"0" * 64,
    ],
)
def test_a_malformed_stripe_header_is_no_signature(header: bytes) -> None:
    assert signatures.stripe_signature(header) is None
    assert not verify_stripe((SECRET,), header, BODY, NOW)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            b'{"id":"evt_1NG8Du2eZvKYlo2CUI79vXWy","object":"event"}',
            "evt_1NG8Du2eZvKYlo2CUI79vXWy",
        ),
        (b'{\n  "id": "evt_123",\n  "object": "event"\n}', "evt_123"),
        (b'{"object":"event","id":"evt_123"}', None),
        (b'{"data":{"id":"evt_inner"}}', None),
        (b'{"id":"evt_' + b"x" * 61 + b'"}', None),
        (b'{"id":"evt_\xff"}', None),
        (b"", None),
    ],
)
def test_stripes_event_id_is_read_where_stripe_writes_it_or_the_hash_stands_in(
    body: bytes, expected: str | None
) -> None:
    assert event_id(body) == (expected or f"sha256:{sha256(body).hexdigest()}")
