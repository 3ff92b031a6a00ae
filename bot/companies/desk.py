"""What lies on the table on the pages of companies, and the answers that show it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from flask import Response, abort, make_response, render_template
from flask_babel import gettext as _
from sqlalchemy import Connection

from bot import people, policies
from bot.companies.form import why_not
from bot.signing import tokens
from bot.signing.desk import house
from bot.signing.tokens import Shown
from core.github import Account
from core.web.house import FoundRepo
from core.web.signin import verified_addresses
from licensing import domains, rights, store
from licensing.companies import acts, reading, signed
from licensing.companies.values import (
    Acknowledged,
    Company,
    Contact,
    End,
    Found,
    Listing,
    covering,
    open_to,
)
from licensing.differences import Passage, differences
from licensing.versions import AgreementVersion


@dataclass(frozen=True)
class Address:
    """A verified address of the person; `refused` says why it proves no company, if so."""

    address: str
    domain: str
    refused: str


@dataclass(frozen=True)
class Row:
    """Somebody who acknowledged: by which listings they are covered now."""

    said: Acknowledged
    contact: Contact | None
    covered_by: tuple[Listing, ...]


TOLD_FOR = timedelta(days=30)
"""For so long managers are told on top of their page that a team is gone."""


@dataclass(frozen=True)
class Register:
    """What managers see of their company; `names` are logins, for show."""

    company: Company
    listings: tuple[Listing, ...]
    over: tuple[Listing, ...]
    rows: tuple[Row, ...]
    acting: frozenset[int]
    names: dict[int, str]
    now: datetime

    @property
    def ended_for_one(self) -> tuple[tuple[Listing, End], ...]:
        """Give what ended for one person alone, newest first."""
        found = [
            (one, end)
            for one in (*self.listings, *self.over)
            for end in one.ends
            if end.github_id is not None
        ]
        return tuple(sorted(found, key=lambda pair: -pair[1].sequence))

    @property
    def gone_teams(self) -> tuple[Listing, ...]:
        """Give the entries that ended lately because their team is no more."""
        return tuple(
            one
            for one in self.over
            if any(
                end.reason == "team_gone" and end.ends_at > self.now - TOLD_FOR for end in one.ends
            )
        )

    def name(self, number: int | None) -> str:
        """Name an account as far as it is known."""
        return self.names.get(number or 0, "") or str(_("account %(number)s", number=number))

    def last_day(self, instant: datetime) -> datetime:
        """Give an instant of the last day before the end of a span."""
        return instant - timedelta(microseconds=1)


def version_of(repo: FoundRepo) -> AgreementVersion | None:
    """Give the version that a company can sign; None where nobody is asked to sign."""
    with house().app.read() as connection:
        rules = policies.rules(connection, repo.id)
    found = rules.version if rules.asks else None
    # A certificate of origin is given by each person with each commit.
    return None if found is None or found.mode == "dco" else found


def asked_version(repo: FoundRepo) -> AgreementVersion:
    """Give the version that a company can sign, or 404."""
    found = version_of(repo)
    if found is None:
        abort(404)
    return found


def my_addresses() -> tuple[Address, ...] | None:
    """Give the person's verified addresses; None where GitHub was not asked for them."""
    verified = verified_addresses()
    if verified is None:
        return None
    found = []
    for address in verified:
        domain = domains.of_address(address)
        refused = domains.refusal(domain) if domain else "malformed"
        found.append(Address(address, domain or "", why_not(refused) if refused else ""))
    return tuple(found)


def my_domains(company: Company) -> tuple[str, ...]:
    """Give the domains of the person's verified addresses that lie at or below the company's."""
    found = {one.domain for one in my_addresses() or () if one.domain}
    return tuple(sorted(one for one in found if domains.belongs(one, company.domain)))


def managed(version: AgreementVersion, number: int, person: Account) -> Register:
    """Give a company to one of its managers; 404 for everybody else."""
    now = house().clock()
    with house().app.read() as connection:
        company = reading.find(connection, version.agreement_id, number)
        if company is None:
            abort(404)
        acting = reading.acting(connection, company, now)
        if person.id not in acting:
            abort(404)
        return _register(connection, company, acting, now)


