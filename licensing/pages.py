"""The agreement of a project, for whoever has to sign it or wants to check it."""

from flask import Blueprint, Response, abort, render_template

from core.web.house import house, public_repo
from licensing import coverage_search, reading, rights, signing, store
from licensing.versions import AgreementVersion

blueprint = Blueprint("licensing_pages", __name__, template_folder="templates")


@blueprint.get("/<owner>/<name>/cla")
def agreement(owner: str, name: str) -> str:
    """Show the exact text in force, how to sign it, and how to check that it is the one signed."""
    repo = public_repo(owner, name)
    with house().app.read() as connection:
        in_force = store.agreement_in_force(connection, repo.id)
        versions = store.versions(connection, repo.id)
        signers = signing.signers(connection, repo.id)
        head = coverage_search.head(connection, repo.id)
    return render_template(
        "licensing/agreement.html",
        repo=repo,
        agreement=in_force,
        text=rights.text_of(in_force) if in_force else "",
        rights=rights.of(in_force) if in_force else None,
        anchored=reading.anchored(rights.text_of(in_force)) if in_force else (),
        versions=versions,
        signers=signers,
        head=head,
        file_name=file_name,
    )


@blueprint.get("/<owner>/<name>/cla/<version>-companies.md")
def raw_for_companies(owner: str, name: str, version: str) -> Response:
    """Give the bytes of what companies sign of one version, where that is a text of its own."""
    found = _version(owner, name, version)
    if not found.company_document:
        abort(404)
    return _bytes(found.for_companies, f"cla-{version}-companies.md")


@blueprint.get("/<owner>/<name>/cla/<version>.md")
def raw(owner: str, name: str, version: str) -> Response:
    """Give the bytes of one version as they were signed, for a file and not for a look."""
    return _bytes(_version(owner, name, version), file_name(version))


def _version(owner: str, name: str, version: str) -> AgreementVersion:
    repo = public_repo(owner, name)
    with house().app.read() as connection:
        versions = store.versions(connection, repo.id)
    found = next((one for one in versions if one.version == version), None)
    return found if found is not None else abort(404)


def _bytes(found: AgreementVersion, name: str) -> Response:
    response = Response(found.content, content_type="text/markdown; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.set_etag(found.sha256)
    return response


def file_name(version: str) -> str:
    """Name the file in which a version is saved."""
    return f"cla-{version}.md"
