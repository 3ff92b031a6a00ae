"""Error pages in the look of the house: what is so, and what to do."""

import logging
from http import HTTPStatus
from typing import NamedTuple

from flask import Flask, Response, make_response, render_template
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, OperationalError
from werkzeug.exceptions import HTTPException

from core.errors import UserError

log = logging.getLogger(__name__)

TRY_AGAIN_SECONDS = 30


class Words(NamedTuple):
    """An error page: its heading, what is so, and what to do."""

    title: str
    what_is_so: str
    what_to_do: str


def prepare(app: Flask) -> None:
    """Answer every error of `app` with a page."""
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(UserError, _user_error)
    app.register_error_handler(OperationalError, _database_error)
    # Each page looks at what it is sent; where one forgot, both databases refuse what they cannot hold.
    app.register_error_handler(DataError, _unkept)
    app.register_error_handler(OverflowError, _unkept)


def page(status: int, words: Words) -> Response:
    """Make the error page `words` with an HTTP `status`."""
    response = make_response(render_template("web/error.html", status=status, words=words))
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    return response


def _http_error(error: HTTPException) -> Response:
    # An exception that carries its own response, such as a redirect, has said everything.
    if error.response is not None:
        return make_response(error.get_response())
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    response = page(status, _words(status))
    for name, value in error.get_headers():
        if name.lower() not in {"content-type", "content-length"}:
            response.headers[name] = value
    return response


def _stale_form(_error: CSRFError) -> Response:
    return page(
        400,
        Words(
            _("This form is no longer good"),
            _("It was made for another visit, or your browser keeps no cookies of this site."),
            _("Go back, load the page again, and send the form once more."),
        ),
    )


def _user_error(error: UserError) -> Response:
    return page(
        400,
        Words(
            _("That cannot be done"),
            str(error),
            _("Go back, change what it says, try again."),
        ),
    )


def _unkept(error: Exception) -> Response:
    log.warning("sent what no database holds", exc_info=error)
    return page(
        400,
        Words(
            _("That cannot be done"),
            _("What was sent holds a number or a character that cannot be kept."),
            _("Go back, change what it says, try again."),
        ),
    )


def _database_error(error: OperationalError) -> Response:
    log.error("database out of reach", exc_info=error)
    response = page(503, _not_your_doing(503))
    response.headers["Retry-After"] = str(TRY_AGAIN_SECONDS)
    return response


def _words(status: int) -> Words:
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _not_your_doing(status)
    match status:
        case HTTPStatus.NOT_FOUND:
            return Words(
                _("There is nothing at this address"),
                _(
                    "The page may have moved, the address may have a slip in it, or the repository"
                    " is private or does not use Potluck."
                ),
                _("Check the address, or begin at the front page."),
            )
        case HTTPStatus.METHOD_NOT_ALLOWED:
            return Words(
                _("This address does something else"),
                _("It does not answer to the way your browser asked."),
                _("Use the button or link that leads here instead of the address itself."),
            )
        case HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            return Words(
                _("That is too large"),
                _("What was sent is larger than we take, so none of it was kept."),
                _("Send less, or in parts."),
            )
        case HTTPStatus.TOO_MANY_REQUESTS:
            return Words(
                _("That was too often"),
                _(
                    "So many forms came from you, or from your network, that this one was not kept."
                ),
                _("Go back and send it once more in a minute."),
            )
        case _:
            return Words(
                _("That did not work"),
                _("The request was not one that this address can answer."),
                _("Go back, check what you sent, and try again."),
            )


def _not_your_doing(status: int) -> Words:
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        return Words(
            _("Not just now"),
            _("We cannot reach what we need to answer. Nothing was lost."),
            _("Try again in half a minute."),
        )
    return Words(
        _("Something broke on our side"),
        _("It is not your doing. What happened is in the log of this service."),
        _("Try again. If it stays broken, tell whoever runs this site, with the time."),
    )
