"""All pages for maintainers, for the composition root."""

from bot.maintaining import pages, token_pages, version_pages

ALL = (pages.blueprint, version_pages.blueprint, token_pages.blueprint)
