"""Everything GitHub, for the composition root: installations, the App itself, and the set-up."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core.clock import Clock
from core.github import Action, HookDelivery, Repo
from core.pygithub.client import Client, Observe
from core.pygithub.facts import Installation
from core.pygithub.tokens import Tokens
from core.pygithub.values import repository
from core.pygithub.writes import perform

_NEXT = re.compile(r'<([^>]+)>;\s*rel="next"')


class App:
    """GitHub as our App sees it."""

    def __init__(
        self,
        api_url: str,
        app_id: int,
        private_key: str,
        clock: Clock,
        observe: Observe = lambda _call: None,
    ) -> None:
        """Speak as the App `app_id`."""
        self.app_id = app_id
        self._client = Client(api_url, clock, observe)
        self._tokens = Tokens(self._client, app_id, private_key)
        self._name = ""

    def name(self) -> str:
        """Give the name by which people mention the App; GitHub is asked for it once.

        Source: https://docs.github.com/en/rest/apps/apps#get-the-authenticated-app
        """
        if not self._name:
            answer = self._client.send("GET", "/app", self._tokens.as_app())
            self._name = str(answer.body["slug"])
        return self._name

    def installation(self, installation_id: int) -> Installation:
        """Speak as one installation."""
        return Installation(self._client, self._tokens, installation_id)

    def github(self, repo: Repo) -> Installation:
        """Speak as the installation that reaches `repo`."""
        return self.installation(repo.installation_id)

    def perform(self, action: Action, remote_id: int | None, *, doubtful: bool) -> int:
        """Carry out an action; see `core/pygithub/writes.py`."""
        installation = self.installation(action.repo.installation_id)
        return perform(installation, self.app_id, action, remote_id, doubtful=doubtful)

    def repositories(self, installation_id: int) -> tuple[Repo, ...]:
        """List every repository that the installation reaches."""
        pages = self.installation(installation_id).pages(
            "/installation/repositories", key="repositories"
        )
        return tuple(repository(item, installation_id) for item in pages)

    def hook_deliveries(self, since: datetime) -> tuple[HookDelivery, ...]:
        """List every attempt to deliver a webhook since then, newest first.

        Source: https://docs.github.com/en/rest/apps/webhooks
        """
        found: list[HookDelivery] = []
        path: str | None = "/app/hook/deliveries"
        parameters: dict[str, Any] = {"per_page": 100}
        while path:
            answer = self._client.send("GET", path, self._tokens.as_app(), parameters)
            page = [_delivery(item) for item in answer.body]
            found.extend(item for item in page if item.delivered_at >= since)
            if not page or page[-1].delivered_at < since:
                break
            following = _NEXT.search(answer.headers.get("link", ""))
            path, parameters = (following[1] if following else None), {}
        return tuple(found)

    def redeliver(self, delivery_id: int) -> None:
        """Ask GitHub to send a delivery again, under the same delivery id."""
        path = f"/app/hook/deliveries/{delivery_id}/attempts"
        self._client.send("POST", path, self._tokens.as_app())


def exchange_manifest_code(api_url: str, code: str, clock: Clock) -> Mapping[str, Any]:
    """Trade the code of the manifest flow for the new App's credentials, once, within the hour.

    Source: https://docs.github.com/en/apps/sharing-github-apps/registering-a-github-app-from-a-manifest
    """
    answer = Client(api_url, clock).send("POST", f"/app-manifests/{code}/conversions", None)
    body: Mapping[str, Any] = answer.body
    return body


def _delivery(item: Mapping[str, Any]) -> HookDelivery:
    return HookDelivery(
        id=int(item["id"]),
        guid=str(item["guid"]),
        delivered_at=datetime.fromisoformat(item["delivered_at"]),
        redelivery=bool(item.get("redelivery")),
        status=str(item.get("status") or ""),
        status_code=int(item.get("status_code") or 0),
        event=str(item.get("event") or ""),
    )
