"""Signing on the page: what is shown is what is signed, once, by the person to whom it was shown."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx
import pytest

from bot.signing import tokens
from licensing import signing, store
from licensing.chain import sha256, verify_export
from licensing.exports import export_chain
from licensing.proof import verify_chain
from tests.house import House
from tests.scenarios.agreement import conclusion, content, mine, push_files, set_rules, signers
from tests.scenarios.page_signing import AGREED, PAGE, records
from tests.visitor import Visitor, chosen, forms

OLD = "# Our agreement\n\n1. You wrote it.\n2. We may use it for ever.\n"


@pytest.fixture
def ada(house: House) -> Iterator[Visitor]:
    with Visitor(house) as somebody:
        yield somebody


def opened(house: House, visitor: Visitor, **more: str) -> httpx.Response:
    """Ada's signing page, signed in."""
    house.settle()
    return visitor.sign_in(house.garden.ada, after=PAGE, **more)  # type: ignore[arg-type] # none here


def send(visitor: Visitor, page: httpx.Response, **fields: str) -> httpx.Response:
    return visitor.fill_in(page, AGREED | fields, form="sign")


def problems(house: House) -> tuple[str, ...]:
    """What does not hold in the register or its export."""
    with house.app.read() as connection:
        return verify_chain(connection) + verify_export(export_chain(connection))


def test_signing_on_the_page_turns_the_check_green(house: House, ada: Visitor) -> None:
    set_rules(house, 'version = "1.5"', **{"CLA.md": OLD})
    pull = mine(house)
    page = ada.sign_in(house.garden.ada, after=f"{PAGE}?pull={pull.number}")
    shown_at = house.now
    assert "You wrote it." in page.text
    assert sha256(content(house, "CLA.md")) in page.text
    house.advance(timedelta(minutes=3))

    done = send(ada, page)

    assert "You have signed. Thank you!" in done.text
    assert f"/potluck-sandbox/garden/pull/{pull.number}" in done.text
    (said,) = records(house)
    assert said["method"] == "web"
    assert said["pull_request"] == pull.number
    assert said["document_sha256"] == sha256(content(house, "CLA.md"))
    assert said["shown_at"] == shown_at.isoformat()
    assert said["signed_at"] == house.now.isoformat()
    house.settle()
    assert conclusion(house, pull) == "success"
    assert problems(house) == ()
    assert "No pull request waits for this signature" in ada.get(PAGE).text


def test_whoever_signs_ahead_is_covered_from_the_first_pull_request(
    house: House, ada: Visitor
) -> None:
    send(ada, opened(house, ada))
    pull = mine(house)

    assert conclusion(house, pull) == "success"
    assert house.comments(pull) == []


def test_a_text_that_changed_meanwhile_is_refused_and_shown_with_what_changed(
    house: House, ada: Visitor
) -> None:
    page = opened(house, ada)
    set_rules(house, 'version = "2.0"', **{"CLA.md": content(house, "CLA.md").decode() + "New."})
    house.settle()

    refused = send(ada, page)

    assert refused.status_code == 409
    assert "The agreement changed while you read it" in refused.text
    assert "What changed from 1.0 to 2.0" in refused.text
    assert "<ins>" in refused.text
    assert signers(house) == []
    send(ada, refused)
    assert [said["version"] for said in records(house)] == ["2.0"]


def test_whoever_signed_before_sees_what_changed_since(house: House, ada: Visitor) -> None:
    set_rules(house, 'version = "1.2"', **{"CLA.md": OLD})
    send(ada, opened(house, ada))
    set_rules(house, 'version = "1.3"', **{"CLA.md": OLD.replace("for ever", "always")})
    house.settle()
    minor = ada.get(PAGE)
    set_rules(house, 'version = "2.0"', **{"CLA.md": OLD.replace("for ever", "for a year")})
    house.settle()
    major = ada.get(PAGE)

    assert "That signature still counts" in minor.text
    assert "What changed from 1.2 to 2.0" in major.text
    assert re.search(r"<del>.*?ever.*?</del><ins>.*?a year.*?</ins>", major.text)
    assert "everybody is asked again" in major.text
    send(ada, major)
    assert [said["version"] for said in records(house)] == ["1.2", "2.0"]


def test_a_form_sent_twice_gives_one_record_and_a_friendly_answer(
    house: House, ada: Visitor
) -> None:
    page = opened(house, ada)
    first, second = send(ada, page), send(ada, page)

    assert "You have signed. Thank you!" in first.text
    assert "You have signed. Thank you!" in second.text
    assert signers(house) == [house.garden.ada.id]


def test_a_comment_and_the_page_at_once_give_one_record(house: House, ada: Visitor) -> None:
    pull = mine(house)
    page = ada.sign_in(house.garden.ada, after=PAGE)
    house.world.comment(pull, house.garden.ada, "/sign")
    send(ada, page)
    house.settle()

    assert signers(house) == [house.garden.ada.id]
    assert conclusion(house, pull) == "success"
    assert "you have signed" in house.comments(pull)[-1].lower()
    assert problems(house) == ()


