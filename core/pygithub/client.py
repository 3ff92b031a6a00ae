"""One request to GitHub: sent once, and every way in which it can fail given its name."""

import json
import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import requests
from github import Github

from core.clock import Clock
from core.github import (
    GitHubError,
    Inaccessible,
    NotFound,
    RateLimited,
    Refused,
    Suspended,
    Unavailable,
)

log = logging.getLogger(__name__)

TIMEOUT_S = 10
UNNAMED_PAUSE = timedelta(seconds=60)
SERVER_ERROR = 500


@dataclass(frozen=True)
class Answer:
    """What GitHub said: status, lower-case headers, decoded body (None if there was none)."""

    status: int
    headers: Mapping[str, str]
    body: Any


@dataclass(frozen=True)
class Call:
    """One call that was made, for the meters; `installation_id` is 0 for calls as the App."""

    method: str
    status: int
    installation_id: int
    remaining: int | None


Observe = Callable[[Call], None]


class Client:
    """Sends requests; each thread has its own connections, since PyGithub's cannot be shared."""

    def __init__(self, api_url: str, clock: Clock, observe: Observe = lambda _call: None) -> None:
        """Speak to the API at `api_url`."""
        self.api_url = api_url
        self.clock = clock
        self.observe = observe
        self._local = threading.local()

    def send(
        self,
        method: str,
        path: str,
        authorization: str | None,
        parameters: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
        etag: str | None = None,
        installation_id: int = 0,
    ) -> Answer:
        """Send one request and give its answer (2xx or 304).

        `authorization` is a whole header value. Raises a `GitHubError` for everything else.
        """
        headers = {"Accept": "application/vnd.github+json"}
        if authorization:
            headers["Authorization"] = authorization
        if etag:
            headers["If-None-Match"] = etag
        answer = self._exchange(method, path, dict(parameters or {}), headers, body)
        remaining = answer.headers.get("x-ratelimit-remaining", "")
        self.observe(
            Call(
                method,
                answer.status,
                installation_id,
                int(remaining) if remaining.isdecimal() else None,
            )
        )
        problem = judge(answer, self.clock())
        if problem:
            raise problem
        return answer

    def _exchange(
        self,
        method: str,
        path: str,
        parameters: dict[str, Any],
        headers: dict[str, str],
        body: Mapping[str, Any] | None,
    ) -> Answer:
        try:
            status, received, text = self._requester().requestJson(
                method,
                path,
                parameters,
                headers,
                dict(body) if body is not None else None,
            )
        except requests.RequestException as error:
            self.observe(Call(method, 0, 0, None))
            raise Unavailable(type(error).__name__) from None
        except RuntimeError:
            # PyGithub's own refusal to follow a redirect to another host.
            raise Refused("GitHub redirected to another host") from None
        return Answer(status, received, _decoded(status, text))

    def _requester(self) -> Any:
        found = getattr(self._local, "requester", None)
        if found is None:
            found = Github(
                base_url=self.api_url,
                user_agent="potluck",
                timeout=TIMEOUT_S,
                per_page=100,
                retry=None,
                seconds_between_requests=None,
                seconds_between_writes=None,
                lazy=True,
            ).requester
            self._local.requester = found
        return found


def _decoded(status: int, text: str) -> Any:
    if not text:
        return None
    try:
        return json.loads(text)
    except ValueError:
        if status >= SERVER_ERROR:
            return None
        raise Unavailable("an answer that is not JSON") from None


def judge(answer: Answer, now: datetime) -> GitHubError | None:
    """Name what is wrong with an answer; None if it can be used.

    Source: https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api
    """
    status = answer.status
    message = str(answer.body.get("message", "")) if isinstance(answer.body, dict) else ""
    if status < 400:  # noqa: PLR2004 - the boundary that HTTP draws
        return None
    if status >= SERVER_ERROR:
        return Unavailable(f"GitHub answered {status}")
    if status in {403, 429}:
        return _forbidden(answer, message.lower(), now)
    if status in {404, 410, 451}:
        return NotFound(f"GitHub answered {status}")
    if status == 401:  # noqa: PLR2004 - named by HTTP
        return Unauthorized("GitHub does not accept our credentials")
    return Refused(f"GitHub answered {status}: {message[:200]}")


class Unauthorized(Unavailable):
    """Our token or key is not accepted: for us that is an outage, and it may pass.

    GitHub answers so for a moment after a key was changed or a clock jumped; taking it for
    anybody's refusal would lose what happened meanwhile.
    """


def _forbidden(answer: Answer, message: str, now: datetime) -> GitHubError:
    headers = answer.headers
    retry_after = headers.get("retry-after", "")
    if retry_after.isdecimal():
        return RateLimited(now + timedelta(seconds=max(1, int(retry_after))))
    if headers.get("x-ratelimit-remaining") == "0":
        reset = headers.get("x-ratelimit-reset", "")
        if reset.isdecimal():
            # One second on top: the header has whole seconds, and clocks differ.
            until = datetime.fromtimestamp(int(reset), UTC) + timedelta(seconds=1)
            return RateLimited(max(until, now + timedelta(seconds=1)))
    if answer.status == 429 or "rate limit" in message or "abuse" in message:  # noqa: PLR2004
        return RateLimited(now + UNNAMED_PAUSE, named=False)
    if "suspended" in message:
        return Suspended("the installation is suspended")
    if "not accessible by integration" in message:
        return Inaccessible("the repository or a permission is not given to us")
    return Refused(f"GitHub answered {answer.status}: {message[:200]}")
