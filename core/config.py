"""Settings, read once from the environment, or refuse to start with a sentence for each problem."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import dotenv_values
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from core.errors import SettingsError
from core.kept_key import kept_key
from core.keys import private_key
from core.mail_settings import MailSettings
from core.mail_settings import read as read_mail

PUBLIC_API = "https://api.github.com"
PUBLIC_STRIPE = "https://api.stripe.com"
SHORTEST_SECRET = 16
SHORTEST_KEY = 32
LARGEST_PORT = 65_535
MOST_SECRETS = 2
MOST_PROXIES = 9
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def web_url(api_url: str) -> str:
    """Give github.com, or the host of an Enterprise Server, for the address of its API."""
    if api_url == PUBLIC_API:
        return "https://github.com"
    return api_url.removesuffix("/api/v3").removesuffix("/api")


@dataclass(frozen=True)
class GitHubSettings:
    """How we speak as the GitHub App; without it the service runs in sandbox mode."""

    api_url: str
    app_id: int
    private_key: str
    webhook_secrets: tuple[bytes, ...]
    client_id: str | None
    client_secret: str | None

    @property
    def web_url(self) -> str:
        """Where people see GitHub."""
        return web_url(self.api_url)


@dataclass(frozen=True)
class StripeSettings:
    """How we speak to Stripe; without it no money is taken."""

    api_base: str
    api_key: str
    webhook_secrets: tuple[bytes, ...]


@dataclass(frozen=True)
class Settings:
    """Everything the environment decides."""

    database_url: str
    inbox_database_url: str
    setup_database_url: str
    """Where `/setup` keeps the App's credentials: `database_url`, except beside a sandbox."""

    public_url: str
    secret_key: str
    host: str
    port: int
    var: Path
    github: GitHubSettings | None
    stripe: StripeSettings | None
    sandbox_url: str | None = None
    github_api_url: str = PUBLIC_API
    mail: MailSettings | None = None
    trusted_proxies: int = 0
    """Reverse proxies in front, each of which adds the address of who asked it."""

    @property
    def mode(self) -> str:
        """`live` with GitHub credentials, `sandbox` without."""
        return "sandbox" if self.sandbox_url or not self.github else "live"

    @property
    def mails(self) -> bool:
        """Mail reaches people, or is shown in the sandbox."""
        return self.mail is not None or self.mode == "sandbox"

    @property
    def is_local(self) -> bool:
        """Only this machine can reach the pages."""
        return self.host in LOOPBACK and urlsplit(self.public_url).hostname in LOOPBACK


def environment() -> dict[str, str]:
    """Give the process environment over what a `.env` file in the working folder says."""
    from_file = {key: value for key, value in dotenv_values(".env").items() if value}
    return from_file | dict(os.environ)


def load(given: Mapping[str, str], app: GitHubSettings | None = None) -> Settings:
    """Check every value of `given` and make the settings, or raise `SettingsError` with all problems.

    `app` are credentials that an earlier `/setup` stored; those of the environment win.
    """
    reader = _Reader({key: value.strip() for key, value in given.items() if value.strip()})
    var = Path(reader.text("POTLUCK_VAR", "var"))
    port = reader.port("PORT", 8000)
    host = reader.text("HOST", "127.0.0.1")
    database_url = reader.database("DATABASE_URL", f"sqlite:///{var}/potluck.db")
    settings = Settings(
        database_url=database_url,
        inbox_database_url=reader.database("INBOX_DATABASE_URL", _beside(database_url)),
        setup_database_url=reader.database("POTLUCK_SETUP_DATABASE_URL", database_url),
        public_url=reader.url("PUBLIC_URL", f"http://127.0.0.1:{port}"),
        secret_key=reader.secret_key("SECRET_KEY", var),
        host=host,
        port=port,
        var=var,
        github=reader.github() or app,
        stripe=reader.stripe(),
        sandbox_url=reader.given.get("POTLUCK_SANDBOX_URL"),
        github_api_url=reader.url("GITHUB_API_URL", PUBLIC_API),
        mail=read_mail(reader.given, reader.problem),
        trusted_proxies=reader.proxies("TRUSTED_PROXIES"),
    )
    if reader.problems:
        raise SettingsError(tuple(reader.problems))
    return settings


def _beside(database_url: str) -> str:
    try:
        url = make_url(database_url)
    except ArgumentError:
        return database_url
    if url.get_backend_name() != "sqlite" or not url.database:
        return database_url
    path = Path(url.database)
    name = "inbox.db" if path.name == "potluck.db" else f"{path.stem}-inbox.db"
    return url.set(database=str(path.with_name(name))).render_as_string(hide_password=False)


