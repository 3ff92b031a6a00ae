"""How mail is sent, read from the environment; without it none is."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from urllib.parse import unquote, urlsplit

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
LARGEST_PORT = 65_535
PORTS = {"starttls": 587, "tls": 465, "none": 25}
SCHEMES = {"smtp": "starttls", "smtps": "tls"}
NAMES = (
    "SMTP_URL",
    "SMTP_HOST",
    "SMTP_PORT",
    "SMTP_USER",
    "SMTP_PASSWORD",
    "SMTP_TLS",
    "MAIL_FROM",
)

_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9.-]{1,189}", re.ASCII)

Problem = Callable[[str], None]


@dataclass(frozen=True)
class MailSettings:
    """A server that takes our mail; `tls` is `starttls`, `tls` (from the start) or `none`."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    tls: str
    name: str
    address: str


def read(given: Mapping[str, str], problem: Problem) -> MailSettings | None:
    """Read the settings; says each thing that is wrong to `problem`. None where none are given."""
    if not any(name in given for name in NAMES):
        return None
    server = _of_url(given, problem) if "SMTP_URL" in given else _of_parts(given, problem)
    sender = given.get("MAIL_FROM", "")
    name, address = parseaddr(sender)
    if not _ADDRESS.fullmatch(address) or any(ord(one) < ord(" ") for one in sender):
        problem(
            f"MAIL_FROM is {sender!r}: give who writes, as in Potluck <potluck@example.org>,"
            " or leave all of SMTP_… and MAIL_FROM out to send no mail."
        )
    if server is None:
        return None
    host, port, user, password, tls = server
    if tls == "none" and host not in LOOPBACK and password:
        problem(
            "SMTP_TLS is none, which would show the password to everybody on the way: use starttls or tls."
        )
    return MailSettings(host, port, user, password, tls, name or "Potluck", address)


Server = tuple[str, int, str, str, str]


def _of_url(given: Mapping[str, str], problem: Problem) -> Server | None:
    wrong = "SMTP_URL is no address of a mail server: give smtp://USER:PASSWORD@HOST:587 or smtps://USER:PASSWORD@HOST:465."
    if others := [name for name in NAMES[1:-1] if name in given and name != "SMTP_TLS"]:
        problem(f"SMTP_URL and {others[0]} are both set: give one or the other.")
    try:
        parts = urlsplit(given["SMTP_URL"])
        port = parts.port
    except ValueError:
        problem(wrong)
        return None
    if (
        parts.scheme not in SCHEMES
        or not parts.hostname
        or parts.path not in {"", "/"}
        or parts.query
    ):
        problem(wrong)
        return None
    tls = _tls(given, SCHEMES[parts.scheme], problem)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return parts.hostname, port or PORTS[tls], user, password, tls


def _of_parts(given: Mapping[str, str], problem: Problem) -> Server | None:
    host, tls = given.get("SMTP_HOST", ""), _tls(given, "starttls", problem)
    if not host:
        problem("SMTP_HOST is missing: give the host that takes our mail, or SMTP_URL.")
        return None
    said = given.get("SMTP_PORT", str(PORTS[tls]))
    if not said.isdecimal() or not 0 < int(said) <= LARGEST_PORT:
        problem(f"SMTP_PORT is {said!r}: give a port number from 1 to {LARGEST_PORT}.")
        return None
    user, password = given.get("SMTP_USER", ""), given.get("SMTP_PASSWORD", "")
    if bool(user) != bool(password):
        problem("SMTP_USER and SMTP_PASSWORD belong together: give both, or neither.")
    return host, int(said), user, password, tls


def _tls(given: Mapping[str, str], usual: str, problem: Problem) -> str:
    said = given.get("SMTP_TLS", usual)
    if said not in PORTS:
        problem(f"SMTP_TLS is {said!r}: give starttls, tls (from the start) or none.")
        return usual
    return said
