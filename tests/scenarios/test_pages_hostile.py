"""The pages under hostile input: names and texts stay inert, redirects stay here, forms are ours."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import DataError, OperationalError

from core.github import Account
from core.web import text
from core.web.addresses import local_path
from tests.browser.site import KETTLE, NOW, live, make, propose, publish

HTTPS = {"PUBLIC_URL": "https://potluck.example"}
NASTY = '<img src=x onerror=alert(1)>"><script>alert(1)</script>'
OVERRIDE = "\u202egpj.exe\u202c"


@pytest.fixture
def site(tmp_path: Path) -> Flask:
    return make(tmp_path, live())


@pytest.fixture
def client(site: Flask) -> FlaskClient:
    return site.test_client()


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "evil.example",
        "/\t/evil.example",
        "/ok\r\nLocation: //evil.example",
        "/\x00",
        "",
        "/" + "a" * 3000,
    ],
)
def test_after_a_choice_of_language_nobody_is_sent_elsewhere(
    client: FlaskClient, target: str
) -> None:
    answer = client.get("/language/fr", query_string={"next": target})

    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert local_path(target, "/here") == "/here"


def test_after_a_choice_of_language_people_are_where_they_were(client: FlaskClient) -> None:
    answer = client.get("/language/fr", query_string={"next": "/acme/kettle/cla?a=b#c"})

    assert answer.headers["Location"] == "/acme/kettle/cla?a=b#c"


@pytest.mark.parametrize("path", ["/language/xx", "/theme/pink", "/language/../x"])
def test_there_are_only_the_languages_and_themes_that_there_are(
    client: FlaskClient, path: str
) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1:8000@evil.example"])
def test_a_forged_host_never_reaches_a_redirect_or_a_page(client: FlaskClient, host: str) -> None:
    given = {"Host": host, "X-Forwarded-Host": host, "X-Forwarded-Proto": "https"}

    moved = client.get("/acme/kettle", headers=given)
    page = client.get("/acme/kettle/cla", headers=given)

    assert moved.headers.get("Location", "/acme/kettle/") == "/acme/kettle/"
    assert "evil.example" not in moved.text + page.text


def test_slashes_are_merged_without_leaving(client: FlaskClient) -> None:
    answer = client.get("//evil.example//x/")

    assert not answer.headers.get("Location", "/").startswith("//")
    assert "evil.example/" in answer.headers.get("Location", "evil.example/")


def test_names_from_github_are_text_and_nothing_else(site: Flask, client: FlaskClient) -> None:
    with site.extensions["potluck"].app.write() as connection:
        propose(connection, 1, Account(1, NASTY + OVERRIDE), NOW)

    page = client.get("/acme/kettle/").text

    assert "<script" not in page
    assert "<img src=x" not in page
    assert "\u202e" not in page
    assert "\ufffdgpj.exe\ufffd</bdi>" in page


def test_an_agreement_cannot_bring_markup_links_or_pictures_of_its_own(
    site: Flask, client: FlaskClient
) -> None:
    hostile = "\n\n".join(
        (
            NASTY,
            "[a](javascript:alert(1)) [b](data:text/html,x) [c](//evil.example) [d](/setup)",
            "![picture](https://evil.example/pixel.png) <https://good.example/>",
            f"{OVERRIDE} <b onclick=x>bold</b> [e](https://good.example 'onclick=')",
            "# Heading",
        )
    )
    publish(site.extensions["potluck"].app, KETTLE, "2.0", hostile.encode(), NOW)

    page = client.get("/acme/kettle/cla").text
    document = page[page.index('<article class="card document">') : page.index("</article>")]

    for forbidden in (
        "<script",
        "<img",
        "<b ",
        'javascript:alert(1)"',
        'data:text/html,x"',
        'href="//',
        'href="/',
        "\u202e",
        "<h1",
    ):
        assert forbidden not in document, forbidden
    assert 'href="https://good.example/"' in document
    assert "<h3>Heading</h3>" in document
    # Whoever signs sees all that is there: markup as words, a picture as a link.
    assert "&lt;b onclick=x&gt;bold&lt;/b&gt;" in document
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in document
    assert 'href="https://evil.example/pixel.png"' in document


@pytest.mark.parametrize(
    "words", ["\u202eabc", "a\u2066b", "\x1b[31m", "zero\u200bwidth", "\ufeff"]
)
def test_hidden_characters_are_made_visible(words: str) -> None:
    assert "\ufffd" in text.inert(words)
    assert not set(words) & set(text.inert(words)) & set("\u202e\u2066\x1b\u200b\ufeff")


@pytest.mark.parametrize(
    "words", ["Zoë", "王小云", "שלום", "👩\u200d🍳", "a\tb\nc", "« à\u202f! »"]
)
def test_honest_names_stay_as_they_are(words: str) -> None:
    assert text.inert(words) == words


def test_every_answer_is_guarded(client: FlaskClient) -> None:
    for path in ("/", "/acme/kettle/cla", "/nowhere", "/acme/kettle/cla/1.0.md", "/styleguide"):
        headers = client.get(path).headers
        assert headers["Content-Security-Policy"] == (
            "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self';"
            " frame-ancestors 'none'; base-uri 'none'"
        )
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "camera=()" in headers["Permissions-Policy"]
        assert "Strict-Transport-Security" not in headers


def test_pages_bring_no_script_and_no_inline_style(client: FlaskClient) -> None:
    for path in ("/", "/acme/kettle/", "/acme/kettle/cla", "/setup", "/styleguide", "/nowhere"):
        page = client.get(path).text
        assert "<script" not in page
        assert " style=" not in page
        assert "<style" not in page


def test_over_https_browsers_are_told_to_stay_there(tmp_path: Path) -> None:
    client = make(tmp_path, HTTPS).test_client()

    assert client.get("/").headers["Strict-Transport-Security"] == "max-age=31536000"
    form = client.get("/setup").headers["Set-Cookie"]
    choice = client.get("/language/fr").headers["Set-Cookie"]
    for cookie, name in ((form, "__Host-potluck-session="), (choice, "__Host-potluck-language=")):
        assert cookie.startswith(name)
        for flag in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
            assert flag in cookie
        assert "Domain" not in cookie


def test_a_form_without_its_token_is_refused_and_says_what_to_do(tmp_path: Path) -> None:
    client = make(tmp_path, HTTPS).test_client()

    answer = client.post("/setup/code", data={"code": "0" * 16})

    assert answer.status_code == 400
    assert "load the page again, and send the form once more" in answer.text


def broken(site: Flask, error: Exception) -> FlaskClient:
    def fail() -> str:
        raise error

    site.add_url_rule("/broken", view_func=fail)
    return site.test_client()


def test_a_bug_is_answered_without_its_text(site: Flask) -> None:
    answer = broken(site, RuntimeError("password=hunter2")).get("/broken")

    assert answer.status_code == 500
    assert "Something broke on our side" in answer.text
    assert "hunter2" not in answer.text


@pytest.mark.parametrize(
    "error", [DataError("SELECT secret", {}, OSError("NUL")), OverflowError("too large: secret")]
)
def test_what_no_database_holds_is_the_senders_to_change(site: Flask, error: Exception) -> None:
    answer = broken(site, error).get("/broken")

    assert answer.status_code == 400
    assert "holds a number or a character that cannot be kept" in answer.text
    assert "secret" not in answer.text


def test_a_database_out_of_reach_is_a_503_that_says_when_to_come_back(site: Flask) -> None:
    error = OperationalError("SELECT secret", {}, OSError("no such host"))
    answer = broken(site, error).get("/broken")

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert "Not just now" in answer.text
    assert "secret" not in answer.text


@pytest.mark.parametrize(
    ("method", "path", "status", "sentence"),
    [
        ("GET", "/no/where/at/all", 404, "There is nothing at this address"),
        ("PUT", "/", 405, "This address does something else"),
        ("POST", "/setup/code", 413, "That is too large"),
    ],
)
def test_errors_say_what_is_so_and_what_to_do(
    client: FlaskClient, method: str, path: str, status: int, sentence: str
) -> None:
    data = {"code": "0" * 600_000} if status == 413 else None
    answer = client.open(path, method=method, data=data)

    assert answer.status_code == status
    assert sentence in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    if status == 405:
        assert "GET" in answer.headers["Allow"]


def test_static_files_carry_their_hash_and_never_change(client: FlaskClient) -> None:
    page = client.get("/").text
    address = page.split('rel="stylesheet" href="')[1].split('"')[0]
    answer = client.get(address)

    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
    assert client.get("/assets/potluck.000000000000.css").status_code == 404
    assert client.get("/assets/..%2f__init__.py").status_code == 404