def _register(
    connection: Connection, company: Company, acting: frozenset[int], now: datetime
) -> Register:
    listings = reading.listings(connection, company.agreement_id, company.number)
    said = reading.acknowledged(connection, company.agreement_id, company.number)
    latest = {one.github_id: one for one in said if one.role == "person"}
    # Whoever signed for the company, and whoever took on to manage with them, told their names too.
    sequences = [company.number, *(one.sequence for one in said)]
    contacts = reading.contacts(connection, company.agreement_id, sequences)
    numbers = {one.github_id for one in listings if one.github_id} | set(latest)
    numbers |= {one.actor_id for one in listings}
    names = people.logins(connection, numbers | acting)
    names |= {one.github_id: one.login for one in contacts.values()}
    return Register(
        company=company,
        listings=tuple(one for one in listings if not one.is_over(now)),
        over=tuple(one for one in listings if one.is_over(now)),
        rows=tuple(
            Row(one, contacts.get(one.sequence), covering(listings, one, now))
            for one in latest.values()
        ),
        acting=acting,
        names=names,
        now=now,
    )


def open_listings(
    company: Company, found: Found, now: datetime
) -> tuple[tuple[Listing, ...], tuple[Listing, ...], bool]:
    """Give the listings that mean a person, those of teams yet to be asked for, and an invitation.

    The last says whether the person was asked to act for the company.
    """
    with house().app.read() as connection:
        listings = reading.listings(connection, company.agreement_id, company.number)
        acting = reading.acting(connection, company, now)
    invited = found.github_id not in acting and any(
        one.rule == "manager" and one.github_id == found.github_id and one.stands(now)
        for one in listings
    )
    teams = tuple(one for one in listings if one.rule == "team" and not one.is_over(now))
    return open_to(listings, found, now), teams, invited


def standing(
    version: AgreementVersion, number: int, person: int, means: Collection[Listing]
) -> Literal["covered", "said", "open"]:
    """Say where a person stands with a company that has these listings for them.

    `said`: they acknowledged all of it, and it covers them on other days than this.
    """
    now = house().clock()
    with house().app.read() as connection:
        said = reading.acknowledged_by(connection, version.agreement_id, (person,), version.major)
        listings = reading.listings(connection, version.agreement_id, number)
    mine = [one for one in said if one.company == number and one.stands(now)]
    if any(covering(listings, one, now) for one in mine):
        return "covered"
    return "said" if any(acts.says_all(one, means, now) for one in mine) else "open"


def token(repo: FoundRepo, version: AgreementVersion, person: Account) -> str:
    """Say, for a hidden field, what is being shown to whom."""
    shown = Shown(person.id, repo.id, version.id, version.sha256, house().clock())
    return tokens.write(house().settings.secret_key, shown)


def shown_before(repo: FoundRepo, person: Account, given: str) -> Shown | None:
    """Read what was shown; None for what we did not write, or showed to somebody else."""
    shown = tokens.read(house().settings.secret_key, given)
    if shown is None or (shown.repo_id, shown.person_id) != (repo.id, person.id):
        return None
    return shown


def page(
    template: str,
    repo: FoundRepo,
    version: AgreementVersion | None,
    status: int = 200,
    **facts: object,
) -> Response:
    """Show a page of companies; nobody else keeps a copy."""
    shown = version.for_companies if version else None
    text = rights.text_of(shown) if shown else ""
    base = f"/{repo.name}/cla/company"
    answer = make_response(
        render_template(
            f"bot/{template}.html",
            repo=repo,
            agreement=shown,
            text=text,
            meaning=rights.of(shown) if shown else None,
            base=base,
            **facts,
        ),
        status,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def since(
    version: AgreementVersion, company: Company | None, shown: Shown | None
) -> tuple[AgreementVersion | None, tuple[Passage, ...]]:
    """Give the version that the company signed last, or was just shown, and what changed from it."""
    with house().app.read() as connection:
        base = store.version(connection, shown.version_id) if shown else None
        if base is None and company is not None:
            signatures = signed.of_company(connection, company.agreement_id, company.number)
            base = store.version(connection, signatures[-1].version_id)
    if base is None or base.id == version.id:
        return None, ()
    texts = (rights.text_of(one.for_companies) for one in (base, version))
    return base, differences(*texts)


def known_elsewhere(
    version: AgreementVersion, addresses: Collection[Address]
) -> tuple[Company, ...]:
    """Give the companies that somebody proved already with a domain of these addresses."""
    found = {one.domain for one in addresses if not one.refused}
    with house().app.read() as connection:
        return tuple(
            company
            for domain in sorted(found)
            for company in reading.on_domain(connection, version.agreement_id, domain)
        )
