"""Every page about money, in the order in which they are looked for."""

from bot.money import fund_pages, own_pages, receipt_pages

ALL = (fund_pages.blueprint, own_pages.blueprint, receipt_pages.blueprint)
