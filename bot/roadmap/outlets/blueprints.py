"""Every page and every answer of the outlets, for the composition root."""

from bot.roadmap.outlets import badges, changelog_pages, feeds, person_pages, share, widget

ALL = (
    changelog_pages.blueprint,
    feeds.blueprint,
    badges.blueprint,
    widget.blueprint,
    share.blueprint,
    person_pages.blueprint,
)
