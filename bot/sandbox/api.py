"""The REST API: from a request to an answer, with everything that GitHub does around that."""

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import datetime

from bot.sandbox import (
    app_endpoints,
    check_endpoints,
    code_endpoints,
    graph_endpoints,
    issue_endpoints,
    milestone_endpoints,
    release_endpoints,
    review_endpoints,
    thread_endpoints,
)
from bot.sandbox.auth import ApiError, Caller
from bot.sandbox.calls import DOCS, ROUTES, Call, Office, Route
from bot.sandbox.failures import LONGEST_HANG, Failure, Failures
from bot.sandbox.records import Repository
from bot.sandbox.referee import MINUTE, WRITES, Budget
from bot.sandbox.serving import Request, Response
from bot.sandbox.state import Seen

ENDPOINTS = (
    app_endpoints,
    code_endpoints,
    thread_endpoints,
    check_endpoints,
    issue_endpoints,
    review_endpoints,
    graph_endpoints,
    release_endpoints,
    milestone_endpoints,
)
GRAPH = "/graphql"
FREE = frozenset({"/rate_limit"})
_REPOSITORY = re.compile(r"/repos/([^/]+)/([^/]+)(/.*)?")
_BY_ID = re.compile(r"/repositories/(\d+)(/.*)?")


@dataclass(frozen=True)
class _Found:
    """What a path leads to; `redirect` is set when its repository has another name now."""

    path: str
    repo: Repository | None = None
    redirect: str | None = None
    named: bool = False