def test_a_page_of_another_account_signs_for_nobody(house: House, ada: Visitor) -> None:
    shown = chosen(forms(opened(house, ada).text), "sign").fields["shown"]
    ada.sign_out()
    page = ada.sign_in(house.garden.bo, after=PAGE)

    refused = send(ada, page, shown=str(shown))

    assert refused.status_code == 403
    assert "That page was opened by another account" in refused.text
    assert "<bdi>bo</bdi>" in refused.text
    assert signers(house) == []


def test_a_forged_token_signs_nothing(house: House, ada: Visitor) -> None:
    page = opened(house, ada)
    for forged in ("", "x" * 5000, "WzFd.AAAA", "\0"):
        refused = send(ada, page, shown=forged)
        assert refused.status_code == 400
        assert "That form was not one of this page" in refused.text
    assert signers(house) == []


def test_a_token_of_ours_holds_for_its_bytes_its_repository_and_its_time(
    house: House, ada: Visitor
) -> None:
    page = opened(house, ada)
    key = house.settings.secret_key
    shown = tokens.read(key, str(chosen(forms(page.text), "sign").fields["shown"]))
    assert shown is not None
    wrong = {
        "sha256": ("0" * 64, 409),
        "version_id": (99, 409),
        "repo_id": (99, 400),
        "person_id": (99, 403),
        "shown_at": (shown.shown_at - timedelta(days=1), 409),
    }

    for name, (value, status) in wrong.items():
        other = tokens.Shown(**{**shown.__dict__, name: value})
        assert send(ada, page, shown=tokens.write(key, other)).status_code == status, name
        assert tokens.read("another key", tokens.write(key, other)) is None
    assert signers(house) == []
    assert "You have signed" in send(ada, page).text


def test_nothing_is_signed_without_the_tick_a_sign_in_or_a_csrf_token(
    house: House, ada: Visitor
) -> None:
    page = opened(house, ada)

    unticked = ada.fill_in(page, form="sign")
    assert unticked.status_code == 422
    assert 'href="#agree"' in unticked.text
    assert ada.post(PAGE, AGREED).status_code == 400
    with Visitor(house) as nobody:
        assert nobody.get(PAGE, follow=False).status_code == 303
    assert signers(house) == []


def test_whoever_withdrew_signs_again_only_on_a_page_opened_after_that(
    house: House, ada: Visitor
) -> None:
    page = opened(house, ada)
    send(ada, page)
    who = house.garden.ada.id
    house.advance(timedelta(minutes=1))
    with house.app.write() as connection:
        version = store.agreement_in_force(connection, house.garden.repo.id)
        assert version is not None
        act = signing.Withdrawal(who, who, "I changed my mind", house.now)
        assert signing.withdraw(connection, version.agreement_id, act, house.now)

    refused = send(ada, page)

    assert refused.status_code == 409
    assert "You withdrew after this page was opened" in refused.text
    house.advance(timedelta(minutes=1))
    assert "You have signed" in send(ada, ada.get(PAGE)).text
    assert signers(house) == [who, who]
    assert problems(house) == ()


def test_where_nothing_is_in_force_there_is_nothing_to_sign(house: House, ada: Visitor) -> None:
    page = opened(house, ada)
    push_files(house, {".github/potluck.toml": '[agreement]\nmode = "off"\n'})
    house.settle()

    assert send(ada, page).status_code == 409
    assert "There is nothing to sign here" in ada.get(PAGE).text
    assert signers(house) == []


def test_no_name_and_no_address_stands_in_a_record(house: House, ada: Visitor) -> None:
    page = opened(house, ada)
    send(ada, page, capacity="employer", employer="Kettle & Sons")

    (said,) = records(house)
    assert said["capacity"] == "employer"
    assert len(str(said["details_sha256"])) == 64
    assert "Kettle" not in str(said)
    assert "ada" not in str(said)


def test_the_bots_comment_leads_to_the_page_and_back(house: House, ada: Visitor) -> None:
    pull = mine(house)
    (said,) = house.comments(pull)
    link = re.search(r"\[sign on the page\]\((\S+)\)", said)
    assert link
    page = ada.sign_in(house.garden.ada, after=link[1].removeprefix(house.settings.public_url))

    assert "Sign on the page" in ada.get(PAGE.removesuffix("/sign")).text
    assert f"Back to pull request #{pull.number}" in send(ada, page).text


def test_two_tabs_at_once_give_one_record(house: House, ada: Visitor) -> None:
    first = opened(house, ada)
    with Visitor(house) as other, ThreadPoolExecutor(2) as pool:
        second = other.sign_in(house.garden.ada, after=PAGE)
        done = pool.submit(send, ada, first), pool.submit(send, other, second)
        answers = [one.result(timeout=60).text for one in done]

    assert ["You have signed. Thank you!" in text for text in answers] == [True, True]
    assert signers(house) == [house.garden.ada.id]
    assert problems(house) == ()
