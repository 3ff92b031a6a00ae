"""Every page about licences sold and releases."""

from bot.licences import release_pages, verify_pages

ALL = (verify_pages.blueprint, release_pages.blueprint)
