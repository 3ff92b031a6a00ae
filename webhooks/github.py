"""GitHub's deliveries: a signature over the body, the id and the event name in unsigned headers."""

from dataclasses import dataclass
from datetime import datetime

from webhooks.arrivals import (
    FORGED,
    FORM,
    JSON,
    UNSIGNED,
    Arrival,
    Header,
    Refusal,
    content_type_of,
    is_event,
    is_guid,
)
from webhooks.signatures import Body, github_digest, signed_by_one

NO_GUID = Refusal(400, "no delivery id", "X-GitHub-Delivery is missing or malformed.")
NO_EVENT = Refusal(400, "no event name", "X-GitHub-Event is missing or malformed.")
NO_TYPE = Refusal(400, "content type", f"The body must be {JSON} or {FORM}.")


@dataclass(frozen=True)
class GitHubEnvelope:
    """A request that may be a delivery of GitHub's."""

    secrets: tuple[bytes, ...]
    digest: bytes
    guid: str
    event: str
    content_type: str

    def open(self, body: Body, now: datetime) -> Arrival | Refusal:
        """Judge the signature over the bytes."""
        if not signed_by_one(self.secrets, (self.digest,), body):
            return FORGED
        return Arrival("github", self.guid, self.event, self.content_type, body, now)


class GitHubSource:
    """GitHub, with the one or two secrets that we share with it."""

    name = "github"

    def __init__(self, secrets: tuple[bytes, ...]) -> None:
        """Share `secrets`; two of them while one is being replaced."""
        self.secrets = secrets

    def expect(self, header: Header) -> GitHubEnvelope | Refusal:
        """Judge the headers, before any of the body is read."""
        signature = header("x-hub-signature-256") or ""
        digest = github_digest(signature.encode("latin-1", "replace"))
        if digest is None:
            return UNSIGNED
        guid = header("x-github-delivery")
        if guid is None or not is_guid(guid):
            return NO_GUID
        event = header("x-github-event")
        if event is None or not is_event(event):
            return NO_EVENT
        content_type = content_type_of(header, (JSON, FORM))
        if content_type is None:
            return NO_TYPE
        return GitHubEnvelope(self.secrets, digest, guid, event, content_type)
