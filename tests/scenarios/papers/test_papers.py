"""A guardian without an account signs by hand: the minor prints the form, a maintainer records it."""

import hashlib
import re
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any

import httpx
import pytest
from pypdf import PdfReader

from bot.paper import codes
from bot.sandbox.records import Account, PullRequest
from core.github import Account as Known
from licensing import papers, store
from licensing.chain import parsed, verify_export
from licensing.exports import export_chain
from licensing.proof import verify_chain
from tests.house import House
from tests.scenarios.agreement import conclusion, content, offer, set_rules
from tests.scenarios.maintaining import BASE
from tests.scenarios.page_signing import AGREED, PAGE
from tests.visitor import Visitor, chosen, forms

SCAN = b"%PDF-1.7 a scan of a paper with a name on it"
PAPERS = f"{BASE}/papers"
WITHDRAW = "/you/signatures/1/withdraw"


@pytest.fixture
def tim(house: House) -> Account:
    house.settle()
    return house.world.account("tim")


@pytest.fixture
def pull(house: House, tim: Account) -> PullRequest:
    found = offer(house, tim, {"author": tim})
    house.settle()
    return found


@pytest.fixture
def mara(house: House, pull: PullRequest) -> Iterator[Visitor]:
    with Visitor(house) as somebody:
        somebody.sign_in(house.garden.mara)
        yield somebody


def form_of(house: House, minor: Account, language: str = "en") -> bytes:
    """The form that a minor finds on the signing page."""
    with Visitor(house) as browser:
        page = browser.sign_in(minor, after=PAGE)
        address = f"{PAGE}/paper.pdf?language={language}"
        assert address in page.text
        return browser.get(address).content


def words(pdf: bytes) -> str:
    """All that can be read in it, in one line."""
    return " ".join(" ".join(one.extract_text().split()) for one in PdfReader(BytesIO(pdf)).pages)


def code_on(pdf: bytes) -> str:
    found = re.search(r"Code of the form ((?:[0-9A-Z]{4}-){3}[0-9A-Z]{4})", words(pdf))
    assert found, words(pdf)
    return found[1]


def send(mara: Visitor, scan: bytes = SCAN, **given: str) -> httpx.Response:
    """Fill in the form of the maintainers' page and send it, with a scan if there is one."""
    page = mara.get(PAPERS)
    fields: dict[str, Any] = {**chosen(forms(page.text), "paper").fields, "sure": "yes", **given}
    files = {"scan": ("scan.pdf", scan)} if scan else {"scan": ("", b"")}
    answer = mara.http.post(mara.here(PAPERS), data=fields, files=files)
    return mara.get(PAPERS) if answer.is_redirect else answer


def told(house: House) -> list[dict[str, Any]]:
    """Every record behind the version's, and that the whole chain holds, here and elsewhere."""
    with house.app.read() as connection:
        data = export_chain(connection)
        assert verify_chain(connection) + verify_export(data) == ()
    (one,) = data["agreements"]
    return [parsed(item["record"]) for item in one["records"]][1:]


def test_the_form_says_for_whom_and_what_and_carries_the_exact_text(
    house: House, tim: Account
) -> None:
    form = form_of(house, tim)
    said = words(form)
    for expected in (str(tim.id), "tim", "1.0", "Place and date", "Signature", "Parent, guardian"):
        assert expected in said, expected
    digest = hashlib.sha256(content(house, "CLA.md")).hexdigest()
    assert digest in said.replace(" ", "")
    assert PdfReader(BytesIO(form)).attachments["agreement-1.0.md"] == [content(house, "CLA.md")]
    assert "À signer par un parent" in words(form_of(house, tim, "fr"))


def test_a_paper_is_recorded_counts_and_ends(
    house: House, mara: Visitor, tim: Account, pull: PullRequest
) -> None:
    code = code_on(form_of(house, tim))
    assert conclusion(house, pull) == "action_required"
    house.advance(timedelta(days=9))
    mara.sign_in(house.garden.mara)
    given = {"login": "Tim", "account": str(tim.id), "code": code.lower()}

    page = send(mara, **given)
    house.settle()

    assert conclusion(house, pull) == "success"
    paper, signature = told(house)
    by, scan = house.garden.mara.id, hashlib.sha256(SCAN).hexdigest()
    assert (paper["kind"], signature["kind"]) == ("paper", "signature")
    assert (paper["github_id"], paper["actor_id"], paper["scan_sha256"]) == (tim.id, by, scan)
    assert paper["received_on"] == house.now.date().isoformat()
    assert signature["paper"] == paper["sequence"]
    assert (signature["capacity"], signature["method"]) == ("guardian", "paper")
    assert (scan in page.text, "Tim" in page.text) == (True, True)
    shown_to_all(house, mara, tim)

    mara.submit(PAPERS, {"reason": "guardian"}, form=f"end-{paper['sequence']}")
    house.settle()

    assert conclusion(house, pull) == "action_required"
    ended = told(house)[-1]
    assert (ended["kind"], ended["reason"]) == ("withdrawal", "guardian")
    assert (ended["github_id"], ended["actor_id"]) == (tim.id, by)
    assert "withdrawn after this form was printed" in send(mara, **given).text


