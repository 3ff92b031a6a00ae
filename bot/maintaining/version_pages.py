"""The maintainers' pages about the text: all versions, what changed, and what publishing would do."""

from collections.abc import Collection
from dataclasses import dataclass, field

from flask import Blueprint, request
from flask_babel import gettext as _
from sqlalchemy import Connection

from bot import policies, repositories
from bot.maintaining import desk
from bot.maintaining.pages import named
from bot.maintaining.preview import Preview, Rise, following, preview
from bot.policies import Rules
from bot.policy import PATH
from core.web.house import FoundRepo
from licensing import rights, store
from licensing.differences import Passage, differences
from licensing.versions import AgreementVersion

LARGEST = 200_000
"""Bytes of a text to preview; a form has to fit into what the pages take."""

blueprint = Blueprint("maintaining_versions", __name__, template_folder="../templates")


@dataclass(frozen=True)
class Compared:
    """Two versions, and what changed from the one to the other."""

    old: AgreementVersion
    new: AgreementVersion
    changes: tuple[Passage, ...]


@dataclass
class Sent:
    """What was sent to be previewed, or why it cannot be."""

    rise: Rise = "minor"
    text: str = ""
    content: bytes = b""
    errors: dict[str, str] = field(default_factory=dict)


@blueprint.get("/<owner>/<name>/maintain/agreements")
def versions_page(owner: str, name: str) -> str:
    """Show all versions, who published them, and what changed between any two."""
    repo = desk.entered(owner, name)
    with desk.house().app.read() as connection:
        in_force = store.agreement_in_force(connection, repo.id)
        versions = store.versions(connection, repo.id)
        names = named(connection, _publishers(versions))
    return desk.render(
        "maintain_agreements",
        repo,
        "agreements",
        in_force=in_force,
        versions=versions,
        names=names,
        compared=_compared(versions),
        web=desk.github_web(),
    )


@blueprint.route("/<owner>/<name>/maintain/publish", methods=["GET", "POST"])
def publish_page(owner: str, name: str) -> str:
    """Show what would happen if a text were published; nothing is written."""
    repo = desk.entered(owner, name)
    house = desk.house()
    sent = _sent() if request.method == "POST" else Sent()
    found: Preview | None = None
    with house.app.read() as connection:
        rules = policies.rules(connection, repo.id)
        if request.method == "POST" and not sent.errors:
            found = preview(connection, repo.id, sent.content, sent.rise, house.clock())
        links = _links(connection, repo, rules)
    version = rules.version
    return desk.render(
        "maintain_publish",
        repo,
        "publish",
        agreement=version,
        rules=rules,
        sent=sent,
        shown=sent.text or (rights.text_of(version) if version and not found else ""),
        found=found,
        links=links,
        numbers={one: following(version.version, one) for one in _rises()} if version else {},
    )


def _rises() -> tuple[Rise, ...]:
    return ("minor", "major")


def _publishers(versions: Collection[AgreementVersion]) -> set[int]:
    return {one.publisher_id for one in versions if one.publisher_id}


def _compared(versions: Collection[AgreementVersion]) -> Compared | None:
    known = {one.version: one for one in versions}
    old, new = known.get(request.args.get("from", "")), known.get(request.args.get("to", ""))
    if old is None or new is None:
        return None
    return Compared(old, new, differences(rights.text_of(old), rights.text_of(new)))


def _sent() -> Sent:
    rise = request.form.get("rise", "")
    sent = Sent("major" if rise == "major" else "minor")
    upload = request.files.get("file")
    # Browsers send pasted lines with CR LF; files of repositories have LF.
    pasted = request.form.get("text", "").replace("\r\n", "\n")
    content = upload.stream.read(LARGEST + 1) if upload and upload.filename else pasted.encode()
    if len(content) > LARGEST:
        sent.errors["text"] = _(
            "This is longer than %(most)s bytes. Make it shorter.", most=LARGEST
        )
        return sent
    try:
        sent.text = content.decode("utf-8")
    except UnicodeDecodeError:
        sent.errors["text"] = _("This file is not UTF-8 text. Save it as UTF-8.")
        return sent
    sent.content = content
    if not sent.text.strip():
        sent.errors["text"] = _("This is empty. Paste the text, or choose its file.")
    return sent


def _links(connection: Connection, repo: FoundRepo, rules: Rules) -> dict[str, str]:
    """Give where GitHub's editor opens the rules and the text; empty in a sandbox, which has none."""
    house = desk.house()
    if house.settings.mode != "live" or rules.policy is None:
        return {}
    place = repositories.repo_named(connection, rules.source_name or repo.name)
    if place is None or not place.default_branch:
        return {}
    edit = f"{desk.github_web()}/{place.name}/edit/{place.default_branch}"
    return {"rules": f"{edit}/{PATH}", "document": f"{edit}/{rules.policy.document}"}