class _Reader:
    """Reads one setting after the other and collects what is wrong."""

    def __init__(self, given: Mapping[str, str]) -> None:
        self.given = given
        self.problems: list[str] = []

    def problem(self, sentence: str) -> None:
        self.problems.append(sentence)

    def text(self, name: str, default: str) -> str:
        return self.given.get(name, default)

    def port(self, name: str, default: int) -> int:
        value = self.given.get(name, str(default))
        if value.isdecimal() and 0 < int(value) <= LARGEST_PORT:
            return int(value)
        self.problem(f"{name} is {value!r}: give a port number from 1 to {LARGEST_PORT}.")
        return default

    def proxies(self, name: str) -> int:
        value = self.given.get(name, "0")
        if value in {str(number) for number in range(MOST_PROXIES + 1)}:
            return int(value)
        self.problem(f"{name} is {value!r}: give how many stand in front, 0 to {MOST_PROXIES}.")
        return 0

    def url(self, name: str, default: str) -> str:
        value = self.given.get(name, default).rstrip("/")
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query:
            self.problem(f"{name} is {value!r}: give an address such as https://potluck.example.")
            return default
        return value

    def database(self, name: str, default: str) -> str:
        value = self.given.get(name, default)
        # Hosting platforms still hand out the scheme that SQLAlchemy dropped.
        if value.startswith("postgres://"):
            value = "postgresql://" + value.removeprefix("postgres://")
        try:
            backend = make_url(value).get_backend_name()
        except ArgumentError:
            backend = "none"
        if backend not in {"sqlite", "postgresql"}:
            self.problem(
                f"{name} is no database we know: give sqlite:///path/to/file.db"
                " or postgresql://user@host/name."
            )
        return value

    def secret_key(self, name: str, var: Path) -> str:
        value = self.given.get(name)
        if value is None:
            return kept_key(var / "secret_key")
        if len(value) < SHORTEST_KEY:
            self.problem(
                f"{name} has {len(value)} characters: give at least {SHORTEST_KEY}, for example"
                " from `openssl rand -hex 32`, or leave it out to have one made and kept."
            )
        return value

    def secrets(self, name: str) -> tuple[bytes, ...]:
        values = tuple(part.strip().encode() for part in self.given.get(name, "").split(","))
        if not 1 <= len(values) <= MOST_SECRETS or any(
            len(value) < SHORTEST_SECRET for value in values
        ):
            self.problem(
                f"{name} must hold one secret, or two with a comma between them while you rotate,"
                f" of at least {SHORTEST_SECRET} characters each: make one with"
                " `openssl rand -hex 32` and set the same where the webhooks come from."
            )
        return values

    def github(self) -> GitHubSettings | None:
        # The sandbox stands in for GitHub, but /setup still makes its App on the real one.
        name = "GITHUB_API_URL"
        if "POTLUCK_SANDBOX_API_URL" in self.given:
            name = "POTLUCK_SANDBOX_API_URL"
        api_url = self.url(name, PUBLIC_API)
        names = ("GITHUB_APP_ID", "GITHUB_APP_PRIVATE_KEY", "GITHUB_WEBHOOK_SECRET")
        present = [name for name in names if name in self.given]
        if not present:
            return None
        for name in names:
            if name not in present:
                self.problem(
                    f"{name} is missing while {present[0]} is set: give all of"
                    f" {', '.join(names)}, or none of them for sandbox mode."
                )
        if len(present) < len(names):
            return None
        app_id = self.given["GITHUB_APP_ID"]
        if not app_id.isdecimal():
            self.problem(
                f"GITHUB_APP_ID is {app_id!r}: give the number that GitHub shows as"
                " “App ID” on the App's settings page."
            )
        return GitHubSettings(
            api_url=api_url,
            app_id=int(app_id) if app_id.isdecimal() else 0,
            private_key=self._private_key("GITHUB_APP_PRIVATE_KEY"),
            webhook_secrets=self.secrets("GITHUB_WEBHOOK_SECRET"),
            client_id=self._of_pair("GITHUB_CLIENT_ID", "GITHUB_CLIENT_SECRET"),
            client_secret=self._of_pair("GITHUB_CLIENT_SECRET", "GITHUB_CLIENT_ID"),
        )

    def _of_pair(self, name: str, other: str) -> str | None:
        if name not in self.given and other in self.given:
            self.problem(
                f"{name} is missing while {other} is set: give both so that people can sign in,"
                " or neither to run without that."
            )
        return self.given.get(name)

    def _private_key(self, name: str) -> str:
        value = self.given[name].replace("\\n", "\n")
        if "-----BEGIN" not in value:
            try:
                value = Path(value).expanduser().read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError):
                self.problem(
                    f"{name} is neither the text of a PEM key nor the path of a readable file:"
                    " download a private key on the App's settings page and give its path."
                )
                return ""
        try:
            private_key(value)
        except (ValueError, TypeError):
            self.problem(
                f"{name} holds no private key that can be read: give the unencrypted PEM file"
                " that GitHub made for the App."
            )
        return value

    def stripe(self) -> StripeSettings | None:
        api_base = self.url("STRIPE_API_BASE", PUBLIC_STRIPE)
        if "STRIPE_API_KEY" not in self.given and "STRIPE_WEBHOOK_SECRET" not in self.given:
            return None
        for name in ("STRIPE_API_KEY", "STRIPE_WEBHOOK_SECRET"):
            if name not in self.given:
                self.problem(
                    f"{name} is missing: give both STRIPE_API_KEY and STRIPE_WEBHOOK_SECRET,"
                    " or neither of them to run without payments."
                )
                return None
        return StripeSettings(
            api_base=api_base,
            api_key=self.given["STRIPE_API_KEY"],
            webhook_secrets=self.secrets("STRIPE_WEBHOOK_SECRET"),
        )
