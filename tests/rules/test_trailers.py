"""Co-authors in commit messages, and the numbers in noreply addresses."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licensing.trailers import Noreply, Trailer, co_authors, is_legacy_noreply, noreply

BO = Trailer("Bo Ruiz", "bo@example.com")


@pytest.mark.parametrize(
    "message",
    [
        "Fix\n\nCo-authored-by: Bo Ruiz <bo@example.com>",
        "Fix\n\nCo-authored-by: Bo Ruiz <bo@example.com>\n",
        "Fix\r\n\r\nCo-authored-by: Bo Ruiz <bo@example.com>\r\n",
        "Fix\n\nCO-AUTHORED-BY: Bo Ruiz <bo@example.com>",
        "Fix\n\nco-Authored-By:Bo Ruiz <bo@example.com>",
        "Fix\n\nCo-authored-by :  Bo Ruiz   < bo@example.com >  ",
        "Fix\n\n  Co-authored-by: Bo Ruiz <bo@example.com>",
        "Co-authored-by: Bo Ruiz <bo@example.com>",
        "* one\n\nCo-authored-by: Bo Ruiz <bo@example.com>\n\n* two",
        "Fix\n\nCo-authored-by: Bo Ruiz <bo@example.com>\nSigned-off-by: X <x@y>",
        "Fix\n\nCo-authored-by: Bo Ruiz <bo@example.com>\nCo-authored-by: Bo Ruiz <bo@example.com>",
        "Fix\n\nCo-authored-by: Bo Ruiz <bo@example.com> (thanks)",
        "Fix\n\nCo-authored-by:\n Bo Ruiz <bo@example.com>",
        "Fix\n\nCo-authored-by: \t\n\tBo Ruiz <bo@example.com>",
        "Fix\r\n\r\nCo-authored-by:\r\n  Bo Ruiz <bo@example.com>\r\n",
        "Fix\n\n\u00a0Co-authored-by: Bo Ruiz <bo@example.com>",
        "Fix\n\n\ufeffCo-authored-by: Bo Ruiz <bo@example.com>",
        "Fix\n\n\u2003Co-authored-by\u00a0: Bo Ruiz <bo@example.com>",
    ],
)
def test_a_co_author_is_found(message: str) -> None:
    assert co_authors(message) == (BO,)


@pytest.mark.parametrize(
    "message",
    [
        "Fix",
        "Fix\n\nCo-authored: Bo",
        "Fix\n\nSee Co-authored-by: Bo <b@x>",
        "Co-authored-by:",
        "Co-authored-by:\nBo Ruiz <bo@example.com>",
        "Co-authored-by:\n\nBo Ruiz <bo@example.com>",
        "",
    ],
)
def test_no_co_author_is_made_up(message: str) -> None:
    assert co_authors(message) == ()


@pytest.mark.parametrize(
    "value", ["Bo Ruiz", "bo@example.com", "A <a@x>, B <b@y>", "<<bo@example.com>>", "@bo"]
)
def test_a_co_author_who_cannot_be_read_is_kept_without_an_address(value: str) -> None:
    (found,) = co_authors(f"Fix\n\nCo-authored-by: {value}")

    assert found == Trailer(value, "")


def test_several_co_authors_are_found_in_order() -> None:
    message = "Fix\n\nCo-authored-by: B <b@x>\nCo-authored-by: A <a@x>"

    assert [one.name for one in co_authors(message)] == ["B", "A"]


@pytest.mark.parametrize(
    "email",
    [
        "1954+bo@users.noreply.github.com",
        "1954+bo@USERS.NOREPLY.GITHUB.COM",
        " 1954+bo@users.noreply.github.com ",
    ],
)
def test_a_noreply_address_carries_a_number(email: str) -> None:
    assert noreply(email) == Noreply(1954, "bo")


@pytest.mark.parametrize(
    "email",
    [
        "bo@users.noreply.github.com",
        "1954+bo@users.noreply.github.com.evil.example",
        "1954+bo@evil.users.noreply.github.com",
        "1954+bo@xusers.noreply.github.com",
        "1954+bo@users-noreply.github.com",
        "1954+bo@users.noreply.githubxcom",
        "1954+@users.noreply.github.com",
        "+bo@users.noreply.github.com",
        "01954+bo@users.noreply.github.com",
        "-1954+bo@users.noreply.github.com",
        "١٩٥٤+bo@users.noreply.github.com",
        "1954+b o@users.noreply.github.com",
        "x1954+bo@users.noreply.github.com",
        "1954 +bo@users.noreply.github.com",
        "99999999999999999+bo@users.noreply.github.com",
        "",
        "@",
    ],
)
def test_anything_else_carries_none(email: str) -> None:
    assert noreply(email) is None


def test_the_host_may_be_another_servers() -> None:
    assert noreply("7+x@users.noreply.git.example", "users.noreply.git.example") == Noreply(7, "x")
    assert noreply("7+x@users.noreply.github.com", "users.noreply.git.example") is None


def test_the_old_form_is_known_as_such() -> None:
    assert is_legacy_noreply("bo@users.noreply.github.com")
    assert not is_legacy_noreply("1954+bo@users.noreply.github.com")
    assert not is_legacy_noreply("bo@example.com")


@given(st.text(max_size=400))
def test_any_message_is_read(message: str) -> None:
    assert all(one.name or one.email for one in co_authors(f"x\nCo-authored-by: {message}"))


@pytest.mark.parametrize(
    "message",
    [
        "Co-authored-by: " + " " * 60_000 + "x" + " " * 60_000 + "y\n" * 100,
        "Co-authored-by:\n" * 4_000,
        "Co-authored-by:" + "\n " * 30_000,
        "\u00a0" * 60_000,
    ],
    ids=["spaces", "keys", "folds", "no-break spaces"],
)
def test_a_hostile_message_takes_no_time(message: str) -> None:
    began = time.perf_counter()
    co_authors(message)

    assert time.perf_counter() - began < 1
