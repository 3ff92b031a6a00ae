"""Signing in with GitHub: who somebody is, for how long, and what no forged answer brings about."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select

from bot.sandbox import failures
from core import sign_ins
from core.web.signin import person, signed_in_person, verified_addresses
from tests.browser.site import make
from tests.house import House
from tests.visitor import Visitor

GITHUB = "/login/oauth/authorize"
CALLBACK = "/sign-in/callback"


@pytest.fixture
def visitor(house: House) -> Iterator[Visitor]:
    """A visitor, of a site with two more pages: `/who` for all, `/mine` for people alone."""
    pages = house.pages
    pages.add_url_rule("/who", "who", lambda: f"{person()} {verified_addresses()}")
    pages.add_url_rule("/mine", "mine", lambda: signed_in_person().login, methods=["GET", "POST"])
    with Visitor(house) as somebody:
        yield somebody


def who(visitor: Visitor) -> str:
    return visitor.get("/who").text


def code_for(visitor: Visitor, login: str) -> httpx.URL:
    """Sign in as far as GitHub's answer, and give the address that it sends the browser to."""
    account = visitor.house.world.by_login(login)
    assert account is not None
    back = visitor.agree(visitor.get("/sign-in?next=/who"), account, follow=False)
    return httpx.URL(back.headers["location"])


def come_back(visitor: Visitor, **said: str) -> httpx.Response:
    return visitor.get(str(httpx.URL(CALLBACK, params=said)))


def test_somebody_signs_in_sees_their_name_and_signs_out(house: House, visitor: Visitor) -> None:
    house.settle()
    assert "Sign in" in visitor.get("/").text

    page = visitor.sign_in(house.garden.ada, after="/potluck-sandbox/garden/?page=1")

    assert page.status_code == 200
    assert (page.url.path, page.url.query) == ("/potluck-sandbox/garden/", b"page=1")
    assert "Your page, </span><bdi>ada</bdi>" in page.text
    assert page.headers["cache-control"] == "no-store"
    assert who(visitor) == "Person(id=1815, login='ada') None"
    assert "Your page" not in visitor.sign_out().text
    assert who(visitor) == "None None"


def test_github_is_asked_for_nothing_but_the_name_with_state_and_challenge(
    house: House, visitor: Visitor
) -> None:
    leaving = visitor.get("/sign-in?next=/who", follow=False)
    asked = httpx.URL(leaving.headers["location"])

    assert leaving.status_code == 303
    assert asked.path == GITHUB
    assert asked.params["redirect_uri"] == f"{house.settings.public_url}{CALLBACK}"
    assert asked.params["code_challenge_method"] == "S256"
    assert len(asked.params["code_challenge"]) == 43
    assert len(asked.params["state"]) >= 32
    assert "scope" not in asked.params
    cookie = leaving.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


def test_the_browser_keeps_a_key_and_neither_name_nor_token(
    house: House, visitor: Visitor
) -> None:
    visitor.sign_in(house.garden.ada, addresses=True)
    session = house.pages.session_interface.get_signing_serializer(house.pages)
    cookie = next(it for it in visitor.http.cookies.jar if "session" in it.name)
    kept = session.loads(cookie.value)

    assert set(kept) <= {"signed_in", "csrf_token"}
    with house.app.read() as connection:
        row = connection.execute(select(sign_ins.sign_in)).one()
    assert kept["signed_in"] not in str(row)
    assert "ghu_" not in str(row)


def test_a_sign_in_lasts_twelve_hours_however_busy_one_is(house: House, visitor: Visitor) -> None:
    visitor.sign_in(house.garden.ada)
    house.advance(timedelta(hours=11, minutes=59))
    assert "login='ada'" in who(visitor)

    house.advance(timedelta(minutes=1))

    assert who(visitor) == "None None"
    with Visitor(house) as other:
        other.sign_in(house.garden.bo)
    with house.app.read() as connection:
        assert connection.scalar(select(func.count()).select_from(sign_ins.sign_in)) == 1


def test_an_answer_that_nobody_asked_for_signs_nobody_in(house: House, visitor: Visitor) -> None:
    with Visitor(house) as attacker:
        answer = code_for(attacker, "bo")
        forged = answer.params
        state = code_for(visitor, "ada").params["state"]
        for said in (
            {"code": forged["code"]},
            {"code": forged["code"], "state": ""},
            {"code": forged["code"], "state": forged["state"]},
            {"code": forged["code"], "state": state[:-1]},
        ):
            page = come_back(visitor, **said)
            assert page.status_code == 400
            assert "no longer good" in page.text

        assert who(visitor) == "None None"
        # GitHub was not even asked: the code is still good where it belongs.
        assert "login='bo'" in attacker.get(str(answer)).text


def test_a_strangers_code_under_ones_own_state_is_refused_for_its_challenge(
    house: House, visitor: Visitor
) -> None:
    with Visitor(house) as attacker:
        code = code_for(attacker, "bo").params["code"]
    state = code_for(visitor, "ada").params["state"]

    assert come_back(visitor, code=code, state=state).status_code == 400
    assert who(visitor) == "None None"


