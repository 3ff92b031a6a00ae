"""Receipts and forms as answers: a PDF under its name, or that the press is busy."""

from flask import Response
from flask_babel import gettext as _

from core.web import errors
from core.web.errors import Words
from licensing.receipts.facts import Receipt
from licensing.receipts.paper import Paper
from licensing.receipts.render import Busy, render

BUSY_S = 20


def printed(given: Receipt | Paper, language: str) -> Response:
    """Give the PDF to be saved, or 503 where others wait for theirs."""
    try:
        made = render(given, language)
    except Busy:
        answer = errors.page(503, _busy())
        answer.headers["Retry-After"] = str(BUSY_S)
        return answer
    response = Response(made, content_type="application/pdf")
    name = given.pdf_name(language)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _busy() -> Words:
    return Words(
        _("Another receipt is just being made"),
        _("They are made one after the other, and yours has waited for a while."),
        _("Try again in half a minute."),
    )
