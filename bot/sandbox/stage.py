"""All the pages together: what people see at the sandbox's own address."""

from bot.sandbox import (
    acts,
    backstage,
    consent_pages,
    discussion_pages,
    email_pages,
    milestone_pages,
    play,
)
from bot.sandbox.calls import Office
from bot.sandbox.web import Stage, Web

PAGES = (play, acts, discussion_pages, milestone_pages, backstage, consent_pages, email_pages)


def stage(office: Office, potluck_url: str) -> Web:
    """Make the application in front of people; `potluck_url` is for links alone."""
    return Web(Stage(office, potluck_url))