class Api:
    """The application behind `/api/v3`."""

    def __init__(self, office: Office, failures: Failures) -> None:
        """Work for an office, with failures in wait."""
        self.office = office
        self.world = office.world
        self.failures = failures
        # Paths that end in anything (refs, file names) would swallow longer ones.
        ROUTES.sort(key=lambda it: it.pattern.pattern.endswith(".*)"))

    def __call__(self, request: Request) -> Response:
        """Answer one request, note it, and let the referee see it."""
        began = self.world.clock()
        try:
            caller = self.office.tokens.caller(request)
        except ApiError as error:
            self._note(request, 401, None, began)
            return _refusal(error)
        referee = self.office.referee
        # A query is sent by POST, and is a reading all the same.
        method = "GET" if request.path == GRAPH else request.method
        violation = referee.begin(caller.name, method, request.path, began)
        try:
            if violation and referee.enforcing:
                response = self._silenced(caller, began)
            else:
                response = self._with_failures(request, caller, began)
        finally:
            referee.end(caller.name, method, began)
        response = self._spent(request, caller, response, began)
        number = caller.installation.id if caller.installation else None
        self._note(request, response.status, number, began)
        return response

    def _note(self, request: Request, status: int, number: int | None, at: datetime) -> None:
        self.world.note(Seen(request.method, request.path, status, number, at))

    def _silenced(self, caller: Caller, now: datetime) -> Response:
        message = "You have exceeded a secondary rate limit. Please wait before you try again."
        response = Response.json(403, {"message": message}, retry_after="60")
        self.office.referee.silence(caller.name, now + MINUTE, now)
        return response

    def _with_failures(self, request: Request, caller: Caller, now: datetime) -> Response:
        failure = self.failures.take(request)
        if failure is None:
            return self._answer(request, caller)
        how, referee = failure.how, self.office.referee
        if how.silence:
            referee.silence(caller.name, now + how.silence, now)
        if how.exhausted:
            referee.exhaust(caller.name, now + how.exhausted, now)
        if how.before:
            changed = how.before(request)
            if isinstance(changed, Response):
                return self._hung(failure, changed)
            request = changed
        response = self._answer(request, caller)
        if how.after:
            response = how.after(request, response)
        return self._hung(failure, response)

    def _hung(self, failure: Failure, response: Response) -> Response:
        if failure.how.hangs:
            failure.released.wait(LONGEST_HANG)
        return response

    def _answer(self, request: Request, caller: Caller) -> Response:
        try:
            with self.world.lock:
                response = self._routed(request, caller)
        except ApiError as error:
            return _refusal(error)
        if request.method == "GET" and response.status == 200:
            return _tagged(request, response)
        return response

    def _routed(self, request: Request, caller: Caller) -> Response:
        found = self._find(request.path)
        if found.redirect:
            status = 301 if request.method in {"GET", "HEAD"} else 307
            message = "Moved Permanently" if status == 301 else "Temporary Redirect"
            query = request.target.partition("?")[2]
            url = self.world.place.api + found.redirect + (f"?{query}" if query else "")
            return Response.json(status, {"message": message, "url": url}, location=url)
        method = "GET" if request.method == "HEAD" else request.method
        for it in ROUTES:
            match = it.pattern.fullmatch(found.path) if it.method == method else None
            if match:
                self._admit(it, caller, found)
                call = Call(self.office, request, caller, match.groupdict(), found.repo)
                return it.endpoint(call)
        raise ApiError(404, "Not Found")

    def _find(self, path: str) -> _Found:
        by_id = _BY_ID.fullmatch(path)
        if by_id:
            repo = self.world.repositories.get(int(by_id[1]))
            repo = None if repo is None or repo.deleted else repo
            name = repo.full_name if repo else "gone/gone"
            return _Found(f"/repos/{name}{by_id[2] or ''}", repo, named=True)
        match = _REPOSITORY.fullmatch(path)
        if match is None:
            return _Found(path)
        name = f"{match[1]}/{match[2]}"
        repo = self.world.find_repository(name)
        if repo and repo.full_name.casefold() != name.casefold():
            return _Found(path, repo, f"/repositories/{repo.id}{match[3] or ''}", named=True)
        return _Found(path, repo, named=True)

    def _admit(self, it: Route, caller: Caller, found: _Found) -> None:
        if it.who == "app" and caller.app is None:
            raise ApiError(401, "A JSON web token could not be decoded")
        if it.who == "installation" and caller.installation is None:
            raise ApiError(403, "Resource not accessible by integration")
        if it.who == "user" and not (caller.token and caller.token.user):
            raise ApiError(401 if caller.token is None else 403, "Requires authentication")
        if it.who != "app" and caller.app:
            raise ApiError(401, "Bad credentials")
        if found.named and it.who != "app":
            self._admit_to(found.repo, it, caller)

    def _admit_to(self, repo: Repository | None, it: Route, caller: Caller) -> None:
        token, installation = caller.token, caller.installation
        covered = repo is not None and installation is not None and installation.covers(repo)
        if covered and repo and token and token.repositories is not None:
            covered = repo.id in token.repositories
        if repo is None or not (covered or not repo.private):
            raise ApiError(404, "Not Found")
        granted = dict(token.permissions) if token else {}
        name, level = it.permission or ("metadata", "read")
        if (covered and name not in granted) or (
            level == "write" and granted.get(name) != "write"
        ):
            raise ApiError(403, "Resource not accessible by integration")
        if it.method in WRITES and token is None:
            raise ApiError(401, "Requires authentication")
        if it.method in WRITES and not covered:
            raise ApiError(403, "Resource not accessible by integration")
        if it.method in WRITES and repo.archived:
            raise ApiError(403, "Repository was archived so is read-only.")

    def _spent(
        self, request: Request, caller: Caller, response: Response, now: datetime
    ) -> Response:
        referee = self.office.referee
        free = response.status == 304 or request.path in FREE
        budget = (referee.budget if free else referee.spend)(caller.name, now)
        if budget.used > budget.limit and not free:
            message = f"API rate limit exceeded for {caller.name}."
            referee.silence(caller.name, budget.reset, now)
            response = Response.json(403, {"message": message, "documentation_url": DOCS})
        return replace(response, headers={**response.headers, **_budget_headers(budget)})


def _budget_headers(budget: Budget) -> dict[str, str]:
    return {
        "x-ratelimit-limit": str(budget.limit),
        "x-ratelimit-remaining": str(budget.remaining),
        "x-ratelimit-used": str(budget.used),
        "x-ratelimit-reset": str(int(budget.reset.timestamp())),
        "x-ratelimit-resource": "core",
    }


def _tagged(request: Request, response: Response) -> Response:
    tag = f'W/"{hashlib.sha256(response.body).hexdigest()}"'
    headers = {
        **response.headers,
        "etag": tag,
        "cache-control": "private, max-age=60, s-maxage=60",
    }
    known = {part.strip() for part in request.headers.get("if-none-match", "").split(",")}
    if known & {tag, tag.removeprefix("W/"), "*"}:
        return Response(304, b"", headers)
    return replace(response, headers=headers)


def _refusal(error: ApiError) -> Response:
    body: dict[str, object] = {"message": error.message}
    if error.errors:
        body["errors"] = error.errors
    body |= {"documentation_url": DOCS, "status": str(error.status)}
    return Response.json(error.status, body)
