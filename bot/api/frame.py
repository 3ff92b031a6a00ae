"""What all endpoints have in common: the blueprint, and answers where something is wrong."""

from typing import cast

import msgspec
from flask import Blueprint, Flask, Response
from flask.blueprints import BlueprintSetupState
from sqlalchemy.exc import DataError, OperationalError
from werkzeug.exceptions import HTTPException

from bot.api import door
from bot.api.problems import Problem, response

NOT_HERE = "There is nothing at this address: /api lists what there is."

blueprint = Blueprint("api", __name__, template_folder="../templates")
BASE = "/api/v1/repos/<owner>/<name>"


@blueprint.record_once
def _prepare(state: BlueprintSetupState) -> None:
    app = cast("Flask", state.app)
    door.prepare(app)
    # No cookie counts here, so no other site can make a browser send anything of worth.
    app.extensions["csrf"].exempt(blueprint)


@blueprint.errorhandler(Problem)
def _problem(problem: Problem) -> Response:
    return response(problem)


@blueprint.errorhandler(OperationalError)
def _away(_error: OperationalError) -> Response:
    said = "We cannot reach what we need to answer. Try again in half a minute."
    return response(Problem(503, said, {"Retry-After": "30"}))


@blueprint.errorhandler(DataError)
@blueprint.errorhandler(OverflowError)
def _unkept(_error: Exception) -> Response:
    return response(
        Problem(400, "What was sent holds a number or a character that cannot be kept.")
    )


@blueprint.errorhandler(HTTPException)
def _http(error: HTTPException) -> Response:
    return response(Problem(error.code or 500, error.description or NOT_HERE))


def encoded(body: object) -> Response:
    """Answer with a value as JSON; whoever asks again is to see what is so then."""
    answer = Response(msgspec.json.encode(body), content_type="application/json")
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.vary.add("Authorization")
    return answer
