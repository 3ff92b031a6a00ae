"""Every page about licences that are sold, in the order in which they are looked for."""

from bot.selling import own_pages, pages

ALL = (pages.blueprint, own_pages.blueprint)
