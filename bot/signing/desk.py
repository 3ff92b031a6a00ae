"""What lies on the table when somebody signs on the page, and the page that shows it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol, cast
from urllib.parse import urlencode

from flask import Response, make_response, render_template, request
from sqlalchemy import Connection

from bot import policies, repositories
from bot.pages import github_web
from bot.policies import Rules
from bot.signing import tokens
from bot.signing.acts import Standing, standing
from bot.signing.form import Given
from bot.signing.tokens import Shown
from core.github import Account, GitHub, Repo
from core.web import house as rooms
from core.web.house import FoundRepo
from core.web.signin import verified_addresses
from licensing import addresses, rights, store, waiting
from licensing.differences import Passage, differences
from licensing.versions import AgreementVersion

Notice = Literal["changed", "expired", "withdrawn", "stranger", "unknown", "incomplete", "minor"]
"""Why what came back did not sign; `unknown` is a form that we did not write."""

STATUS: Mapping[Notice, int] = {
    "changed": 409,
    "expired": 409,
    "withdrawn": 409,
    "stranger": 403,
    "unknown": 400,
    "incomplete": 422,
    "minor": 422,
}


class House(rooms.House, Protocol):
    """What signing asks of the composition root beyond what all pages do."""

    @property
    def github(self) -> Callable[[Repo], GitHub]:
        """Read GitHub as the installation that reaches a repository."""


@dataclass(frozen=True)
class Choice:
    """An address that GitHub verified for the person; `needed` by commits that wait for it."""

    address: str
    needed: bool


@dataclass(frozen=True)
class Desk:
    """Who signs what, and for whom: `subject` is the person, or the minor whose guardian signs.

    `waits` are the pull requests that wait for the subject, as name and number. `choices` is None
    where GitHub was not asked for the person's addresses.
    """

    repo: FoundRepo
    person: Account
    subject: Account
    rules: Rules
    number: int | None
    standing: Standing | None
    earlier: AgreementVersion | None
    waits: tuple[tuple[str, int], ...]
    choices: tuple[Choice, ...] | None
    relied_on: tuple[str, ...]

    @property
    def guardian(self) -> bool:
        """The person signs for somebody else."""
        return self.subject.id != self.person.id

    @property
    def version(self) -> AgreementVersion | None:
        """The version that can be signed, None where nobody is asked to."""
        found = self.rules.version if self.rules.asks else None
        # A certificate of origin is given with each commit, not once for all.
        return None if found is None or found.mode == "dco" else found

    @property
    def is_done(self) -> bool:
        """This very version is signed."""
        return bool(self.version and self.standing and self.standing.version_id == self.version.id)


def house() -> House:
    """Give the present application's house."""
    return cast("House", rooms.house())


def desk_of(
    repo: FoundRepo, person: Account, minor: Account | None = None, number: int | None = None
) -> Desk:
    """Gather what the page shows."""
    subject = minor or person
    with house().app.read() as connection:
        rules = policies.rules(connection, repo.id)
        agreement_id = rules.version.agreement_id if rules.version else 0
        stands = standing(connection, agreement_id, subject.id)
        known = repositories.pull(connection, repo.id, number) if number else None
        relied_on = () if minor else addresses.relied_on(connection, person.id)
        return Desk(
            repo=repo,
            person=person,
            subject=subject,
            rules=rules,
            number=number if known else None,
            standing=stands,
            earlier=store.version(connection, stands.version_id) if stands else None,
            waits=_waits(connection, agreement_id, subject.id, relied_on),
            choices=None if minor else _choices(connection, person),
            relied_on=relied_on,
        )


def page(
    desk: Desk,
    given: Given | None = None,
    notice: Notice | None = None,
    shown: Shown | None = None,
) -> Response:
    """Show the desk; `shown` is what they had been shown, where another text is in force now."""
    version = desk.version
    base = _shown_before(desk, shown)
    answer = make_response(
        render_template(
            "bot/sign_done.html" if desk.is_done else "bot/sign.html",
            repo=desk.repo,
            agreement=version,
            desk=desk,
            text=rights.text_of(version) if version else "",
            rights=rights.of(version) if version else None,
            base=base,
            changes=_changes(base, version),
            token=_token(desk) if version else "",
            given=given or Given(),
            notice=notice,
            link=_link(desk),
            address=_address(desk),
            here=_address(desk, request.args.get("minor", "") if desk.guardian else ""),
            github=github_web(house().settings),
        ),
        STATUS[notice] if notice else 200,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _token(desk: Desk) -> str:
    version = desk.version
    if version is None:
        raise ValueError("there is nothing to show")
    shown = Shown(
        person_id=desk.person.id,
        repo_id=desk.repo.id,
        version_id=version.id,
        sha256=version.sha256,
        shown_at=house().clock(),
        minor=desk.subject if desk.guardian else None,
        number=desk.number,
    )
    return tokens.write(house().settings.secret_key, shown)


def _link(desk: Desk) -> str:
    """Give the link with which the person asks a guardian to sign for them."""
    rooms = house()
    asking = tokens.ask(rooms.settings.secret_key, desk.repo.id, desk.person, rooms.clock())
    return rooms.settings.public_url + _address(desk, asking)


def _address(desk: Desk, asking: str = "") -> str:
    query = {"pull": str(desk.number or ""), "minor": asking}
    given = urlencode({name: value for name, value in query.items() if value})
    return f"/{desk.repo.name}/cla/sign" + (f"?{given}" if given else "")


def _shown_before(desk: Desk, shown: Shown | None) -> AgreementVersion | None:
    """Give the version to which the one in force is compared, if it is another."""
    base = desk.earlier
    if shown is not None:
        with house().app.read() as connection:
            base = store.version(connection, shown.version_id) or base
    if base is None or desk.version is None or base.id == desk.version.id:
        return None
    return base


def _changes(
    base: AgreementVersion | None, version: AgreementVersion | None
) -> tuple[Passage, ...]:
    if base is None or version is None:
        return ()
    return differences(rights.text_of(base), rights.text_of(version))


def _waits(
    connection: Connection, agreement_id: int, github_id: int, relied_on: tuple[str, ...]
) -> tuple[tuple[str, int], ...]:
    threads = set(waiting.waits_under(connection, agreement_id, github_id))
    for found in addresses.unlinked_with(connection, relied_on).values():
        threads |= set(found)
    named = []
    for repo_id, number in sorted(threads):
        repo = repositories.repo(connection, repo_id)
        # Whoever is named in a commit may not know that a private repository is there at all.
        if repo is not None and not repo.private:
            named.append((repo.name, number))
    return tuple(named)


def _choices(connection: Connection, person: Account) -> tuple[Choice, ...] | None:
    verified = verified_addresses()
    if verified is None:
        return None
    known = set(addresses.relied_on(connection, person.id))
    # GitHub links its own noreply addresses by itself.
    open_ones = [
        address
        for address in verified
        if address not in known and not address.rpartition("@")[2].startswith("users.noreply.")
    ]
    needed = addresses.unlinked_with(connection, open_ones)
    return tuple(Choice(address, address in needed) for address in open_ones)
