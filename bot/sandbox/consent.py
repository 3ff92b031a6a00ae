"""Codes that a browser carries back: the App manifest flow, and signing in with GitHub."""

import base64
import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.sandbox.installing import EVENTS, PERMISSIONS, Installing
from bot.sandbox.records import Account, App
from bot.sandbox.shapes import Json
from bot.sandbox.state import act
from core.clock import Clock

CODE_LIFE = {"manifest": timedelta(hours=1), "sign-in": timedelta(minutes=10)}


@dataclass(frozen=True)
class Grant:
    """Who let which App know them, for which address, under which PKCE challenge (or none)."""

    app: App
    user: Account
    callback: str = ""
    challenge: str = ""


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
            callback_urls=manifest.get("callback_urls", ()),
        )

    @act
    def authorize(self, app: App, user: Account, callback: str = "", challenge: str = "") -> str:
        """Let a user sign in to an App and give the code that GitHub sends back."""
        return self._new_code("sign-in", Grant(app, user, callback, challenge))

    @act
    def signed_in(
        self,
        code: str,
        client_id: str,
        client_secret: str,
        callback: str = "",
        verifier: str = "",
    ) -> Grant | str:
        """Redeem a code, once and within ten minutes; GitHub's word for it if anything is wrong."""
        grant: Grant | None = self._redeemed("sign-in", code)
        if grant is None:
            return "bad_verification_code"
        if (grant.app.client_id, grant.app.client_secret) != (client_id, client_secret):
            return "incorrect_client_credentials"
        if callback and callback != grant.callback:
            return "redirect_uri_mismatch"
        if grant.challenge != (challenge_of(verifier) if verifier else ""):
            return "bad_verification_code"
        return grant


def challenge_of(verifier: str) -> str:
    """Give the S256 challenge of a PKCE verifier (RFC 7636 section 4.2)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