def test_an_answer_counts_once_and_for_ten_minutes(house: House, visitor: Visitor) -> None:
    first = code_for(visitor, "ada")
    assert visitor.get(str(first)).status_code == 200
    visitor.sign_out()

    assert visitor.get(str(first)).status_code == 400
    state = code_for(visitor, "ada").params["state"]
    assert come_back(visitor, code=first.params["code"], state=state).status_code == 400
    denied = code_for(visitor, "ada")
    come_back(visitor, error="access_denied", state=denied.params["state"])
    assert visitor.get(str(denied)).status_code == 400
    late = code_for(visitor, "ada")
    house.advance(timedelta(minutes=10))
    assert visitor.get(str(late)).status_code == 400
    assert who(visitor) == "None None"


def test_whoever_says_no_on_github_reads_that_nothing_happened(visitor: Visitor) -> None:
    asked = visitor.get("/sign-in?next=/who")

    page = visitor.fill_in(asked, {"refuse": "yes"}, GITHUB)

    assert page.status_code == 403
    assert "You did not sign in" in page.text
    assert who(visitor) == "None None"


def test_signing_in_leads_nowhere_but_to_this_site(house: House, visitor: Visitor) -> None:
    elsewhere = ("https://evil.example/", "//evil.example/", "/\\evil.example", "/\t/evil.example")
    for after in (*elsewhere, "javascript:alert(1)", "/" + "x" * 600):
        asked = visitor.get(str(httpx.URL("/sign-in", params={"next": after})))
        back = visitor.agree(asked, house.garden.ada, follow=False)
        landed = visitor.get(back.headers["location"], follow=False)

        assert landed.headers["location"] == "/", after
        visitor.sign_out()


def test_a_session_that_somebody_planted_is_not_the_one_that_is_signed_in(
    house: House, visitor: Visitor
) -> None:
    with Visitor(house) as attacker:
        attacker.sign_in(house.garden.bo)
        visitor.http.cookies.update(attacker.http.cookies)
        assert "login='bo'" in who(visitor)
        visitor.get("/sign-in?want=addresses&next=/who")
        planted = dict(visitor.http.cookies)

        visitor.sign_in(house.garden.ada, addresses=True)

        assert "login='ada'" in who(visitor)
        assert dict(visitor.http.cookies) != planted
        assert who(attacker) == "None None"
        attacker.http.cookies.update(planted)
        assert who(attacker) == "None None"


def test_signing_out_ends_every_copy_of_the_cookie_and_needs_the_form(
    house: House, visitor: Visitor
) -> None:
    visitor.sign_in(house.garden.ada)
    with Visitor(house) as thief:
        thief.http.cookies.update(visitor.http.cookies)
        assert visitor.post("/sign-out").status_code == 400
        assert visitor.get("/sign-out").status_code == 405
        assert "login='ada'" in who(thief)

        visitor.sign_out()

        assert who(thief) == "None None"


def test_addresses_come_when_asked_for_and_only_those_that_github_verified(
    house: House, visitor: Visitor
) -> None:
    ada = house.garden.ada
    house.world.add_email(ada, "Ada@Work.Example")
    house.world.add_email(ada, "boss@big.example", verified=False)
    visitor.sign_in(ada)
    assert who(visitor).endswith(" None")

    visitor.sign_in(ada, addresses=True)

    found = "('1815+ada@users.noreply.github.com', 'ada@example.com', 'ada@work.example')"
    assert who(visitor).endswith(found)


def test_without_the_permission_nobody_loses_what_they_had(house: House, visitor: Visitor) -> None:
    visitor.sign_in(house.garden.ada)
    del house.sandbox.app.permissions["email_addresses"]

    page = visitor.sign_in(house.garden.ada, addresses=True)

    assert page.status_code == 502
    assert "GitHub did not show us your addresses" in page.text
    assert who(visitor) == "Person(id=1815, login='ada') None"


def test_where_github_does_not_answer_nobody_is_signed_in(house: House, visitor: Visitor) -> None:
    house.sandbox.fail("GET", "^/user$", failures.status(502))
    assert visitor.sign_in(house.garden.ada).status_code == 502
    house.sandbox.fail("GET", "^/user$", failures.malformed())
    assert visitor.sign_in(house.garden.ada).status_code == 502
    house.sandbox.app.client_secret = "another one since this morning"

    page = visitor.sign_in(house.garden.ada)

    assert page.status_code == 502
    assert "GitHub could not sign you in just now" in page.text
    assert who(visitor) == "None None"


def test_a_page_for_people_comes_after_signing_in_and_a_form_asks_to_be_sent_again(
    house: House, visitor: Visitor
) -> None:
    page = visitor.agree(visitor.get("/mine?tab=2"), house.garden.ada)
    assert (page.text, page.url.query) == ("ada", b"tab=2")
    token = {"csrf_token": visitor_token(visitor)}
    assert visitor.post("/mine", token).text == "ada"
    house.advance(timedelta(hours=13))

    fields, came_from = token, {"referer": f"{house.url}/mine?tab=3"}
    late = visitor.send("POST", visitor.here("/mine"), fields, headers=came_from)

    assert late.status_code == 403
    assert "Sign in, then fill in the form once more." in late.text
    assert 'href="/sign-in?next=%2Fmine%3Ftab%3D3"' in late.text


def visitor_token(visitor: Visitor) -> str:
    return visitor.get("/").text.split('name="csrf_token" value="')[1].split('"')[0]


def test_without_a_client_id_the_page_says_so_and_no_button_is_shown(tmp_path: Path) -> None:
    client = make(tmp_path).test_client()

    page = client.get("/sign-in")

    assert page.status_code == 503
    assert "This site has no client id and secret of a GitHub App." in page.text
    assert client.get(CALLBACK).status_code == 503
    assert "Sign in" not in client.get("/").text
