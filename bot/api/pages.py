"""The endpoints under `/api/v1/`, and `/api` for people who want to read about them."""

import re
from dataclasses import replace

from flask import Response, render_template, request

from bot.api import answers, asked, document, door
from bot.api.frame import BASE, NOT_HERE, blueprint, encoded
from bot.api.problems import Problem
from bot.maintaining import desk, pulls, signers
from core.web.house import house
from licensing import coverage_search, signing, store
from licensing.bases import bases
from licensing.companies import reading as companies_register
from licensing.coverage_search import Wanted
from licensing.versions import AgreementVersion

ROWS = 100
_COMMIT = re.compile(r"[0-9a-f]{4,64}")
_NONE = "No agreement is in force here, so there is nothing to sign."


@blueprint.get("/api")
def read() -> str:
    """Show what the API answers."""
    whole = document.document(house().settings.public_url)
    return render_template("bot/api.html", document=whole, operations=document.OPERATIONS)


@blueprint.get("/api/v1/openapi.json")
def openapi() -> Response:
    """Give the OpenAPI document."""
    return encoded(document.document(house().settings.public_url))


@blueprint.get(f"{BASE}/agreement")
def agreement(owner: str, name: str) -> Response:
    """Give the agreement in force."""
    repo = door.repo(owner, name, door.caller(), is_public=True)
    with house().app.read() as connection:
        version = _in_force(store.agreement_in_force(connection, repo.id))
        signed = signing.signers(connection, repo.id)
    text_url = f"{house().settings.public_url}/{repo.name}/cla/{version.version}.md"
    return encoded(answers.agreement(version, signed, text_url))


@blueprint.get(f"{BASE}/signatures")
def signatures(owner: str, name: str) -> Response:
    """Give signatures, newest first."""
    repo = door.repo(owner, name, door.caller(), is_public=False)
    wanted, most = asked.signatures(), asked.at_once()
    with house().app.read() as connection:
        versions = store.versions(connection, repo.id)
        found = signers.Page(())
        if versions:
            found = signers.page(connection, versions[0].agreement_id, wanted, most)
    items = [answers.signature(one, repo.id) for one in found.rows]
    return encoded(answers.Signatures(items, asked.next_page(found.next_before)))


@blueprint.get(f"{BASE}/signatures/<github_id>")
def standing(owner: str, name: str, github_id: str) -> Response:
    """Say whether a person is covered now."""
    repo = door.repo(owner, name, door.caller(), is_public=False)
    person = asked.whole(github_id, asked.LARGEST_ACCOUNT)
    if person is None:
        raise Problem(
            404, "That is no account number of GitHub’s: give the number, not the login."
        )
    with house().app.read() as connection:
        version = _in_force(store.agreement_in_force(connection, repo.id))
        basis = bases(connection, version, [person], house().clock()).get(person)
    return encoded(answers.standing(person, version, basis))


@blueprint.get(f"{BASE}/pull-requests")
def pull_requests(owner: str, name: str) -> Response:
    """Give open pull requests and what each waits for."""
    repo = door.repo(owner, name, door.caller(), is_public=True)
    state = asked.one_of("state", ("waiting", "all"))
    before, most = asked.number("before"), asked.at_once()
    with house().app.read() as connection:
        shown, more = pulls.page(
            connection,
            repo,
            desk.github_web(),
            house().clock(),
            before=before,
            only_waiting=state != "all",
            most=most,
        )
    items = [answers.pull_request(one) for one in shown]
    return encoded(answers.PullRequests(items, asked.next_page(more)))


@blueprint.get(f"{BASE}/coverage")
def coverage(owner: str, name: str) -> Response:
    """Say who covers a commit, or what rests on a signature or a person's word."""
    repo = door.repo(owner, name, door.caller(), is_public=True)
    wanted = Wanted(
        repo_id=repo.id,
        commit=_commit(),
        number=asked.number("pull_request"),
        person=asked.number("person", asked.LARGEST_ACCOUNT),
    )
    page = asked.number("page") or 1
    record = asked.number("record")
    with house().app.read() as connection:
        if record is not None:
            evidence = coverage_search.evidence_here(connection, repo.id, record)
            wanted = replace(wanted, evidence=evidence or "")
        found = coverage_search.page(connection, wanted, page, ROWS)
    items = [answers.coverage(row) for row in found.rows]
    return encoded(answers.CoveragePage(items, found.number, found.last, found.total))


@blueprint.get(f"{BASE}/companies")
def companies(owner: str, name: str) -> Response:
    """Give the companies that signed."""
    repo = door.repo(owner, name, door.caller(), is_public=False)
    with house().app.read() as connection:
        version = desk.agreement_of(connection, repo)
        found = companies_register.all_of(connection, version.agreement_id) if version else ()
    return encoded(answers.Companies([answers.company(one) for one in found]))


@blueprint.route(
    "/api/v1/", defaults={"rest": ""}, methods=["GET", "POST", "PUT", "PATCH", "DELETE"]
)
@blueprint.route("/api/v1/<path:rest>", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
def nothing(rest: str) -> Response:
    """Answer every other address in the manner of the API."""
    del rest
    if request.method != "GET":
        raise Problem(405, "This address is only read: use GET.", {"Allow": "GET, HEAD"})
    raise Problem(404, NOT_HERE)


def _in_force(version: AgreementVersion | None) -> AgreementVersion:
    if version is None:
        raise Problem(404, _NONE)
    return version


def _commit() -> str | None:
    words = asked.text("commit").lower()
    if not words:
        return None
    if not _COMMIT.fullmatch(words):
        raise Problem(400, "commit is no hash: give at least four of its digits, such as 1a2b3c.")
    return words
