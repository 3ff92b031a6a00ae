"""What the API says when it cannot answer: problem details, RFC 9457."""

from collections.abc import Mapping
from http import HTTPStatus

import msgspec
from flask import Response

MEDIA_TYPE = "application/problem+json"


class Problem(Exception):
    """A request that cannot be answered: the status, and what is so and what to do."""

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = dict(headers or {})


def response(problem: Problem) -> Response:
    """Make the answer; its title is the status in words."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": problem.detail,
    }
    answer = Response(msgspec.json.encode(body), problem.status, content_type=MEDIA_TYPE)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers.update(problem.headers)
    return answer
