"""Codes that a browser carries back: the App manifest flow, and signing in with GitHub."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from bot.sandbox.installing import EVENTS, PERMISSIONS, Installing
from bot.sandbox.records import Account, App
from bot.sandbox.shapes import Json
from bot.sandbox.state import act
from core.clock import Clock

CODE_LIFE = {"manifest": timedelta(hours=1), "sign-in": timedelta(minutes=10)}


class Consent(Installing):
    """What people agree to on GitHub's pages, told to the App by a code that works once."""

    def __init__(self, clock: Clock, base_id: int | None = None) -> None:
        """Start without codes."""
        super().__init__(clock, base_id)
        self._codes: dict[str, tuple[str, datetime, Any]] = {}

    def _new_code(self, kind: str, meaning: object) -> str:
        code = secrets.token_hex(20)
        self._codes[code] = (kind, self.clock() + CODE_LIFE[kind], meaning)
        return code

    def _redeemed(self, kind: str, code: str) -> Any:
        known, until, meaning = self._codes.get(code, ("", self.clock(), None))
        if known != kind or until <= self.clock():
            return None
        del self._codes[code]
        return meaning

    @act
    def submit_manifest(self, owner: Account, manifest: Json) -> str:
        """Confirm a new App on GitHub's page and give the code that GitHub sends back."""
        return self._new_code("manifest", (owner, manifest))

    @act
    def convert_manifest(self, code: str) -> App | None:
        """Register the App of a code, once and within the hour; None for any other code."""
        found = self._redeemed("manifest", code)
        if found is None:
            return None
        owner, manifest = found
        hook = manifest.get("hook_attributes", {})
        return self.register_app(
            owner,
            manifest.get("name", "An App"),
            hook_url=hook.get("url") if hook.get("active", True) else None,
            external_url=manifest["url"],
            permissions=manifest.get("default_permissions", PERMISSIONS),
            events=manifest.get("default_events", EVENTS),
        )

    @act
    def authorize(self, app: App, user: Account) -> str:
        """Let a user sign in to an App and give the code that GitHub sends back."""
        return self._new_code("sign-in", (app, user))

    @act
    def signed_in(self, code: str, client_id: str, client_secret: str) -> Account | None:
        """Give the user of a code, once and within ten minutes; None if anything is wrong."""
        found = self._redeemed("sign-in", code)
        if found is None:
            return None
        app, user = found
        right = (app.client_id, app.client_secret) == (client_id, client_secret)
        return user if right else None
