"""The only composition root: settings and databases in, the pages out."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Flask

from bot import credentials, repositories
from bot.roles import Roles
from core.clock import Clock, system_clock
from core.config import GitHubSettings, Settings, load
from core.db import Database
from core.errors import SettingsError, UserError
from core.github import GitHub, Repo, Unavailable
from core.reach import DatabaseAway, is_missing, reached
from donations.processor import Processor

if TYPE_CHECKING:
    from core.pygithub.app import App


@dataclass(frozen=True)
class Site:
    """What every page may reach; kept in `app.extensions["potluck"]`."""

    settings: Settings
    app: Database
    inbox: Database
    clock: Clock
    find_repo: Callable[[str, str], tuple[int, str, bool] | None]
    exchange: Callable[[str], Mapping[str, Any]]
    keep: Callable[[Mapping[str, Any]], None]
    app_slug: Callable[[], str | None]
    github: Callable[[Repo], GitHub]
    roles: Roles
    processor: Callable[[], Processor | None]

    @property
    def sandbox_url(self) -> str | None:
        """Where the sandbox can be played with, if there is one."""
        return self.settings.sandbox_url


def settings_from(given: Mapping[str, str]) -> Settings:
    """Read the settings, with the App's credentials that `/setup` stored if none are given.

    Raises `SettingsError`.
    """
    settings = load(given)
    if settings.github is not None:
        return settings
    return load(given, _stored_app(settings))


def _stored_app(settings: Settings) -> GitHubSettings | None:
    if is_missing(settings.setup_database_url):
        return None
    try:
        with reached(settings.setup_database_url) as database, database.read() as connection:
            if not connection.dialect.has_table(connection, credentials.github_app.name):
                return None
            return credentials.stored(connection, settings.secret_key, settings.github_api_url)
    except DatabaseAway:
        raise
    except UserError as error:
        raise SettingsError((str(error),)) from None


def site(settings: Settings, app: Database, inbox: Database, clock: Clock) -> Site:
    """Join what the pages need."""

    def find_repo(owner: str, name: str) -> tuple[int, str, bool] | None:
        with app.read() as connection:
            found = repositories.repo_called(connection, f"{owner}/{name}")
        return (found.id, found.name, found.private) if found else None

    def exchange(code: str) -> Mapping[str, Any]:
        from core.pygithub.app import exchange_manifest_code

        return exchange_manifest_code(settings.github_api_url, code, clock)

    @contextmanager
    def set_up() -> Iterator[Database]:
        # The sandbox's own database is emptied at the next start, which is to be a live one.
        if settings.setup_database_url == settings.database_url:
            yield app
        else:
            with reached(settings.setup_database_url) as database:
                yield database

    def keep(given: Mapping[str, Any]) -> None:
        with set_up() as database, database.write() as connection:
            credentials.keep(connection, given, settings.secret_key, clock())

    def app_slug() -> str | None:
        with set_up() as database, database.read() as connection:
            return credentials.slug(connection)

    github = installations(settings, clock)
    roles, bank = Roles(github, clock), _processor(settings)
    return Site(
        settings, app, inbox, clock, find_repo, exchange, keep, app_slug, github, roles, bank
    )


def _processor(settings: Settings) -> Callable[[], Processor | None]:
    """Give who moves money, made when somebody first wants to pay."""

    @cache
    def processor() -> Processor | None:
        from bot import running

        return running.processor(settings)

    return processor


def installations(settings: Settings, clock: Clock) -> Callable[[Repo], GitHub]:
    """Give what reads GitHub as the installation that reaches a repository.

    It is made when it is first asked for: most pages never need it. Without credentials every
    question is answered by `Unavailable`.
    """

    @cache
    def speaker() -> "App":
        from core.pygithub.app import App

        if settings.github is None:
            raise Unavailable("there are no GitHub credentials")
        given = settings.github
        return App(given.api_url, given.app_id, given.private_key, clock)

    return lambda repo: speaker().github(repo)


def create_app(
    settings: Settings, app: Database, inbox: Database, clock: Clock = system_clock
) -> Flask:
    """Make the Flask application with every page; the doors stand outside it."""
    from bot import tabs
    from core import web

    flask = Flask("bot", static_folder=None)
    flask.extensions["potluck"] = site(settings, app, inbox, clock)
    web.prepare(flask, settings)
    flask.context_processor(lambda: {"tabs_of": tabs.of})
    for blueprint in _blueprints():
        flask.register_blueprint(blueprint)
    if settings.mode == "sandbox":
        from bot.mail import mailbox

        flask.register_blueprint(mailbox.blueprint)
    return flask


def _blueprints() -> tuple[Blueprint, ...]:
    from bot import changes_pages, coverage_pages, operations, pages, proof_pages, setup
    from bot.api import blueprints as api
    from bot.books import pages as books
    from bot.companies import joining
    from bot.companies import pages as companies
    from bot.importing import pages as importing
    from bot.maintaining.blueprints import ALL as MAINTAINERS
    from bot.paper import pages as paper
    from bot.roadmap.blueprints import ALL as ROADMAP
    from bot.signing import pages as signing
    from bot.you import pages as you
    from licensing import chooser
    from licensing import pages as licensing_pages

    return (
        operations.blueprint,
        setup.blueprint,
        chooser.blueprint,
        licensing_pages.blueprint,
        coverage_pages.blueprint,
        changes_pages.blueprint,
        proof_pages.blueprint,
        signing.blueprint,
        companies.blueprint,
        joining.blueprint,
        you.blueprint,
        *ROADMAP,
        *_of_money(),
        *MAINTAINERS,
        books.blueprint,
        importing.blueprint,
        paper.blueprint,
        api.blueprint,
        pages.blueprint,
    )


def _of_money() -> tuple[Blueprint, ...]:
    from bot.audit import pages as audit
    from bot.audit import stating_pages as stating
    from bot.licences.blueprints import ALL as LICENCES
    from bot.mail import pages as mail
    from bot.money.blueprints import ALL as MONEY
    from bot.outcomes.blueprints import ALL as OUTCOMES
    from bot.payouts import pages as payouts
    from bot.payouts import split_pages as splits
    from bot.selling.blueprints import ALL as SELLING
    from bot.sharing import pages as sharing

    of_sales = (*SELLING, audit.blueprint, stating.blueprint, sharing.blueprint, *LICENCES)
    return (
        *MONEY,
        payouts.blueprint,
        splits.blueprint,
        *OUTCOMES,
        *of_sales,
        mail.blueprint,
    )
