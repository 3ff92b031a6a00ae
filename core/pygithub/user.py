"""Somebody who signs in: the web flow of our App, and what GitHub then says of that person.

Source: https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-user-access-token-for-a-github-app
"""

import logging
from collections.abc import Mapping
from typing import Any

import requests
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session

from core.clock import Clock
from core.config import GitHubSettings
from core.github import Account, GitHubError, Incomplete, Refused, Unavailable
from core.pygithub.client import TIMEOUT_S, Client

log = logging.getLogger(__name__)

PER_PAGE = 100
MOST_PAGES = 10
LONGEST_ADDRESS = 254


class User:
    """GitHub as one person sees it, for as long as this object lives: the token is kept nowhere."""

    def __init__(self, client: Client, token: str) -> None:
        """Ask in the name of the token's owner."""
        self._client = client
        self._authorization = f"Bearer {token}"

    def account(self) -> Account:
        """Say who this is. Raises `GitHubError`."""
        body = self._client.send("GET", "/user", self._authorization).body
        try:
            who = Account(int(body["id"]), str(body["login"]), str(body["type"]))
        except (KeyError, TypeError, ValueError):
            raise Incomplete("GitHub did not say who this is") from None
        if who.id <= 0 or not who.login or who.type != "User":
            raise Refused("this account is nobody who could sign in")
        return who

    def verified_addresses(self) -> tuple[str, ...]:
        """Give the addresses that GitHub has verified, in lower case, sorted. Raises `GitHubError`.

        Needs the App's permission “Email addresses”, read.
        Source: https://docs.github.com/en/rest/users/emails
        """
        found: set[str] = set()
        for number in range(1, MOST_PAGES + 1):
            asked = {"per_page": PER_PAGE, "page": number}
            answer = self._client.send("GET", "/user/emails", self._authorization, asked)
            found.update(_verified(answer.body))
            if 'rel="next"' not in answer.headers.get("link", ""):
                return tuple(sorted(found))
        raise Incomplete("GitHub lists addresses without end")


def authorize_url(github: GitHubSettings, callback: str, state: str, verifier: str) -> str:
    """Give GitHub's address at which a person agrees to be known to us.

    No scopes: what a GitHub App may see of a person is said by its permissions.
    """
    with _session(github, callback) as session:
        url, _state = session.create_authorization_url(
            f"{github.web_url}/login/oauth/authorize", state=state, code_verifier=verifier
        )
    return str(url)


def signed_in(
    github: GitHubSettings, callback: str, code: str, verifier: str, clock: Clock
) -> User:
    """Trade the code that GitHub gave the browser for the person who agreed.

    Raises `Refused` for a code that is used, old or another's, `Unavailable` where GitHub does
    not answer, and another `GitHubError` for anything else.
    """
    try:
        with _session(github, callback) as session:
            token: Mapping[str, Any] = session.fetch_token(
                f"{github.web_url}/login/oauth/access_token",
                code=code,
                code_verifier=verifier,
                timeout=TIMEOUT_S,
                allow_redirects=False,
            )
    except OAuthError as error:
        raise _refusal(error) from None
    except requests.RequestException as error:
        raise Unavailable(type(error).__name__) from None
    except (TypeError, AttributeError, ValueError):
        raise Incomplete("an answer of GitHub that is no token") from None
    text = token.get("access_token")
    if not isinstance(text, str) or not text or str(token.get("token_type")).lower() != "bearer":
        raise Incomplete("an answer of GitHub that is no token")
    return User(Client(github.api_url, clock), text)


def _session(github: GitHubSettings, callback: str) -> Any:
    return OAuth2Session(
        github.client_id,
        github.client_secret,
        redirect_uri=callback,
        token_endpoint_auth_method="client_secret_post",  # noqa: S106 - the name of a method
        code_challenge_method="S256",
    )


def _refusal(error: OAuthError) -> GitHubError:
    reason = str(error.error)
    if reason == "bad_verification_code":
        return Refused("GitHub does not take this code")
    # Only whoever runs the site can mend it: a wrong secret or callback address.
    log.error("GitHub refuses to sign people in", extra={"reason": reason[:80]})
    return Unavailable(f"GitHub answered {reason[:80]}")


def _verified(body: Any) -> list[str]:
    try:
        return [str(item["email"]).lower() for item in body if _is_proven(item)]
    except (KeyError, TypeError):
        raise Incomplete("GitHub’s list of addresses cannot be read") from None


def _is_proven(item: Mapping[str, Any]) -> bool:
    address = item["email"]
    return (
        item["verified"] is True
        and isinstance(address, str)
        and address.isprintable()
        and 0 < address.find("@") < len(address) - 1
        and len(address) <= LONGEST_ADDRESS
    )
