"""Versions: which offer may follow which, and how licences are named."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from licensing import spdx
from licensing.chain import sha256
from licensing.versions import AgreementVersion, Offer, may_replace, next_second, step

AT = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
TEXT = b"# Agreement\n"
OFFER = Offer(
    version="1.4",
    mode="cla",
    phrase="I have read it and I sign it",
    language="en",
    document="CLA.md",
    content=TEXT,
    outbound="listed",
    outbound_licences=("MIT", "Apache-2.0"),
    paths=("a/**", "b/**"),
)
IN_FORCE = AgreementVersion(
    id=1,
    agreement_id=1,
    version="1.4",
    mode="cla",
    phrase="Another phrase that signs",
    language="fr",
    document="docs/CLA.md",
    content=TEXT,
    sha256=sha256(TEXT),
    published_at=AT,
    counts_from=AT,
    outbound="listed",
    outbound_licences=("Apache-2.0", "MIT"),
    paths=("b/**", "a/**"),
)


@pytest.mark.parametrize(
    ("offer", "expected"),
    [
        (OFFER, "same"),
        (replace(OFFER, version="1.3"), "lower"),
        (replace(OFFER, version="0.9"), "lower"),
        (replace(OFFER, version="1.5"), "minor"),
        (replace(OFFER, version="1.10", content=b"x"), "minor"),
        (replace(OFFER, version="2.0", outbound="osi", mode="caa"), "major"),
        (replace(OFFER, content=b"x"), "bytes_changed"),
        (replace(OFFER, mode="caa"), "mode_changed"),
        (replace(OFFER, outbound="osi"), "terms_changed"),
        (replace(OFFER, outbound_licences=("MIT",)), "terms_changed"),
        (replace(OFFER, reaches_back=True), "terms_changed"),
        (replace(OFFER, paths=()), "terms_changed"),
        (replace(OFFER, scope="organisation"), "terms_changed"),
        (replace(OFFER, publisher_id=7, scope_id=9), "same"),
    ],
)
def test_what_an_offer_would_be(offer: Offer, expected: str) -> None:
    assert step(IN_FORCE, offer) == expected


def test_the_first_is_the_first_whatever_it_says() -> None:
    assert step(None, replace(OFFER, version="7.3")) == "first"
    with pytest.raises(ValueError, match="no version"):
        step(None, replace(OFFER, version="7"))


def test_another_scope_may_come_with_a_higher_version_only() -> None:
    wider = replace(OFFER, scope="organisation")

    assert may_replace(IN_FORCE, OFFER)
    assert not may_replace(IN_FORCE, wider)
    assert not may_replace(IN_FORCE, replace(wider, version="1.3"))
    assert may_replace(IN_FORCE, replace(wider, version="1.5"))


def test_a_version_counts_from_a_whole_second() -> None:
    assert next_second(AT) == AT
    assert next_second(AT + timedelta(microseconds=1)) == AT + timedelta(seconds=1)


@pytest.mark.parametrize(
    ("name", "known", "near"),
    [
        ("MIT", "MIT", "MIT"),
        ("apache-2.0", "Apache-2.0", "Apache-2.0"),
        ("GPL-3.0", None, "GPL-3.0-only"),
        ("Apache 2.0", None, "Apache-2.0"),
        ("BSD-3-Claus", None, "BSD-3-Clause"),
        ("qqqqqqqqqqqq", None, None),
    ],
)
def test_licences_are_named_as_the_list_names_them(
    name: str, known: str | None, near: str | None
) -> None:
    assert (spdx.identifier(name), spdx.nearest(name)) == (known, near)
