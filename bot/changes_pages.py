"""What changed from one version of a project's agreement to another, for people to read."""

from collections.abc import Iterator

from flask import Blueprint, abort, render_template

from core.web.house import house, public_repo
from licensing import rights, store
from licensing.differences import differences
from licensing.versions import AgreementVersion

blueprint = Blueprint("changes_pages", __name__)


@blueprint.get("/<owner>/<name>/cla/changes/<start>...<end>")
def changes(owner: str, name: str, start: str, end: str) -> str:
    """Show both versions as one text; 404 where one of them was never published here."""
    repo = public_repo(owner, name)
    with house().app.read() as connection:
        versions = {one.version: one for one in store.versions(connection, repo.id)}
    old, new = versions.get(start), versions.get(end)
    if old is None or new is None:
        abort(404)
    return render_template(
        "bot/changes.html",
        repo=repo,
        old=old,
        new=new,
        passages=differences(rights.text_of(old), rights.text_of(new)),
        terms=tuple(_terms(old, new)),
        asks_again=old.major != new.major,
    )


def _terms(old: AgreementVersion, new: AgreementVersion) -> Iterator[tuple[str, str, str]]:
    """Give the terms that differ, by the names that the file of rules has for them."""
    both = zip(_said(old), _said(new), strict=True)
    for (name, before), (_name, after) in both:
        if before != after:
            yield name, before, after


def _said(version: AgreementVersion) -> tuple[tuple[str, str], ...]:
    return (
        ("mode", version.mode),
        ("outbound", version.outbound),
        ("outbound_licences", ", ".join(sorted(version.outbound_licences))),
        ("reaches_back", "true" if version.reaches_back else "false"),
        ("paths", ", ".join(sorted(version.paths))),
    )
