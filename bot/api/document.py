"""The OpenAPI 3.1 document: the endpoints stand here, the shapes come from `bot.api.answers`."""

from functools import cache
from typing import Any

import msgspec

from bot.api import (
    answers,
    audit_answers,
    funding_answers,
    funding_operations,
    licence_answers,
    licence_operations,
    roadmap_answers,
    roadmap_operations,
    steering_answers,
    steering_operations,
    update_answers,
    update_operations,
)
from bot.api.operations import (
    ACCOUNT,
    BEFORE,
    INSTANT,
    PER_PAGE,
    REPO,
    WHOLE,
    WORDS,
    Operation,
    Parameter,
)
from bot.maintaining.signers import CAPACITIES, METHODS
from bot.mistakes import N_

VERSION = "1.0.0"
JSON = "application/json"
PROBLEM = "application/problem+json"


OPERATIONS = (
    Operation(
        f"{REPO}/agreement",
        "agreement",
        N_("The agreement in force"),
        N_("Its version, its SHA-256, where its text is, and how many people have signed."),
        answers.Agreement,
    ),
    Operation(
        f"{REPO}/signatures",
        "signatures",
        N_("Who signed"),
        N_("All signatures, newest first, withdrawn ones too."),
        answers.Signatures,
        needs_token=True,
        parameters=(
            Parameter("who", N_("The beginning of a login, or a whole account number."), WORDS),
            Parameter("version", N_("One version, such as 1.0."), WORDS),
            Parameter("method", N_("How they signed."), {"enum": list(METHODS)}),
            Parameter("capacity", N_("For whom they signed."), {"enum": list(CAPACITIES)}),
            Parameter(
                "state",
                N_("Whether the signature stands or was withdrawn."),
                {"enum": ["standing", "withdrawn"]},
            ),
            Parameter("since", N_("Signed at this instant or day, or later."), INSTANT),
            Parameter("until", N_("Signed before this instant or day."), INSTANT),
            BEFORE,
            PER_PAGE,
        ),
    ),
    Operation(
        f"{REPO}/signatures/{{github_id}}",
        "standing",
        N_("Has this person signed?"),
        N_(
            "Whether somebody is covered for the version in force, by their own signature or by"
            " a company’s. Give the account’s number: logins change hands."
        ),
        answers.Standing,
        needs_token=True,
    ),
    Operation(
        f"{REPO}/pull-requests",
        "pullRequests",
        N_("What open pull requests wait for"),
        N_("Those that wait, newest first; or all that are open."),
        answers.PullRequests,
        parameters=(
            Parameter(
                "state",
                N_("Only those that wait, or all."),
                {"enum": ["waiting", "all"], "default": "waiting"},
            ),
            BEFORE,
            PER_PAGE,
        ),
    ),
    Operation(
        f"{REPO}/coverage",
        "coverage",
        N_("Who covers a commit?"),
        N_("The ledger of what was merged: each holder of each commit, and what it rests on."),
        answers.CoveragePage,
        parameters=(
            Parameter(
                "commit",
                N_("A commit’s hash, or its beginning: at least four digits."),
                {"type": "string", "pattern": "^[0-9a-fA-F]{4,64}$"},
            ),
            Parameter("pull_request", N_("The number of a pull request."), WHOLE),
            Parameter("person", N_("The number of an account."), ACCOUNT),
            Parameter(
                "record",
                N_("The number of a record in the chain: what rests on this signature."),
                WHOLE,
            ),
            Parameter("page", N_("Which page, from 1."), WHOLE),
        ),
    ),
    Operation(
        f"{REPO}/companies",
        "companies",
        N_("Companies that signed"),
        N_("Each with its domain and the MAJOR versions that it signed."),
        answers.Companies,
        needs_token=True,
    ),
    *roadmap_operations.OPERATIONS,
    *steering_operations.OPERATIONS,
    *funding_operations.OPERATIONS,
    *update_operations.OPERATIONS,
    *licence_operations.OPERATIONS,
    *audit_answers.OPERATIONS,
)

_IN_PATH: dict[str, dict[str, Any]] = {
    "owner": {"type": "string"},
    "repo": {"type": "string"},
    "github_id": ACCOUNT,
    "number": WHOLE,
}
_ERRORS = {
    "400": "A value cannot be read.",
    "401": "A token is needed, or is not good.",
    "404": "There is no such thing here for you.",
    "429": "Too many requests; `Retry-After` says when to go on.",
    "503": "Not just now; `Retry-After` says when to try again.",
}


@cache
def document(public_url: str) -> dict[str, Any]:
    """Give the whole document, as plain JSON values, for the service at `public_url`."""
    _refs, components = msgspec.json.schema_components(
        (
            *answers.TYPES,
            *roadmap_answers.TYPES,
            *steering_answers.TYPES,
            *funding_answers.TYPES,
            *update_answers.TYPES,
            *licence_answers.TYPES,
            *audit_answers.TYPES,
        ),
        ref_template="#/components/schemas/{name}",
    )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Potluck",
            "version": VERSION,
            "summary": "Who signed what, what waits, what is asked for, and which licences hold.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": public_url}],
        "paths": {one.path: {one.method: _operation(one)} for one in OPERATIONS},
        "components": {
            "schemas": components,
            "responses": {status: _error(words) for status, words in _ERRORS.items()},
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A maintainer makes tokens under /OWNER/REPO/maintain/tokens.",
                }
            },
        },
    }


def _operation(one: Operation) -> dict[str, Any]:
    named = [name for name in _IN_PATH if f"{{{name}}}" in one.path]
    parameters: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": _IN_PATH[name]} for name in named
    ]
    parameters += [
        {
            "name": given.name,
            "in": "query",
            "required": False,
            "description": given.about,
            "schema": dict(given.schema),
        }
        for given in one.parameters
    ]
    answer = {"$ref": f"#/components/schemas/{one.answer.__name__}"}
    return {
        "operationId": one.name,
        "summary": one.summary,
        "description": one.about,
        # Without a token, what is public can be read at a lower rate.
        "security": [{"token": []}] if one.needs_token else [{"token": []}, {}],
        "parameters": parameters,
        **_sent(one),
        "responses": {
            "200": {"description": one.summary, "content": {JSON: {"schema": answer}}},
            **{status: {"$ref": f"#/components/responses/{status}"} for status in _ERRORS},
        },
    }


def _sent(one: Operation) -> dict[str, Any]:
    if one.body is None:
        return {}
    schema = {"$ref": f"#/components/schemas/{one.body.__name__}"}
    return {"requestBody": {"required": True, "content": {JSON: {"schema": schema}}}}


def _error(words: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": words, "content": {PROBLEM: {"schema": schema}}}
