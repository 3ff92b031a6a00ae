"""`/maintain/hooks`: webhooks out are added, tried, switched on again and removed."""

import secrets
from dataclasses import dataclass, field

from flask import Blueprint, make_response, redirect, request
from flask_babel import gettext as _
from werkzeug import Response

from bot import tasks
from bot.hooks_out import delivering, store, targets, telling
from bot.hooks_out.store import EVENTS, Hook
from bot.hooks_out.targets import Reason, Refused
from bot.maintaining import desk, looking
from bot.maintaining.pages import named
from core.web.house import FoundRepo
from core.web.signin import signed_in_person
from core.web.text import inert

blueprint = Blueprint("maintaining_hooks", __name__, template_folder="../templates")


@dataclass
class Given:
    """What was filled in; `made` is the new secret, shown once."""

    address: str = ""
    events: tuple[str, ...] = EVENTS
    made: str = ""
    errors: dict[str, str] = field(default_factory=dict)


@blueprint.get("/<owner>/<name>/maintain/hooks")
def show(owner: str, name: str) -> Response:
    """List the webhooks with their last messages."""
    return _page(desk.entered(owner, name), Given())


@blueprint.post("/<owner>/<name>/maintain/hooks")
def make(owner: str, name: str) -> Response:
    """Add an address, once it is one that we may call, and show its secret this once."""
    repo = desk.entered(owner, name)
    given = _read()
    if given.errors:
        return _page(repo, given)
    house, who = desk.house(), signed_in_person()
    with house.app.write() as connection:
        secret = store.make(
            connection,
            repo.id,
            given.address,
            given.events,
            who.id,
            house.settings.secret_key,
            house.clock(),
        )
    if secret is None:
        most = store.MOST
        given.errors["address"] = _("There are %(most)s already. Remove one first.", most=most)
    given.made = secret or ""
    return _page(repo, given)


@blueprint.post("/<owner>/<name>/maintain/hooks/<act>")
def change(owner: str, name: str, act: str) -> Response:
    """Remove a webhook, switch it on, try it, or send a message of its once more."""
    repo = desk.entered(owner, name)
    house = desk.house()
    now, number = house.clock(), looking.number(request.form.get("number", ""))
    if number is not None:
        with house.app.write() as connection:
            if act == "remove":
                store.remove(connection, repo.id, number)
            elif act == "on":
                store.switch_on(connection, repo.id, number, now)
            elif act == "try":
                found = store.find(connection, number)
                if found and found.repo_id == repo.id and not found.off_at:
                    nonce = secrets.token_hex(8)
                    tasks.put(connection, telling.ping(connection, found, nonce, now), now)
            elif act == "again":
                task = delivering.again(connection, repo.id, number, now)
                if task:
                    tasks.put(connection, task, now)
    return redirect(desk.address(repo, "hooks"), 303)


def _read() -> Given:
    given = Given(
        address=request.form.get("address", "").strip(),
        events=tuple(one for one in EVENTS if one in request.form.getlist("event")),
    )
    if not given.events:
        given.errors["event"] = _("Choose at least one event.")
    near = may_stay_here()
    try:
        targets.resolved(targets.place(given.address, near=near), near=near)
    except Refused as refused:
        given.errors["address"] = _why(refused.reason)
        given.address = inert(given.address[: targets.LONGEST])
    return given


def may_stay_here() -> bool:
    """Say whether receivers on this very machine may be told: it is nobody else's."""
    settings = desk.house().settings
    return settings.mode == "sandbox" or settings.is_local


def _why(reason: Reason) -> str:
    if reason == "form":
        return str(_("This is no address. Write it whole, such as https://example.org/hooks."))
    if reason == "https":
        return str(_("This address is not encrypted. Give one that begins with https://."))
    if reason == "private":
        return str(_("This is an address inside a network. Give one that is public."))
    return str(_("Nobody answers to this name. Look at how it is spelt."))


def _page(repo: FoundRepo, given: Given) -> Response:
    with desk.house().app.read() as connection:
        hooks = store.all_of(connection, repo.id)
        names = named(connection, {one.creator_id for one in hooks})
        found: list[tuple[Hook, tuple[store.Message, ...]]] = [
            (one, store.last_messages(connection, one.id)) for one in hooks
        ]
    page = desk.render(
        "maintain_hooks",
        repo,
        "hooks",
        hooks=found,
        names=names,
        given=given,
        events=EVENTS,
        web=desk.github_web(),
    )
    response = make_response(page, 400 if given.errors else 200)
    response.headers["Cache-Control"] = "no-store"
    return response
