"""How a mail server is named in the environment, and what each mistake is answered."""

import pytest

from core.mail_settings import MailSettings, read

FROM = {"MAIL_FROM": "The garden <garden@potluck.test>"}


def of(**given: str) -> tuple[MailSettings | None, list[str]]:
    problems: list[str] = []
    return read(given, problems.append), problems


def test_a_server_is_named_by_an_address_or_in_parts() -> None:
    assert of() == (None, [])
    url = "smtp://bo%40x:p%2Fw@mail.test"
    found, problems = of(SMTP_URL=url, **FROM)
    assert (found, problems) == (
        MailSettings(
            "mail.test", 587, "bo@x", "p/w", "starttls", "The garden", "garden@potluck.test"
        ),
        [],
    )
    assert "p/w" not in repr(found)
    assert of(SMTP_URL="smtps://mail.test", **FROM)[0].port == 465
    found, problems = of(SMTP_HOST="localhost", SMTP_TLS="none", MAIL_FROM="a@b.test")
    assert (found.port, found.name, problems) == (25, "Potluck", [])


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"SMTP_URL": "mail.test"}, "SMTP_URL is no address of a mail server"),
        ({"SMTP_URL": "smtp://mail.test:99999"}, "SMTP_URL is no address of a mail server"),
        ({"SMTP_URL": "smtp://a.test", "SMTP_HOST": "b.test"}, "SMTP_URL and SMTP_HOST are both"),
        ({"SMTP_PORT": "25"}, "SMTP_HOST is missing"),
        ({"SMTP_HOST": "a.test", "SMTP_PORT": "0"}, "SMTP_PORT is '0'"),
        (
            {"SMTP_HOST": "a.test", "SMTP_USER": "bo"},
            "SMTP_USER and SMTP_PASSWORD belong together",
        ),
        ({"SMTP_HOST": "a.test", "SMTP_TLS": "yes"}, "SMTP_TLS is 'yes'"),
        (
            {"SMTP_HOST": "a.test", "SMTP_TLS": "none", "SMTP_USER": "a", "SMTP_PASSWORD": "b"},
            "would show the password",
        ),
        ({"SMTP_HOST": "a.test", "MAIL_FROM": "nobody"}, "MAIL_FROM is 'nobody'"),
        ({"SMTP_HOST": "a.test", "MAIL_FROM": "a@b.test\r\nBcc: c@d"}, "MAIL_FROM is"),
    ],
)
def test_each_mistake_is_named(given: dict[str, str], words: str) -> None:
    _found, problems = of(**(FROM | given))
    assert [one for one in problems if one.startswith(words) or words in one], problems