def shown_to_all(house: House, mara: Visitor, tim: Account) -> None:
    """Both see how it was signed, and nobody takes the maintainer for the guardian."""
    by = house.garden.mara.id
    assert "on paper" in mara.get(f"{BASE}/signers?method=paper").text
    assert "as a guardian" not in mara.get("/you").text
    with Visitor(house) as himself:
        own = himself.sign_in(tim, after="/you").text
        assert f"on paper, received by account number {by}" in own
        receipt = words(himself.get("/you/receipts/1.pdf?language=en").content)
        assert f"on paper, received by account {by}" in receipt


def test_only_the_form_that_the_minor_made_is_taken_and_only_once(
    house: House, mara: Visitor, tim: Account
) -> None:
    secret = house.settings.secret_key
    with house.app.read() as connection:
        version = store.agreement_in_force(connection, house.garden.repo.id)
        assert version
    code = code_on(form_of(house, tim))
    good = {"login": "tim", "account": str(tim.id), "code": code}
    tomorrow = (house.now + timedelta(days=1)).date().isoformat()
    yesterday = (house.now - timedelta(days=1)).date().isoformat()
    other = codes.code(secret, version.id + 7, _known(tim), house.now)
    for change, scan, expected in (
        ({"account": str(house.garden.bo.id)}, SCAN, "do not belong together"),
        ({"login": "bo"}, SCAN, "do not belong together"),
        ({"account": "9" * 40}, SCAN, "do not belong together"),
        ({"code": other}, SCAN, "do not belong together"),
        ({"code": "<script>" + "A" * 5000}, SCAN, "do not belong together"),
        ({"received": tomorrow}, SCAN, "still to come"),
        ({"received": yesterday}, SCAN, "printed later"),
        ({"received": "soon"}, SCAN, "as on a calendar"),
        ({"sure": "no"}, SCAN, "hold the paper"),
        ({"sha256": "abc"}, b"", "64 digits and letters"),
        ({}, b"x" * 10_000_001, "larger than 10 MB"),
    ):
        answer = send(mara, scan, **{**good, **change})
        assert (answer.status_code, expected in answer.text) == (422, True), (change, expected)
        assert "<script" not in answer.text
    assert told(house) == []

    assert send(mara, b"", **good, sha256="AB" * 32).status_code == 200
    assert [one["kind"] for one in told(house)] == ["paper", "signature"]
    assert "is signed for this account already" in send(mara, **good).text
    with house.app.write() as connection:
        act = papers.Received(
            *(house.garden.repo.id, _known(house.garden.bo), 1, "ab" * 32),
            *(house.now.date(), house.now),
        )
        assert papers.receive(connection, version, act, house.now) == "known"


def test_who_may_record_and_end_a_paper(house: House, mara: Visitor, tim: Account) -> None:
    given = {"login": "tim", "account": str(tim.id), "code": code_on(form_of(house, tim))}
    with Visitor(house) as stranger:
        stranger.sign_in(house.garden.ada)
        token = chosen(forms(stranger.get("/you/erase").text), "erase").fields["csrf_token"]
        sent = {**given, "csrf_token": str(token), "sure": "yes", "sha256": "ab" * 32}
        for path in (PAPERS, f"{PAPERS}/end"):
            assert stranger.post(path, sent).status_code == 404
    own = {"login": "mara", "account": str(house.garden.mara.id)}
    own["code"] = code_on(form_of(house, house.garden.mara))
    assert "Let another maintainer record it" in send(mara, **own).text
    assert told(house) == []
    send(mara, **given)
    with Visitor(house) as himself:
        assert "You have signed" in himself.sign_in(tim, after=PAGE).text
        set_rules(house, 'version = "1.1"', **{"CLA.md": "# Agreement\n\n1. Mended words.\n"})
        house.settle()
        himself.fill_in(himself.get(PAGE), AGREED, form="sign")
    kinds = [one["kind"] for one in told(house)]
    assert kinds == ["paper", "signature", "version", "signature"]

    answer = mara.submit(PAPERS, {"reason": "age"}, form="end-2")

    assert (answer.status_code, "holder has signed since" in answer.text) == (409, True)
    assert [one["kind"] for one in told(house)] == kinds


def test_a_form_from_before_a_withdrawal_or_a_new_major_is_worth_nothing(
    house: House, mara: Visitor, tim: Account
) -> None:
    given = {"login": "tim", "account": str(tim.id), "code": code_on(form_of(house, tim))}
    send(mara, **given)
    house.advance(timedelta(minutes=2))
    with Visitor(house) as himself:
        himself.sign_in(tim)
        himself.submit(WITHDRAW, form="withdraw")
    assert "Ask for a new one" in send(mara, SCAN + b"again", **given).text
    house.advance(timedelta(minutes=2))
    given["code"] = code_on(form_of(house, tim))
    set_rules(house, 'version = "2.0"', **{"CLA.md": "# Agreement\n\n1. Other words.\n"})
    house.settle()

    answer = send(mara, SCAN + b"again", **given)

    assert "only for the terms that are in force" in answer.text


def _known(person: Account) -> Known:
    return Known(person.id, person.login)
