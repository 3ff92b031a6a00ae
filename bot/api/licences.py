"""Licences sold, for the products that ask: keys, what was taken back, validate, activate.

A file or its id is what opens an answer about a licence, so no token is needed; asking whether
one holds changes nothing.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

import msgspec
from flask import Response
from flask import request as sent
from sqlalchemy import Connection

from bot.api import asked, door, licence_answers
from bot.api.frame import BASE, blueprint, encoded
from bot.api.licence_answers import Ask, Machine, Validation
from bot.api.problems import Problem
from core.errors import UserError
from core.web.house import FoundRepo, house
from licensing.releases import reading as releases_register
from licensing.sold import keys, online, reading, seats
from licensing.sold.checking import Asked
from licensing.sold.online import Answer
from licensing.sold.purposes import Purpose
from licensing.sold.reading import Licence
from licensing.sold.seats import Seat

LARGEST = 64 * 1024
Body = TypeVar("Body", Ask, Machine)
_UNKNOWN_TAG = "There is no release with this tag here: give built_at instead, or another tag."


@blueprint.get(f"{BASE}/licences/keys")
def licence_keys(owner: str, name: str) -> Response:
    """Give the public keys."""
    repo = door.repo(owner, name, door.caller(), is_public=True)
    with house().app.read() as connection:
        found = keys.of(connection, repo.id)
    items = [licence_answers.key(one) for one in found]
    assertions = {one.name.lower(): one.value for one in Purpose}
    return encoded(licence_answers.LicenceKeys(items, assertions))


@blueprint.get(f"{BASE}/licences/revocations")
def licence_revocations(owner: str, name: str) -> Response:
    """Give the signed list of what was taken back."""
    repo = door.repo(owner, name, door.caller(), is_public=True)
    site = house()
    try:
        with site.app.read() as connection:
            number, text = reading.revocation_list(
                connection, repo.id, site.settings.secret_key, site.clock()
            )
    except UserError as error:
        raise Problem(404, str(error)) from None
    return encoded(licence_answers.Revocations(number, text))


@blueprint.post(f"{BASE}/licences/validate")
def validate_licence(owner: str, name: str) -> Response:
    """Say whether a licence holds; nothing is counted and nothing is written."""
    repo = door.repo(owner, name, door.caller(), is_public=True)
    ask = _body(Ask)
    with house().app.read() as connection:
        wanted = _asked(connection, repo, ask)
        answer = online.judged(connection, repo.id, ask.licence, wanted)
        if ask.fingerprint:
            answer = online.with_machine(connection, answer, ask.fingerprint)
    return encoded(_told(answer))


@blueprint.post(f"{BASE}/licences/activate")
def activate_machine(owner: str, name: str) -> Response:
    """Give a machine a seat; the same machine again has the seat that it has."""
    return _with_seat(
        owner,
        name,
        lambda connection, of, machine: seats.activate(
            connection, of, machine.fingerprint, house().clock()
        ),
    )


@blueprint.post(f"{BASE}/licences/deactivate")
def deactivate_machine(owner: str, name: str) -> Response:
    """Give a machine's seat back."""
    return _with_seat(
        owner,
        name,
        lambda connection, of, machine: seats.deactivate(connection, of, machine.fingerprint),
        always=True,
    )


@blueprint.get(f"{BASE}/releases")
def releases(owner: str, name: str) -> Response:
    """Give the releases, and from which day each is open."""
    repo = door.repo(owner, name, door.caller(), is_public=True)
    with house().app.read() as connection:
        found = releases_register.of(connection, repo.id)
    today = house().clock().date()
    items = [licence_answers.release(one, today) for one in found]
    return encoded(licence_answers.Releases(items))


def _with_seat(
    owner: str,
    name: str,
    act: Callable[[Connection, Licence, Machine], Seat],
    *,
    always: bool = False,
) -> Response:
    """Do something about a machine of a licence that holds; `always`: also of one that is over."""
    repo = door.repo(owner, name, door.caller(), is_public=True)
    machine = _body(Machine)
    wanted = Asked(machine.product, house().clock())
    with house().app.read() as connection:
        answer = online.judged(connection, repo.id, machine.licence, wanted)
    if answer.licence is None or not (answer.verdict.holds or always):
        return encoded(_told(answer))
    with house().app.write() as connection:
        # Between looking and writing it may have been taken back.
        answer = online.judged(connection, repo.id, machine.licence, wanted)
        if answer.licence is not None and (answer.verdict.holds or always):
            answer = online.seated(answer, act(connection, answer.licence, machine))
    return encoded(_told(answer))


def _told(answer: Answer) -> Validation:
    return licence_answers.validation(answer.verdict, answer.used, answer.seat, answer.newer_file)


def _asked(connection: Connection, repo: FoundRepo, ask: Ask) -> Asked:
    built_at = _aware(ask.built_at)
    if built_at is None and ask.release:
        # PostgreSQL looks for no text with a NUL in it.
        is_tag = "\0" not in ask.release
        found = releases_register.tagged(connection, repo.id, ask.release) if is_tag else None
        if found is None:
            raise Problem(400, _UNKNOWN_TAG)
        built_at = found.published_at
    return Asked(ask.product, house().clock(), built_at, ask.edition, ask.entitlement)


def _aware(instant: datetime | None) -> datetime | None:
    if instant is not None and instant.tzinfo is None:
        raise Problem(400, "built_at has no zone: write it as 2001-12-31T10:00:00Z.")
    try:
        return None if instant is None else instant.astimezone(UTC)
    except OverflowError:
        raise Problem(400, "built_at is no instant that there is.") from None


def _body(kind: type[Body]) -> Body:
    if (sent.content_length or 0) > LARGEST or not sent.is_json:
        raise Problem(
            400, f"Send a JSON object of at most {LARGEST // 1024} KiB, as application/json."
        )
    try:
        return msgspec.json.decode(sent.get_data(cache=False), type=kind)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise Problem(400, f"The body cannot be read: {str(error)[: asked.LONGEST]}.") from None
