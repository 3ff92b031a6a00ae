"""All pages for maintainers, and their badge, for the composition root."""

from bot.maintaining import badge, hook_pages, pages, token_pages, version_pages

ALL = (
    pages.blueprint,
    version_pages.blueprint,
    token_pages.blueprint,
    hook_pages.blueprint,
    badge.blueprint,
)
